"""The vocabulary in a real browser, alone and with somebody else at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from vocabularies import START, tuned_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tags.csv"


@pytest.fixture
def tuning(tmp_path: Path, serve_app: Callable[..., str]) -> str:
    app = tuned_app(tmp_path)
    app.extensions["captag"].tuning.start()
    return serve_app(app)


def row(tag: str) -> str:
    return f'tr:has(input[name^="t"][value="{tag}"])'


def refuse_barriers(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved:").wait_for()


def test_a_change_is_tried_side_by_side_and_then_saved(page: Page, tuning: str, file: Path) -> None:
    page.goto(f"{tuning}tune?caption=a+dog")
    page.locator(row("dog")).locator("select").select_option("blocked")
    page.locator("#tried .gone").wait_for()
    assert page.locator("#tried section").nth(0).locator("li").first.inner_text().startswith("#dog")
    assert "#dog" not in page.locator("#tried section").nth(1).inner_text()
    assert page.inner_text("#unsaved") == "Changed and not saved: 1"
    assert file.read_text("utf-8") == START
    save(page)
    assert "dog,dog,9,en,blocked," in file.read_text("utf-8")


def test_several_lines_can_be_added_with_the_keyboard_alone(
    page: Page, tuning: str, file: Path
) -> None:
    page.goto(f"{tuning}tune")
    page.focus("[name=tn0]")
    page.keyboard.type("sun")
    page.keyboard.press("Tab")
    page.keyboard.type("the sun")
    page.focus("[name=tn1]")
    page.keyboard.type("moon")
    page.keyboard.press("Tab")
    page.keyboard.type("the moon")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    lines = file.read_text("utf-8").splitlines()
    assert lines[-2:] == ["sun,the sun,,,,", "moon,the moon,,,,"]


def test_a_refusal_stands_at_its_field(page: Page, tuning: str, file: Path) -> None:
    page.goto(f"{tuning}tune")
    page.fill("[name=p0]", "many")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("#ep0").wait_for()
    assert page.get_attribute("[name=p0]", "aria-invalid") == "true"
    refuse_barriers(page)
    page.fill("[name=p0]", "7")
    save(page)
    assert "cat,cat,7,en,," in file.read_text("utf-8")


def test_what_is_not_saved_comes_along_to_other_lines(page: Page, tuning: str, file: Path) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{tuning}tune")
    page.fill("[name=m1]", "hound")
    page.fill("[name=tn0]", "sun")
    page.fill("[name=q]", "cat")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tune?q=cat*")
    assert page.locator("tbody:not(#new) tr").count() == 2  # the dog, because it was changed
    assert page.input_value("[name=m1]") == "hound"
    page.fill("[name=p0]", "7")
    page.get_by_role("link", name="Posts").click()
    page.wait_for_url("**sort=posts*")
    assert page.inner_text("#unsaved") == "Changed and not saved: 3"
    save(page)
    assert asked == []
    assert file.read_text("utf-8").splitlines()[1:] == [
        "cat,cat,7,en,,",
        "dog,hound,9,en,,",
        "바다,sea,,ko,,",
        "sun,sun,,,,",
    ]


def test_a_line_of_another_page_that_cannot_be_saved_is_shown_with_its_refusal(
    page: Page, tuning: str
) -> None:
    page.goto(f"{tuning}tune")
    page.fill("[name=p1]", "many")
    page.fill("[name=q]", "cat")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tune?q=cat*")
    page.get_by_role("button", name="Save", exact=True).click()
    assert page.inner_text("#ep1") == "posts must be a whole number, not 'many'"
    page.get_by_role("button", name="한국어").click()
    page.wait_for_url("**/tune")


def test_an_import_is_looked_at_before_it_is_made(
    page: Page, tuning: str, file: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("hashtag,meaning\ndog,hound\nsun,the sun\n", "utf-8")
    page.goto(f"{tuning}tune/import")
    page.set_input_files("#file", mine)
    page.get_by_role("button", name="Look at what would change").click()
    page.get_by_text("What would change", exact=True).wait_for()
    assert page.locator(".diff tbody tr").count() == 2
    assert file.read_text("utf-8") == START
    refuse_barriers(page)
    page.get_by_role("button", name="Import these lines").click()
    page.get_by_text("Saved: 2 lines.").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    assert "sun,the sun" in download.value.path().read_text("utf-8")


def test_a_korean_file_nearly_as_large_as_may_be_is_imported(
    page: Page, tmp_path: Path, serve_app: Callable[..., str], file: Path
) -> None:
    mine, lines = tmp_path / "mine.csv", [f"바다여행사진{at},sea" for at in range(1500)]
    mine.write_text("\n".join(["hashtag,meaning", *lines]), "utf-8")
    most = mine.stat().st_size + len(lines)  # a browser ends each line with two bytes
    page.goto(f"{serve_app(tuned_app(tmp_path, max_upload_bytes=most))}tune/import")
    page.set_input_files("#file", mine)
    page.get_by_role("button", name="Look at what would change").click()
    page.get_by_role("button", name="Import these lines").click()
    page.get_by_text("Saved: 1500 lines.").wait_for()
    assert lines[-1] in file.read_text("utf-8")


def test_the_second_of_two_editors_is_told_and_merges(
    open_page: Callable[..., Page], tuning: str, file: Path
) -> None:
    first, second = open_page(), open_page()
    for each in (first, second):
        each.goto(f"{tuning}tune")
    first.fill("[name=m1]", "hound")
    save(first)
    second.fill("[name=m1]", "puppy")
    second.get_by_role("button", name="Save", exact=True).click()
    second.get_by_text("You both changed #dog").wait_for()
    assert "dog,hound" in file.read_text("utf-8")
    refuse_barriers(second)
    second.get_by_label("Take yours:").check()
    second.get_by_role("button", name="Merge and save").click()
    second.get_by_text("Saved:").wait_for()
    assert "dog,puppy" in file.read_text("utf-8")


def test_a_version_is_compared_and_restored(page: Page, tuning: str, file: Path) -> None:
    page.goto(f"{tuning}tune")
    page.fill("[name=m1]", "hound")
    save(page)
    page.get_by_role("link", name="Go back to a version").click()
    page.get_by_role("link", name="Difference").click()
    assert "hound" in page.locator(".diff").inner_text()
    refuse_barriers(page)
    page.get_by_role("button", name="Restore").click()
    page.get_by_text("Restored.").wait_for()
    assert file.read_text("utf-8") == START


def test_a_file_broken_outside_is_reported_and_the_last_good_one_stays(
    page: Page, tuning: str, file: Path
) -> None:
    file.write_text(START + "golden hour,x,,,\n", "utf-8")
    page.goto(f"{tuning}tune")
    assert "Line 5: not a hashtag" in page.inner_text("[role=alert]")
    assert page.locator(row("dog")).count() == 1
    refuse_barriers(page)
    file.write_text(START.replace("dog,dog", "dog,hound"), "utf-8")
    page.reload()
    assert page.input_value("[name=m1]") == "hound"
    assert page.locator("[role=alert]").count() == 0


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_the_vocabulary_fits_and_has_no_barrier(page: Page, tuning: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("tune", "tune/import", "tune/versions", "login"):
        page.goto(tuning + path)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        refuse_barriers(page)


def test_without_script_the_forms_do_the_same(
    open_page: Callable[..., Page], tuning: str, file: Path
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{tuning}tune?q=dog")
    page.fill("[name=caption]", "a dog")
    page.fill("[name=m1]", "hound")
    page.get_by_role("button", name="Try", exact=True).click()
    assert page.locator("#tried section").count() == 2
    page.get_by_role("button", name="Save", exact=True).click()
    assert "dog,hound" in file.read_text("utf-8")


# On the suggesting page


def test_a_tag_is_blocked_and_pinned_where_it_stands_and_taken_back(
    page: Page, tuning: str, file: Path, photos: Callable[..., list[Path]]
) -> None:
    page.goto(tuning)
    page.set_input_files("#photo", photos("dog"))
    page.locator(".tag-row").first.wait_for()
    page.get_by_label("Never offer #dog", exact=True).click()
    page.get_by_text("#dog is blocked").wait_for()
    page.wait_for_function("() => !document.querySelector('[data-tag=dog]')")
    assert "dog,dog,9,en,blocked," in file.read_text("utf-8")
    page.get_by_role("button", name="Undo").click()
    page.locator("[data-tag=dog]").wait_for()
    assert "dog,dog,9,en,," in file.read_text("utf-8")
    page.fill(".caption-field textarea", "a dog and a cat")
    page.get_by_label("Always offer #cat", exact=True).click()
    page.get_by_text("#cat is pinned").wait_for()
    page.wait_for_function("() => document.querySelector('.tag-row').dataset.tag === 'cat'")
    assert "cat,cat,5,en,pinned," in file.read_text("utf-8")


def test_the_pages_speak_korean(open_page: Callable[..., Page], tuning: str) -> None:
    page = open_page(locale="ko-KR")
    page.goto(tuning)
    assert page.get_by_text("사진 고르기").is_visible()
    page.goto(f"{tuning}tune")
    assert page.get_by_role("button", name="저장", exact=True).is_visible()
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("button", name="Save", exact=True).is_visible()
    assert page.url.endswith("/tune")
