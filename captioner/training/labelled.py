"""Captions for photos whose class is known: a dish, a place, a sport, a thing.

Some name the class and say no more, some say what it is a kind of; others are human captions that
name it and of whose other nouns the classifier sees some, or that go with it (stove and kitchen).
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from captioner.training.features import Features
from captioner.training.naming import SENTENCES, with_article
from captioner.training.sets import CAPTIONS, UNCHANGED, write_captions
from captioner.training.teaching import surest_labels
from captioner.training.words import nouns_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np

    from captioner.training.teacher import Teacher
    from captioner.training.words import WordNet

CAPTIONS_A_PHOTO = 3
HUMAN_CAPTIONS = 1  # of these at most, and none for what may stand anywhere
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
GENERAL = {
    "food": ("a plate of food", "a plate of food on a table", "a close up of a plate of food"),
}
_IN_COMPANY = frozenset(("food", "place"))  # what else is there goes without saying


def caption_labelled(
    folder: Path, labels: Mapping[str, str], manner: str, teacher: Teacher, wordnet: WordNet
) -> int:
    """Write ``captions.tsv`` into a prepared folder.

    Args:
        folder: Holds ``features/``, as `extract` wrote them.
        labels: Photo name -> what it shows, as one would say it in a caption ("apple pie").
        manner: One of `MANNERS`.
        teacher: Chooses the human captions.
        wordnet: Says which words of a class are nouns.

    Returns:
        How many of the photos have captions now.
    """
    features = Features.load(folder / UNCHANGED)
    written: dict[str, list[str]] = {}
    for name, probabilities in zip(features.names, features.probabilities, strict=True):
        if name not in labels:
            continue
        label, rng = labels[name], random.Random(f"label-{name}")  # noqa: S311 - a choice
        own = _human(label, probabilities, teacher, wordnet) if manner in _IN_COMPANY else []
        plain = [form.format(with_article(label), it=label) for form in MANNERS[manner]]
        own += rng.sample(GENERAL[manner], 1) if manner in GENERAL else []
        written[name] = own + rng.sample(plain, CAPTIONS_A_PHOTO - len(own))
    write_captions(folder / CAPTIONS, written)
    return len(written)


def _human(
    label: str, probabilities: np.ndarray[Any, Any], teacher: Teacher, wordnet: WordNet
) -> list[str]:
    """The human captions that name a class, best first."""
    evidence = teacher.label_evidence(surest_labels(probabilities))
    evidence |= dict.fromkeys(nouns_of(label, wordnet.nouns), 1.0)
    found = teacher.captions(evidence, [])
    return [text for text in found if label.split()[-1] in text.split()][:HUMAN_CAPTIONS]
