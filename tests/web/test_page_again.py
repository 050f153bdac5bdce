"""Several photos at once, and captions that are edited, by a browser without a script."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    Form = Callable[..., dict[str, Any]]
    Png = Callable[[int, int], bytes]


def words(html: str) -> str:
    """Leave the text alone: what a person reads, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_one_photo_that_fails_does_not_stop_the_others(client: FlaskClient, png: Png) -> None:
    photos = [
        (BytesIO(png(20, 10)), "dog.png"),
        (BytesIO(b"no photo"), "broken.png"),
        (BytesIO(png(10, 20)), "cat.png"),
    ]
    answer = client.post("/", data={"photo": photos})
    assert answer.status_code == 200
    articles = answer.text.split('<article class="result"')[1:4]
    assert "a dog on a beach" in articles[0]
    assert "broken.png</strong> The file is" in articles[1]
    assert "a cat on a sofa" in articles[2]


def test_an_edited_caption_is_matched_again_and_its_picture_comes_back(
    client: FlaskClient, form: Form
) -> None:
    html = client.post("/", data=form()).text.partition("<template")[0]
    fields = dict(
        re.findall(r'<input type="hidden" form="suggest" name="(\w+)" value="([^"]*)"', html)
    )
    answer = client.post("/", data={**fields, "again": "1", "caption": "a boat", "limit": "2"})
    assert re.findall(r'<span class="tag">#(\w+)</span>', answer.text)[:2] == ["boat", "boat2"]
    assert f'<img src="{fields["picture"]}"' in answer.text
    assert '<figcaption class="small">dog.png</figcaption>' in answer.text


def test_a_picture_that_is_none_does_not_come_back(client: FlaskClient) -> None:
    fields = {
        "again": "1",
        "caption": "a boat",
        "name": "x",
        "picture": "https://elsewhere.example",
    }
    html = client.post("/", data=fields).text
    assert "a boat" in words(html)
    assert "elsewhere" not in html


def test_an_empty_caption_is_refused(client: FlaskClient) -> None:
    answer = client.post("/", data={"again": "1", "caption": " ", "name": "", "picture": ""})
    assert answer.status_code == 400
    assert "caption must be a sentence of at most 2,200 characters." in words(answer.text)


def test_how_the_tags_are_chosen_stays_as_it_was_set(client: FlaskClient, form: Form) -> None:
    html = client.post("/", data=form(mix="0.25", language="ko", limit="3")).text
    assert re.search(r'<input id="mix"[^>]* value="0.25"', html)
    assert '<option value="ko" selected>' in html
    assert re.search(r'<input id="limit"[^>]* value="3"', html)
