"""Photos with their captions, and captions alone, as the files of the sets have them."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from captioner.training.words import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

# A caption without any of these is no English sentence: coco_captions_val2017.json holds some
# sixty lists of word stems ("tabl bowl food cup") among its captions.
_FUNCTION_WORDS = frozenset(
    "a an the of in on at with is are and to its his her their by for some two three".split()
)


def flickr8k(captions: Path) -> dict[str, list[str]]:
    """Photo name -> its five captions."""
    found: dict[str, list[str]] = {}
    with captions.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["image"], []).append(tidy(row["caption"]))
    return found


def coco(captions: Path) -> dict[str, list[str]]:
    """Photo name -> its captions, from a COCO captions file."""
    found: dict[str, list[str]] = {}
    for row in json.loads(captions.read_text(encoding="utf-8"))["annotations"]:
        name = f"{row['image_id']:012d}.jpg"
        if is_sentence(row["caption"]):
            found.setdefault(name, []).append(tidy(row["caption"]))
    return found


def pairs(captions: Path) -> dict[str, list[str]]:
    """Photo name -> its captions, from lines of ``photo<TAB>caption``."""
    found: dict[str, list[str]] = {}
    for line in captions.read_text(encoding="utf-8").splitlines():
        name, caption = line.split("\t", 1)
        if is_sentence(caption):
            found.setdefault(name, []).append(tidy(caption))
    return found


def read_words(path: Path) -> dict[str, list[str]]:
    """Photo name -> words, from what `write_words` wrote."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {name: words.split() for name, words in rows}


def write_words(path: Path, words: Mapping[str, Sequence[str]]) -> None:
    """Write lines of ``photo<TAB>words``."""
    rows = (f"{name}\t{' '.join(own)}" for name, own in words.items())
    path.write_text("\n".join(rows), encoding="utf-8")


def lines(captions: Path) -> list[str]:
    """Captions alone, one a line."""
    texts = (tidy(line) for line in captions.read_text(encoding="utf-8").splitlines())
    return [text for text in texts if is_sentence(text)]


def photos(captions: Path) -> dict[str, list[str]]:
    """Photo name -> its captions, from a COCO file (``.json``) or from pairs (``.tsv``)."""
    return coco(captions) if captions.suffix == ".json" else pairs(captions)


def texts(sources: Iterable[Path], left_out: Iterable[str]) -> list[str]:
    """Captions alone, each once and in order, from `lines` (``.txt``) and `photos`.

    Args:
        sources: The files.
        left_out: Captions that must not be among them, as `tidy` writes them.
    """
    found: set[str] = set()
    for source in sources:
        if source.suffix == ".txt":
            found.update(lines(source))
        else:
            found.update(text for own in photos(source).values() for text in own)
    return sorted(found.difference(left_out))


def is_sentence(caption: str) -> bool:
    """Whether at least one function word stands in the caption."""
    return not _FUNCTION_WORDS.isdisjoint(caption.lower().split())
