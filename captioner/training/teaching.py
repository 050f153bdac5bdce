"""Captions for a prepared set that has none: what `Teacher` chooses for each of its photos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps
from tqdm import tqdm

from captioner.training.detector import names_of
from captioner.training.features import Features
from captioner.training.sets import CAPTIONS, UNCHANGED, write_captions
from captioner.training.teacher import Teacher, raise_to

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from captioner.training.words import WordNet

LABELS_A_PHOTO = 5
MIN_PROBABILITY = 0.05
SURELY_SEEN = 0.55  # a thing the detector is this sure of should be named


def teach(
    folder: Path,
    photos: Path,
    texts: Sequence[str],
    see: Callable[[Image.Image], Mapping[str, float]],
    nouns: WordNet,
) -> int:
    """Write ``captions.tsv`` into a prepared folder.

    Args:
        folder: Holds ``features/``, as `extract` wrote them.
        photos: The folder the photos' names are relative to.
        texts: Human captions to choose from.
        see: Which of the detector's things are in an RGB photo, and how surely; a `Yolox`.
        nouns: WordNet.

    Returns:
        How many of the photos have captions now.
    """
    features = Features.load(folder / UNCHANGED)
    teacher = Teacher(texts, nouns)
    written: dict[str, list[str]] = {}
    rows = zip(features.names, features.probabilities, strict=True)
    for name, probabilities in tqdm(rows, total=len(features.names), mininterval=10):
        with Image.open(photos / name) as image:
            things = see(ImageOps.exif_transpose(image).convert("RGB"))
        evidence = teacher.label_evidence(surest_labels(probabilities))
        for thing, sure in things.items():
            for noun in names_of(thing):
                raise_to(evidence, noun, min(1.0, 1.3 * sure))
        expected = [names_of(thing) for thing, sure in things.items() if sure > SURELY_SEEN]
        if captions := teacher.captions(evidence, expected):
            written[name] = captions
    write_captions(folder / CAPTIONS, written)
    return len(written)


def surest_labels(probabilities: np.ndarray[Any, Any]) -> dict[int, float]:
    """ImageNet label -> its probability, for the few that a photo's 1,000 leave in question."""
    surest = np.argsort(-probabilities)[:LABELS_A_PHOTO]
    found = {int(label): float(probabilities[label]) for label in surest}
    return {label: p for label, p in found.items() if p > MIN_PROBABILITY}
