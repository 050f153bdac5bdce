from __future__ import annotations

import base64
from io import BytesIO

import pytest
from PIL import Image

from web.pictures import is_picture_url, picture_url


def test_a_large_photo_is_shown_small() -> None:
    head, _, data = picture_url(Image.new("RGB", (4000, 1000))).partition(",")
    assert head == "data:image/jpeg;base64"
    with Image.open(BytesIO(base64.b64decode(data))) as picture:
        assert picture.size == (1280, 320)


def test_a_picture_that_comes_back_with_a_form_is_told_from_everything_else() -> None:
    assert is_picture_url(picture_url(Image.new("RGB", (4, 4))))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://elsewhere.example/a.jpg",
        "data:text/html;base64,AAAA",
        "data:image/svg+xml;base64,AAAA",
        'data:image/jpeg;base64,AAAA" onerror="x',
        "data:image/jpeg;base64,",
    ],
)
def test_nothing_but_a_picture_of_ours_is_shown(text: str) -> None:
    assert not is_picture_url(text)
