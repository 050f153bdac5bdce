from __future__ import annotations

import base64
from io import BytesIO

import pytest
from PIL import Image

from captag import Suggestion
from captioner import Caption
from tagmapper import HashtagMatch, Keyword
from web.rendering import marked_caption, picture_url

TEXT = "a brown dog on a beach"


def suggestion(*keywords: tuple[int, int], pos: str = "NOUN") -> Suggestion:
    hashtags = tuple(
        HashtagMatch("x", 0.5, Keyword(TEXT[start:end], start, end, pos), 0.9, "x", 0)
        for start, end in keywords
    )
    return Suggestion("", Caption(TEXT, "fake", -1, 0.1), hashtags)


@pytest.mark.parametrize(
    ("keywords", "pieces"),
    [
        ([], [(TEXT, False)]),
        ([(8, 11)], [("a brown ", False), ("dog", True), (" on a beach", False)]),
        ([(8, 11), (2, 11)], [("a ", False), ("brown dog", True), (" on a beach", False)]),
        (
            [(2, 9), (8, 11)],
            [("a ", False), ("brown d", True), ("og", True), (" on a beach", False)],
        ),
        ([(0, 1), (17, 22)], [("a", True), (" brown dog on a ", False), ("beach", True)]),
    ],
    ids=["none", "one", "one inside another", "overlapping", "at both ends"],
)
def test_a_caption_is_cut_where_its_keywords_begin_and_end(
    keywords: list[tuple[int, int]], pieces: list[tuple[str, bool]]
) -> None:
    assert list(marked_caption(suggestion(*keywords))) == pieces


def test_the_whole_caption_is_not_marked() -> None:
    assert list(marked_caption(suggestion((0, 22), pos="CAPTION"))) == [(TEXT, False)]


def test_a_large_photo_is_shown_small() -> None:
    head, _, data = picture_url(Image.new("RGB", (4000, 1000))).partition(",")
    assert head == "data:image/jpeg;base64"
    with Image.open(BytesIO(base64.b64decode(data))) as picture:
        assert picture.size == (1280, 320)
