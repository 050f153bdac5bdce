"""Another language in place: nothing of what a person has done is lost."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from fakes import FakeMapper, SlowCaptioner
from vocabularies import tuned_app

from captag import Pipeline, Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    Photos = Callable[..., list[Path]]
    Serve = Callable[[Settings, Pipeline], int]

SHOWN = "#results > .result:not([hidden])"
STATES = ".frame .state"
TAGS = "#dog #beach #dog2 #beach2 #dog3 #beach3 #dog4 #beach4 #dog5 #beach5"


def wait_for_texts(page: Page, selector: str, *expected: str) -> None:
    page.wait_for_function(
        """([selector, expected]) => expected.join() ===
            [...document.querySelectorAll(selector)].map(each => each.textContent).join()""",
        arg=[selector, list(expected)],
    )


def speak(page: Page, language: str) -> None:
    with page.expect_response("**/"):
        page.get_by_role("button", name=language, exact=True).click()
    page.get_by_role("button", name={"English": "한국어", "한국어": "English"}[language]).wait_for()


@pytest.fixture
def queue(page: Page, address: str, photos: Photos) -> Page:
    """Two photos and a file that is none; the caption of the dog is edited, a tag is chosen."""
    page.goto(address)
    page.set_input_files("#photo", photos("dog", "broken", "cat"))
    wait_for_texts(page, STATES, "Done", "Failed", "Done")
    page.fill(f"{SHOWN} textarea", "a boat")
    page.locator("[data-tag=boat]").wait_for()
    page.get_by_label("#boat", exact=True).uncheck()
    page.locator("#mix").fill("0.8")
    return page


def test_photos_captions_and_choices_stay(queue: Page) -> None:
    posted: list[str] = []
    queue.on("request", lambda request: posted.append(f"{request.method} {request.url}"))
    speak(queue, "한국어")
    wait_for_texts(queue, STATES, "완료", "실패", "완료")
    assert queue.get_attribute("html", "lang") == "ko"
    assert queue.input_value(f"{SHOWN} textarea") == "a boat"
    assert queue.input_value("#mix") == "0.8"
    assert not queue.get_by_label("#boat", exact=True).is_checked()
    assert queue.evaluate("document.querySelector('.photo img').naturalWidth") == 640
    queue.locator(".frame .open").nth(2).click()
    assert queue.input_value(f"{SHOWN} textarea") == "a cat on a sofa"
    read_again = [each for each in posted if each.startswith("POST") and each.endswith("/")]
    assert len(read_again) == 1  # the file that is no photo, for the words of its refusal


def test_everything_is_said_in_the_other_language_and_back(queue: Page) -> None:
    before = queue.inner_text("body")
    speak(queue, "한국어")
    wait_for_texts(queue, STATES, "완료", "실패", "완료")
    queue.locator("[data-posts]").first.get_by_text("게시물").wait_for()
    korean = queue.inner_text("body")
    for sentence in (
        "이 사진에는 어떤 해시태그가 어울릴까요?",
        "5개 복사",
        "고른 것 복사 (4)",
        "모델 fake이(가) 0.2초 만에 쓴 캡션이에요",
        "유사도 1.00",
        "사진에 관한 것은 아무것도 저장하지 않아요.",
    ):
        assert sentence in korean
    queue.get_by_label("dog.png 빼기").wait_for()
    queue.locator(".frame .open").nth(1).click()
    assert queue.inner_text(f"{SHOWN} [role=alert]").startswith("사진으로 읽을 수 없는 파일이에요.")
    queue.locator(".frame .open").first.click()
    speak(queue, "English")
    wait_for_texts(queue, STATES, "Done", "Failed", "Done")
    queue.locator("[data-posts]").first.get_by_text("posts").wait_for()
    assert queue.inner_text("body") == before


def test_what_is_said_later_is_said_in_that_language_too(queue: Page) -> None:
    speak(queue, "한국어")
    queue.get_by_role("button", name="고른 것을 묶음으로 저장").first.click()
    queue.get_by_label("묶음 이름").fill("boats")
    queue.keyboard.press("Enter")
    queue.get_by_text("이 브라우저에 저장했어요.").wait_for()
    queue.locator("#sets summary").click()
    speak(queue, "English")
    assert queue.get_by_label("Delete the set boats").is_visible()
    queue.get_by_label("Light or dark: as your system.").wait_for()
    queue.reload()
    assert queue.get_attribute("html", "lang") == "en"


def test_photos_that_wait_go_on_waiting(page: Page, serve: Serve, photos: Photos) -> None:
    captioner = SlowCaptioner()
    pipeline = Pipeline(captioner, FakeMapper())
    threading.Thread(target=pipeline.load, daemon=True).start()
    page.goto(f"http://127.0.0.1:{serve(Settings(), pipeline)}/")
    page.set_input_files("#photo", photos("dog", "cat", "pizza"))
    page.get_by_label("Cancel cat.png").click()
    speak(page, "한국어")
    wait_for_texts(page, STATES, "사진을 보는 중 …", "취소됨", "대기 중")
    assert page.get_by_role("button", name="취소", exact=True).is_visible()
    captioner.loaded.set()
    wait_for_texts(page, STATES, "완료", "취소됨", "완료")
    assert " ".join(page.locator(f"{SHOWN} .tag").all_text_contents()) == TAGS


def test_where_captag_is_gone_the_page_stays_as_it_is(queue: Page) -> None:
    queue.route("**/preferences", lambda route: route.fulfill(body="a proxy alone"))
    queue.get_by_role("button", name="한국어").click()
    queue.get_by_text("captag does not answer.").wait_for()
    assert queue.get_attribute("html", "lang") == "en"
    assert queue.input_value(f"{SHOWN} textarea") == "a boat"


# What else would lose the photos


def test_leaving_asks_first_where_an_edit_would_be_lost(queue: Page) -> None:
    asked: list[str] = []
    queue.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    queue.reload()
    assert asked == ["beforeunload"]
    queue.reload()
    assert asked == ["beforeunload"]


def test_the_vocabulary_is_tuned_in_a_tab_of_its_own_and_the_tags_follow(
    page: Page, tmp_path: Path, serve_app: Callable[..., str], photos: Photos
) -> None:
    page.goto(serve_app(tuned_app(tmp_path)))
    page.set_input_files("#photo", photos("dog"))
    page.locator("[data-tag=dog]").wait_for()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Tune").click()
    tune = opened.value
    assert tune.input_value("[name=caption]") == "a dog on a beach"
    tune.locator("tr:has([value=dog]) select").select_option("blocked")
    tune.get_by_role("button", name="Save", exact=True).click()
    tune.get_by_text("Saved:").wait_for()
    page.wait_for_function("() => !document.querySelector('[data-tag=dog]')")
    assert page.input_value(f"{SHOWN} textarea") == "a dog on a beach"
