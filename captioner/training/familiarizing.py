"""Fits how familiar photos are: such as those that captions were learnt from, or others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from sklearn.linear_model import LogisticRegression

from captioner.familiarity import Familiarity
from captioner.training.calibration import AGREEING, PEOPLE
from captioner.training.features import Features
from captioner.training.sets import CAPTIONS, UNCHANGED, read_captions
from captioner.training.standard import Standard

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# How much all photos of a source count: most of those learnt from, other described ones, and
# everyday ones. And the inverse of the decay of squared weights, found by leaving out one or two
# everyday sets.
OF_PEOPLE, FREEDOM_OF_PEOPLE = (0.5, 0.3, 0.2), 56.0
OF_ANY, FREEDOM_OF_ANY = (0.3, 0.3, 0.4), 60.0


@dataclass(frozen=True, slots=True)
class Seen:
    """The means of photos' cells, shape ``(N, C)`` each.

    Attributes:
        most: Of the source that most captions were learnt from.
        others: Of other sources, which people have described.
        everyday: Such as are posted.
    """

    most: torch.Tensor
    others: torch.Tensor
    everyday: torch.Tensor


def fit_people(seen: Seen) -> Familiarity:
    """What tells photos of people like most of those learnt from from all others."""
    return _fit(seen, (True, False, False), OF_PEOPLE, FREEDOM_OF_PEOPLE)


def fit_described(seen: Seen) -> Familiarity:
    """What tells photos that people have described from those that are posted."""
    return _fit(seen, (True, True, False), OF_ANY, FREEDOM_OF_ANY)


def _fit(
    seen: Seen, is_familiar: Sequence[bool], shares: Sequence[float], freedom: float
) -> Familiarity:
    """Logistic regression."""
    standard = Standard.of(seen.most)
    parts = (seen.most, seen.others, seen.everyday)
    wanted = [familiar for part, familiar in zip(parts, is_familiar, strict=True) for _ in part]
    weights = [share / len(part) for part, share in zip(parts, shares, strict=True) for _ in part]
    found = LogisticRegression(C=freedom, max_iter=1000)
    found.fit(standard.standardised(torch.cat(parts)).numpy(), wanted, weights)
    fitted = (torch.tensor(part, dtype=torch.float32) for part in (found.coef_.T, found.intercept_))
    own, bias = standard.folded(*fitted)
    return Familiarity(own[:, 0], bias)


def seen_in(
    most: Path, others: Sequence[Path], everyday: Sequence[Path], *, of_people: bool
) -> Seen:
    """What is fitted to.

    Args:
        most: A prepared folder, see `photos_of`.
        others: More of them.
        everyday: Likewise, of photos such as are posted.
        of_people: Photos of people alone.
    """
    own, *parts = (
        torch.cat([photos_of(folder, of_people=of_people) for folder in folders])
        for folders in ((most,), others, everyday)
    )
    return Seen(own, *parts)


def photos_of(folder: Path, *, of_people: bool) -> torch.Tensor:
    """The photos of a prepared folder that have captions.

    Args:
        folder: As `captioner.training.sets` lays it out.
        of_people: Only those in which `AGREEING` people, or all who wrote, see people.
    """
    features = Features.load(folder / UNCHANGED)
    places = features.places()
    rows = [
        features.pooled(places[name])
        for name, captions in read_captions(folder / CAPTIONS, None).items()
        if not of_people or _shows_people(captions)
    ]
    return torch.stack(rows)


def _shows_people(captions: Sequence[str]) -> bool:
    naming = sum(not PEOPLE.isdisjoint(caption.lower().split()) for caption in captions)
    return naming >= min(AGREEING, len(captions))
