"""What a caption says of each tag: at most so much at first, exactly for those that matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from tagmapper.ranking import best_meaning, cosine_similarity, said, strongest

if TYPE_CHECKING:
    from tagmapper.index import Index
    from tagmapper.ranking import Floats, Ints

# Weight from which a keyword is a part of its own: no verb, adjective or vessel has it.
_PART = 0.75


class Settled(NamedTuple):
    """What is known of ``R`` tags.

    Attributes:
        wording: What the caption says of each, shape ``(R,)``, not below 0.
        vectors: Of their first meanings, shape ``(R, D)``.
        parts: The part of the caption that each is nearest to, from 0, shape ``(R,)``.
    """

    wording: Floats
    vectors: Floats
    parts: Ints


class Ceilings(Protocol):
    """What a caption says of ``N`` tags, as far as it is known.

    Attributes:
        ceiling: What the caption says of each tag is no more, shape ``(N,)``, not below 0.
    """

    ceiling: Floats

    def settle(self, tags: Ints) -> Settled:
        """Look at some tags, at least one, exactly."""
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
        self._relevance = np.empty(len(index.corpus.places), np.float32)
        self._relevance[index.first :] = index.corpus.ceiling(
            vectors * weights[:, None], index.first
        )
        self._relevance[: len(voters)] = voters
        self._is_open = np.ones(len(self._relevance), bool)
        self._is_open[: len(voters)] = False
        rows, nearness_by_name = named
        self._relevance[rows] = nearness_by_name
        self._is_open[rows] = False
        self._nouns = 1 + np.flatnonzero(weights[1:] >= _PART)
        nearness = best_meaning(self._relevance, index.rows, index.starts)
        self.ceiling = said(nearness) * index.usage

    def settle(self, tags: Ints) -> Settled:
        """Look at some tags, at least one, exactly, reading the vectors of no others."""
        index = self._index
        rows, starts = index.meanings(tags)
        vectors = index.corpus.embeddings(rows)
        similarity = cosine_similarity(self._vectors, vectors)
        is_new = self._is_open[rows]
        self._relevance[rows[is_new]] = strongest(similarity, self._weights)[is_new]
        self._is_open[rows] = False
        nearness = best_meaning(self._relevance[rows], np.arange(len(rows)), starts)
        parts = self._parts(similarity[:, starts])
        return Settled(said(nearness) * index.usage[tags], vectors[starts], parts)

    def _parts(self, similarity: Floats) -> Ints:
        """Return the noun that each column is nearest to; a plate of something is no part.

        The whole caption is none, unless it has no other.
        """
        nouns = similarity[self._nouns] if len(self._nouns) else similarity[:1]
        return np.asarray(nouns.argmax(axis=0), np.int64)
