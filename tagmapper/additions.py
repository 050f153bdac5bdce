"""What a tag adds to what was said: ``#alarmclock`` where a caption says "clock" is a guess."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from tagmapper.keywords import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagmapper.tags import Hashtag, Keyword

_WORD = re.compile(r"\w+")
_REMEMBERED = 65_536  # the same tags are looked at for many captions
# What tags add to any word, without saying another thing: #catlover, #floweroftheday.
_MANNER = (
    "a addict all art best blog blogger club community daily day fan for gallery good "
    "gram i in insta instagram is life lifestyle lover loves my of page photo "
    "photographer photography pic picture style the this time world your"
)


class Said:
    """The words of a caption.

    Args:
        keywords: The whole caption first, then its words and phrases.
    """

    def __init__(self, keywords: Sequence[Keyword]) -> None:
        self._words = _stems(" ".join(keyword.text for keyword in keywords[1:]))

    def is_exceeded(self, hashtag: Hashtag) -> bool:
        """Whether a tag names one of these words and makes it another or a closer thing.

        Not so a tag that is one of them: "train on tracks" only tells what ``#train`` means.
        """
        about = [
            words - self._words - _manner()
            for words in map(_stems, hashtag.meaning.split(";"))
            if words & self._words
        ]
        return bool(about) and all(about) and not _stems(hashtag.tag) <= self._words


@lru_cache(maxsize=_REMEMBERED)
def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, _WORD.findall(text.casefold())))


@cache
def _manner() -> frozenset[str]:
    return _stems(_MANNER)
