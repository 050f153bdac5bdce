"""Fits how familiar photos are: such as those that people have described, or others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from sklearn.linear_model import LogisticRegression

from captioner.familiarity import Familiarity
from captioner.training.features import Features
from captioner.training.sets import CAPTIONS, SMALL, UNCHANGED, read_captions
from captioner.training.standard import Standard

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# How much all photos of a source count: most of those learnt from, other described ones, and
# everyday ones. And the inverse of the decay of squared weights. Found on Flickr8k dev, COCO and
# everyday photos of other sites.
SHARES, FREEDOM = (0.5, 0.1, 0.4), 30.0


@dataclass(frozen=True, slots=True)
class Seen:
    """Photos as `captioner.backbone.Sight.both` has them, shape ``(N, C)`` each.

    Attributes:
        most: Of the source that most captions were learnt from.
        others: Of other sources, which people have described.
        everyday: Such as are posted, as they are and as small square copies: those learnt from most
            may have come as such, and are not to be told by that.
    """

    most: torch.Tensor
    others: torch.Tensor
    everyday: torch.Tensor


def fit(seen: Seen) -> Familiarity:
    """What tells photos that people have described from those that are posted, by regression."""
    standard = Standard.of(seen.most)
    parts = (seen.most, seen.others, seen.everyday)
    wanted = [part is not seen.everyday for part in parts for _ in part]
    weights = [share / len(part) for part, share in zip(parts, SHARES, strict=True) for _ in part]
    found = LogisticRegression(C=FREEDOM, max_iter=1000)
    found.fit(standard.standardised(torch.cat(parts)).numpy(), wanted, weights)
    fitted = (torch.tensor(part, dtype=torch.float32) for part in (found.coef_.T, found.intercept_))
    own, bias = standard.folded(*fitted)
    return Familiarity(own[:, 0], bias)


def seen_in(most: Path, others: Sequence[Path], everyday: Sequence[Path]) -> Seen:
    """What is fitted to.

    Args:
        most: A prepared folder; its photos that have captions count.
        others: More of them.
        everyday: Likewise, of photos such as are posted, with their small copies.
    """
    posted = [(folder, view) for folder in everyday for view in (UNCHANGED, SMALL)]
    own, described, all_posted = (
        torch.cat([_photos_of(folder, view) for folder, view in views])
        for views in ([(most, UNCHANGED)], [(folder, UNCHANGED) for folder in others], posted)
    )
    return Seen(own, described, all_posted)


def _photos_of(folder: Path, view: str) -> torch.Tensor:
    features = Features.load(folder / view)
    places = features.places()
    names = read_captions(folder / CAPTIONS, None)
    return torch.stack([features.both(places[name]) for name in names])
