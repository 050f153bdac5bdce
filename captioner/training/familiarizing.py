"""Fits how familiar photos of people are: such as most of those learnt from, or others."""

from __future__ import annotations

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

# How much all photos of a kind count: familiar, described but few of a kind, and everyday.
SHARES = (0.5, 0.3, 0.2)
FREEDOM = 56.0  # inverse of the decay of squared weights; found by leaving out one everyday set


def fit(familiar: torch.Tensor, described: torch.Tensor, everyday: torch.Tensor) -> Familiarity:
    """Logistic regression on the means of photos' cells, shape ``(N, C)`` each.

    Args:
        familiar: Photos such as most of the training photos.
        described: Of other sources, which people have described.
        everyday: Such as are posted.
    """
    standard = Standard.of(familiar)
    parts = (familiar, described, everyday)
    seen = standard.standardised(torch.cat(parts))
    is_familiar = [part is familiar for part in parts for _ in part]
    weights = [share / len(part) for part, share in zip(parts, SHARES, strict=True) for _ in part]
    found = LogisticRegression(C=FREEDOM, max_iter=1000)
    found.fit(seen.numpy(), is_familiar, weights)
    fitted = (torch.tensor(part, dtype=torch.float32) for part in (found.coef_.T, found.intercept_))
    own, bias = standard.folded(*fitted)
    return Familiarity(own[:, 0], bias)


def of_people(folder: Path) -> torch.Tensor:
    """The photos of a prepared folder in which `AGREEING` people, or all who wrote, see people."""
    captions = read_captions(folder / CAPTIONS, None)
    features = Features.load(folder / UNCHANGED)
    rows = [
        features.pooled(place)
        for name, place in features.places().items()
        if _shows_people(captions.get(name, ()))
    ]
    return torch.stack(rows)


def _shows_people(captions: Sequence[str]) -> bool:
    naming = sum(not PEOPLE.isdisjoint(caption.lower().split()) for caption in captions)
    return naming >= min(AGREEING, max(1, len(captions)))


@torch.inference_mode()
def everyday(processor: Any, network: Any, files: Sequence[Path]) -> torch.Tensor:
    """The photos of which a caption that was read by eye says that they show people.

    Args:
        processor: The model's.
        network: A compact BLIP.
        files: As `captioner.training.calibration.judged_by_eye` takes each.
    """
    rows = []
    for file in files:
        for photo, caption, _ in read_judged(file):
            if _shows_people([caption]):
                pixels = processor(images=[read_photo(photo)], return_tensors="pt")["pixel_values"]
                rows.append(network.look(pixels)[0].mean(1)[0])
    return torch.stack(rows)
