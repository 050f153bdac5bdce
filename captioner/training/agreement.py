"""Fits what `captioner.consensus` expects people to write of a photo."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import torch

from captioner.consensus import Consensus, weighed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from captioner.training.batches import Photo

RANK = 384
DAMPING = 0.01  # of the ridge, in mean variances of a channel
OFTEN = 10  # photos whose captions must hold a token for it to be expected of others


def fit(photos: Sequence[Photo], vocabulary: int, no_words: Collection[int]) -> Consensus:
    """Fit by reduced-rank ridge regression (Mukherjee and Zhu 2011).

    Args:
        photos: With captions; only the first view of each is looked at.
        vocabulary: How many tokens there are.
        no_words: Tokens that do not count: special ones and punctuation.

    Raises:
        ValueError: There are fewer than two photos.
    """
    if len(photos) < 2:  # noqa: PLR2004 - of one there is no telling what is usual
        raise ValueError(f"at least two photos with captions are needed, there are {len(photos)}")
    counts = _counts(photos, vocabulary)
    rarity = math.log(len(photos)) - counts.clamp(min=1).log()
    rarity[[*no_words]] = 0
    is_expectable = (counts >= OFTEN) & (rarity > 0)
    seen = torch.stack([_pooled(photo) for photo in photos])
    wanted = torch.stack([_mean_caption(photo, rarity)[is_expectable] for photo in photos])
    usual_photo, usual_words = seen.mean(0), wanted.mean(0)
    projection, words = _regression(seen - usual_photo, wanted - usual_words)
    return Consensus(usual_photo, projection, words, usual_words, is_expectable.float(), rarity)


def _regression(seen: torch.Tensor, wanted: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Ridge regression, then its leading directions: ``(C, R)`` and ``(R, K)``."""
    inner = seen.T @ seen
    ridge = DAMPING * inner.diagonal().mean() * torch.eye(len(inner))
    whole = torch.linalg.solve(inner + ridge, seen.T @ wanted)
    words = torch.linalg.svd(seen @ whole, full_matrices=False)[2][:RANK]
    return whole @ words.T, words


def _counts(photos: Sequence[Photo], vocabulary: int) -> torch.Tensor:
    """In how many photos' captions each token is, shape ``(vocabulary,)``."""
    found = Counter(token for photo in photos for token in set().union(*photo.captions))
    return torch.tensor([found[token] for token in range(vocabulary)])


def _pooled(photo: Photo) -> torch.Tensor:
    view, place = photo.views[0]
    return torch.from_numpy(view.maps[place]).float().mean(0)


def _mean_caption(photo: Photo, rarity: torch.Tensor) -> torch.Tensor:
    return torch.stack([weighed(ids, rarity) for ids in photo.captions]).mean(0)
