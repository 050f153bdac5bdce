"""Photos of which no more is known than what they show: a dish, a place, a thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from captioner.training.data import read_words, write_words
from captioner.training.features import Features
from captioner.training.sets import UNCHANGED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

FILE = "shown.tsv"
FOOD = "food"


@dataclass(frozen=True, slots=True)
class Shown:
    """One photo.

    Attributes:
        tuned: As `captioner.backbone.Sight` has it, shape ``(C,)``.
        nouns: Tokens that name what it shows, closely and plainly.
    """

    tuned: torch.Tensor
    nouns: tuple[int, ...]


def read_shown(folders: Sequence[Path], vocabulary: Mapping[str, int]) -> list[Shown]:
    """The photos of prepared folders that `write_shown` has written into.

    Args:
        folders: Each holds ``shown.tsv`` and ``features/``.
        vocabulary: Word pieces; nouns of more than one are left out.
    """
    return [photo for folder in folders for photo in _read(folder, vocabulary)]


def write_shown(folder: Path, nouns: Mapping[str, Sequence[str]]) -> None:
    """Write what `photos_shown` reads."""
    write_words(folder / FILE, nouns)


def photos_shown(folder: Path) -> dict[str, tuple[str, ...]]:
    """Photo name -> nouns that name what it shows, of a folder that `write_shown` wrote into."""
    return {name: tuple(nouns) for name, nouns in read_words(folder / FILE).items()}


def _read(folder: Path, vocabulary: Mapping[str, int]) -> Iterator[Shown]:
    features = Features.load(folder / UNCHANGED)
    places = features.places()
    for name, nouns in photos_shown(folder).items():
        tuned = torch.from_numpy(features.tuned[places[name]]).float()
        yield Shown(tuned, tuple(vocabulary[noun] for noun in nouns if noun in vocabulary))
