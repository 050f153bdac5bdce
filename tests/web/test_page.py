from __future__ import annotations

import base64
import re
import threading
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from fakes import FakeMapper, Seeing, SlowCaptioner
from PIL import Image

from captag import Pipeline, Settings
from web import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    Form = Callable[..., dict[str, Any]]
    Png = Callable[[int, int], bytes]


def words(html: str) -> str:
    """Leave the text alone: what a person reads, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_page_has_a_form_that_needs_no_script(client: FlaskClient) -> None:
    html = client.get("/").text
    assert '<form class="hero" id="suggest" method="post" action="/"' in html
    assert 'enctype="multipart/form-data"' in html
    assert re.search(r'<input id="photo" name="photo" type="file" multiple', html)
    assert re.search(r'<input id="camera" name="photo" type="file" [^>]*capture=', html)
    assert re.search(r'<button [^>]*type="submit">Suggest hashtags</button>', html)


def test_the_page_says_what_it_takes_and_that_nothing_is_kept(client: FlaskClient) -> None:
    text = words(client.get("/").text)
    assert "JPEG, PNG, WebP, HEIC" in text
    assert "read in memory and not kept" in text


def test_a_photo_comes_back_with_caption_and_ten_hashtags(client: FlaskClient, form: Form) -> None:
    answer = client.post("/", data=form())
    assert answer.status_code == 200
    text = words(answer.text)
    assert "a dog on a beach" in text
    tags = re.findall(r'<span class="tag">#(\w+)</span>', answer.text)
    assert tags == [f"{word}{n}" for n in ["", 2, 3, 4, 5] for word in ("dog", "beach")]


def test_each_hashtag_says_why_by_its_word_its_similarity_and_its_posts(
    client: FlaskClient, form: Form
) -> None:
    html = client.post("/", data=form()).text
    rows = [words(row) for row in re.findall(r'<li class="tag-row.*?</li>', html, re.DOTALL)]
    assert rows[:3] == [
        "#dog 1.00 dog similarity 1.00 60 posts",
        "#beach 0.95 beach similarity 1.00 60 posts",
        "#dog2 0.90 dog similarity 0.50 30 posts",
    ]
    assert '<rect width="95.0%"' in html


def test_the_first_five_are_the_set_to_post(client: FlaskClient, form: Form) -> None:
    html = client.post("/", data=form()).text
    rows = re.findall(r'<li class="tag-row.*?</li>', html.partition("<template")[0], re.DOTALL)
    assert [" checked>" in row for row in rows] == [True] * 5 + [False] * 5
    assert [at for at, row in enumerate(rows) if "last-of-set" in row] == [4]
    assert '<p class="copyable without-script">#dog #beach #dog2 #beach2 #dog3</p>' in html
    assert "#dog #beach #dog2 #beach2 #dog3 #beach3 #dog4 #beach4 #dog5 #beach5</p>" in html
    assert "Instagram takes 5 hashtags a post" in words(html)


def test_how_many_are_in_the_set_is_a_setting(loaded: Pipeline, form: Form) -> None:
    client = create_app(Settings(limit=4, post_limit=3), loaded).test_client()
    text = words(client.post("/", data=form()).text)
    assert "Copy 3 Copy 4 Copy chosen (3)" in text
    assert "Instagram takes 3 hashtags a post" in text


def test_the_words_that_brought_hashtags_are_marked_in_the_caption(
    client: FlaskClient, form: Form
) -> None:
    html = client.post("/", data=form()).text
    shown = html.partition('aria-hidden="true" data-own>')[2].partition("&#8203;")[0]
    assert shown == (
        'a <mark class="hue-1" data-key="2-5">dog</mark> on a '
        '<mark class="hue-2" data-key="11-16">beach</mark>'
    )
    row = html[html.index('data-tag="beach2"') - 80 :]
    assert 'hue-2" data-key="11-16"' in row[:80]


def test_the_photo_is_shown_from_the_page_itself(client: FlaskClient, form: Form) -> None:
    html = client.post("/", data=form()).text
    (encoded,) = re.findall(r'<img src="data:image/jpeg;base64,([^"]+)"', html)
    with Image.open(BytesIO(base64.b64decode(encoded))) as picture:
        assert picture.size == (20, 10)
        assert not picture.getexif()


def test_a_caption_without_hashtags_says_so(settings: Settings, form: Form) -> None:
    pipeline = Pipeline(Seeing("of the"), FakeMapper())
    pipeline.load()
    text = create_app(settings, pipeline).test_client().post("/", data=form()).text
    assert '<p class="notice nothing">No hashtag of the vocabulary is near enough' in text


def test_a_caption_that_is_a_guess_is_called_one(settings: Settings, form: Form) -> None:
    for is_guess in (True, False):
        pipeline = Pipeline(Seeing("broccoli, plate", is_guess=is_guess), FakeMapper())
        pipeline.load()
        html = create_app(settings, pipeline).test_client().post("/", data=form()).text
        assert "broccoli" in words(html)
        assert ('<p class="small guess">This is a guess' in html) == is_guess


def test_nothing_of_the_photo_or_the_caption_is_taken_for_html(
    settings: Settings, form: Form
) -> None:
    pipeline = Pipeline(Seeing("<script>alert(1)</script>"), FakeMapper())
    pipeline.load()
    client = create_app(settings, pipeline).test_client()
    html = client.post("/", data=form(name="<img src=x onerror=alert(2)>.png")).text
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(2)&gt;.png" in html


def test_only_the_last_part_of_a_name_is_shown(client: FlaskClient, form: Form) -> None:
    html = client.post("/", data=form(name="/somewhere/kim/dog.png")).text
    assert '<figcaption class="small">dog.png</figcaption>' in html


# Refusals are the same page with one sentence


def test_a_form_without_a_photo_is_refused(client: FlaskClient) -> None:
    answer = client.post("/", data={"photo": (BytesIO(), "")})
    assert answer.status_code == 400
    assert '<p class="refusal" role="alert" id="refusal">Choose a photo first.</p>' in answer.text
    assert 'id="suggest"' in answer.text


def test_a_file_that_is_no_photo_is_refused(client: FlaskClient, form: Form) -> None:
    answer = client.post("/", data=form(b"GIF89a but not really", "cat.gif"))
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_a_photo_with_too_many_pixels_is_refused(client: FlaskClient, form: Form, png: Png) -> None:
    answer = client.post("/", data=form(png(101, 100)))
    assert answer.status_code == 413
    assert "101 x 100 pixels" in words(answer.text)


def test_an_upload_over_the_limit_is_refused(client: FlaskClient, form: Form) -> None:
    answer = client.post("/", data=form(bytes(200_000)))
    assert answer.status_code == 413
    assert "That is more than 0.1 MB. Choose a smaller file." in words(answer.text)


def test_an_address_that_is_not_there_is_a_page_too(client: FlaskClient) -> None:
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert "There is no such page." in words(answer.text)


# While the models are being loaded


def test_the_page_says_that_the_models_are_being_loaded_and_looks_again(
    settings: Settings, pipeline: Pipeline
) -> None:
    html = create_app(settings, pipeline).test_client().get("/").text
    assert "The models are being loaded" in words(html)
    assert 'id="models" role="status" data-status="loading"' in html
    assert '<noscript><meta http-equiv="refresh"' in html


def test_the_page_does_not_look_again_once_they_are_there(client: FlaskClient) -> None:
    html = client.get("/").text
    assert "refresh" not in html
    assert "being loaded" not in words(html)


def test_a_photo_posted_meanwhile_waits_for_the_models(form: Form) -> None:
    captioner = SlowCaptioner()
    pipeline = Pipeline(captioner, FakeMapper())
    threading.Thread(target=pipeline.load, daemon=True).start()
    threading.Timer(0.05, captioner.loaded.set).start()
    answer = (
        create_app(Settings(max_wait_seconds=30), pipeline).test_client().post("/", data=form())
    )
    assert answer.status_code == 200
    assert "a dog on a beach" in words(answer.text)


def test_a_photo_that_has_waited_long_enough_is_asked_to_come_again(
    settings: Settings, pipeline: Pipeline, form: Form
) -> None:
    answer = create_app(settings, pipeline).test_client().post("/", data=form())
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "3"
    assert "Try again in a moment." in words(answer.text)


def test_a_photo_that_cannot_be_read_does_not_wait(
    settings: Settings, pipeline: Pipeline, form: Form
) -> None:
    answer = create_app(settings, pipeline).test_client().post("/", data=form(b"no photo"))
    assert answer.status_code == 400
