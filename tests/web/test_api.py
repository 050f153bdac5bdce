from __future__ import annotations

import json
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from fakes import DOG, NOT_JUDGED, FakeCaptioner, FakeMapper

from captag import Pipeline, Settings
from captioner import CaptionModelError
from tagmapper import Ranking
from web import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    Form = Callable[..., dict[str, Any]]

SUGGESTIONS, MATCHES = "/api/v1/suggestions", "/api/v1/matches"
NOTHING = {"photo": "", "caption": "", "model": "", **NOT_JUDGED, "hashtags": []}


def test_a_photo_is_answered_in_the_shape_of_the_command_line(
    client: FlaskClient, form: Form
) -> None:
    answer = client.post(SUGGESTIONS, data=form(limit="2"))
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.json == {
        "photo": "dog.png",
        "caption": "a dog on a beach",
        "model": "fake",
        **NOT_JUDGED,
        "hashtags": [
            DOG,
            {
                "tag": "beach",
                "pascal_case": "Beach",
                "score": 0.95,
                "keyword": "beach",
                "start": 11,
                "end": 16,
                "similarity": 1.0,
                "meaning": "beach",
                "posts": 60,
            },
        ],
        "error": None,
    }


def test_ten_hashtags_are_given_unless_asked_otherwise(client: FlaskClient, form: Form) -> None:
    for limit, expected in [("", 10), ("50", 50)]:
        answer = client.post(SUGGESTIONS, data=form(limit=limit))
        assert len(json.loads(answer.text)["hashtags"]) == expected


def test_a_caption_is_answered_without_a_photo(client: FlaskClient) -> None:
    answer = client.post(MATCHES, json={"caption": " a dog ", "limit": 1})
    assert answer.json == {
        **NOTHING,
        "caption": "a dog",
        "hashtags": [DOG],
        "error": None,
    }


def test_answers_keep_their_order_and_any_script(client: FlaskClient) -> None:
    text = client.post(MATCHES, json={"caption": "바다", "limit": 1}).text
    assert list(json.loads(text)) == [*NOTHING, "error"]
    assert "바다" in text


def test_the_order_can_be_chosen_for_one_request(client: FlaskClient, form: Form) -> None:
    mapper = client.application.extensions["captag"].pipeline.mapper
    client.post(MATCHES, json={"caption": "a dog", "mix": 0, "language": "ko"})
    assert mapper.ranking == Ranking(mix=0, language="ko")
    client.post(SUGGESTIONS, data=form(mix="0.25", language="all"))
    assert mapper.ranking == Ranking(mix=0.25, language="all")
    client.post(SUGGESTIONS, data=form())
    assert mapper.ranking == Ranking()


# Refusals: RFC 9457


def assert_refused(answer: TestResponse, status: int, detail: str, **fields: str) -> None:
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    problem = answer.json
    assert problem is not None
    assert problem["status"] == status
    assert problem["title"] == HTTPStatus(status).phrase
    assert problem["detail"] == detail
    assert problem["type"].startswith("/api/v1/docs#")
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert {each["field"]: each["detail"] for each in problem.get("errors", [])} == fields


MIX = "mix must be a number from 0 to 1."
LIMIT = "limit must be a whole number from 1 to 50."
LANGUAGE = "language must be one of en, ko, all."
CAPTION = "caption must be a sentence of at most 2,200 characters."
PHOTO = "Choose a photo first."


@pytest.mark.parametrize("mix", ["-0.1", "1.1", "nan", "NaN", "Infinity", "much", "true", "[0]"])
def test_a_mix_that_cannot_be_used_is_refused(client: FlaskClient, form: Form, mix: str) -> None:
    assert_refused(client.post(SUGGESTIONS, data=form(mix=mix)), 400, MIX, mix=MIX)


@pytest.mark.parametrize("limit", ["0", "51", "-1", "ten", "1.5", "٣", "1e1", "true"])
def test_a_limit_that_cannot_be_used_is_refused(
    client: FlaskClient, form: Form, limit: str
) -> None:
    assert_refused(client.post(SUGGESTIONS, data=form(limit=limit)), 400, LIMIT, limit=LIMIT)


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000])
def test_a_field_that_is_far_too_long_is_not_read(
    client: FlaskClient, form: Form, value: str
) -> None:
    answer = client.post(SUGGESTIONS, data=form(limit=value))
    assert_refused(answer, 400, "limit is too long.", limit="limit is too long.")


def test_a_part_of_a_form_without_a_name_does_no_harm(client: FlaskClient, form: Form) -> None:
    part = b"--x\r\nContent-Disposition: form-data\r\n\r\n" + b"9" * 5000 + b"\r\n"
    photo = form()["photo"][0].read()
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n'
    answer = client.post(
        SUGGESTIONS,
        data=part + head + photo + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("data", [{}, {"photo": "text"}, {"image": (BytesIO(b"x"), "x.jpg")}])
def test_a_request_without_a_photo_is_refused(client: FlaskClient, data: dict[str, Any]) -> None:
    assert_refused(client.post(SUGGESTIONS, data=data), 400, PHOTO, photo=PHOTO)


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({}, "caption", CAPTION),
        ({"caption": ""}, "caption", CAPTION),
        ({"caption": "  "}, "caption", CAPTION),
        ({"caption": 5}, "caption", CAPTION),
        ({"caption": "a" * 2201}, "caption", CAPTION),
        ({"caption": "\ud800"}, "caption", CAPTION),
        ({"caption": "a dog", "limit": 0}, "limit", LIMIT),
        ({"caption": "a dog", "limit": 51}, "limit", LIMIT),
        ({"caption": "a dog", "limit": "5"}, "limit", LIMIT),
        ({"caption": "a dog", "limit": True}, "limit", LIMIT),
        ({"caption": "a dog", "limit": 2.5}, "limit", LIMIT),
        ({"caption": "a dog", "mix": 1.5}, "mix", MIX),
        ({"caption": "a dog", "mix": "0.5"}, "mix", MIX),
        ({"caption": "a dog", "mix": True}, "mix", MIX),
        ({"caption": "a dog", "language": "fr"}, "language", LANGUAGE),
        ({"caption": "a dog", "language": []}, "language", LANGUAGE),
    ],
)
def test_a_body_that_cannot_be_used_is_refused(
    client: FlaskClient, body: object, field: str, reason: str
) -> None:
    answer = client.post(MATCHES, data=json.dumps(body), content_type="application/json")
    assert_refused(answer, 400, reason, **{field: reason})


@pytest.mark.parametrize("body", [[], None, "text", 5])
def test_a_body_that_is_no_object_is_refused(client: FlaskClient, body: object) -> None:
    answer = client.post(MATCHES, data=json.dumps(body), content_type="application/json")
    assert_refused(answer, 400, "Send a JSON object, as the document of the API describes it.")


@pytest.mark.parametrize("data", ["{caption", "[" * 100_000, b"\xff", ""])
def test_json_that_is_none_is_refused(client: FlaskClient, data: str | bytes) -> None:
    answer = client.post(MATCHES, data=data, content_type="application/json")
    assert_refused(answer, 400, "That request could not be understood.")


def test_a_body_of_another_kind_is_refused(client: FlaskClient) -> None:
    answer = client.post(MATCHES, data={"caption": "a dog"})
    sentence = (
        "Send a photo as a form (multipart/form-data), a vocabulary file as CSV (text/csv) and"
        " all else as JSON (application/json)."
    )
    assert_refused(answer, 415, sentence)


def test_a_method_that_is_not_meant_is_refused_with_those_that_are(client: FlaskClient) -> None:
    answer = client.get(SUGGESTIONS)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "OPTIONS, POST" or answer.headers["Allow"] == "POST, OPTIONS"
    assert_refused(answer, 405, "This address does not take that kind of request.")


def test_an_address_that_is_not_there_is_refused_as_json(client: FlaskClient) -> None:
    assert_refused(client.get("/api/v1/nothing"), 404, "There is no such page.")


# While the models are being loaded, and when they cannot be


def test_programs_are_told_to_come_again_at_once(
    settings: Settings, pipeline: Pipeline, form: Form
) -> None:
    client = create_app(settings, pipeline).test_client()
    photo = client.post(SUGGESTIONS, data=form())
    caption = client.post(MATCHES, json={"caption": "a dog"})
    for answer in (photo, caption):
        assert answer.headers["Retry-After"] == "3"
        assert_refused(answer, 503, "The models are still being loaded. Try again in a moment.")


def test_health_tells_how_far_the_models_are(settings: Settings, pipeline: Pipeline) -> None:
    client = create_app(settings, pipeline).test_client()
    loading = client.get("/healthz")
    pipeline.load()
    ready = client.get("/healthz")
    assert (loading.status_code, loading.json) == (503, {"status": "loading", "model": "fake"})
    assert (ready.status_code, ready.json) == (200, {"status": "ready", "model": "fake"})


def test_why_a_model_cannot_be_loaded_stays_in_the_log(
    settings: Settings, form: Form, caplog: pytest.LogCaptureFixture
) -> None:
    pipeline = Pipeline(FakeCaptioner(CaptionModelError("no /srv/secret/weights")), FakeMapper())
    with pytest.raises(CaptionModelError):
        pipeline.load()
    client = create_app(settings, pipeline).test_client()
    answer = client.post(SUGGESTIONS, data=form())
    assert answer.status_code == 503
    assert "secret" not in answer.text
    assert "/srv/secret/weights" in caplog.text
    assert client.get("/healthz").json == {"status": "failed", "model": "fake"}
    assert "could not be loaded" in client.get("/").text
