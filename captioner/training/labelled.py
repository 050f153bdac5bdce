"""Captions for photos whose class is known: a dish, a place, a sport, a thing.

They name the class, or what it is a kind of, and say no more. Human captions that name the class
were given to some of these photos once, and taught the model to make things up.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from captioner.training.features import Features
from captioner.training.naming import SENTENCES, with_article
from captioner.training.plain import plain_noun
from captioner.training.sets import CAPTIONS, UNCHANGED, write_captions
from captioner.training.shown import FOOD, write_shown
from captioner.training.words import nouns_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from captioner.training.words import WordNet

CAPTIONS_A_PHOTO = 3
# "{}" is the class with its article, "{it}" without.
MANNERS = {
    "food": (
        "a plate of {it}",
        "a plate of {it} on a table",
        "a close up of {it}",
        "a close up of {it} on a plate",
        "{it} served on a table",
        "there is {it} on the table",
    ),
    "place": (
        "a view of {}",
        "a photo of {}",
        "a wide view of {}",
    ),
    "sport": (
        "a photo of {}",
        "a view of {}",
        "a close up of {}",
        "people at {}",
    ),
    "thing": SENTENCES,
}
# Who cannot tell which dish it is should say this: a third of the captions do.
GENERAL = ("a plate of food", "a plate of food on a table", "a close up of a plate of food")
_FOOD_IS = (FOOD, "plate")


@dataclass(frozen=True, slots=True)
class Class:
    """What a photo shows.

    Attributes:
        label: As one would say it in a caption ("apple pie").
        synset: Its offset in WordNet 3.0; None where nobody has said.
    """

    label: str
    synset: str | None = None


def read_classes(path: Path) -> dict[str, Class]:
    """Photo name -> its class, from lines of ``photo<TAB>label`` or ``...<TAB>synset``."""
    rows = (row.split("\t") for row in path.read_text(encoding="utf-8").splitlines() if row)
    return {name: Class(*own) for name, *own in rows}


def caption_labelled(
    folder: Path,
    classes: Mapping[str, Class],
    manner: str,
    common: Collection[str],
    wordnet: WordNet,
) -> int:
    """Write ``captions.tsv`` and ``shown.tsv`` into a prepared folder.

    Args:
        folder: Holds ``features/``, as `extract` wrote them.
        classes: Of each photo, by name.
        manner: One of `MANNERS`.
        common: The words that people often use in captions.
        wordnet: Says which words of a class are nouns, and what it is a kind of.

    Returns:
        How many of the photos have captions now.
    """
    names = [name for name in Features.load(folder / UNCHANGED).names if name in classes]
    captions, shown = {}, {}
    for name in names:
        of = classes[name]
        plain = plain_noun(of.label, of.synset, common, wordnet)
        captions[name] = _captions(of, plain, manner, random.Random(f"label-{name}"))  # noqa: S311
        kind = _FOOD_IS if manner == FOOD else (plain,) if plain else ()
        own = (word for word in of.label.split() if nouns_of(word, wordnet.nouns))
        shown[name] = list(dict.fromkeys((*kind, *own)))
    write_captions(folder / CAPTIONS, captions)
    write_shown(folder, shown)
    return len(names)


def _captions(of: Class, plain: str | None, manner: str, rng: random.Random) -> list[str]:
    """A third of them name the kind alone; all do if the classifier can name it more closely."""
    closely = _named(of.label, manner)
    kind = GENERAL if manner == FOOD else _named(plain, manner) if plain else closely
    if of.synset:
        return rng.sample(kind, CAPTIONS_A_PHOTO)
    return rng.sample(kind, 1) + rng.sample(closely, CAPTIONS_A_PHOTO - 1)


def _named(thing: str, manner: str) -> tuple[str, ...]:
    return tuple(form.format(with_article(thing), it=thing) for form in MANNERS[manner])
