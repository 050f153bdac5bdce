"""Who may tune: see the docstring of `web.access`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from vocabularies import START, tuned_app

from captag import Settings
from web.access import is_this_machine

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

VOCABULARY, DOG = "/api/v1/vocabulary", "/api/v1/vocabulary/tags/dog"
TOKEN = "a token of Zürich"
PIN = {"state": "pinned"}
BEARER = {"Authorization": f"Bearer {TOKEN}".encode().decode("latin-1")}
ANY = {"If-Match": "*"}


@pytest.fixture
def local(tmp_path: Path) -> FlaskClient:
    """Served on 127.0.0.1."""
    return tuned_app(tmp_path).test_client()


@pytest.fixture
def guarded(tmp_path: Path) -> Flask:
    """Served to other machines, with a token."""
    return tuned_app(tmp_path, host="192.0.2.7", admin_token=TOKEN)


def csrf_token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    assert found
    return found[1]


def logged_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/login", data={"csrf_token": csrf_token(client), "token": TOKEN})
    assert answer.status_code == 303
    return client


def test_on_this_machine_everything_is_open_to_programs(local: FlaskClient) -> None:
    assert local.patch(DOG, json=PIN, headers=ANY).status_code == 200
    assert local.get(f"{VOCABULARY}/status").json["may_tune"] is True  # type: ignore[index]


@pytest.mark.parametrize(
    "header", [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")]
)
def test_another_site_cannot_change_anything_through_the_browser_of_this_machine(
    local: FlaskClient, header: tuple[str, str], tmp_path: Path
) -> None:
    answer = local.patch(DOG, json=PIN, headers=[*ANY.items(), header])
    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["type"].endswith("#forged-request")
    assert (tmp_path / "tags.csv").read_text("utf-8") == START


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "192.0.2.9"},
        {"Forwarded": "for=192.0.2.9"},
        {"Host": "tags.example"},
    ],
)
def test_behind_a_proxy_on_this_machine_nothing_is_open(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    client = tuned_app(tmp_path, trusted_hosts=("tags.example",)).test_client()
    answer = client.patch(DOG, json=PIN, headers={**ANY, **headers})
    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["type"].endswith("#tuning-is-off")


def test_without_a_token_tuning_is_off_elsewhere_and_says_so(tmp_path: Path) -> None:
    client = tuned_app(tmp_path, host="192.0.2.7").test_client()
    for answer in (
        client.patch(DOG, json=PIN, headers=ANY),
        client.patch(DOG, json=PIN, headers={**ANY, "Authorization": "Bearer "}),
        client.get(f"{VOCABULARY}/versions"),
    ):
        assert answer.status_code == 403
        assert answer.json is not None
        assert "CAPTAG_ADMIN_TOKEN" in answer.json["detail"]
    assert client.get(VOCABULARY).status_code == 200
    page = client.get("/login")
    assert "Tuning is off" in page.text
    assert 'name="token"' not in page.text


def test_with_a_token_a_program_may_tune(guarded: Flask) -> None:
    client = guarded.test_client()
    assert client.patch(DOG, json=PIN, headers={**ANY, **BEARER}).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [None, "Bearer", "Bearer wrong", "Basic YTpi", f"Token {TOKEN}", "Bearer \xff", "nonsense"],
)
def test_without_the_token_nobody_may_tune(
    guarded: Flask, authorization: str | None, tmp_path: Path
) -> None:
    headers = dict(ANY) if authorization is None else {**ANY, "Authorization": authorization}
    answer = guarded.test_client().patch(DOG, json=PIN, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.mimetype == "application/problem+json"
    assert (tmp_path / "tags.csv").read_text("utf-8") == START


def test_a_person_logs_in_once_and_each_change_needs_the_token_of_the_page(
    guarded: Flask,
) -> None:
    client = logged_in(guarded)
    assert client.get(f"{VOCABULARY}/status").json["may_tune"] is True  # type: ignore[index]
    assert client.get(f"{VOCABULARY}/versions").status_code == 200
    assert client.patch(DOG, json=PIN, headers=ANY).status_code == 403
    wrong = {**ANY, "X-CSRFToken": "wrong"}
    assert client.patch(DOG, json=PIN, headers=wrong).status_code == 403
    right = {**ANY, "X-CSRFToken": csrf_token(client)}
    assert client.patch(DOG, json=PIN, headers=right).status_code == 200


def test_the_session_cookie_is_kept_from_scripts_and_from_other_sites(guarded: Flask) -> None:
    client = guarded.test_client()
    answer = client.post("/login", data={"csrf_token": csrf_token(client), "token": TOKEN})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("captag=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie


def test_a_wrong_token_is_refused_on_the_form(guarded: Flask) -> None:
    client = guarded.test_client()
    answer = client.post("/login", data={"csrf_token": csrf_token(client), "token": "wrong"})
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert 'name="token"' in answer.text
    assert client.get(f"{VOCABULARY}/versions").status_code == 401


def test_a_login_needs_the_token_of_the_page(guarded: Flask) -> None:
    answer = guarded.test_client().post("/login", data={"token": TOKEN})
    assert answer.status_code == 403
    assert "Load the page anew" in answer.text


def test_a_session_of_another_process_is_worth_nothing(guarded: Flask, tmp_path: Path) -> None:
    client = logged_in(guarded)
    cookie = client.get_cookie("captag", domain="localhost")
    assert cookie is not None
    other = tuned_app(tmp_path, host="192.0.2.7", admin_token=TOKEN).test_client()
    other.set_cookie("captag", cookie.value, domain="localhost")
    assert other.get(f"{VOCABULARY}/versions").status_code == 401


def test_whoever_logs_out_may_not_tune_any_more(guarded: Flask) -> None:
    client = logged_in(guarded)
    assert client.post("/logout").status_code == 403
    assert client.get(f"{VOCABULARY}/versions").status_code == 200
    assert client.post("/logout", data={"csrf_token": csrf_token(client)}).status_code == 303
    assert client.get(f"{VOCABULARY}/versions").status_code == 401


def test_logging_in_is_tried_only_so_often(tmp_path: Path) -> None:
    app = tuned_app(tmp_path, host="192.0.2.7", admin_token=TOKEN, logins_per_minute=2)
    client = app.test_client()
    form = {"csrf_token": csrf_token(client), "token": "wrong"}
    statuses = [client.post("/login", data=form).status_code for _ in range(3)]
    assert statuses == [401, 401, 429]


def test_an_address_may_ask_only_so_often(tmp_path: Path) -> None:
    client = tuned_app(tmp_path, requests_per_minute=3).test_client()
    answers = [client.get(VOCABULARY) for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert answers[-1].mimetype == "application/problem+json"
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert client.get("/", environ_base={"REMOTE_ADDR": "192.0.2.8"}).status_code == 200
    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 429


# Behind a proxy


def forwarded(address: str, scheme: str = "http") -> dict[str, str]:
    return {"X-Forwarded-For": address, "X-Forwarded-Proto": scheme}


def test_behind_a_trusted_proxy_each_visitor_is_limited_on_his_own(tmp_path: Path) -> None:
    client = tuned_app(tmp_path, requests_per_minute=2, proxies=1).test_client()
    for visitor in ("192.0.2.8", "192.0.2.9"):
        statuses = [client.get("/", headers=forwarded(visitor)).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]


def test_an_address_that_no_trusted_proxy_added_is_not_believed(tmp_path: Path) -> None:
    for proxies, lies in ((0, "192.0.2.{}"), (1, "192.0.2.{}, 198.51.100.1")):
        client = tuned_app(tmp_path, requests_per_minute=2, proxies=proxies).test_client()
        statuses = [
            client.get("/", headers=forwarded(lies.format(at))).status_code for at in range(3)
        ]
        assert statuses == [200, 200, 429]


def test_behind_a_trusted_proxy_nobody_is_this_machine(tmp_path: Path) -> None:
    client = tuned_app(tmp_path, proxies=1).test_client()
    assert client.patch(DOG, json=PIN, headers=ANY).status_code == 403


@pytest.mark.parametrize(
    ("proxies", "scheme", "is_secure"),
    [(1, "https", True), (1, "http", False), (0, "https", False)],
)
def test_over_https_no_cookie_travels_without_it(
    tmp_path: Path, proxies: int, scheme: str, *, is_secure: bool
) -> None:
    client = tuned_app(tmp_path, host="192.0.2.7", admin_token=TOKEN, proxies=proxies).test_client()
    headers = forwarded("192.0.2.9", scheme)
    session = client.get("/login", headers=headers).headers["Set-Cookie"]
    theme = client.post("/preferences", data={"theme": "dark"}, headers=headers)
    for cookie in (session, theme.headers["Set-Cookie"]):
        assert ("Secure" in cookie.split("; ")) is is_secure


def test_over_https_without_a_proxy_the_session_keeps_to_it_too(guarded: Flask) -> None:
    answer = guarded.test_client().get("/login", base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


def test_the_token_stands_in_no_log() -> None:
    assert "secret" not in repr(Settings(admin_token="secret"))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("192.0.2.7", False),
        ("localhost.evil.example", False),
        ("", False),
    ],
)
def test_which_addresses_are_this_machine(host: str, expected: bool) -> None:
    assert is_this_machine(host) is expected
