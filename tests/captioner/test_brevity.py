"""What of a caption is evident, and said of a photo unlike those learnt from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import torch

from captioner.brevity import (
    DOUBTED,
    EVIDENT,
    Evident,
    evident_length,
    in_brief,
)
from captioner.consensus import Expectation

if TYPE_CHECKING:
    from collections.abc import Callable

NOTHING_EXPECTED = dict.fromkeys(DOUBTED, 0.0)
SEEN = Evident((), of_people=False, expected=NOTHING_EXPECTED)
PEOPLE = replace(SEEN, of_people=True)
ANY = Expectation(torch.zeros(3))


def words(caption: str, **things: float) -> Callable[[int], list[tuple[str, float]]]:
    every = caption.split()
    return lambda length: [(word, things[word]) for word in every[:length] if word in things]


def test_a_photo_that_nothing_is_known_of_is_familiar() -> None:
    assert ANY.is_familiar


def test_one_unlike_those_described_is_not() -> None:
    assert not replace(ANY, familiarity=0.1).is_familiar


def test_a_caption_ends_before_the_thing_that_is_not_evident() -> None:
    caption = words("a cat on a car", cat=0.4, car=EVIDENT / 2)
    assert evident_length(caption, [2, 5]) == 2


def test_what_is_evident_stays() -> None:
    caption = words("a cat on a bed in a box", cat=0.4, bed=EVIDENT, box=0.0)
    assert evident_length(caption, [2, 5, 8]) == 5


def test_the_first_thing_needs_no_evidence() -> None:
    assert evident_length(words("a cat is sleeping", cat=0.0), [2, 4]) == 4


def test_words_that_name_no_thing_need_none() -> None:
    caption = words("a close up of a dog", close=0.0, up=0.0, dog=0.3)
    assert evident_length(caption, [6]) == 6


def test_where_nothing_is_evident_the_shortest_beginning_is_said() -> None:
    assert evident_length(words("a bus bench car", bus=0.0, bench=0.0, car=0.0), [3, 4]) == 3


def test_a_plate_that_is_not_seen_is_not_said() -> None:
    assert in_brief("a plate of food", SEEN) == "a photo of food"
    assert in_brief("a bowl of oranges", SEEN) == "a photo of oranges"


def test_water_that_is_hardly_a_lake_is_water() -> None:
    assert in_brief("a view of a lake", SEEN) == "a view of the water"
    assert in_brief("a boat on a lake", SEEN) == "a boat on the water"
    assert in_brief("a lakeside house", SEEN) == "a lakeside house"


def test_a_lake_that_is_seen_is_said() -> None:
    seen = replace(SEEN, expected=NOTHING_EXPECTED | {"lake": 0.15})
    assert in_brief("a view of a lake", seen) == "a view of a lake"


def test_a_plate_that_is_seen_is() -> None:
    seen = replace(SEEN, expected=NOTHING_EXPECTED | {"plate": 0.3})
    assert in_brief("a plate of food", seen) == "a plate of food"


@pytest.mark.parametrize(
    ("caption", "brief"),
    [
        ("a man is sitting on a rock", "a person"),
        ("a little girl in a pink dress", "a person"),
        ("two men are talking", "a few people"),
    ],
)
def test_of_people_of_whom_nothing_is_sure_it_is_said_that_they_are_there(
    caption: str, brief: str
) -> None:
    assert in_brief(caption, PEOPLE) == brief


def test_who_is_surely_a_woman_is_called_so() -> None:
    sure = replace(PEOPLE, expected=NOTHING_EXPECTED | {"woman": 0.08, "man": 0.02})
    assert in_brief("a young woman is smiling", sure) == "a woman"
    assert in_brief("a man is smiling", sure) == "a person"
