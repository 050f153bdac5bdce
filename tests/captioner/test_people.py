"""Who is there, of captions of people."""

import pytest

from captioner.people import EVIDENT, is_evident, who_is_there


@pytest.mark.parametrize(
    ("caption", "brief"),
    [
        ("a man in a white shirt is standing on a rock", "a man"),
        ("an older woman is smiling", "a woman"),
        ("the little girl in a pink dress", "a girl"),
        ("a small child is riding a tricycle", "a child"),
        ("a close up of a young woman", "a woman"),
        ("a man and his dog", "a man"),
        ("a man standing in front of a group of people", "a man"),
        ("a man and a woman are sitting at a table", "a few people"),
        ("a boy and girl", "a few people"),
        ("two young boys play on a swing set", "a few people"),
        ("a couple standing next to each other", "a few people"),
        ("a couple of men on a bench", "a few people"),
        ("a bride and groom in a church", "a few people"),
        ("there are three men on a boat", "a group of people"),
        ("a group of men playing a game of baseball", "a group of people"),
        ("a large group of young people are walking", "a group of people"),
        ("several surfers in the ocean", "a group of people"),
        ("a crowd of people watches a game", "a crowd of people"),
        ("people walking down a street", "a few people"),
        ("young soccer players on a field", "a few people"),
        ("a snowboarder jumps off a cliff", "a person"),
        ("a baseball player holding a bat", "a person"),
        ("surfing", "a person"),
    ],
)
def test_a_caption_of_people_says_in_brief_who_is_there(caption: str, brief: str) -> None:
    assert who_is_there(caption) == brief


def test_who_is_said_in_brief_stays_so() -> None:
    for brief in ("a man", "a group of people", "a crowd of people", "a few people"):
        assert who_is_there(brief) == brief


def test_a_surfboard_that_is_expected_enough_is_evident() -> None:
    assert is_evident([("man", 0.2), ("wave", EVIDENT), ("surfboard", 0.4)])


def test_of_several_things_each_must_be() -> None:
    assert not is_evident([("man", 0.2), ("surfboard", 0.4), ("beach", EVIDENT / 2)])


def test_a_caption_that_names_nothing_beside_its_people_has_nothing_evident() -> None:
    assert not is_evident([("man", 0.9)])
    assert not is_evident([])


def test_words_that_name_no_thing_need_not_be_expected() -> None:
    assert is_evident([("group", 0.0), ("men", 0.1), ("front", 0.0), ("train", 0.2)])
