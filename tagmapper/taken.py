"""What the tags that were chosen say already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagmapper.twins import bare

if TYPE_CHECKING:
    from tagmapper.ranking import Floats


class Taken:
    """The tags that were chosen, in order."""

    def __init__(self) -> None:
        self._vectors: list[Floats] = []
        self._parts: list[int] = []
        self._keys: set[str] = set()
        self._words: set[str] = set()

    def __len__(self) -> int:
        return len(self._vectors)

    def add(self, vector: Floats, part: int, key: str) -> None:
        """Take one more.

        Args:
            vector: Of its first meaning, shape ``(D,)``.
            part: The part of the caption that it is nearest to, from 0; -1 for none.
            key: What it shares with its twins.
        """
        self._vectors.append(vector)
        self._parts.append(part)
        self._keys.add(key)
        self._words.add(bare(key))

    def is_twin(self, key: str) -> bool:
        """Whether a twin of a tag was chosen."""
        return key in self._keys

    def says_word(self, key: str) -> bool:
        """Whether a form of a tag's word was chosen."""
        return bare(key) in self._words

    def redundancy(self, vector: Floats, since: int = 0) -> float:
        """Return the largest cosine of a vector to one of the tags, in ``[0, 1]``.

        Not more, though vectors in half precision are up to a thousandth longer than 1.

        Args:
            vector: Shape ``(D,)``.
            since: Leave out so many, those chosen first.
        """
        largest = max([0.0, *map(float, map(vector.dot, self._vectors[since:]))])
        return min(largest, 1.0)

    def covered(self, part: int, since: int = 0) -> int:
        """Return how many of the tags are nearest to the same part of the caption.

        Args:
            part: As `add` takes it; those of -1 share nothing.
            since: As for `redundancy`.
        """
        return self._parts[since:].count(part) if part >= 0 else 0
