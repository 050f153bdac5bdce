"""English and Korean: chosen by the browser, or by the switch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from vocabularies import tuned_app

from web.translating import FOLDER, compiled, sentences, translations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient

    Form = Callable[..., dict[str, Any]]

KOREAN = {"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.5"}
_PLACE = re.compile(r"%\(\w+\)s|[\[\]]")
_PLAIN_STYLE = re.compile(r"(?<!니)다\.|[가-힣]음\.|[가-힣]함\.")


def test_every_sentence_is_translated_and_none_is_left_over() -> None:
    wanted = {message.id for message in sentences() if message.id}
    translated = {message.id for message in translations() if message.id and message.string}
    assert wanted == translated


def test_the_compiled_translations_are_those_that_can_be_read() -> None:
    assert (FOLDER / "messages.mo").read_bytes() == compiled(translations())


def test_a_translation_keeps_the_places_for_values() -> None:
    differing = [
        message.id
        for message in translations()
        if message.id
        and sorted(_PLACE.findall(message.id)) != sorted(_PLACE.findall(message.string))
    ]
    assert differing == []


def test_korean_is_polite_throughout() -> None:
    assert [each.string for each in translations() if _PLAIN_STYLE.search(each.string)] == []


@pytest.mark.parametrize(
    ("asked", "language"),
    [("ko-KR,ko;q=0.9,en;q=0.5", "ko"), ("en,ko;q=0.5", "en"), ("fr", "en"), ("", "en")],
)
def test_the_browser_chooses_the_language(client: FlaskClient, asked: str, language: str) -> None:
    html = client.get("/", headers={"Accept-Language": asked}).text
    assert f'<html lang="{language}"' in html
    assert ("사진 고르기" in html) == (language == "ko")


def test_the_switch_goes_before_the_browser_and_is_kept_in_a_cookie(client: FlaskClient) -> None:
    answer = client.post("/preferences", data={"language": "ko", "back": "/login"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("captag_language=ko; ")
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert '<html lang="ko"' in client.get("/", headers={"Accept-Language": "en"}).text


def test_light_or_dark_is_kept_too(client: FlaskClient) -> None:
    assert "data-theme" not in client.get("/").text
    client.post("/preferences", data={"theme": "dark"})
    assert '<html lang="en" data-theme="dark">' in client.get("/").text
    client.post("/preferences", data={"theme": "auto"})
    assert "data-theme" not in client.get("/").text


def test_what_is_no_choice_changes_nothing(client: FlaskClient) -> None:
    answer = client.post("/preferences", data={"language": "xx", "theme": '"><script>'})
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x", ""]
)
def test_nobody_is_sent_to_another_site(client: FlaskClient, back: str) -> None:
    answer = client.post("/preferences", data={"language": "ko", "back": back})
    assert answer.headers["Location"] == "/"


def test_refusals_are_said_in_the_language_of_the_page(client: FlaskClient, form: Form) -> None:
    nothing = client.get("/nothing", headers=KOREAN).text
    assert "그런 페이지가 없어요." in nothing
    broken = client.post("/", data=form(b"no photo"), headers=KOREAN).text
    assert "사진으로 읽을 수 없는 파일이에요." in broken
    large = client.post("/", data=form(bytes(200_000)), headers=KOREAN).text
    assert "0.1 MB보다 커요." in large


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ({"limit": "many"}, "해시태그 수는 1에서 50 사이의 정수여야 해요."),
        ({"mix": "2"}, "비율(mix)은 0에서 1 사이의 숫자여야 해요."),
        ({"language": "fr"}, "언어는 en, ko, all 가운데 하나여야 해요."),
    ],
)
def test_refusals_of_a_field_too_for_people_and_for_programs(
    client: FlaskClient, form: Form, field: dict[str, str], sentence: str
) -> None:
    assert sentence in client.post("/", data=form(**field), headers=KOREAN).text
    program = client.post("/api/v1/suggestions", data=form(**field), headers=KOREAN).json
    assert program is not None
    assert sentence in program["detail"]
    assert program["errors"] == [{"field": next(iter(field)), "detail": program["detail"]}]
    assert "must be" in client.post("/", data=form(**field)).text


def test_what_is_wrong_with_a_line_of_the_vocabulary_is_said_at_its_field(tmp_path: Path) -> None:
    client = tuned_app(tmp_path).test_client()
    token = re.findall(r'name="(csrf_token|base)" value="([^"]*)"', client.get("/tune").text)
    cells = {"t0": "golden hour", "p1": "many", "l2": "Korean", "save": "1"}
    html = client.post("/tune", data={**dict(token), **cells}, headers=KOREAN).text
    assert re.findall(r'<p class="error" id="e(\w+)">([^&<]*)', html) == [
        ("t0", "해시태그가 아니에요 (글자, 숫자, _만 쓸 수 있어요): "),
        ("p1", "게시물 수는 정수여야 해요: "),
        ("l2", "언어는 en, ko 같은 코드여야 해요: "),
    ]


def test_what_is_wrong_with_a_file_is_said_line_by_line(tmp_path: Path) -> None:
    client = tuned_app(tmp_path).test_client()
    (tmp_path / "tags.csv").write_text("hashtag,posts\ndog,\nDog,\ncat,x,y\n", "utf-8")
    html = client.get("/tune", headers=KOREAN).text
    assert "3번째 줄: 2번째 줄과 같은 해시태그예요: " in html
    assert "4번째 줄: 칸이 3개인데 첫 줄에는 2개만 있어요" in html


def test_a_version_that_is_not_kept_is_refused_in_the_language_of_the_page(tmp_path: Path) -> None:
    client = tuned_app(tmp_path).test_client()
    html = client.get("/tune/versions?before=none", headers=KOREAN).text
    assert "버전이 없어요. 마지막 20개까지만 보관해요." in html
