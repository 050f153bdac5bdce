"""The page in a real browser: Debian's `chromium`, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from fakes import FakeMapper, SlowCaptioner

from captag import Pipeline, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    Serve = Callable[[Settings, Pipeline], int]

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TAGS = "#dog #beach #dog2 #beach2 #dog3 #beach3 #dog4 #beach4 #dog5 #beach5"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None and "CI" not in os.environ:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which nothing may go wrong in silence."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    complaints: list[object] = []
    page.on("pageerror", lambda error: complaints.append(error))
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def address(serve: Serve, pipeline: Pipeline) -> str:
    pipeline.load()
    return f"http://127.0.0.1:{serve(Settings(), pipeline)}/"


@pytest.fixture
def photo(tmp_path: Path, png: Callable[[int, int], bytes]) -> Path:
    path = tmp_path / "wide.png"
    path.write_bytes(png(640, 480))
    return path


def tags_on(page: Page) -> str:
    page.wait_for_selector("#caption")
    return " ".join(page.locator(".tag").all_text_contents())


def test_choosing_a_photo_is_enough(page: Page, address: str, photo: Path) -> None:
    page.goto(address)
    page.set_input_files("#photo", photo)
    assert tags_on(page) == TAGS
    assert page.inner_text("#caption") == "a dog on a beach"
    assert page.title() == "a dog on a beach - captag"
    assert page.evaluate("document.querySelector('.photo img').naturalWidth") == 640


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_photo_can_be_dropped_and_pasted(page: Page, address: str, event: str) -> None:
    page.goto(address)
    page.evaluate(
        """async (name) => {
            const canvas = new OffscreenCanvas(20, 10);
            canvas.getContext("2d");
            const files = new DataTransfer();
            files.items.add(new File([await canvas.convertToBlob()], "canvas.png"));
            document.body.dispatchEvent(name === "drop"
                ? new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true })
                : new ClipboardEvent("paste", { clipboardData: files, bubbles: true }));
        }""",
        event,
    )
    assert tags_on(page) == TAGS
    assert page.inner_text(".photo figcaption") == "canvas.png"


def test_five_and_ten_hashtags_can_be_copied(page: Page, address: str, photo: Path) -> None:
    page.goto(address)
    page.set_input_files("#photo", photo)
    for group, count in [("first", 5), ("rest", 10)]:
        button = page.locator(f".{group} .copy")
        assert button.inner_text().endswith(f" {count}")
        button.click()
        page.wait_for_function(
            "button => button.textContent === 'Copied'", arg=button.element_handle()
        )
        assert page.evaluate("navigator.clipboard.readText()") == " ".join(TAGS.split()[:count])


def test_without_script_the_form_does_the_same(browser: Browser, address: str, photo: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.set_input_files("#photo", photo)
    page.get_by_role("button", name="Suggest hashtags").click()
    assert tags_on(page) == TAGS
    assert page.inner_text("#rest-copy") == TAGS
    context.close()


def test_a_photo_chosen_early_waits_for_the_models(page: Page, serve: Serve, photo: Path) -> None:
    captioner = SlowCaptioner()
    pipeline = Pipeline(captioner, FakeMapper())
    threading.Thread(target=pipeline.load, daemon=True).start()
    page.goto(f"http://127.0.0.1:{serve(Settings(), pipeline)}/")
    page.set_input_files("#photo", photo)
    assert page.inner_text(".waiting .caption") == "Looking at the photo …"
    assert "being loaded" in page.inner_text("#models")
    captioner.loaded.set()
    assert tags_on(page) == TAGS
    assert not page.locator("#models").is_visible()


def test_a_file_too_large_is_refused_before_it_is_sent(
    page: Page, serve: Serve, pipeline: Pipeline, photo: Path
) -> None:
    pipeline.load()
    page.goto(f"http://127.0.0.1:{serve(Settings(max_upload_bytes=10), pipeline)}/")
    page.set_input_files("#photo", photo)
    assert page.inner_text("[role=alert]").startswith("That is more than")


def test_the_photo_can_be_chosen_with_the_keyboard(page: Page, address: str) -> None:
    page.on("filechooser", lambda _: None)  # asked for now, or the key may come before the answer
    page.goto(address)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "photo"
    with page.expect_file_chooser():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_nothing_sticks_out_at_the_side(page: Page, address: str, photo: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)
    page.set_input_files("#photo", photo)
    page.wait_for_selector("#caption")
    assert page.evaluate("document.documentElement.scrollWidth") == width
