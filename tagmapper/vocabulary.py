"""The vocabulary: hashtags in the order of their file, no two alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Self

from tagmapper.errors import BadLine, VocabularyError
from tagmapper.reason import Reason
from tagmapper.tags import Hashtag
from tagmapper.vocabulary_file import parse, to_csv, write


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Hashtags in the order of their file, no two alike.

    Attributes:
        hashtags: The lines of the file, at least one.
    """

    hashtags: tuple[Hashtag, ...]

    def __len__(self) -> int:
        return len(self.hashtags)

    def __iter__(self) -> Iterator[Hashtag]:
        return iter(self.hashtags)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read and check a vocabulary file; a meaning left empty is filled in from the tag.

        Raises:
            VocabularyError: The file cannot be read, or lines are bad: all of them at once.
        """
        try:
            content = path.read_bytes()
        except OSError as error:
            raise VocabularyError(path, [BadLine(0, why_unreadable(error))]) from error
        return cls(parse(content, path))

    @classmethod
    def default(cls) -> Self:
        """Return the vocabulary that is shipped with captag."""
        return cls(_shipped())

    def save(self, path: Path) -> None:
        """Write the file in one step: it is either the old one or the new one, never half.

        Raises:
            OSError: The folder cannot be written to.
        """
        write(to_csv(self.hashtags), path)


@cache
def _shipped() -> tuple[Hashtag, ...]:
    with as_file(files("captag_data") / "hashtags.csv") as path:
        return Vocabulary.load(path).hashtags


def why_unreadable(error: OSError) -> Reason:
    """Say why the disk does not give a file."""
    return Reason("cannot be read: %(reason)s", reason=error.strerror or error)
