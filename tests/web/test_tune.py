"""The vocabulary page as plain forms."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from vocabularies import START, tuned_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return tuned_app(tmp_path).test_client()


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def tags(html: str) -> list[str]:
    return re.findall(r'name="t\d+" value="([^"]*)"', html)


def filled(client: FlaskClient, path: str = "/tune") -> dict[str, str]:
    """Return the fields of the form as a browser sends them when nothing is changed."""
    html = client.get(path).text.partition('id="tune"')[2]
    fields = dict(re.findall(r'name="([a-z_]+|[tmpl]\w+)" value="([^"]*)"', html))
    for name, options in re.findall(r'<select name="(s\w+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        selected = re.search(r'value="(\w*)" selected', options)
        fields[name] = selected[1] if selected else ""
    del fields["try"]
    return {name: unescape(value) for name, value in fields.items()}


def change(client: FlaskClient, path: str = "/tune", **fields: str) -> Any:
    return client.post(path, data={**filled(client, path), **fields})


def content(client: FlaskClient) -> str:
    path: Path = client.application.extensions["captag"].vocabulary.path
    return path.read_text("utf-8")


# Looking


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", ["cat", "dog", "바다"]),
        ("q=SEA", ["바다"]),
        ("q=%23dog", ["dog"]),
        ("language=ko", ["바다"]),
        ("language=none", []),
        ("state=pinned", []),
        ("group=none", ["cat", "dog", "바다"]),
        ("group=pets", []),
        ("state=ranked&language=en", ["cat", "dog"]),
        ("sort=posts&down=1", ["dog", "cat", "바다"]),
        ("sort=meaning", ["cat", "dog", "바다"]),
        ("sort=nonsense&state=x&page=x", ["cat", "dog", "바다"]),
        ("_external=1&endpoint=x&_anchor=y", ["cat", "dog", "바다"]),
    ],
)
def test_lines_can_be_searched_filtered_and_sorted(
    client: FlaskClient, asked: str, expected: list[str]
) -> None:
    assert tags(client.get(f"/tune?{asked}").text) == expected


def test_there_are_a_hundred_lines_a_page(tmp_path: Path) -> None:
    client = tuned_app(tmp_path).test_client()
    lines = "".join(f"tag{at},word,,en,\n" for at in range(250))
    (tmp_path / "tags.csv").write_text("hashtag,meaning,posts,language,state\n" + lines, "utf-8")
    first, last = client.get("/tune").text, client.get("/tune?page=3").text
    assert (len(tags(first)), len(tags(last))) == (100, 50)
    assert "Page 1 of 3" in first
    assert "250 lines" in words(first)


# Changing


def test_nothing_changed_saves_nothing(client: FlaskClient) -> None:
    assert change(client).headers["Location"] == "/tune?saved=0"
    assert content(client) == START


def test_lines_are_edited_blocked_pinned_deleted_and_added_at_once(client: FlaskClient) -> None:
    answer = change(
        client, m0="kitten", s0="blocked", d1="1", s2="pinned", tn0="sun", mn0="the sun"
    )
    assert answer.status_code == 303
    assert content(client).splitlines()[1:] == [
        "cat,kitten,5,en,blocked,",
        "바다,sea,,ko,pinned,",
        "sun,the sun,,,,",
    ]


def test_what_is_saved_is_matched_with_at_once(client: FlaskClient) -> None:
    change(client, s1="blocked")
    answer = client.post("/api/v1/matches", json={"caption": "a dog"})
    assert answer.json is not None
    assert "dog" not in {each["tag"] for each in answer.json["hashtags"]}


def test_a_line_of_another_page_keeps_its_place(client: FlaskClient) -> None:
    change(client, "/tune?q=dog", t1="doggo")
    assert [line.partition(",")[0] for line in content(client).splitlines()[1:]] == [
        "cat",
        "doggo",
        "바다",
    ]


def test_after_saving_the_same_lines_are_shown(client: FlaskClient) -> None:
    answer = change(client, "/tune?q=dog&page=1", m1="hound")
    assert answer.headers["Location"] == "/tune?saved=1&q=dog&page=1"
    assert "Saved: 1 lines." in words(client.get(answer.headers["Location"]).text)


def test_a_refusal_stands_at_its_field_and_nothing_is_lost(client: FlaskClient) -> None:
    assert 'placeholder="add a hashtag"' in client.get("/tune").text
    answer = change(client, p0="many", m1="hound", tn0="golden hour")
    assert answer.status_code == 422
    html = answer.text
    assert re.search(r'name="p0" value="many"[^>]*aria-invalid="true" aria-describedby="ep0"', html)
    assert "posts must be a whole number" in words(html.partition('id="ep0"')[2][:200])
    assert re.search(r'name="tn0" value="golden hour"[^>]*aria-invalid="true"', html)
    assert 'name="m1" value="hound"' in html
    assert content(client) == START


def test_a_refusal_is_no_way_in_for_html(client: FlaskClient) -> None:
    html = change(client, t0='<script>"x').text
    assert "<script>&#34;" not in html
    assert '<script>"x' not in html


def test_a_page_whose_state_is_not_kept_is_refused(client: FlaskClient) -> None:
    answer = client.post("/tune", data={**filled(client), "base": "0" * 32})
    assert answer.status_code == 400
    assert "too old" in words(answer.text)


# Trying


def test_changes_are_tried_before_they_are_saved(client: FlaskClient) -> None:
    answer = change(client, s1="blocked", caption="a dog", **{"try": "1"})
    assert answer.status_code == 200
    before, after = re.findall(r"<section><h3>.*?</section>", answer.text, re.DOTALL)
    assert re.search(r"#dog \d\.\d\d gone", words(before))
    assert "#dog" not in after
    assert '<option value="blocked" selected>' in answer.text
    assert content(client) == START


def test_the_last_photos_caption_comes_along(client: FlaskClient) -> None:
    assert (
        'name="caption" value="a dog &amp; a cat"'
        in client.get("/tune", query_string={"caption": "a dog & a cat"}).text
    )


# Two people at once


def test_the_second_of_two_is_told_and_merges(tmp_path: Path) -> None:
    app = tuned_app(tmp_path)
    first, second = app.test_client(), app.test_client()
    form = filled(second)
    change(first, m0="kitten", m1="hound")
    told = second.post("/tune", data={**form, "m1": "puppy", "s1": "pinned", "s2": "blocked"})
    assert told.status_code == 409
    assert "You both changed #dog" in words(told.text)
    assert "changed: #cat kitten" in words(told.text)
    assert "puppy" not in content(first)
    merging = re.findall(r'type="(?:hidden|radio)" name="([\w-]+)" value="([^"]*)"', told.text)
    fields = {name: unescape(value) for name, value in merging if not name.startswith("keep")}
    theirs, yours = (unescape(value) for name, value in merging if name == "keep-1")
    assert theirs == ""
    answer = second.post("/tune/merge", data={**fields, "keep-1": yours})
    assert answer.status_code == 303
    assert content(first).splitlines()[1:] == [
        "cat,kitten,5,en,,",
        "dog,puppy,9,en,pinned,",
        "바다,sea,,ko,blocked,",
    ]


def test_changes_of_different_fields_can_both_be_kept(tmp_path: Path) -> None:
    app = tuned_app(tmp_path)
    first, second = app.test_client(), app.test_client()
    form = filled(second)
    change(first, m1="hound")
    told = second.post("/tune", data={**form, "s1": "pinned"})
    both = re.findall(r'name="keep-1" value="([^"]*)" checked', told.text)
    fields = dict(re.findall(r'name="(base|csrf_token)" value="([^"]+)"', told.text))
    second.post("/tune/merge", data={**fields, "keep-1": unescape(both[0])})
    assert "dog,hound,9,en,pinned," in content(first)


@pytest.mark.parametrize("change", ["x", "[]", '{"tag": 5, "fields": null}', '{"tag": "dog"}'])
def test_what_is_no_change_is_not_merged(client: FlaskClient, change: str) -> None:
    answer = client.post("/tune/merge", data={**filled(client), "change": change})
    assert answer.status_code == 400


def test_a_broken_file_is_shown_with_its_lines_and_never_overwritten(
    client: FlaskClient, tmp_path: Path
) -> None:
    form = filled(client)
    broken = START + "golden hour,x,,,\n"
    (tmp_path / "tags.csv").write_text(broken, "utf-8")
    html = client.get("/tune").text
    assert "Line 5: not a hashtag" in words(html)
    assert tags(html) == ["cat", "dog", "바다"]
    answer = client.post("/tune", data={**form, "m0": "kitten"})
    assert answer.status_code == 409
    assert "Nothing was saved, because the file is broken." in words(answer.text)
    assert 'name="m0" value="kitten"' in answer.text
    assert content(client) == broken


def test_without_a_token_tuning_is_off_elsewhere(tmp_path: Path) -> None:
    away = tuned_app(tmp_path, host="192.0.2.7").test_client()
    assert away.get("/tune").status_code == 403
    asked = tuned_app(tmp_path, host="192.0.2.7", admin_token="x" * 40).test_client().get("/tune")
    assert asked.status_code == 401
    assert 'name="token"' in asked.text
