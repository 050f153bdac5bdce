"""Captions for photos of one kind: empty scenery, houses and streets, clothes laid out.

Flickr8k and COCO hold hardly any: of 172,672 captions of both, 35 name nothing but scenery, so that
a model taught by them alone puts people into every valley and a player into every shirt. Those in
``kinds.tsv`` were written for captag; photos get them by kind.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageOps

from captioner.training.features import Features
from captioner.training.sets import CAPTIONS, UNCHANGED, write_captions
from captioner.training.teacher import PERSON
from captioner.training.words import label_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

    See = Callable[[Image.Image], Mapping[str, float]]

CAPTIONS_A_PHOTO = 4
MIN_PROBABILITY = 0.35  # of all labels of scenery together
MOST_SEEN = 0.35  # of the detector's things; a photo with a surer one is left out

# As `label_names` has them; the other kinds are given by hand.
LABELS = {
    "mountain": ("mountain", "valley", "volcano"),
    "sea": ("breakwater", "promontory", "sandbar"),
    "lake": ("dam", "lakeshore"),
    "cliff": ("cliff", "geyser"),
}


@cache
def captions_of_kinds() -> dict[str, tuple[str, ...]]:
    """Kind -> the captions for it, as ``kinds.tsv`` has them."""
    found: dict[str, tuple[str, ...]] = {}
    for line in Path(__file__).with_name("kinds.tsv").read_text(encoding="utf-8").splitlines():
        kind, caption = line.split("\t")
        found[kind] = (*found.get(kind, ()), caption)
    return found


def describe(folder: Path, photos: Path, see: See, kind: str | None = None) -> int:
    """Write ``captions.tsv`` into a prepared folder, for its photos without people.

    Args:
        folder: Holds ``features/``, as `extract` wrote them.
        photos: The folder the photos' names are relative to.
        see: Which of the detector's things are in an RGB photo, and how surely; a `Yolox`.
        kind: What all of them show, one of `captions_of_kinds`; None takes those that their
            labels call scenery and in which the detector sees nothing at all.

    Returns:
        How many of the photos have captions now.
    """
    features = Features.load(folder / UNCHANGED)
    written: dict[str, list[str]] = {}
    for name, probabilities in zip(features.names, features.probabilities, strict=True):
        shown = kind or scene_of(probabilities)
        if shown and _is_empty(photos / name, see, only_people=kind is not None):
            rng = random.Random(f"scene-{name}")  # noqa: S311 - a choice, not secrets
            captions = captions_of_kinds()[shown]
            written[name] = rng.sample(captions, min(CAPTIONS_A_PHOTO, len(captions)))
    write_captions(folder / CAPTIONS, written)
    return len(written)


def scene_of(probabilities: np.ndarray[Any, Any]) -> str | None:
    """The likeliest kind of scenery; None when the labels name something else.

    Args:
        probabilities: Shape ``(1000,)``, one photo's ImageNet probabilities.
    """
    names = label_names()
    of = {
        kind: sum(float(probabilities[names.index(label)]) for label in labels)
        for kind, labels in LABELS.items()
    }
    return max(of, key=of.__getitem__) if sum(of.values()) > MIN_PROBABILITY else None


def _is_empty(photo: Path, see: See, *, only_people: bool) -> bool:
    with Image.open(photo) as image:
        things = see(ImageOps.exif_transpose(image).convert("RGB"))
    surest = things.get(PERSON, 0.0) if only_people else max(things.values(), default=0.0)
    return surest < MOST_SEEN
