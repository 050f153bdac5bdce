"""What can be done with the hashtags of a photo."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from fakes import FakeMapper, Seeing

from captag import Pipeline, Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

TAGS = "#dog #beach #dog2 #beach2 #dog3 #beach3 #dog4 #beach4 #dog5 #beach5"


@pytest.fixture
def result(page: Page, address: str, photos: Callable[..., list[Path]]) -> Page:
    page.goto(address)
    page.set_input_files("#photo", photos("dog"))
    page.wait_for_selector(".result:not(.waiting) .tags")
    return page


def copied(page: Page, button: str) -> str:
    page.evaluate("navigator.clipboard.writeText('')")
    page.get_by_role("button", name=button).click()
    page.get_by_text("Copied", exact=True).wait_for()
    return str(page.evaluate("navigator.clipboard.readText()"))


def wait_for_tag(page: Page, tag: str) -> None:
    page.locator(".tag-row").first.get_by_text(tag, exact=True).wait_for()


def wait_for_lit(page: Page, selector: str, expected: str) -> None:
    page.wait_for_function(
        """([selector, expected]) => expected ===
            [...document.querySelectorAll(selector)].map(each => each.textContent).join(" ")""",
        arg=[selector, expected],
    )


def test_five_ten_and_the_chosen_hashtags_can_be_copied(result: Page) -> None:
    assert copied(result, "Copy 5") == " ".join(TAGS.split()[:5])
    assert copied(result, "Copy 10") == TAGS
    result.get_by_label("#dog", exact=True).uncheck()
    result.get_by_label("#beach5", exact=True).check()
    assert copied(result, "Copy chosen (5)") == "#beach #dog2 #beach2 #dog3 #beach5"


def test_they_can_be_copied_with_the_caption_and_for_screen_readers(result: Page) -> None:
    result.get_by_label("with the caption").check()
    result.get_by_label("PascalCase").check()
    expected = "a dog on a beach\n\n#Dog #Beach #Dog2 #Beach2 #Dog3"
    assert copied(result, "Copy 5") == expected


def test_editing_the_caption_ranks_again_without_captioning(result: Page) -> None:
    posted: list[str] = []
    result.on("request", lambda request: posted.append(request.url))
    result.fill("textarea", "  a boat 🚤 at a lighthouse")
    wait_for_tag(result, "#boat")
    marks = result.locator(".shown mark").all_text_contents()
    assert marks == ["boat", "lighthouse"]
    assert result.text_content(".shown") == "  a boat 🚤 at a lighthouse\u200b"
    assert result.locator(".tag-row.last-of-set .tag").inner_text() == "#boat3"
    assert {url.rpartition("/")[2] for url in posted} == {"matches"}


def test_a_choice_stays_when_the_tags_are_ranked_again(result: Page) -> None:
    result.get_by_label("#dog", exact=True).uncheck()
    result.fill("textarea", "a boat and a dog")
    wait_for_tag(result, "#boat")
    assert not result.get_by_label("#dog", exact=True).is_checked()


def test_a_caption_without_words_says_so_and_comes_back(result: Page) -> None:
    result.fill("textarea", "")
    result.get_by_text("No hashtag of the vocabulary").wait_for()
    result.fill("textarea", "a boat")
    wait_for_tag(result, "#boat")
    assert not result.get_by_text("No hashtag of the vocabulary").is_visible()


def test_a_caption_that_had_no_hashtags_gets_them_when_it_is_edited(
    page: Page, serve: Callable[[Settings, Pipeline], int], photos: Callable[..., list[Path]]
) -> None:
    pipeline = Pipeline(Seeing("of the"), FakeMapper())
    pipeline.load()
    page.goto(f"http://127.0.0.1:{serve(Settings(), pipeline)}/")
    page.set_input_files("#photo", photos("dog"))
    page.get_by_text("No hashtag of the vocabulary").wait_for()
    page.fill(".result:not(.waiting) textarea", "a boat")
    wait_for_tag(page, "#boat")
    assert copied(page, "Copy 5") == "#boat #boat2 #boat3 #boat4 #boat5"


def test_the_knobs_rank_again(result: Page) -> None:
    with result.expect_request("**/matches") as asked:
        result.locator("#mix").fill("0.8")
    assert json.loads(asked.value.post_data or "")["mix"] == 0.8
    result.select_option("#language", "ko")
    result.fill("#limit", "3")
    result.wait_for_function("() => document.querySelectorAll('.tag-row').length === 3")
    assert result.get_by_role("button", name="Copy 3").count() == 2


def test_a_knob_ranks_each_photo_when_it_is_looked_at(
    page: Page, address: str, photos: Callable[..., list[Path]]
) -> None:
    page.goto(address)
    page.set_input_files("#photo", photos("dog", "cat"))
    page.locator(".frame[data-state=done]").nth(1).wait_for()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(json.loads(request.post_data or "")["caption"]))
    page.fill("#limit", "3")
    page.wait_for_function("() => document.querySelectorAll('.tag-row').length === 13")
    assert asked == ["a dog on a beach"]
    page.locator(".frame .open").nth(1).click()
    page.wait_for_function("() => document.querySelectorAll('.tag-row').length === 6")
    page.locator(".frame .open").first.click()
    assert asked == ["a dog on a beach", "a cat on a sofa"]


def test_a_tag_lights_its_words_and_a_word_its_tags(result: Page) -> None:
    result.locator(".tag-row").nth(1).hover()
    wait_for_lit(result, ".shown mark.lit", "beach")
    result.get_by_label("#dog2", exact=True).focus()
    wait_for_lit(result, ".shown mark.lit", "dog")
    result.locator(".shown").scroll_into_view_if_needed()  # waits until the focus scrolls no more
    word = result.locator(".shown mark").first.bounding_box()
    assert word
    result.mouse.move(word["x"] + 4, word["y"] + word["height"] / 2)
    wait_for_lit(result, ".lit .tag", "#dog #dog2 #dog3 #dog4 #dog5")


def test_the_caret_in_a_word_lights_its_tags(result: Page) -> None:
    result.focus("textarea")
    result.evaluate("document.querySelector('textarea').setSelectionRange(13, 13)")
    result.keyboard.press("ArrowRight")
    wait_for_lit(result, ".lit .tag", "#beach #beach2 #beach3 #beach4 #beach5")


def test_the_colours_lie_exactly_under_the_letters(result: Page) -> None:
    result.fill("textarea", "a boat at a lighthouse and a dog on a beach " * 6)
    wait_for_tag(result, "#boat")
    field, shown = (result.locator(each).bounding_box() for each in ("textarea", ".shown"))
    assert field == shown
    overflow = "document.querySelector('textarea').scrollHeight"
    assert field
    assert result.evaluate(overflow) <= field["height"]


def test_sets_stay_in_the_browser_and_can_be_exported(result: Page, tmp_path: Path) -> None:
    sent: list[str] = []
    result.on("request", lambda request: sent.append(request.url))
    result.get_by_role("button", name="Save chosen as a set").click()
    result.get_by_label("Name of the set").fill("beach days")
    result.keyboard.press("Enter")
    result.get_by_text("Saved in this browser.").wait_for()
    result.locator("#sets summary").click()
    with result.expect_download() as download:
        result.get_by_role("button", name="Export the sets").click()
    download.value.save_as(tmp_path / "sets.json")
    (exported,) = json.loads((tmp_path / "sets.json").read_text("utf-8"))
    assert (exported["name"], exported["tags"]) == (
        "beach days",
        ["dog", "beach", "dog2", "beach2", "dog3"],
    )
    assert [url for url in sent if not url.startswith("blob:")] == []
    result.reload()
    result.locator("#sets summary").click()
    assert copied(result, "Copy: beach days") == " ".join(TAGS.split()[:5])
    result.get_by_label("Delete the set beach days").click()
    assert not result.locator("#sets").is_visible()
    result.get_by_role("button", name="Undo").click()
    assert result.get_by_text("beach days").is_visible()
