"""Everything that tagmapper raises on purpose.

::

    TagMapperError
    ├── VocabularyError       the vocabulary file must be mended; carries every bad line
    ├── HashtagRefused        one hashtag must be mended; carries every field with its reason
    └── EmbeddingModelError   the sentence encoder cannot be loaded or is not the expected one
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tagmapper.reason import Reason

_MOST_LINES_SHOWN = 20


class TagMapperError(Exception):
    """Base of the errors of this package."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """One reason why a vocabulary file is refused.

    Attributes:
        line: Line number in the file, counted from 1; 0 where the whole file is meant.
        reason: What is wrong, for the person who edits the file.
        column: The column that is meant; empty where the whole line is.
    """

    line: int
    reason: Reason
    column: str = ""


class VocabularyError(TagMapperError):
    """A vocabulary file that cannot be used, with all its bad lines at once.

    Attributes:
        path: The file.
        bad_lines: Every reason, in the order of the file; at least one.
    """

    def __init__(self, path: Path, bad_lines: Sequence[BadLine]) -> None:
        self.path = path
        self.bad_lines = tuple(bad_lines)
        super().__init__(self._message())

    def _message(self) -> str:
        shown = [self._one(bad) for bad in self.bad_lines[:_MOST_LINES_SHOWN]]
        more = len(self.bad_lines) - len(shown)
        return "\n".join([*shown, f"... and {more} more bad lines"] if more else shown)

    def _one(self, bad: BadLine) -> str:
        place = f"{self.path}:{bad.line}" if bad.line else f"{self.path}"
        return f"{place}: {bad.reason}"


class HashtagRefused(TagMapperError):
    """What was given for one hashtag cannot be used.

    Attributes:
        reasons: What is wrong, by the column of the vocabulary file; at least one.
    """

    def __init__(self, reasons: Mapping[str, Reason]) -> None:
        self.reasons = dict(reasons)
        super().__init__("; ".join(self.reasons.values()))


class EmbeddingModelError(TagMapperError):
    """The sentence encoder is missing, damaged or not the one that was tested."""
