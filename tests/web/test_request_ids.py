from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import pytest

from web.request_ids import RequestIds

if TYPE_CHECKING:
    from flask.testing import FlaskClient

PATHS = ["/", "/healthz", "/nothing", "/api/v1/captioners", "/api/v1/nothing", "/login"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_a_number_of_its_own_and_the_time_it_took(
    client: FlaskClient, path: str
) -> None:
    first, second = client.get(path), client.get(path)
    assert re.fullmatch(r"[0-9a-f]{16}", first.headers["X-Request-Id"])
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert 0 <= float(first.headers["X-Captag-Seconds"]) < 60


def test_a_number_that_was_sent_is_kept(client: FlaskClient) -> None:
    answer = client.get("/", headers={"X-Request-Id": "proxy-7.42"})
    assert answer.headers["X-Request-Id"] == "proxy-7.42"


@pytest.mark.parametrize("given", ["", "two words", "a" * 65, "<b>", "a;b"])
def test_a_number_that_could_break_the_log_is_not_kept(client: FlaskClient, given: str) -> None:
    answer = client.get("/", headers={"X-Request-Id": given})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-Id"])


def test_each_line_of_the_log_carries_the_number(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(RequestIds())
    caplog.handler.setFormatter(logging.Formatter("captag: %(request)s%(message)s"))
    with caplog.at_level(logging.INFO):
        client.get("/api/v1/nothing%0Aat%20all", headers={"X-Request-Id": "seven"})
        logging.getLogger("captag").info("outside")
    first, second = caplog.text.splitlines()
    pattern = r"captag: \[seven\] GET /api/v1/nothing%0Aat%20all 404 \d\.\d{3} s"
    assert re.fullmatch(pattern, first)
    assert second == "captag: outside"
