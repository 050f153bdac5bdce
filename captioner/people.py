"""People said in brief: "a man" for "a man in a white shirt is sitting on a bench"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# How much a thing beside the first must be expected to be believed all the same: a surfer's wave.
# Chosen on everyday photos of which careful notes had been taken.
EVIDENT = 0.12
# Nouns that name no thing: "a group of men", "in front of".
VAGUE = frozenset(
    "bunch close closeup couple front group number pair photo picture side top view".split()
)
_ONE = "baby|boy|child|girl|guy|kid|lady|man|person|toddler|woman"
_SOME = "boys|children|girls|guys|kids|ladies|men|people|women"
# Who is called so for what he seems to do.
_ROLE = "bicyclist|biker|cyclist|player|rider|skateboarder|skier|snowboarder|surfer|swimmer"
_ANY = rf"(?:\w+ ){{0,2}}?(?:{_ONE}|{_SOME}|(?:{_ROLE})s?)\b"
_A = r"(?:an?|the|another)"
_SEEN = re.compile(r"^(?:an? (?:close ?up|photo|picture|view|image) of|there (?:is|are)) ")
_TWO = re.compile(
    rf"two {_ANY}|{_A} couple (?:of {_ANY}|(?!of\b))|{_A} bride and "
    rf"|{_A} (?:\w+ ){{0,2}}?(?:{_ONE}) and (?:{_A} )?{_ANY}"
)
_MANY = re.compile(
    rf"(?:{_A} (?:\w+ )?(?:group|bunch|team|family|row|line) of|several|many|some|three|four|five)"
    rf" {_ANY}"
)
_CROWD = re.compile(rf"{_A} (?:\w+ )?crowd\b")
_PERSON = re.compile(rf"{_A} (?:\w+ ){{0,2}}?({_ONE})\b")
_PEOPLE = re.compile(rf"(?:\w+ ){{0,2}}?(?:{_SOME}|(?:{_ROLE})s)\b")


def is_evident(nouns: Sequence[tuple[str, float]]) -> bool:
    """Whether a photo shows clearly enough what a caption names beside its people.

    Args:
        nouns: The caption's, in order, each with how much it is expected of the photo.
    """
    others = beside(nouns)
    return bool(others) and min(others) >= EVIDENT


def beside(nouns: Sequence[tuple[str, float]]) -> list[float]:
    """How much each thing but the first is expected of a photo.

    Args:
        nouns: As `is_evident` takes them; those that name no thing do not count.
    """
    return [expected for noun, expected in nouns if noun not in VAGUE][1:]


def who_is_there(caption: str) -> str:
    """Who is there, without what they do, wear and have beside them.

    Args:
        caption: In lower case, of people.
    """
    caption = _SEEN.sub("", caption)
    for who, brief in _BRIEFLY:
        if who.match(caption):
            return brief
    person = _PERSON.match(caption)
    return f"a {person[1]}" if person else "a person"


_BRIEFLY = (
    (_TWO, "a few people"),  # a third may be seen beside them
    (_CROWD, "a crowd of people"),
    (_MANY, "a group of people"),
    (_PEOPLE, "a few people"),
)
