"""Fits what `captioner.consensus` expects people to write of a photo."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from captioner.consensus import Consensus, weighed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from captioner.training.batches import Photo

RANK = 384
DAMPING = 0.01  # of the ridge, in mean variances of a channel
FOLDS = 5
OFTEN = 10  # photos whose captions must hold a token for it to be expected of others


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of the tokens.

    Attributes:
        size: How many there are.
        no_words: Those that do not count: special ones and punctuation.
        nouns: Those that name a thing or people.
    """

    size: int
    no_words: Collection[int]
    nouns: Collection[int]


def fit(photos: Sequence[Photo], lexicon: Lexicon) -> Consensus:
    """Fit by reduced-rank ridge regression (Mukherjee and Zhu 2011).

    Args:
        photos: With captions; only the first view of each is looked at.
        lexicon: Of the tokens that the captions are made of.

    Raises:
        ValueError: There are fewer than two photos.
    """
    return _fit(photos, _pooled(photos), lexicon)


def expected_by_others(photos: Sequence[Photo], lexicon: Lexicon) -> list[list[int]]:
    """The things that a fit to other photos expects of each, as `Consensus.things` gives them.

    So they are as often wrong as they will be of photos that nobody has described.

    Args:
        photos: As `fit` takes them.
        lexicon: As `fit` takes it.
    """
    seen = _pooled(photos)
    found: list[list[int]] = [[]] * len(photos)
    for fold in range(FOLDS):
        others = [i for i in range(len(photos)) if i % FOLDS != fold]
        own = _fit([photos[i] for i in others], seen[others], lexicon)
        for i in range(fold, len(photos), FOLDS):
            found[i] = own.things(own.expected(seen[i][None, None])[0])
    return found


def _fit(photos: Sequence[Photo], seen: torch.Tensor, lexicon: Lexicon) -> Consensus:
    if len(photos) < 2:  # noqa: PLR2004 - of one there is no telling what is usual
        raise ValueError(f"at least two photos with captions are needed, there are {len(photos)}")
    counts = _counts(photos, lexicon.size)
    rarity = math.log(len(photos)) - counts.clamp(min=1).log()
    rarity[[*lexicon.no_words]] = 0
    is_expectable = (counts >= OFTEN) & (rarity > 0)
    is_noun = torch.zeros(lexicon.size)
    is_noun[[*lexicon.nouns]] = 1
    wanted = torch.stack([_mean_caption(photo, rarity)[is_expectable] for photo in photos])
    usual_photo, usual_words = seen.mean(0), wanted.mean(0)
    projection, words = _regression(seen - usual_photo, wanted - usual_words)
    return Consensus(
        usual_photo, projection, words, usual_words, is_expectable.float(), rarity, is_noun
    )


def _regression(seen: torch.Tensor, wanted: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Ridge regression, then its leading directions: ``(C, R)`` and ``(R, K)``."""
    inner = seen.T @ seen
    ridge = DAMPING * inner.diagonal().mean() * torch.eye(len(inner))
    whole = torch.linalg.solve(inner + ridge, seen.T @ wanted)
    spread = whole.T @ inner @ whole  # its eigenvectors are the directions of what is expected
    words = torch.linalg.eigh(spread)[1].T.flip(0)[:RANK]
    return whole @ words.T, words


def _counts(photos: Sequence[Photo], vocabulary: int) -> torch.Tensor:
    """In how many photos' captions each token is, shape ``(vocabulary,)``."""
    found = Counter(token for photo in photos for token in set().union(*photo.captions))
    return torch.tensor([found[token] for token in range(vocabulary)])


def _pooled(photos: Sequence[Photo]) -> torch.Tensor:
    """The mean of each photo's cells, shape ``(N, C)``."""
    views = (photo.views[0] for photo in photos)
    return torch.stack([torch.from_numpy(view.maps[at]).float().mean(0) for view, at in views])


def _mean_caption(photo: Photo, rarity: torch.Tensor) -> torch.Tensor:
    return torch.stack([weighed(ids, rarity) for ids in photo.captions]).mean(0)
