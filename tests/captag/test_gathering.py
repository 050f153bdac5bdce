"""Photos of many threads in one batch, with a captioner that can be held up."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from fakes import HeldCaptioner
from PIL import Image

from captag.errors import Cancelled
from captag.gathering import MOST_TOGETHER, Gathering
from captioner import CaptionModelError

if TYPE_CHECKING:
    from collections.abc import Iterator


WIDE, UPRIGHT, SQUARE = (
    ((20, 10), "a dog on a beach"),
    ((10, 20), "a cat on a sofa"),
    ((9, 9), "a pizza"),
)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


def photo(kind: tuple[tuple[int, int], str] = WIDE) -> Image.Image:
    return Image.new("RGB", kind[0])


def wait_for(gathering: Gathering, waiting: int) -> None:
    pause = threading.Event()
    for _ in range(1000):
        if len(gathering._waiting) == waiting:
            return
        pause.wait(0.01)
    raise AssertionError(f"{len(gathering._waiting)} wait, not {waiting}")


def test_who_comes_meanwhile_goes_together_and_gets_an_answer_of_its_own(
    threads: ThreadPoolExecutor,
) -> None:
    captioner = HeldCaptioner()
    gathering = Gathering(captioner)
    first = threads.submit(gathering.caption, photo())
    assert captioner.begun.wait(10)
    kinds = [WIDE, UPRIGHT, SQUARE, UPRIGHT, WIDE]
    others = [threads.submit(gathering.caption, photo(kind)) for kind in kinds]
    wait_for(gathering, 5)
    captioner.go.set()
    assert first.result().text == "a dog on a beach"
    assert [other.result().text for other in others] == [text for _, text in kinds]
    assert captioner.batches == [1, 5]


def test_no_batch_is_too_large(threads: ThreadPoolExecutor) -> None:
    captioner = HeldCaptioner()
    gathering = Gathering(captioner)
    first = threads.submit(gathering.caption, photo())
    assert captioner.begun.wait(10)
    others = [threads.submit(gathering.caption, photo()) for _ in range(MOST_TOGETHER + 2)]
    wait_for(gathering, MOST_TOGETHER + 2)
    captioner.go.set()
    assert all(each.result().text for each in (first, *others))
    assert captioner.batches == [1, MOST_TOGETHER, 2]


def test_a_photo_that_nobody_waits_for_is_not_captioned(threads: ThreadPoolExecutor) -> None:
    captioner = HeldCaptioner()
    gathering = Gathering(captioner)
    first = threads.submit(gathering.caption, photo())
    assert captioner.begun.wait(10)
    gone = threads.submit(gathering.caption, photo(), is_cancelled=lambda: True)
    other = threads.submit(gathering.caption, photo(SQUARE))
    wait_for(gathering, 2)
    captioner.go.set()
    with pytest.raises(Cancelled):
        gone.result()
    assert (first.result().text, other.result().text) == ("a dog on a beach", "a pizza")
    assert captioner.batches == [1, 1]


def test_where_all_are_cancelled_nothing_is_written() -> None:
    captioner = HeldCaptioner()
    with pytest.raises(Cancelled):
        Gathering(captioner).caption(photo(), is_cancelled=lambda: True)
    assert captioner.batches == []


def test_a_failure_reaches_each_of_the_batch_and_the_next_photo_is_tried_again(
    threads: ThreadPoolExecutor,
) -> None:
    captioner = HeldCaptioner(CaptionModelError("no model"))
    gathering = Gathering(captioner)
    captioner.go.set()
    for each in [threads.submit(gathering.caption, photo()) for _ in range(3)]:
        with pytest.raises(CaptionModelError, match="no model"):
            each.result()
    captioner.failure = None
    assert gathering.caption(photo()).text == "a dog on a beach"
