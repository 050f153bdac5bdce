"""Photos of which no more is known than what they show: a dish, a place, a thing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from captioner.training.data import read_words, write_words
from captioner.training.features import Features
from captioner.training.sets import UNCHANGED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FILE = "shown.tsv"
FOOD = "food"
FOOD_SHARE = 0.2  # of all that photos of a known class count: there are so many dishes


@dataclass(frozen=True, slots=True)
class Shown:
    """One photo.

    Attributes:
        seen: The mean of its cells, shape ``(C,)``.
        nouns: Tokens that name what it shows, closely and plainly.
        weight: How much it counts: those of a class of many photos less each, those without such
            tokens nothing.
        is_strange: Whether people who describe photos seldom see such a one.
    """

    seen: torch.Tensor
    nouns: tuple[int, ...]
    weight: float
    is_strange: bool


def read_shown(
    strange: Sequence[Path], ordinary: Sequence[Path], vocabulary: Mapping[str, int]
) -> list[Shown]:
    """The photos of prepared folders that `write_shown` has written into.

    Args:
        strange: Each holds ``shown.tsv`` and ``features/``.
        ordinary: The same, of photos like the ones that people describe.
        vocabulary: Word pieces; nouns of more than one are left out.
    """
    rows = [
        (seen, nouns, is_strange)
        for folders, is_strange in ((strange, True), (ordinary, False))
        for folder in folders
        for seen, nouns in _read(folder, vocabulary)
    ]
    sizes = Counter((nouns, is_strange) for _, nouns, is_strange in rows)
    weights = torch.tensor([sizes[nouns, own] ** -0.5 if nouns else 0 for _, nouns, own in rows])
    is_food = torch.tensor([vocabulary[FOOD] in nouns for _, nouns, _ in rows])
    for of, share in ((is_food, FOOD_SHARE), (~is_food, 1 - FOOD_SHARE)):
        weights[of] *= share / weights[of].sum().clamp(min=1e-6)
    return [
        Shown(seen, nouns, float(weight), is_strange)
        for (seen, nouns, is_strange), weight in zip(rows, weights, strict=True)
    ]


def write_shown(folder: Path, nouns: Mapping[str, Sequence[str]]) -> None:
    """Write what `photos_shown` reads."""
    write_words(folder / FILE, nouns)


def photos_shown(folder: Path) -> dict[str, tuple[str, ...]]:
    """Photo name -> nouns that name what it shows, of a folder that `write_shown` wrote into."""
    return {name: tuple(nouns) for name, nouns in read_words(folder / FILE).items()}


def _read(
    folder: Path, vocabulary: Mapping[str, int]
) -> list[tuple[torch.Tensor, tuple[int, ...]]]:
    features = Features.load(folder / UNCHANGED)
    places = features.places()
    return [
        (
            features.pooled(places[name]),
            tuple(vocabulary[noun] for noun in nouns if noun in vocabulary),
        )
        for name, nouns in photos_shown(folder).items()
    ]
