"""What the tags that were chosen say already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagmapper.twins import bare

if TYPE_CHECKING:
    from tagmapper.ranking import Floats, Ints


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

    def redundancy(self, vectors: Floats, since: int = 0) -> Floats:
        """Return the largest cosine of each vector to one of the tags, not below 0.

        Args:
            vectors: Shape ``(R, D)``.
            since: Leave out so many, those chosen first.
        """
        largest = np.zeros(len(vectors), np.float32)
        for chosen in self._vectors[since:]:
            # einsum rounds equal rows alike, BLAS does not: chance would order tags of one meaning
            np.maximum(largest, np.einsum("ij,j->i", vectors, chosen), out=largest)
        return largest

    def covered(self, parts: Ints, since: int = 0) -> Ints:
        """Return how many of the tags are nearest to the same part of the caption.

        Args:
            parts: Shape ``(R,)``, as `add` takes them; those of -1 share nothing.
            since: As for `redundancy`.
        """
        chosen = np.array(self._parts[since:], np.int64)
        same = (parts[:, None] == chosen) & (chosen >= 0)
        return np.asarray(same.sum(axis=1), np.int64)
