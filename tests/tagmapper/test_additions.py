"""Tags that say more than a caption."""

import pytest

from tagmapper.additions import Said
from tagmapper.keywords import extract_keywords
from tagmapper.tags import Hashtag, Keyword


def said(caption: str) -> Said:
    whole = Keyword(caption, 0, len(caption), "CAPTION")
    return Said([whole, *extract_keywords(caption)])


@pytest.mark.parametrize(
    ("caption", "meaning"),
    [
        ("a close up of a clock", "alarm clock"),
        ("children on a bench", "bench press"),
        ("a view of a room", "clean room; hotel room"),
        ("two clocks", "digital clock"),
    ],
)
def test_a_word_beside_one_of_the_caption_makes_it_another_thing(
    caption: str, meaning: str
) -> None:
    assert said(caption).is_exceeded(Hashtag("x", meaning))


@pytest.mark.parametrize(
    ("caption", "meaning"),
    [
        ("a close up of a clock", "clocks"),
        ("an alarm clock on a table", "alarm clock"),  # it is said
        ("a cat on a bed", "cat lover"),  # no other thing
        ("a red flower", "flower of the day"),
        ("a close up of a clock", "time"),  # none of its words
        ("a bass in a lake", "bass guitar; bass"),  # one of its meanings is said
        ("a clock", ""),
    ],
)
def test_what_is_said_or_only_a_manner_adds_nothing(caption: str, meaning: str) -> None:
    assert not said(caption).is_exceeded(Hashtag("x", meaning))


@pytest.mark.parametrize(
    ("caption", "tag", "meaning"),
    [
        ("a red train", "train", "train on tracks; exercise training"),
        ("painted nails", "nails", "manicured nails"),
    ],
)
def test_a_tag_that_is_a_word_of_the_caption_says_no_more_than_it(
    caption: str, tag: str, meaning: str
) -> None:
    assert not said(caption).is_exceeded(Hashtag(tag, meaning))
    assert said(caption).is_exceeded(Hashtag(f"my{tag}", meaning))


def test_a_caption_without_words_is_exceeded_by_nothing() -> None:
    assert not said("the").is_exceeded(Hashtag("alarmclock", "alarm clock"))
