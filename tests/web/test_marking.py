from __future__ import annotations

import pytest

from tagmapper import HashtagMatch, Keyword
from web.marking import hues, marked

TEXT = "a brown dog on a beach"


def matches(*places: tuple[int, int], pos: str = "NOUN") -> list[HashtagMatch]:
    return [
        HashtagMatch("x", 0.5, Keyword(TEXT[start:end], start, end, pos), 0.9, "x", 0)
        for start, end in places
    ]


@pytest.mark.parametrize(
    ("places", "pieces"),
    [
        ([], [(TEXT, 0, "")]),
        ([(8, 11)], [("a brown ", 0, ""), ("dog", 1, "8-11"), (" on a beach", 0, "")]),
        (
            [(8, 11), (2, 11)],
            [("a ", 0, ""), ("brown dog", 2, "2-11"), (" on a beach", 0, "")],
        ),
        (
            [(2, 9), (8, 11)],
            [("a ", 0, ""), ("brown d", 1, "2-9"), ("og", 2, "8-11"), (" on a beach", 0, "")],
        ),
        (
            [(17, 22), (0, 1)],
            [("a", 2, "0-1"), (" brown dog on a ", 0, ""), ("beach", 1, "17-22")],
        ),
    ],
    ids=["none", "one", "one inside another", "overlapping", "at both ends"],
)
def test_a_caption_is_cut_where_its_keywords_begin_and_end(
    places: list[tuple[int, int]], pieces: list[tuple[str, int, str]]
) -> None:
    assert list(marked(TEXT, matches(*places))) == pieces


def test_the_whole_caption_is_grey_and_not_marked() -> None:
    whole = matches((0, 22), pos="CAPTION")
    assert list(marked(TEXT, whole)) == [(TEXT, 0, "")]
    assert list(hues(whole).values()) == [0]


def test_keywords_have_colours_in_the_order_of_their_tags_and_share_them_after_six() -> None:
    places = [(8, 11), (17, 22), (8, 11), *((at, at + 1) for at in range(5))]
    assert list(hues(matches(*places)).values()) == [1, 2, 3, 4, 5, 6, 1]
