"""Fits how familiar photos are: such as those that captions were learnt from, or others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from sklearn.linear_model import LogisticRegression

from captioner.familiarity import Familiarity
from captioner.training.calibration import AGREEING, PEOPLE, read_judged
from captioner.training.evaluation import read_photo
from captioner.training.features import Features
from captioner.training.sets import CAPTIONS, UNCHANGED, read_captions
from captioner.training.standard import Standard

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

# How much all photos of a source count: most of those learnt from, other described ones, and
# everyday ones. And the inverse of the decay of squared weights, found by leaving out one or two
# everyday sets.
OF_PEOPLE, FREEDOM_OF_PEOPLE = (0.5, 0.3, 0.2), 56.0
OF_ANY, FREEDOM_OF_ANY = (0.3, 0.3, 0.4), 200.0


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
    most: Path,
    others: Sequence[Path],
    checkpoint: tuple[Any, Any],
    judged: Sequence[Path],
    *,
    of_people: bool,
) -> Seen:
    """What is fitted to.

    Args:
        most: A prepared folder, see `described`.
        others: More of them.
        checkpoint: As `captioner.blip.read_checkpoint` gives it.
        judged: As `everyday` takes them.
        of_people: Photos of people alone.
    """
    return Seen(
        described(most, of_people=of_people),
        torch.cat([described(own, of_people=of_people) for own in others]),
        everyday(*checkpoint, judged, of_people=of_people),
    )


def described(folder: Path, *, of_people: bool) -> torch.Tensor:
    """The photos of a prepared folder.

    Args:
        folder: As `captioner.training.sets` lays it out.
        of_people: Only those in which `AGREEING` people, or all who wrote, see people.
    """
    captions = read_captions(folder / CAPTIONS, None)
    features = Features.load(folder / UNCHANGED)
    rows = [
        features.pooled(place)
        for name, place in features.places().items()
        if not of_people or _shows_people(captions.get(name, ()))
    ]
    return torch.stack(rows)


def _shows_people(captions: Sequence[str]) -> bool:
    naming = sum(not PEOPLE.isdisjoint(caption.lower().split()) for caption in captions)
    return naming >= min(AGREEING, max(1, len(captions)))


@torch.inference_mode()
def everyday(
    processor: Any, network: Any, files: Sequence[Path], *, of_people: bool
) -> torch.Tensor:
    """The photos of which a caption was read by eye.

    Args:
        processor: The model's.
        network: A compact BLIP.
        files: As `captioner.training.calibration.judged_by_eye` takes each.
        of_people: Only those whose caption says that they show people.
    """
    rows = []
    for file in files:
        for photo, caption, _ in read_judged(file):
            if not of_people or _shows_people([caption]):
                pixels = processor(images=[read_photo(photo)], return_tensors="pt")["pixel_values"]
                rows.append(network.look(pixels)[0].mean(1)[0])
    return torch.stack(rows)
