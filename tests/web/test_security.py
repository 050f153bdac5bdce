from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from captag import Pipeline, Settings
from web import create_app
from web.security import trusted_hosts

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    Form = Callable[..., dict[str, Any]]

PATHS = ["/", "/healthz", "/static/style.css", "/nothing", "/api/v1/nothing"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_same_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")


def test_the_policy_allows_no_other_host_and_nothing_unsafe(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    sources = {word for part in policy.split("; ") for word in part.split()[1:]}
    assert sources == {"'none'", "'self'", "blob:", "data:"}


def test_the_page_needs_nothing_that_the_policy_forbids(client: FlaskClient, form: Form) -> None:
    html = client.post("/", data=form()).text
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", html)
    assert re.findall(r"<script[^>]*>", html) == ['<script type="module" src="/static/suggest.js">']
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', html)
    assert [
        each for each in addresses if not re.match(r"/(?!/)|#main|data:image/jpeg;", each)
    ] == []


@pytest.mark.parametrize("path", ["/api/v1/docs", "/login"])
def test_no_other_page_needs_what_the_policy_forbids(client: FlaskClient, path: str) -> None:
    html = client.get(path).text
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:|<script(?![^>]*\ssrc=\"/)", html)
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', html)
    assert [each for each in addresses if not re.match(r"[/#](?!/)", each)] == []


def test_answers_are_not_cached_but_the_looks_are(client: FlaskClient, form: Form) -> None:
    assert client.post("/", data=form()).headers["Cache-Control"] == "no-store"
    assert client.get("/healthz").headers["Cache-Control"] == "no-store"
    with client.get("/static/suggest.js") as script:
        assert "max-age=3600" in script.headers["Cache-Control"]


@pytest.mark.parametrize("host", ["127.0.0.1:5000", "localhost", "LOCALHOST:80", "[::1]:5000"])
def test_this_machine_is_answered_under_its_own_names(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[", "[::2]", "@"])
def test_a_name_that_someone_else_points_here_is_refused(client: FlaskClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "CAPTAG_TRUSTED_HOSTS" in answer.text


def test_names_can_be_trusted_by_setting(loaded: Pipeline) -> None:
    settings = Settings(trusted_hosts=("Tags.example",))
    client = create_app(settings, loaded).test_client()
    assert client.get("/", headers={"Host": "tags.example"}).status_code == 200
    assert client.get("/", headers={"Host": "localhost"}).status_code == 200
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_a_page_for_other_machines_is_answered_under_any_name_unless_some_are_trusted() -> None:
    assert trusted_hosts(Settings(host="192.0.2.7")) == frozenset()
    assert "tags.example" in trusted_hosts(
        Settings(host="192.0.2.7", trusted_hosts=("tags.example",))
    )
