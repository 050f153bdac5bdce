"""Photos that come at the same time are captioned together: a decoder reads its weights once."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from captag.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

    from captioner import Caption, Captioner

MOST_TOGETHER = 8  # photos; more gain little and make the first wait
GATHERING_SECONDS = 0.003  # little beside a caption, long enough for requests sent together


def never() -> bool:
    """Nobody gives this photo up."""
    return False


class _Request:
    """One photo, and what became of it."""

    def __init__(self, image: Image.Image, is_cancelled: Callable[[], bool]) -> None:
        self.image = image
        self.is_cancelled = is_cancelled
        self.caption: Caption | None = None
        self.failure: BaseException | None = None

    @property
    def is_settled(self) -> bool:
        return self.caption is not None or self.failure is not None

    def answer(self) -> Caption:
        if self.failure is not None:
            raise self.failure
        assert self.caption is not None  # noqa: S101 - settled and no failure
        return self.caption


class Gathering:
    """Captions photos for many threads, one batch at a time.

    Whoever comes first writes for all who came with it; who comes meanwhile waits and goes
    together next. There is no thread to start or to stop.

    Args:
        captioner: Writes.
    """

    def __init__(self, captioner: Captioner) -> None:
        self._captioner = captioner
        self._waiting: deque[_Request] = deque()
        self._turn = threading.Lock()

    def caption(self, image: Image.Image, *, is_cancelled: Callable[[], bool] = never) -> Caption:
        """Caption one photo, with whichever others there are.

        Args:
            image: Upright and RGB.
            is_cancelled: Asked once, before the photo is begun; then it costs nothing.

        Raises:
            Cancelled: Nobody waits for it any more.
            CaptionModelError: The caption model cannot be loaded or used.
        """
        request = _Request(image, is_cancelled)
        self._waiting.append(request)
        while not request.is_settled:
            with self._turn:
                if not request.is_settled:
                    self._write()
        return request.answer()

    def _write(self) -> None:
        """Caption those who wait, in the order in which they came."""
        time.sleep(GATHERING_SECONDS)
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
        for request in batch:
            if request.is_cancelled():
                request.failure = Cancelled("Nobody waits for this photo any more.")
        wanted = [request for request in batch if not request.is_settled]
        if not wanted:
            return
        try:
            captions = self._captioner.caption([request.image for request in wanted])
        except BaseException as error:  # noqa: BLE001 - handed to each whom it concerns
            for request in wanted:
                request.failure = error
            return
        for request, caption in zip(wanted, captions, strict=True):
            request.caption = caption
