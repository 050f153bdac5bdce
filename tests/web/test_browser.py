"""Choosing, dropping and pasting photos, alone and in a queue."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from fakes import FakeCaptioner, FakeMapper, SlowCaptioner

from captag import Pipeline, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PIL import Image
    from playwright.sync_api import Browser, Page

    from captioner import Caption

    Serve = Callable[[Settings, Pipeline], int]
    Photos = Callable[..., list[Path]]

TAGS = "#dog #beach #dog2 #beach2 #dog3 #beach3 #dog4 #beach4 #dog5 #beach5"
SHOWN = "#results > .result:not([hidden]):not(.waiting)"


def tags_on(page: Page) -> str:
    page.wait_for_selector(f"{SHOWN} .tags")
    return " ".join(page.locator(f"{SHOWN} .tag").all_text_contents())


def states(page: Page) -> list[str]:
    return page.locator(".frame .state").all_text_contents()


def wait_for_states(page: Page, *expected: str) -> None:
    page.wait_for_function(
        """expected => expected.join() ===
            [...document.querySelectorAll(".frame .state")].map(each => each.textContent).join()""",
        arg=list(expected),
    )


class Gate(FakeCaptioner):
    """Sees nothing until it is let through, once a photo."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Semaphore(0)

    def caption(self, photos: Sequence[Image.Image], *, prompt: str = "") -> tuple[Caption, ...]:
        self.gate.acquire(timeout=20)
        return super().caption(photos, prompt=prompt)


def test_choosing_a_photo_is_enough(page: Page, address: str, photos: Photos) -> None:
    page.goto(address)
    page.set_input_files("#photo", photos("dog"))
    assert tags_on(page) == TAGS
    assert page.input_value(f"{SHOWN} textarea") == "a dog on a beach"
    assert page.title() == "a dog on a beach - captag"
    assert page.evaluate("document.querySelector('.photo img').naturalWidth") == 640
    assert not page.locator("#strip").is_visible()


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_photos_can_be_dropped_and_pasted(page: Page, address: str, event: str) -> None:
    page.goto(address)
    page.evaluate(
        """async (name) => {
            const canvas = new OffscreenCanvas(20, 10);
            canvas.getContext("2d");
            const files = new DataTransfer();
            files.items.add(new File([await canvas.convertToBlob()], "canvas.png"));
            files.items.add(new File([await canvas.convertToBlob()], "second.png"));
            document.body.dispatchEvent(name === "drop"
                ? new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true })
                : new ClipboardEvent("paste", { clipboardData: files, bubbles: true }));
        }""",
        event,
    )
    assert tags_on(page) == TAGS
    assert page.inner_text(f"{SHOWN} figcaption") == "canvas.png"
    wait_for_states(page, "Done", "Done")


def test_a_phone_offers_its_camera(open_page: Callable[..., Page], address: str) -> None:
    phone = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.goto(address)
    assert phone.get_attribute("#camera", "capture") == "environment"
    assert phone.get_by_text("Take a photo").is_visible()


def test_each_photo_of_a_queue_has_its_state_and_one_failing_does_not_stop_the_others(
    page: Page, address: str, photos: Photos
) -> None:
    page.goto(address)
    page.set_input_files("#photo", photos("dog", "broken", "cat"))
    wait_for_states(page, "Done", "Failed", "Done")
    page.locator(".frame .open").nth(2).click()
    assert page.input_value(f"{SHOWN} textarea") == "a cat on a sofa"
    page.locator(".frame .open").nth(1).click()
    assert page.inner_text(f"{SHOWN} [role=alert]").startswith("The file is")
    page.locator(".frame .cancel").nth(1).click()
    assert states(page) == ["Done", "Done"]


def test_a_photo_can_be_cancelled_before_and_while_it_is_looked_at(
    page: Page, serve: Serve, photos: Photos
) -> None:
    captioner = Gate()
    pipeline = Pipeline(captioner, FakeMapper())
    pipeline.load()
    page.goto(f"http://127.0.0.1:{serve(Settings(), pipeline)}/")
    page.set_input_files("#photo", photos("dog", "cat", "pizza"))
    wait_for_states(page, "Looking at the photo …", "Waiting", "Waiting")
    page.get_by_label("Cancel cat.png").click()
    wait_for_states(page, "Looking at the photo …", "Cancelled", "Waiting")
    page.get_by_label("Cancel dog.png").click()
    wait_for_states(page, "Cancelled", "Cancelled", "Looking at the photo …")
    captioner.gate.release(3)
    wait_for_states(page, "Cancelled", "Cancelled", "Done")
    page.get_by_role("button", name="Try again").click()  # of the dog, which is shown
    assert tags_on(page) == TAGS


def test_photos_chosen_early_wait_for_the_models(page: Page, serve: Serve, photos: Photos) -> None:
    captioner = SlowCaptioner()
    pipeline = Pipeline(captioner, FakeMapper())
    threading.Thread(target=pipeline.load, daemon=True).start()
    page.goto(f"http://127.0.0.1:{serve(Settings(), pipeline)}/")
    page.set_input_files("#photo", photos("dog"))
    assert page.inner_text(".waiting [data-say]") == "Looking at the photo …"
    assert "being loaded" in page.inner_text("#models")
    captioner.loaded.set()
    assert tags_on(page) == TAGS
    assert not page.locator("#models").is_visible()


def test_a_file_too_large_is_refused_before_it_is_sent(
    page: Page, serve: Serve, loaded: Pipeline, photos: Photos
) -> None:
    page.goto(f"http://127.0.0.1:{serve(Settings(max_upload_bytes=10), loaded)}/")
    page.set_input_files("#photo", photos("dog"))
    page.wait_for_selector("[role=alert]")
    assert page.inner_text("[role=alert]").startswith("That is more than")


def test_without_script_the_form_does_the_same(
    browser: Browser, address: str, photos: Photos
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.set_input_files("#photo", photos("dog", "cat"))
    page.get_by_role("button", name="Suggest hashtags").click()
    dog, cat = page.locator("#results > .result").all()
    assert " ".join(dog.locator(".tag").all_text_contents()) == TAGS
    assert dog.locator(".copyable").last.inner_text() == TAGS
    cat.locator("textarea").fill("a boat")
    cat.get_by_role("button", name="Suggest again").click()
    assert page.locator("#results > .result").nth(1).locator(".tag").first.inner_text() == "#boat"
    assert page.locator(".photo img").count() == 2
    context.close()
