from __future__ import annotations

import io
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from fakes import FakeCaptioner, FakeMapper, HeldCaptioner

from captag import Pipeline, Suggestion
from captag.batch import Failure, find_photos, suggest_all
from captioner import CaptionModelError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Png = Callable[[int, int], bytes]


def outcomes(pipeline: Pipeline, *photos: Path | str) -> list[Suggestion | Failure]:
    return list(suggest_all(pipeline, map(str, photos), limit=2, max_pixels=10_000))


# Finding


def test_files_stay_in_the_order_in_which_they_are_given() -> None:
    assert list(find_photos(["b.jpg", "a.jpg", "-"])) == ["b.jpg", "a.jpg", "-"]


def test_a_folder_gives_the_photos_in_it_and_below_by_name(tmp_path: Path) -> None:
    for name in ["b.JPG", "a.png", "notes.txt", "more/c.heic", ".hidden.jpg", ".git/d.jpg"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    names = [name.removeprefix(f"{tmp_path}/") for name in find_photos([str(tmp_path)])]
    assert names == ["a.png", "b.JPG", "more/c.heic"]


def test_a_folder_without_photos_is_not_passed_over(tmp_path: Path, pipeline: Pipeline) -> None:
    (failure,) = outcomes(pipeline, *find_photos([str(tmp_path)]))
    assert failure == Failure(str(tmp_path), "There is no photo in this folder.")


# Suggesting


def test_each_photo_gives_its_own_suggestion(tmp_path: Path, pipeline: Pipeline, png: Png) -> None:
    (tmp_path / "wide").write_bytes(png(20, 10))
    (tmp_path / "tall").write_bytes(png(10, 20))
    wide, tall = outcomes(pipeline, tmp_path / "wide", tmp_path / "tall")
    assert isinstance(wide, Suggestion)
    assert isinstance(tall, Suggestion)
    assert (wide.photo, wide.caption.text) == (str(tmp_path / "wide"), "a dog on a beach")
    assert tall.caption.text == "a cat on a sofa"
    assert len(tall.hashtags) == 2


def test_standard_input_is_a_photo_like_any_other(
    monkeypatch: pytest.MonkeyPatch, pipeline: Pipeline, png: Png
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(png(10, 10))))
    (suggestion,) = outcomes(pipeline, "-")
    assert isinstance(suggestion, Suggestion)
    assert (suggestion.photo, suggestion.caption.text) == ("-", "a pizza")


def test_photos_that_fail_do_not_stop_the_others(
    tmp_path: Path, pipeline: Pipeline, png: Png
) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff no more")
    (tmp_path / "huge.png").write_bytes(png(101, 100))
    (tmp_path / "good.png").write_bytes(png(100, 100))
    names = ["missing.jpg", "broken.jpg", "huge.png", "good.png"]
    *failures, good = outcomes(pipeline, *(tmp_path / name for name in names))
    assert [type(each) for each in failures] == [Failure] * 3
    assert isinstance(good, Suggestion)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.jpg", "There is no such file."),
        ("no\0name.jpg", "The file cannot be opened: embedded null byte."),
        ("x" * 300, "The file cannot be opened: File name too long."),
        ("a.png/b.png", "The file cannot be opened: Not a directory."),
    ],
)
def test_a_photo_that_cannot_be_opened_says_why(
    tmp_path: Path, pipeline: Pipeline, png: Png, name: str, message: str
) -> None:
    (tmp_path / "a.png").write_bytes(png(1, 1))
    (failure,) = outcomes(pipeline, f"{tmp_path}/{name}")
    assert failure == Failure(f"{tmp_path}/{name}", message)


def test_a_model_that_cannot_be_used_stops_at_once(tmp_path: Path, png: Png) -> None:
    (tmp_path / "good.png").write_bytes(png(10, 10))
    broken = Pipeline(FakeCaptioner(CaptionModelError("no weights")), FakeMapper())
    with pytest.raises(CaptionModelError):
        outcomes(broken, tmp_path / "good.png")


def test_the_next_photo_is_read_while_one_is_captioned(tmp_path: Path, png: Png) -> None:
    captioner = HeldCaptioner()
    second = tmp_path / "second"
    os.mkfifo(second)  # who opens it for writing waits until it is read
    (tmp_path / "first").write_bytes(png(20, 10))
    with ThreadPoolExecutor(1) as pool:
        both = pool.submit(outcomes, Pipeline(captioner, FakeMapper()), tmp_path / "first", second)
        assert captioner.begun.wait(10)
        second.write_bytes(png(10, 20))  # done before the first is let go
        captioner.go.set()
        assert [each.caption.text for each in both.result() if isinstance(each, Suggestion)] == [
            "a dog on a beach",
            "a cat on a sofa",
        ]
