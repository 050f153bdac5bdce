"""The vocabulary file: load, check, save."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tagmapper.tags import Hashtag


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Hashtags in the order of their file, no two alike.

    Attributes:
        hashtags: The lines of the file.
    """

    hashtags: tuple[Hashtag, ...]

    def __len__(self) -> int:
        return len(self.hashtags)

    def __iter__(self) -> Iterator[Hashtag]:
        return iter(self.hashtags)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read and check a vocabulary file.

        Raises:
            VocabularyError: With every bad line at once.
        """
        raise NotImplementedError

    @classmethod
    def default(cls) -> Self:
        """Return the vocabulary that is shipped with captag."""
        raise NotImplementedError

    def save(self, path: Path) -> None:
        """Write the file in one step: it is either the old one or the new one, never half."""
        raise NotImplementedError
