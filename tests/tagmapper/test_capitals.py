from __future__ import annotations

import pytest

from tagmapper import Vocabulary, pascal_case


@pytest.mark.parametrize(
    ("tag", "meaning", "expected"),
    [
        ("goldenhour", "golden hour", "GoldenHour"),
        ("photooftheday", "photo of the day", "PhotoOfTheDay"),
        ("dogsofinstagram", "dogs", "DogsOfInstagram"),
        ("instagood", "good photo", "InstaGood"),
        ("catlovers", "cat lover", "CatLovers"),
        ("followforfollow", "follow for follow", "FollowForFollow"),
        ("sunset", "sunset", "Sunset"),
        ("bonsai", "tree", "Bonsai"),
        ("tbt", "memories", "Tbt"),
        ("new_york2024", "new york", "New_York2024"),
        ("dogs", "a do do; dog", "Dogs"),
    ],
)
def test_a_tag_gets_a_capital_where_a_word_begins(tag: str, meaning: str, expected: str) -> None:
    assert pascal_case(tag, meaning) == expected


@pytest.mark.parametrize("tag", ["NewYork", "강아지", "café", "日本", "_"])
def test_a_tag_that_says_itself_where_its_words_begin_is_left_alone(tag: str) -> None:
    assert pascal_case(tag, "something else") == tag


def test_a_word_that_could_be_cut_in_many_ways_takes_no_time() -> None:
    assert pascal_case("a" * 100, "a aa aaa aaaa") == ("Aaaa" * 25)


def test_only_the_size_of_letters_changes_in_the_whole_vocabulary() -> None:
    changed = [
        each.tag for each in Vocabulary.default() if not _same_letters(each.tag, each.meaning)
    ]
    assert changed == []


def _same_letters(tag: str, meaning: str) -> bool:
    return pascal_case(tag, meaning).casefold() == tag.casefold()
