"""What a first paint may cost; the table is in docs/page.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

MOST_BYTES = 100_000
MOST_REQUESTS = 16
MOST_ELEMENTS = {"": 900, "tune": 2_000}  # a hundred lines of five fields
MOST_SHIFT = 0.02

PATHS = list(MOST_ELEMENTS)


@pytest.mark.parametrize("path", PATHS)
def test_a_first_paint_is_small_and_comes_from_here_alone(
    page: Page, address: str, path: str
) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address + path, wait_until="networkidle")
    assert {answer.url.startswith(address) for answer in answers} == {True}
    assert {answer.status for answer in answers} == {200}
    assert len(answers) <= MOST_REQUESTS
    assert sum(len(answer.body()) for answer in answers) <= MOST_BYTES


@pytest.mark.parametrize("path", PATHS)
def test_nothing_moves_once_it_is_painted(page: Page, address: str, path: str) -> None:
    page.goto(address + path, wait_until="networkidle")
    shift = page.evaluate(
        """() => new Promise((resolve) => {
            let sum = 0;
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) sum += entry.value;
            }).observe({ type: "layout-shift", buffered: true });
            setTimeout(() => resolve(sum), 300);
        })"""
    )
    assert shift <= MOST_SHIFT
    assert page.evaluate("document.querySelectorAll('*').length") <= MOST_ELEMENTS[path]
