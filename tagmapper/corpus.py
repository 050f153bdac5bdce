"""The vectors of a vocabulary's texts, in one block or in two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from tagmapper.halves import as_float32

if TYPE_CHECKING:
    from tagmapper.blocks import Block
    from tagmapper.embedding import Embeddings
    from tagmapper.ranking import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """The vectors of ``U`` texts.

    Attributes:
        blocks: Where they are; may have others, too.
        places: The row of each text, counted through all blocks, shape ``(U,)``.
        is_block: Whether the texts are all rows of one block in their order.
    """

    blocks: tuple[Block, ...]
    places: Ints
    is_block: bool = False

    @classmethod
    def of(cls, block: Block) -> Self:
        """Take all rows of one block."""
        return cls((block,), np.arange(len(block.keys)), is_block=True)

    def embeddings(self, texts: Ints) -> Embeddings:
        """Return the vectors of some texts, shape ``(len(texts), D)``."""
        places = self.places[texts]
        first, *others = self.blocks
        rows = first.vectors.take(places, axis=0, mode="clip")
        for block in others:
            places = places - len(first.keys)
            here = np.flatnonzero(places >= 0)
            rows[here] = block.vectors.take(places[here], axis=0, mode="clip")
            first = block
        return as_float32(rows)

    def all(self) -> Embeddings:
        """Return the vectors of all texts, shape ``(U, D)``."""
        return self.embeddings(np.arange(len(self.places)))

    def ceiling(self, queries: Floats, first: int = 0) -> Floats:
        """Return what the largest product of any query with each text cannot exceed.

        See `Screen.ceiling`; shape ``(U - first,)``, of the first text and those after it.
        """
        if self.is_block:
            return self.blocks[0].screen.ceiling(queries, first)
        found = [block.screen.ceiling(queries) for block in self.blocks]
        return np.concatenate(found)[self.places[first:]]
