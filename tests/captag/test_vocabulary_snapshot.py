from __future__ import annotations

import pytest

from captag.vocabulary_snapshot import Query, Snapshot, by_key, differences, page_of
from tagmapper import Hashtag
from tagmapper.vocabulary_file import to_csv

DOG = Hashtag("dog", "dog", 900, "en")
BASS = Hashtag("Bass", "bass fish; bass guitar", 50, "en", "pinned")
PUPPY = Hashtag("멍스타그램", "dog", 700, "ko", group="pets")
ODD = Hashtag("odd", "strange", 0, "", "blocked")


def snapshot(*hashtags: Hashtag) -> Snapshot:
    return Snapshot.of(to_csv(hashtags), hashtags)


FOUR = snapshot(DOG, BASS, PUPPY, ODD)


@pytest.mark.parametrize(
    ("query", "tags"),
    [
        (Query(), ["dog", "Bass", "멍스타그램", "odd"]),
        (Query(text="DOG"), ["dog", "멍스타그램"]),
        (Query(text=" #dog "), ["dog", "멍스타그램"]),
        (Query(text="guitar"), ["Bass"]),
        (Query(text="멍스"), ["멍스타그램"]),
        (Query(text="nothing"), []),
        (Query(language="ko"), ["멍스타그램"]),
        (Query(language=""), ["odd"]),
        (Query(state="pinned"), ["Bass"]),
        (Query(group="pets"), ["멍스타그램"]),
        (Query(group="", state="ranked"), ["dog"]),
        (Query(state="blocked"), ["odd"]),
        (Query(state="ranked"), ["dog", "멍스타그램"]),
        (Query(state="ranked", language="en", text="o"), ["dog"]),
        (Query(sort="tag"), ["Bass", "dog", "odd", "멍스타그램"]),
        (Query(sort="posts", descending=True), ["dog", "멍스타그램", "Bass", "odd"]),
        (Query(sort="file", descending=True), ["odd", "멍스타그램", "Bass", "dog"]),
    ],
)
def test_lines_are_searched_filtered_and_sorted(query: Query, tags: list[str]) -> None:
    page = page_of(FOUR, query)
    assert [each.tag for each in page.hashtags] == tags
    assert (page.total, page.page, page.pages) == (len(tags), 1, 1)


@pytest.mark.parametrize(("asked", "given", "first"), [(1, 1, 0), (3, 3, 200), (99, 3, 200)])
def test_a_page_is_a_hundred_lines_and_the_last_one_stands_in_for_later_ones(
    asked: int, given: int, first: int
) -> None:
    many = snapshot(*(Hashtag(f"t{at}", "t") for at in range(201)))
    page = page_of(many, Query(page=asked))
    assert (page.page, page.pages, page.total) == (given, 3, 201)
    assert page.hashtags == many.hashtags[first : first + 100]


def test_a_hashtag_is_found_however_it_is_spelled() -> None:
    assert FOUR.find("#BASS") == BASS
    assert FOUR.find("cat") is None


def test_the_revision_is_that_of_the_content_alone() -> None:
    assert snapshot(DOG).revision == snapshot(DOG).revision
    assert snapshot(DOG).revision != snapshot(ODD).revision


def test_differences_name_the_line_what_happened_and_the_fields() -> None:
    after = [Hashtag("DOG", "dog", 900, "en"), ODD, Hashtag("new", "new")]
    found = differences(by_key([DOG, BASS, ODD]), by_key(after)).values()
    assert [(each.kind, each.tag, each.fields) for each in found] == [
        ("changed", "DOG", ("tag",)),
        ("removed", "Bass", ("tag", "meaning", "posts", "language", "state", "group")),
        ("added", "new", ("tag", "meaning", "posts", "language", "state", "group")),
    ]
