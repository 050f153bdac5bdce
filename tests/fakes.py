"""Parts with answers that can be worked out by hand."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

from captioner import Caption, Choice
from tagmapper import HashtagMatch, Keyword, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from tagmapper import Ranking

_SMALL_WORDS = frozenset({"a", "an", "and", "at", "in", "of", "on", "the", "with"})
_STEP = 0.05


class FakeCaptioner:
    """Sees only the shape: wide is a dog on a beach, upright a cat on a sofa, square a pizza."""

    model = "fake"

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.loads = 0

    @property
    def choice(self) -> Choice:
        return Choice("int8", "it was the fastest of three")

    def load(self) -> None:
        self.loads += 1
        if self.failure:
            raise self.failure

    def caption(self, photos: Sequence[Image.Image], *, prompt: str = "") -> tuple[Caption, ...]:
        if self.failure:
            raise self.failure
        return tuple(Caption(prompt + self._see(photo), self.model, -0.5, 0.25) for photo in photos)

    def _see(self, photo: Image.Image) -> str:
        if photo.width == photo.height:
            return "a pizza"
        return "a dog on a beach" if photo.width > photo.height else "a cat on a sofa"


class Seeing(FakeCaptioner):
    """Sees the same in every photo."""

    def __init__(self, text: str, *, is_guess: bool = False) -> None:
        super().__init__()
        self.text = text
        self.is_guess = is_guess

    def caption(self, photos: Sequence[Image.Image], *, prompt: str = "") -> tuple[Caption, ...]:
        caption = Caption(self.text, self.model, -0.5, 0.25, is_guess=self.is_guess)
        return (caption,) * len(photos)


class SlowCaptioner(FakeCaptioner):
    """Loads until it is told that it has: `loaded.set()`."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded = threading.Event()

    def load(self) -> None:
        self.loaded.wait()
        super().load()


class HeldCaptioner(FakeCaptioner):
    """Writes when it is let go, and remembers how many photos it was given at a time."""

    def __init__(self, failure: Exception | None = None) -> None:
        super().__init__(failure)
        self.begun = threading.Event()
        self.go = threading.Event()
        self.batches: list[int] = []

    def hold(self) -> None:
        """Forget what was written so far, to warm up, and hold what comes."""
        self.begun.clear()
        self.go.clear()
        self.batches.clear()

    def caption(self, photos: Sequence[Image.Image], *, prompt: str = "") -> tuple[Caption, ...]:
        self.batches.append(len(photos))
        self.begun.set()
        assert self.go.wait(10)
        return super().caption(photos, prompt=prompt)


class FakeMapper:
    """Turns each word of a caption that is not small into hashtags.

    "a dog on a beach" gives dog 1.0, beach 0.95, dog2 0.90, beach2 0.85, dog3 0.80 and so on.
    The words of dog3 are a third as similar to its meaning, "dog", and 20 posts carry it.
    """

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.loads = 0
        self.ranking: Ranking | None = None  # what the last caption was matched with
        self.vocabulary = Vocabulary(())

    def load(self) -> None:
        self.loads += 1
        if self.failure:
            raise self.failure

    def match(
        self, caption: str, limit: int = 10, *, ranking: Ranking | None = None
    ) -> tuple[HashtagMatch, ...]:
        if self.failure:
            raise self.failure
        self.ranking = ranking
        keywords = [
            Keyword(found.group(), found.start(), found.end(), "NOUN")
            for found in re.finditer(r"\w+", caption)
            if found.group() not in _SMALL_WORDS
        ]
        ranked = [(keyword, turn) for turn in range(1, limit + 1) for keyword in keywords]
        return tuple(
            HashtagMatch(
                keyword.text if turn == 1 else f"{keyword.text}{turn}",
                max(1 - rank * _STEP, 0),
                keyword,
                similarity=1 / turn,
                meaning=keyword.text,
                posts=60 // turn,
            )
            for rank, (keyword, turn) in enumerate(ranked[:limit])
        )

    def with_vocabulary(self, vocabulary: Vocabulary) -> FakeMapper:
        self.vocabulary = vocabulary  # only kept: the hashtags come from the caption alone
        return self


# What answers say of the first hashtag for "a dog", and of a caption that nobody has judged.
DOG = {
    "tag": "dog",
    "pascal_case": "Dog",
    "score": 1.0,
    "keyword": "dog",
    "start": 2,
    "end": 5,
    "similarity": 1.0,
    "meaning": "dog",
    "posts": 60,
}
NOT_JUDGED = {"labels": [], "confidence": None, "is_guess": False}
