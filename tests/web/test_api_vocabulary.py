"""The vocabulary through the API: three lines, and meanings that are letters."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from vocabularies import START, tuned_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

VOCABULARY = "/api/v1/vocabulary"
DOG = {"tag": "dog", "meaning": "dog", "posts": 9, "language": "en", "state": "", "group": ""}
PINNED, BLOCKED = DOG | {"state": "pinned"}, DOG | {"state": "blocked"}
CSV = {"Content-Type": "text/csv"}


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return tuned_app(tmp_path).test_client()


@pytest.fixture
def path(client: FlaskClient, tmp_path: Path) -> Path:
    del client  # makes the file
    return tmp_path / "tags.csv"


def etag(client: FlaskClient) -> dict[str, str]:
    """Return the header that says that a change is made to what is there now."""
    return {"If-Match": client.get(VOCABULARY).headers["ETag"]}


def body(answer: TestResponse, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    kind = "application/json" if status < 300 else "application/problem+json"
    assert answer.mimetype == kind
    return answer.json


def kind_of(answer: TestResponse, status: int) -> str:
    return str(body(answer, status)["type"]).removeprefix("/api/v1/docs#")


def tags(client: FlaskClient, **query: Any) -> list[str]:
    found = body(client.get(VOCABULARY, query_string=query))
    return [each["tag"] for each in found["hashtags"]]


# Reading


def test_the_lines_are_listed_with_their_revision(client: FlaskClient) -> None:
    answer = client.get(VOCABULARY)
    found = body(answer)
    assert (found["total"], found["page"], found["pages"]) == (3, 1, 1)
    assert found["hashtags"][1] == DOG
    assert answer.headers["ETag"] == f'"{found["revision"]}"'


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"search": "sea"}, ["바다"]),
        ({"language": "ko"}, ["바다"]),
        ({"language": "en", "sort": "posts", "descending": "true"}, ["dog", "cat"]),
        ({"state": "pinned"}, []),
        ({"group": "pets"}, []),
        ({"group": "", "language": "ko"}, ["바다"]),
        ({"page": 7}, ["cat", "dog", "바다"]),
    ],
)
def test_the_lines_are_searched_filtered_and_sorted(
    client: FlaskClient, query: dict[str, Any], expected: list[str]
) -> None:
    assert tags(client, **query) == expected


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"page": "0"}, "page"),
        ({"page": "two"}, "page"),
        ({"sort": "colour"}, "sort"),
        ({"state": "maybe"}, "state"),
        ({"descending": "perhaps"}, "descending"),
        ({"search": "a" * 301}, "search"),
        ({"language": "english"}, "language"),
    ],
)
def test_a_query_that_cannot_be_used_is_refused_at_its_field(
    client: FlaskClient, query: dict[str, str], field: str
) -> None:
    problem = body(client.get(VOCABULARY, query_string=query), 400)
    assert [each["field"] for each in problem["errors"]] == [field]


def test_whoever_has_the_revision_gets_nothing_again(client: FlaskClient) -> None:
    revision = {"If-None-Match": client.get(VOCABULARY).headers["ETag"]}
    for address in (VOCABULARY, f"{VOCABULARY}/tags/dog", f"{VOCABULARY}/export"):
        answer = client.get(address, headers=revision)
        assert (answer.status_code, answer.data) == (304, b"")


def test_one_line_is_found_however_it_is_spelled(client: FlaskClient) -> None:
    assert body(client.get(f"{VOCABULARY}/tags/DOG")) == DOG
    assert body(client.get(f"{VOCABULARY}/tags/바다"))["meaning"] == "sea"
    assert kind_of(client.get(f"{VOCABULARY}/tags/wolf"), 404) == "no-such-hashtag"


def test_the_file_is_exported_to_the_letter(client: FlaskClient) -> None:
    answer = client.get(f"{VOCABULARY}/export")
    assert answer.mimetype == "text/csv"
    assert 'filename="hashtags.csv"' in answer.headers["Content-Disposition"]
    assert answer.text == START


def test_the_status_tells_of_an_edit_from_outside_that_cannot_be_used(
    client: FlaskClient, path: Path
) -> None:
    status = body(client.get(f"{VOCABULARY}/status"))
    assert status == {
        "revision": status["revision"],
        "hashtags": 3,
        "in_use": True,
        "bad_lines": [],
        "may_tune": True,
    }
    path.write_text(f"{START}elk,,many,,\n", "utf-8")
    broken = body(client.get(f"{VOCABULARY}/status"))
    assert broken["bad_lines"] == [
        {"line": 5, "column": "posts", "reason": "posts must be a whole number, not 'many'"}
    ]
    assert broken["revision"] == status["revision"]
    refused = client.patch(f"{VOCABULARY}/tags/dog", json={"posts": 1}, headers=etag(client))
    problem = body(refused, 409)
    assert problem["type"].endswith("#vocabulary-broken")
    assert [(each["line"], each["field"]) for each in problem["errors"]] == [(5, "posts")]


# Changing one line


def test_a_line_is_put_whether_it_is_there_or_not(client: FlaskClient, path: Path) -> None:
    first = client.put(f"{VOCABULARY}/tags/elk", json={"meaning": "moose"}, headers=etag(client))
    saved = body(first, 201)
    assert (saved["hashtags"], saved["in_use"]) == (4, True)
    assert first.headers["ETag"] == f'"{saved["revision"]}"'
    again = client.put(f"{VOCABULARY}/tags/Elk", json={"posts": 3}, headers=etag(client))
    assert body(again)["hashtags"] == 4
    assert path.read_text("utf-8").splitlines()[-1] == "Elk,elk,3,,,"


def test_fields_of_a_line_are_patched_and_matched_with_at_once(client: FlaskClient) -> None:
    match = {"caption": "dog", "limit": 1}
    assert body(client.post("/api/v1/matches", json=match))["hashtags"][0]["tag"] == "dog"
    client.patch(f"{VOCABULARY}/tags/dog", json={"tag": "doggo", "posts": 4}, headers=etag(client))
    assert body(client.post("/api/v1/matches", json=match))["hashtags"][0]["tag"] == "doggo"
    assert tags(client) == ["cat", "doggo", "바다"]


def test_a_line_is_deleted(client: FlaskClient) -> None:
    assert body(client.delete(f"{VOCABULARY}/tags/dog", headers=etag(client)))["hashtags"] == 2
    assert tags(client) == ["cat", "바다"]


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_line_that_is_not_there_is_neither_patched_nor_deleted(
    client: FlaskClient, method: str
) -> None:
    answer = client.open(
        f"{VOCABULARY}/tags/wolf", method=method, json={"posts": 1}, headers=etag(client)
    )
    assert kind_of(answer, 404) == "no-such-hashtag"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"meaning": "=cmd"}, "meaning"),
        ({"meaning": "a\0b"}, "meaning"),
        ({"language": "E"}, "language"),
        ({"group": "=cmd"}, "group"),
        ({"tag": "two words"}, "tag"),
        ({"tag": "cat"}, "tag"),
    ],
)
def test_a_line_that_no_file_could_hold_is_refused_at_its_field(
    client: FlaskClient, fields: dict[str, Any], field: str
) -> None:
    answer = client.patch(f"{VOCABULARY}/tags/dog", json=fields, headers=etag(client))
    problem = body(answer, 422)
    assert problem["type"].endswith("#changes-refused")
    assert [(each["tag"], each["field"]) for each in problem["errors"]] == [("dog", field)]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"posts": -1}, "posts"),
        ({"posts": "9"}, "posts"),
        ({"state": "maybe"}, "state"),
        ({"colour": "brown"}, "colour"),
        ({"meaning": 5}, "meaning"),
        ({"meaning": "a" * 301}, "meaning"),
        ({"meaning": "\ud800"}, "meaning"),
    ],
)
def test_a_body_of_another_shape_is_refused_at_its_field(
    client: FlaskClient, fields: dict[str, Any], field: str
) -> None:
    answer = client.put(
        f"{VOCABULARY}/tags/dog",
        data=json.dumps(fields),
        content_type="application/json",
        headers=etag(client),
    )
    assert [each["field"] for each in body(answer, 400)["errors"]] == [field]


# Which revision


CHANGES = [
    ("patch", "", {"json": {"changes": [{"tag": "dog", "fields": {"state": "pinned"}}]}}),
    ("put", "/tags/dog", {"json": {}}),
    ("patch", "/tags/dog", {"json": {"state": "pinned"}}),
    ("delete", "/tags/dog", {}),
    ("post", "/import", {"data": b"hashtag\nelk\n", "content_type": "text/csv"}),
    ("post", "/versions/none/restore", {}),
]


@pytest.mark.parametrize(("method", "address", "sent"), CHANGES)
def test_a_change_that_names_no_revision_is_refused(
    client: FlaskClient, path: Path, method: str, address: str, sent: dict[str, Any]
) -> None:
    answer = client.open(VOCABULARY + address, method=method, **sent)
    assert kind_of(answer, 428) == "revision-needed"
    assert path.read_text("utf-8") == START


@pytest.mark.parametrize(("method", "address", "sent"), CHANGES[:5])
@pytest.mark.parametrize("revision", ['"0123"', 'W/"0123"', "0123", "", '"'])
def test_a_change_to_another_revision_is_refused(
    client: FlaskClient, path: Path, revision: str, method: str, address: str, sent: dict[str, Any]
) -> None:
    headers = {"If-Match": revision}
    answer = client.open(VOCABULARY + address, method=method, headers=headers, **sent)
    assert kind_of(answer, 412) == "vocabulary-changed"
    assert path.read_text("utf-8") == START


def test_any_revision_will_do_for_whoever_says_so(client: FlaskClient) -> None:
    headers = {"If-Match": "*"}
    assert client.delete(f"{VOCABULARY}/tags/dog", headers=headers).status_code == 200


def test_the_second_of_two_is_told_what_differs_and_merges(client: FlaskClient) -> None:
    base = etag(client)
    client.patch(f"{VOCABULARY}/tags/dog", json={"state": "pinned"}, headers=base)
    mine = {"changes": [{"tag": "cat", "fields": {"state": "blocked"}}]}
    problem = body(client.patch(VOCABULARY, json=mine, headers=base), 412)
    assert problem["can_merge"] is True
    assert problem["conflicts"] == []
    assert problem["theirs"] == [
        {"tag": "dog", "kind": "changed", "fields": ["state"], "before": DOG, "after": PINNED}
    ]
    again = {"If-Match": f'"{problem["revision"]}"'}
    merge = mine | {"base": base["If-Match"].strip('"')}
    assert client.patch(VOCABULARY, json=merge, headers=again).status_code == 200
    assert tags(client, state="pinned") == ["dog"]
    assert tags(client, state="blocked") == ["cat"]


def test_the_second_of_two_on_the_same_line_sees_all_three_sides(client: FlaskClient) -> None:
    base = etag(client)
    client.patch(f"{VOCABULARY}/tags/dog", json={"state": "pinned"}, headers=base)
    mine = {"changes": [{"tag": "dog", "fields": {"state": "blocked"}}]}
    conflict = {
        "tag": "dog",
        "base": DOG,
        "yours": BLOCKED,
        "theirs": PINNED,
        "merged": None,
    }
    problem = body(client.patch(VOCABULARY, json=mine, headers=base), 412)
    assert (problem["conflicts"], problem["can_merge"]) == ([conflict], False)
    merge = mine | {"base": base["If-Match"].strip('"')}
    merged = client.patch(VOCABULARY, json=merge, headers=etag(client))
    assert body(merged, 412)["conflicts"] == [conflict]
    assert tags(client, state="pinned") == ["dog"]


# Many changes


def test_many_changes_are_made_at_once(client: FlaskClient, path: Path) -> None:
    changes = [
        {"tag": "dog", "fields": {"state": "blocked"}},
        {"fields": {"tag": "elk"}},
        {"tag": "cat", "fields": None},
    ]
    answer = client.patch(VOCABULARY, json={"changes": changes}, headers=etag(client))
    assert body(answer)["hashtags"] == 3
    assert path.read_text("utf-8").splitlines()[1:] == [
        "dog,dog,9,en,blocked,",
        "바다,sea,,ko,,",
        "elk,elk,,,,",
    ]


def test_changes_that_cannot_be_made_are_named_one_by_one(client: FlaskClient, path: Path) -> None:
    changes = [
        {"tag": "dog", "fields": {"posts": 1}},
        {"tag": "wolf", "fields": None},
        {"fields": {"tag": "two words"}},
    ]
    answer = client.patch(VOCABULARY, json={"changes": changes}, headers=etag(client))
    problem = body(answer, 422)
    assert [(each["at"], each["field"]) for each in problem["errors"]] == [(1, ""), (2, "tag")]
    assert path.read_text("utf-8") == START


@pytest.mark.parametrize("changes", [[], None, [{"tag": 5}], [{"fields": {"size": 1}}], ["dog"]])
def test_changes_of_another_shape_are_refused(client: FlaskClient, changes: object) -> None:
    answer = client.patch(VOCABULARY, json={"changes": changes}, headers=etag(client))
    assert body(answer, 400)["errors"]


# Import


def test_an_import_is_shown_line_by_line_and_changes_nothing(
    client: FlaskClient, path: Path
) -> None:
    content = b"hashtag,state\ndog,pinned\nelk,\n"
    answer = client.post(f"{VOCABULARY}/import/preview?mode=replace", data=content, headers=CSV)
    preview = body(answer)
    assert [preview[kind] for kind in ("added", "changed", "same", "removed")] == [1, 1, 0, 2]
    assert [(each["line"], each["kind"], each["tag"]) for each in preview["lines"]] == [
        (2, "changed", "dog"),
        (3, "added", "elk"),
        (0, "removed", "cat"),
        (0, "removed", "바다"),
    ]
    assert preview["lines"][0]["before"] == DOG
    assert path.read_text("utf-8") == START


@pytest.mark.parametrize(("mode", "count"), [("add", 4), ("replace", 1)])
def test_a_file_is_imported(client: FlaskClient, mode: str, count: int) -> None:
    address = f"{VOCABULARY}/import?mode={mode}"
    answer = client.post(address, data=b"hashtag\nelk\n", headers={**CSV, **etag(client)})
    assert body(answer)["hashtags"] == count


def test_a_file_with_bad_lines_is_not_imported_at_all(client: FlaskClient, path: Path) -> None:
    content = b"hashtag\nelk\ntwo words\nfox\n"
    preview = body(client.post(f"{VOCABULARY}/import/preview", data=content, headers=CSV))
    assert [each["line"] for each in preview["bad_lines"]] == [3]
    answer = client.post(f"{VOCABULARY}/import", data=content, headers={**CSV, **etag(client)})
    problem = body(answer, 422)
    assert problem["type"].endswith("#import-refused")
    assert [(each["line"], each["field"]) for each in problem["errors"]] == [(3, "hashtag")]
    assert path.read_text("utf-8") == START


def test_a_file_of_another_kind_is_not_imported(client: FlaskClient) -> None:
    for address in ("/import", "/import/preview"):
        form = {"file": (BytesIO(b"hashtag\nelk\n"), "tags.csv")}
        answer = client.post(VOCABULARY + address, data=form, headers=etag(client))
        assert kind_of(answer, 415) == "unsupported-media-type"


def test_a_file_over_the_limit_is_not_imported(tmp_path: Path) -> None:
    client = tuned_app(tmp_path, max_upload_bytes=1000).test_client()
    content = b"hashtag\n" + b"a" * 20_000
    answer = client.post(f"{VOCABULARY}/import", data=content, headers={**CSV, **etag(client)})
    assert kind_of(answer, 413) == "request-entity-too-large"
    assert body(answer, 413)["detail"].endswith("Choose a smaller file.")


# Versions


def test_versions_are_listed_compared_and_restored(client: FlaskClient, path: Path) -> None:
    assert body(client.get(f"{VOCABULARY}/versions")) == {"versions": []}
    client.delete(f"{VOCABULARY}/tags/dog", headers=etag(client))
    newest, oldest = body(client.get(f"{VOCABULARY}/versions"))["versions"]
    assert (newest["hashtags"], oldest["hashtags"]) == (2, 3)
    assert oldest["saved_at"].endswith("+00:00")
    found = body(client.get(f"{VOCABULARY}/differences?before={oldest['id']}"))
    assert [(each["kind"], each["tag"]) for each in found["differences"]] == [("removed", "dog")]
    answer = client.post(f"{VOCABULARY}/versions/{oldest['id']}/restore", headers=etag(client))
    assert body(answer)["hashtags"] == 3
    assert path.read_text("utf-8") == START


def test_a_version_that_is_not_kept_is_refused(client: FlaskClient) -> None:
    compared = client.get(f"{VOCABULARY}/differences?before=none")
    restored = client.post(f"{VOCABULARY}/versions/none/restore", headers=etag(client))
    assert kind_of(compared, 404) == kind_of(restored, 404) == "no-such-version"
    assert body(client.get(f"{VOCABULARY}/differences"), 400)["errors"][0]["field"] == "before"


def test_a_version_is_not_restored_over_another_revision(client: FlaskClient) -> None:
    base = etag(client)
    client.delete(f"{VOCABULARY}/tags/dog", headers=base)
    oldest = body(client.get(f"{VOCABULARY}/versions"))["versions"][-1]["id"]
    answer = client.post(f"{VOCABULARY}/versions/{oldest}/restore", headers=base)
    assert kind_of(answer, 412) == "vocabulary-changed"


# Try it


def test_unsaved_changes_are_tried(client: FlaskClient, path: Path) -> None:
    changes = [{"tag": "dog", "fields": {"state": "blocked"}}, {"fields": {"tag": "god"}}]
    sent = {"caption": " dog ", "changes": changes, "limit": 1, "mix": 0, "language": "en"}
    tried = body(client.post(f"{VOCABULARY}/try", json=sent))
    assert [each["tag"] for each in tried["before"]] == ["dog"]
    assert [each["tag"] for each in tried["after"]] == ["god"]
    assert path.read_text("utf-8") == START


def test_changes_that_cannot_be_made_cannot_be_tried(client: FlaskClient) -> None:
    sent = {"caption": "dog", "changes": [{"tag": "wolf", "fields": None}]}
    assert kind_of(client.post(f"{VOCABULARY}/try", json=sent), 422) == "changes-refused"


# The disk


def test_a_disk_that_refuses_is_told_without_naming_a_folder(tmp_path: Path) -> None:
    client = tuned_app(tmp_path).test_client()
    (tmp_path / "data").write_text("a file where a folder must be")
    answer = client.delete(f"{VOCABULARY}/tags/dog", headers=etag(client))
    assert kind_of(answer, 503) == "vocabulary-not-saved"
    assert str(tmp_path) not in answer.text
