"""Less of a caption where a photo is unlike those that captions were learnt from.

Of such a photo the first thing is mostly right and the rest mostly made up: "a cat", where "a cat
sitting on top of a car" was written of a cat on a couch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from captioner.hedging import PHOTO_OF
from captioner.people import EVIDENT, beside, who_is_there

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# How much a plate must be: breads in an oven are expected on one by less.
_HELD = 0.14
# And how much a lake: rivers and bays are expected to be one by less.
_STILL = 0.14
# By how much more a man must be expected than a woman, or a boy than a girl, to be called so.
_SURELY = 0.05
_VESSEL = re.compile(r"an? (plate|bowl) of ")
_LAKE = re.compile(r"\ba lake\b")
_OTHER = {"man": "woman", "woman": "man", "boy": "girl", "girl": "boy"}
DOUBTED = (*_OTHER, "plate", "bowl", "lake")  # words that are asked for by themselves


@dataclass(frozen=True, slots=True)
class Evident:
    """What of a caption is evident in its photo.

    Attributes:
        tokens: Those of the beginning that is.
        of_people: Whether it is of people, of whom no more is said than who they are.
        expected: How much each of `DOUBTED` is expected of the photo.
    """

    tokens: tuple[int, ...]
    of_people: bool
    expected: Mapping[str, float]


def evident_length(
    nouns_until: Callable[[int], Sequence[tuple[str, float]]], lengths: Sequence[int]
) -> int:
    """How many of a caption's tokens are evident.

    Args:
        nouns_until: Those of the beginning of a length, as `captioner.people.beside` takes them.
        lengths: Where it may end, the whole among them, shortest first.

    Returns:
        The greatest of the lengths up to which each thing but the first is expected enough; at
        least the first of them.
    """
    evident = (
        length
        for length in lengths[::-1]
        if all(expected >= EVIDENT for expected in beside(nouns_until(length)))
    )
    return next(evident, lengths[0])


def in_brief(text: str, evident: Evident) -> str:
    """What is evident, as a caption.

    Args:
        text: Of the evident tokens, in lower case.
        evident: What is.
    """
    if evident.of_people:
        return _surely(who_is_there(text), evident.expected)
    vessel = _VESSEL.match(text)
    if vessel and evident.expected[vessel[1]] < _HELD:
        return f"{PHOTO_OF} {text[vessel.end() :]}"
    if _LAKE.search(text) and evident.expected["lake"] < _STILL:
        return _LAKE.sub("the water", text)
    return text


def _surely(who: str, expected: Mapping[str, float]) -> str:
    """A man as a person where a woman is nearly as much expected; a girl may be one, too."""
    word = who.rpartition(" ")[2]
    if word not in _OTHER or expected[word] - expected[_OTHER[word]] >= _SURELY:
        return who
    return "a person"
