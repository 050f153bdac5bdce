"""Each row of the document of the API is asked for, and answered as the document says."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from fakes import FakeCaptioner, FakeMapper
from PIL import Image
from vocabularies import tuned_app

from captag import Pipeline, Settings
from web import create_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

HTML = "/api/v1/docs"
DOCUMENT: dict[str, Any] = (
    create_app(Settings(), Pipeline(FakeCaptioner(), FakeMapper()))
    .test_client()
    .get("/api/v1/openapi.json")
    .get_json()
)
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
ROWS = [
    (name, int(status))
    for name, (_, _, operation) in OPERATIONS.items()
    for status in operation["responses"]
]
CHANGES = {"changes": [{"tag": "dog", "fields": {"state": "pinned"}}]}


def photo() -> dict[str, Any]:
    stream = BytesIO()
    Image.new("RGB", (20, 10)).save(stream, "PNG")
    return {"data": {"photo": (BytesIO(stream.getvalue()), "dog.png")}}


def csv(content: str = "hashtag\nelk\n") -> dict[str, Any]:
    return {"data": content, "content_type": "text/csv"}


GOOD: dict[str, Callable[[], dict[str, Any]]] = {
    "suggestions": photo,
    "matches": lambda: {"json": {"caption": "a dog"}},
    "change_hashtags": lambda: {"json": CHANGES},
    "put_hashtag": lambda: {"json": {"posts": 3}},
    "patch_hashtag": lambda: {"json": {"posts": 3}},
    "import_file": csv,
    "preview_import_file": csv,
    "compare_versions": lambda: {"query_string": {"before": "current"}},
    "try_changes": lambda: {"json": {"caption": "a dog", **CHANGES}},
}
UNKNOWN_TAG, UNKNOWN_CHANGES = "wolf", {"changes": [{"tag": "wolf", "fields": {"posts": 1}}]}
BAD_FIELDS: dict[str, dict[str, Any]] = {  # of the right shape, and yet not to be done
    "change_hashtags": {"json": UNKNOWN_CHANGES},
    "put_hashtag": {"json": {"meaning": "=cmd"}},
    "patch_hashtag": {"json": {"meaning": "=cmd"}},
    "import_file": csv("hashtag\ntwo words\n"),
    "try_changes": {"json": {"caption": "a dog", **UNKNOWN_CHANGES}},
}


def ask(app: Flask, name: str, *, tag: str = "dog", version: str = "", **more: Any) -> Any:
    """Make a request that is answered as wanted, but for what is given in its place."""
    client = app.test_client()
    method, path, _ = OPERATIONS[name]
    version = version or kept_version(client)
    sent = {"headers": {"If-Match": "*"}, **GOOD.get(name, dict)(), **more}
    return client.open(path.format(tag=tag, version=version), method=method.upper(), **sent)


def kept_version(client: FlaskClient) -> str:
    versions = client.get("/api/v1/vocabulary/versions").get_json().get("versions")
    return versions[-1]["id"] if versions else "none"


def accepted(folder: Path, name: str) -> Any:
    app = tuned_app(folder)
    app.test_client().delete("/api/v1/vocabulary/tags/바다", headers={"If-Match": "*"})
    return ask(app, name)


def created(folder: Path, name: str) -> Any:
    return ask(tuned_app(folder), name, tag="elk")


def not_modified(folder: Path, name: str) -> Any:
    app = tuned_app(folder)
    return ask(app, name, headers={"If-None-Match": ask(app, name).headers["ETag"]})


def from_another_name(folder: Path, name: str) -> Any:
    return ask(tuned_app(folder), name, headers={"Host": "evil.example"})


def without_the_token(folder: Path, name: str) -> Any:
    return ask(tuned_app(folder, host="192.0.2.7", admin_token="x"), name)


def with_tuning_off(folder: Path, name: str) -> Any:
    return ask(tuned_app(folder, host="192.0.2.7"), name)


def of_nothing(folder: Path, name: str) -> Any:
    app = tuned_app(folder)
    if name == "compare_versions":
        return ask(app, name, query_string={"before": "none"})
    return ask(app, name, tag=UNKNOWN_TAG, version="none")


def over_a_broken_file(folder: Path, name: str) -> Any:
    app = tuned_app(folder)
    (folder / "tags.csv").write_text("hashtag\ntwo words\n", "utf-8")
    return ask(app, name)


def to_another_revision(folder: Path, name: str) -> Any:
    app = tuned_app(folder)
    app.test_client().delete("/api/v1/vocabulary/tags/바다", headers={"If-Match": "*"})
    return ask(app, name, headers={"If-Match": '"0123"'})


def far_too_large(folder: Path, name: str) -> Any:
    large = "a" * 20_000
    sent = csv(large) if "import" in name else {"json": {"caption": large}}
    if name == "suggestions":
        sent = {"data": {"photo": (BytesIO(bytes(20_000)), "dog.png")}}
    return ask(tuned_app(folder, max_upload_bytes=100), name, **sent)


def of_another_kind(folder: Path, name: str) -> Any:
    return ask(tuned_app(folder), name, data="text", json=None, content_type="text/plain")


def of_the_right_shape_only(folder: Path, name: str) -> Any:
    app = tuned_app(folder)
    if name == "delete_hashtag":
        only = {"If-Match": "*"}
        app.test_client().post(
            "/api/v1/vocabulary/import?mode=replace", headers=only, **csv("hashtag\ndog\n")
        )
    return ask(app, name, **BAD_FIELDS.get(name, {}))


def without_a_revision(folder: Path, name: str) -> Any:
    return ask(tuned_app(folder), name, headers={})


def too_often(folder: Path, name: str) -> Any:
    app = tuned_app(folder, requests_per_minute=1)
    app.test_client().get("/api/v1/captioners")
    return ask(app, name, version="any")


def where_nothing_works(folder: Path, name: str) -> Any:
    """Nothing is loaded; or, for a change, the disk refuses."""
    if name in ("suggestions", "matches", "try_changes", "health"):
        settings = Settings(data_folder=folder / "data")
        return ask(create_app(settings, Pipeline(FakeCaptioner(), FakeMapper())), name)
    app = tuned_app(folder)
    version = ""
    if name == "restore_version":
        app.test_client().delete("/api/v1/vocabulary/tags/바다", headers={"If-Match": "*"})
        version = kept_version(app.test_client())
        (folder / "data" / "versions").rename(folder / "elsewhere")
        (folder / "data").rmdir()
    (folder / "data").write_text("a file where a folder must be")
    return ask(app, name, version=version)


ASKED: dict[int, Callable[[Path, str], Any]] = {
    200: accepted,
    201: created,
    304: not_modified,
    400: from_another_name,
    401: without_the_token,
    403: with_tuning_off,
    404: of_nothing,
    409: over_a_broken_file,
    412: to_another_revision,
    413: far_too_large,
    415: of_another_kind,
    422: of_the_right_shape_only,
    428: without_a_revision,
    429: too_often,
    503: where_nothing_works,
}


@pytest.mark.parametrize(("name", "status"), ROWS)
def test_each_row_is_answered_as_the_document_says(name: str, status: int, tmp_path: Path) -> None:
    answer = ASKED[status](tmp_path, name)
    assert answer.status_code == status, answer.text
    documented = OPERATIONS[name][2]["responses"][str(status)]
    assert set(documented["headers"]) <= set(answer.headers.keys())
    if "content" in documented:
        (kind, content), *_ = documented["content"].items()
        assert answer.mimetype == kind
        if kind != "text/csv":
            schema = {**content["schema"], "components": DOCUMENT["components"]}
            jsonschema_rs.validator_for(schema).validate(json.loads(answer.text))
    else:
        assert answer.data == b""


def test_the_document_is_openapi_31_and_names_every_view_of_the_api() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    app = create_app(Settings(), Pipeline(FakeCaptioner(), FakeMapper()))
    views = {
        rule.endpoint.partition(".")[2]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and not rule.endpoint.startswith("document.")
    }
    assert set(OPERATIONS) == views


def test_every_change_needs_a_token_and_says_so() -> None:
    changing = {
        name
        for name, (method, _, _) in OPERATIONS.items()
        if method != "get" and name not in ("suggestions", "matches")
    }
    secured = {name for name, (_, _, each) in OPERATIONS.items() if each.get("security")}
    assert changing | {"list_versions", "compare_versions"} == secured


def test_the_document_knows_the_settings(tmp_path: Path) -> None:
    document = (
        tuned_app(tmp_path, max_limit=7, limit=5)
        .test_client()
        .get("/api/v1/openapi.json")
        .get_json()
    )
    limit = document["components"]["schemas"]["CaptionBody"]["properties"]["limit"]
    assert limit["anyOf"][0]["maximum"] == 7


def test_the_page_of_the_document_shows_all_of_it_and_needs_no_other_host(tmp_path: Path) -> None:
    answer = tuned_app(tmp_path).test_client().get(HTML)
    assert answer.status_code == 200
    for name, (method, path, _) in OPERATIONS.items():
        assert f'id="{name}"' in answer.text
        assert f"<b>{method.upper()}</b> {path}</code>" in answer.text
    for schema in DOCUMENT["components"]["schemas"]:
        assert f"<code>{schema}</code></h3>" in answer.text
    assert "http://" not in answer.text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in answer.text


def test_each_refusal_leads_to_its_place_on_the_page(tmp_path: Path) -> None:
    client = tuned_app(tmp_path).test_client()
    kind = client.get("/api/v1/vocabulary/tags/wolf").get_json()["type"]
    assert f'id="{kind.removeprefix(HTML + "#")}"' in client.get(HTML).text
