"""Saying less where less is sure."""

from pathlib import Path

import pytest
import torch

from captioner.categories import Categories, Lexicon
from captioner.hedging import NOTHING, UNKNOWN, Saying, best, instead, said, worth_of_people

ROOM, BEDROOM, KITCHEN, THINGS, PHONE = range(5)
LINES = """\
a room\ta room\troom
a room\ta bedroom\tbedroom
a room\ta kitchen\tkitchen
-\t-\tball
-\ta phone\tphone
"""


@pytest.fixture
def categories(tmp_path: Path) -> Categories:
    path = tmp_path / "words.tsv"
    path.write_text(LINES, "utf-8")
    return Categories(Lexicon.read(path), {}, torch.zeros(1, 5), torch.zeros(5))


def chances(categories: Categories, *seen: float, said: int) -> dict[str, float]:
    return {one.text: one.probability for one in instead(categories, seen, said)}


def test_a_sure_caption_is_said() -> None:
    caption = Saying("a bedroom with a lamp", 0.9)
    assert best([caption, Saying("a photo of a room", 1.0, 0.75)], NOTHING) is caption


def test_an_unsure_one_gives_way_to_what_says_less_and_is_surer() -> None:
    room = Saying("a photo of a room", 0.9, 0.75)
    assert best([Saying("a bedroom with a lamp", 0.6), room], NOTHING) is room


def test_where_nothing_is_worth_saying_it_says_so() -> None:
    unsure = [Saying("a dog", 0.3), Saying("a photo of a room", 0.4, 0.75)]
    assert best(unsure, NOTHING) == Saying(UNKNOWN, 0.0)


def test_the_more_it_is_worth_to_say_nothing_the_less_is_said() -> None:
    caption = Saying("a dog", 0.9)
    assert best([caption], 0.9) is caption
    assert best([caption], 1.0).text == UNKNOWN


def test_of_a_familiar_photo_the_caption_is_said_though_something_else_is_surer() -> None:
    caption, animal = Saying("a dog on a beach", 0.6), Saying("a photo of an animal", 0.95, 0.75)
    assert said(caption, [animal], NOTHING, is_familiar=True) is caption
    assert said(caption, [animal], NOTHING, is_familiar=False) is animal


def test_unless_it_is_worth_too_little() -> None:
    caption, animal = Saying("a dog on a beach", 0.2), Saying("a photo of an animal", 0.95, 0.75)
    assert said(caption, [animal], NOTHING, is_familiar=True) is animal


def test_who_wants_all_to_be_sure_is_told_nothing_of_a_familiar_photo_either() -> None:
    assert said(Saying("a dog", 0.98), [], 1.0, is_familiar=True).text == UNKNOWN


def test_people_that_are_hardly_seen_are_worth_less_than_what_is() -> None:
    rider = Saying("a man riding a motorcycle", 0.8, worth_of_people(0.1, is_familiar=False))
    motorcycle = Saying("a photo of a motorcycle", 0.7, 0.9)
    assert best([rider, motorcycle], NOTHING) is motorcycle


def test_people_that_are_seen_or_stand_in_a_familiar_photo_are_worth_all() -> None:
    assert worth_of_people(0.3, is_familiar=False) == 1
    assert worth_of_people(0.0, is_familiar=True) == 1


def test_of_two_that_are_worth_the_same_the_first_is_said() -> None:
    first, second = Saying("a dog", 0.8), Saying("a cat", 0.8)
    assert best([first, second], NOTHING) is first


def test_in_place_of_a_caption_its_category_may_be_said_and_the_one_above(
    categories: Categories,
) -> None:
    assert chances(categories, 0.1, 0.6, 0.2, 0.05, 0.05, said=KITCHEN) == {
        "a photo of a bedroom": 0.6,
        "a photo of a room": pytest.approx(0.9),
    }


def test_not_the_category_that_the_caption_names_itself(categories: Categories) -> None:
    assert chances(categories, 0.1, 0.6, 0.2, 0.05, 0.05, said=BEDROOM) == {
        "a photo of a kitchen": 0.2,
        "a photo of a room": pytest.approx(0.9),
    }


def test_what_has_no_name_in_common_is_not_said(categories: Categories) -> None:
    assert chances(categories, 0.0, 0.0, 0.1, 0.6, 0.3, said=THINGS) == {
        "a photo of a phone": 0.3,
        "a photo of a room": pytest.approx(0.1),
    }
