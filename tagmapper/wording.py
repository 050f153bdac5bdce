"""What a caption says of each tag: at most so much at first, exactly for those that matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from tagmapper.ranking import best_meaning, cosine_similarity, said, strongest

if TYPE_CHECKING:
    from tagmapper.index import Index
    from tagmapper.ranking import Floats, Ints

# Weight from which a keyword is a part of its own: no verb, adjective or vessel has it.
_PART = 0.75


class Ceilings(Protocol):
    """What a caption says of ``N`` tags, as far as it is known.

    Attributes:
        ceiling: What the caption says of each tag is no more, shape ``(N,)``, not below 0; exact
            where `settle` has been asked.
    """

    ceiling: Floats

    def settle(self, tags: Ints) -> None:
        """Make the ceilings of some tags exact."""
        ...

    def parts(self, vectors: Floats) -> Ints:
        """Return the part of the caption that each vector is nearest to, shape ``(len(vectors),)``.

        The whole caption is none, unless it has no other.
        """
        ...


class Wording:
    """What a caption says of ``N`` tags, by a screen of their vectors first: see `Ceilings`.

    Args:
        index: The tags.
        vectors: The unit vectors of the caption's parts, shape ``(Q, D)``.
        weights: Shape ``(Q,)`` in ``(0, 1]``.
        voters: How near the strongest part is to each text of the posts, shape ``(V,)``.
        named: Further texts and how near each is, see `tagmapper.names.named_meanings`.
    """

    def __init__(
        self,
        index: Index,
        vectors: Floats,
        weights: Floats,
        voters: Floats,
        named: tuple[Ints, Floats],
    ) -> None:
        self._index, self._vectors, self._weights = index, vectors, weights
        self._relevance = index.corpus.ceiling(vectors * weights[:, None])
        self._relevance[: len(voters)] = voters
        self._is_open = np.ones(len(self._relevance), bool)
        self._is_open[: len(voters)] = False
        rows, nearness_by_name = named
        self._relevance[rows] = nearness_by_name
        self._is_open[rows] = False
        nearness = best_meaning(self._relevance, index.rows, index.starts)
        self.ceiling = said(nearness) * index.usage

    def settle(self, tags: Ints) -> None:
        """Make the ceilings of some tags exact, reading the vectors of no others."""
        index = self._index
        tags = tags[self.ceiling[tags] > 0]  # 0 is exact: nothing is less
        rows, starts = index.meanings(tags)
        unknown = rows[self._is_open[rows]]
        if len(unknown):
            similarity = cosine_similarity(self._vectors, index.corpus.embeddings(unknown))
            self._relevance[unknown] = strongest(similarity, self._weights)
            self._is_open[unknown] = False
        nearness = best_meaning(self._relevance[rows], np.arange(len(rows)), starts)
        self.ceiling[tags] = said(nearness) * index.usage[tags]

    def parts(self, vectors: Floats) -> Ints:
        """Return the noun that each vector is nearest to; a plate of something is no part."""
        nouns = self._vectors[1:][self._weights[1:] >= _PART]
        parts = nouns if len(nouns) else self._vectors[:1]
        return np.asarray(cosine_similarity(parts, vectors).argmax(axis=0), np.int64)
