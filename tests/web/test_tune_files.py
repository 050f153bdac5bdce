"""Importing, and going back to a version, as plain forms."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from vocabularies import START, tuned_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

HEADER = "hashtag,meaning,posts,language,state\n"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return tuned_app(tmp_path).test_client()


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def preview(client: FlaskClient, lines: str, mode: str = "add") -> Any:
    file = (BytesIO((HEADER + lines).encode()), "mine.csv")
    return client.post("/tune/import", data={"file": file, "mode": mode})


def confirmed(html: str) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html.rpartition("<form")[2])
    return {**{name: unescape(value) for name, value in found}, "confirmed": "1"}


def content(client: FlaskClient) -> str:
    path: Path = client.application.extensions["captag"].vocabulary.path
    return path.read_text("utf-8")


def test_an_import_is_shown_line_by_line_before_anything_changes(client: FlaskClient) -> None:
    html = preview(client, "dog,hound,9,en,\nsun,the sun,,,\ncat,cat,5,en,\n").text
    text = words(html)
    assert "1 added · 1 changed · 0 removed · 1 the same" in text
    assert "2 changed #dog dog · 9 posts · en #dog hound · 9 posts · en" in text
    assert "3 added not there #sun the sun" in text
    assert content(client) == START
    answer = client.post("/tune/import", data=confirmed(html))
    assert answer.headers["Location"] == "/tune?saved=2"
    assert content(client).splitlines()[1:] == [
        "cat,cat,5,en,,",
        "dog,hound,9,en,,",
        "바다,sea,,ko,,",
        "sun,the sun,,,,",
    ]


def test_an_import_can_take_the_place_of_everything(client: FlaskClient) -> None:
    html = preview(client, "sun,the sun,,,\n", "replace").text
    assert "1 added · 0 changed · 3 removed" in words(html)
    client.post("/tune/import", data=confirmed(html))
    assert content(client).splitlines()[1:] == ["sun,the sun,,,,"]


def test_bad_lines_are_named_and_nothing_can_be_imported(client: FlaskClient) -> None:
    html = preview(client, "golden hour,x,,,\nsun,,x,,\n").text
    assert "Line 2: not a hashtag" in words(html)
    assert "Line 3: posts must be a whole number" in words(html)
    assert 'name="confirmed"' not in html


def test_an_import_after_somebody_elses_change_is_shown_anew(client: FlaskClient) -> None:
    fields = confirmed(preview(client, "dog,hound,9,en,\n").text)
    (client.application.extensions["captag"].vocabulary.path).write_text(
        START.replace("dog,dog", "dog,puppy"), "utf-8"
    )
    answer = client.post("/tune/import", data=fields)
    assert answer.status_code == 409
    assert "#dog puppy" in words(answer.text)
    assert client.post("/tune/import", data=confirmed(answer.text)).status_code == 303
    assert "dog,hound,9,en,," in content(client)


def test_an_import_without_a_file_is_refused(client: FlaskClient) -> None:
    answer = client.post("/tune/import", data={"mode": "add"})
    assert answer.status_code == 400
    assert "Choose a vocabulary file first." in words(answer.text)


def test_a_file_as_large_as_may_be_comes_back_from_its_preview(tmp_path: Path) -> None:
    most = 400_000  # far more than what a form may have beside its files
    lines = "".join(f"t{number}\n" for number in range(57_000))
    assert 0.95 * most < len(HEADER + lines) < most
    client = tuned_app(tmp_path, max_upload_bytes=most).test_client()
    shown = preview(client, lines)
    assert shown.status_code == 200
    fields = confirmed(shown.text)
    fields["content"] = fields["content"].replace("\n", "\r\n")  # as browsers send it
    assert len(fields["content"]) > 1.1 * most
    answer = client.post("/tune/import", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert content(client).count("\n") > 50_000


@pytest.mark.parametrize("field", ["file", "content"])
def test_a_file_that_is_too_large_is_refused_and_nothing_changes(
    tmp_path: Path, field: str
) -> None:
    client = tuned_app(tmp_path, max_upload_bytes=100_000).test_client()
    text = (HEADER + "sun,the sun,,,\n" * 10_000).encode()
    sent = {"file": (BytesIO(text), "mine.csv")} if field == "file" else {"content": text.decode()}
    answer = client.post("/tune/import", data={**sent, "mode": "replace", "confirmed": "1"})
    assert answer.status_code == 413
    assert "more than 0.1 MB" in words(answer.text)
    assert content(client) == START


def test_a_version_is_compared_and_restored(client: FlaskClient) -> None:
    assert "There is none yet" in words(client.get("/tune/versions").text)
    fields = confirmed(preview(client, "dog,hound,9,en,\n").text)
    client.post("/tune/import", data=fields)
    html = client.get("/tune/versions").text
    (version,) = re.findall(r'name="version" value="([^"]+)"', html)
    shown = client.get("/tune/versions", query_string={"before": version}).text
    assert "changed #dog dog · 9 posts · en #dog hound · 9 posts · en" in words(shown)
    answer = client.post("/tune/restore", data={**confirmed(html), "version": version})
    assert answer.status_code == 303
    assert "Restored." in words(client.get(answer.headers["Location"]).text)
    assert content(client) == START


def test_a_version_is_not_restored_over_somebody_elses_change(client: FlaskClient) -> None:
    client.post("/tune/import", data=confirmed(preview(client, "dog,hound,9,en,\n").text))
    html = client.get("/tune/versions").text
    (version,) = re.findall(r'name="version" value="([^"]+)"', html)
    fields = {**confirmed(html), "version": version, "base": "0" * 32}
    answer = client.post("/tune/restore", data=fields)
    assert answer.status_code == 409
    assert "Somebody else changed the vocabulary meanwhile." in words(answer.text)
    assert "dog,hound" in content(client)


def test_a_version_that_is_not_kept_is_refused(client: FlaskClient) -> None:
    assert client.get("/tune/versions?before=x").status_code == 404


def test_a_restored_version_mends_a_broken_file(client: FlaskClient, tmp_path: Path) -> None:
    client.post("/tune/import", data=confirmed(preview(client, "dog,hound,9,en,\n").text))
    (tmp_path / "tags.csv").write_text("nonsense", "utf-8")
    html = client.get("/tune/versions").text
    assert "cannot be used" in words(html)
    version = re.findall(r'name="version" value="([^"]+)"', html)[-1]
    fields = {**confirmed(html), "version": version}
    assert client.post("/tune/restore", data=fields).status_code == 303
    assert content(client) == START
