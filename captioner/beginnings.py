"""Where a caption may end before it does: "a white dog", not "a white dog holding a stick"."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from captioner.beams import Found

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Beginnings:
    """What may be the last word of a caption, and what must not be cut off.

    Attributes:
        nouns: Tokens that name a thing or people.
        joined: Tokens that belong to the one before them: further nouns, pieces of words, marks
            and "of", and the end.
        end: The token that ends a caption.
    """

    nouns: frozenset[int]
    joined: frozenset[int]
    end: int

    @classmethod
    def of(cls, nouns: Collection[int], vocabulary: Mapping[str, int], end: int) -> Beginnings:
        """Of a vocabulary of word pieces, whose further pieces begin with "##"."""
        pieces = (token for piece, token in vocabulary.items() if not piece.isalpha())
        return cls(frozenset(nouns), frozenset((*nouns, *pieces, vocabulary["of"], end)), end)

    def among(self, found: Sequence[Found]) -> list[Found]:
        """The captions and, after them, those of their beginnings that end with a noun.

        Each scores as if the search had ended it there: the mean log-probability of its tokens and
        of the end. None comes twice, and one of a greedy search has no beginnings.
        """
        every = {one.tokens: one for one in found}
        for one in found:
            for length in self.lengths(one.tokens[: len(one.ends)]):
                beginning = self._ended(one, length)
                every.setdefault(beginning.tokens, beginning)
        return [*every.values()]

    def lengths(self, tokens: Sequence[int]) -> Iterable[int]:
        """Of a caption's beginnings, the shortest first."""
        for at, (token, following) in enumerate(pairwise(tokens)):
            if token in self.nouns and following not in self.joined:
                yield at + 1

    def _ended(self, one: Found, length: int) -> Found:
        own = (*one.log_probabilities[:length], one.ends[length])
        return Found((*one.tokens[:length], self.end), own, sum(own) / len(own))
