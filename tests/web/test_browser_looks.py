"""For everybody: any size, light and dark, the keyboard alone, no barriers, no motion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    Photos = Callable[..., list[Path]]

RESULT = ".result:not([hidden]):not(.waiting) .tags"


def suggest(page: Page, address: str, photos: Photos, *names: str) -> None:
    page.goto(address)
    page.set_input_files("#photo", photos(*names))
    page.wait_for_selector(RESULT)


@pytest.mark.parametrize("width", [320, 390, 820, 1440, 3840])
def test_nothing_sticks_out_at_the_side(
    page: Page, address: str, photos: Photos, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    suggest(page, address, photos, "dog", "cat")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_long_hashtag_stands_on_one_line_of_a_phone(
    page: Page, address: str, photos: Photos
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    suggest(page, address, photos, "dog")
    tag = page.locator(".tag-row .tag").first
    height = tag.evaluate("tag => tag.offsetHeight")
    assert tag.evaluate("tag => (tag.textContent = '#photooftheday', tag.offsetHeight)") == height


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_no_barrier(
    open_page: Callable[..., Page], address: str, photos: Photos, theme: str, width: int
) -> None:
    page = open_page(color_scheme=theme, viewport={"width": width, "height": 900})
    page.goto(address)
    empty = Axe().run(page)
    assert empty.violations_count == 0, empty.generate_report()
    suggest(page, address, photos, "dog", "cat")
    full = Axe().run(page)
    assert full.violations_count == 0, full.generate_report()


def test_photos_can_be_chosen_with_the_keyboard(page: Page, address: str) -> None:
    page.on("filechooser", lambda _: None)  # asked for now, or the key may come before the answer
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "photo"
    with page.expect_file_chooser():
        page.keyboard.press("Enter")
    with page.expect_file_chooser():
        page.keyboard.press("Space")


def test_everything_else_is_reached_with_the_keyboard_too(
    page: Page, address: str, photos: Photos
) -> None:
    suggest(page, address, photos, "dog")
    reached: list[str] = []
    page.focus("#photo")
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => {
                    const { activeElement: it } = document;
                    return it.id || it.dataset.copy || it.name ||
                        it.closest(".tag-row")?.dataset.tag || it.tagName;
                }"""
            )
        )
    expected = ["mix", "language", "limit", "caption", "set", "all", "chosen", "dog", "beach5"]
    places = [reached.index(each) for each in expected]
    assert places == sorted(places)
    page.get_by_label("#dog", exact=True).focus()
    page.keyboard.press("Space")
    assert page.get_by_role("button", name="Copy chosen (4)").is_visible()


def test_light_and_dark_follow_the_system_until_a_person_chooses(
    open_page: Callable[..., Page], address: str
) -> None:
    page = open_page(color_scheme="dark")
    page.goto(address)
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    with page.expect_response("**/preferences"):
        page.get_by_label("Light or dark").click()
    light = page.evaluate(paper)
    assert light != dark
    page.reload()
    assert page.evaluate(paper) == light
    page.emulate_media(color_scheme="light")
    with page.expect_response("**/preferences"):
        page.get_by_label("Light. Press for dark.").click()
    assert page.evaluate(paper) == dark


def test_nothing_moves_for_those_who_do_not_want_it(
    open_page: Callable[..., Page], address: str
) -> None:
    page = open_page(reduced_motion="reduce")
    page.goto(address)
    moving = """() => [...document.querySelectorAll("*")].filter((each) => {
        const style = getComputedStyle(each);
        return style.animationName !== "none" || !/^0s/.test(style.transitionDuration);
    }).length"""
    assert page.evaluate(moving) == 0
