"""The tags that might be offered, and which of them adds most to those that are chosen.

Whatever is known of a tag is at first no more than a ceiling. Ceilings are made exact only where
they would win, and what loses by a ceiling loses whatever it is: lazy evaluation as in Minoux,
"Accelerated Greedy Algorithms" (1978), over a list that is only as long as it must be.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from tagmapper.diversity import marginal
from tagmapper.ranking import between, blend, nearest
from tagmapper.taken import Taken
from tagmapper.twins import twin_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tagmapper.index import Index
    from tagmapper.ranking import Floats, Ints, Mask, Ranking
    from tagmapper.tags import Hashtag
    from tagmapper.wording import Ceilings

    _T = TypeVar("_T", bound=np.generic)

Chosen = tuple[int, float]  # index into ``index.hashtags``, score in [0, 1]

POST_SET = 5  # how many tags Instagram takes: no two of them say the same word
_SAID = 0.3  # wording from which a generic tag is about this photo: #hair where the caption says it
_SAME_WORD = 0.5  # left of a tag when another form of its word is chosen: #dog, then #dogstagram
_UNSAID = 0.2  # left of a tag that says more than the caption: #alarmclock for a clock
_BACKED = 0.3  # support from which posts of this kind do carry it: #foodporn for food
_LISTED_PER_TAG = 16  # looked at first for each tag that is asked for; many lose when looked at
_LONGER = 8  # times as many are looked at where these do not do
_SETTLED_AT_ONCE = 96  # many are read in hardly more time than one


class Pool:
    """The candidates of one language, and what those that were chosen have taken from each.

    Args:
        index: What can be offered.
        wording: What the caption says of the ``N`` tags.
        support: What posts say of each, shape ``(N,)`` in ``[0, 1]``.
        ranking: Mix, penalty, diversity, floor and twins.
        limit: How many tags are asked for.
        allowed: Which tags may be offered, shape ``(N,)``.
        is_wrong: Asked of a tag that might be offered.
        says_more: Asked of the same; such a tag counts less.
    """

    def __init__(
        self,
        index: Index,
        wording: Ceilings,
        support: Floats,
        ranking: Ranking,
        limit: int,
        allowed: Mask,
        is_wrong: Callable[[Hashtag], bool],
        says_more: Callable[[Hashtag], bool],
    ) -> None:
        self._index, self._ranking, self._limit = index, ranking, limit
        self._all_wording, self._all_support = wording, support
        self._is_wrong, self._says_more = is_wrong, says_more
        self._unlisted = allowed.copy()
        self._length = limit * _LISTED_PER_TAG
        self._taken = Taken()
        self._most_unlisted = -1.0, -1.0
        self._at = self._part = self._covered = np.empty(0, np.int64)
        self._wording = self._support = self._redundancy = np.empty(0, np.float32)
        self._generic = self._is_settled = np.empty(0, bool)
        self._is_lost = self._is_repeated = self._is_doubted = np.empty(0, bool)
        self._settled = np.empty(0, np.int64)  # in the order of their vectors
        self._vectors = index.corpus.embeddings(self._settled)
        self._list(np.flatnonzero(allowed & index.generic))
        self._settle(np.arange(len(self._at)))  # few; whether they are generic depends on it
        self._list_best()

    def best(self, place: int, generic: bool | None) -> Chosen | None:
        """Return what adds most at a place, with its score; None where nothing is left.

        Args:
            place: From 0.
            generic: Whether it must be a tag that goes with everything; None where it may.
        """
        while True:
            scores = self._scores(place)
            values = marginal(scores, self._redundancy, self._covered, self._ranking.diversity)
            values[~self._is_allowed(scores, place, generic)] = -1
            most = values.max(initial=-1)
            if not generic and self._may_be_beaten(most, place):
                self._list_best()
            elif most < 0:
                return None
            else:
                [winners] = (values == most).nonzero()
                best = int(winners[self._at[winners].argmin()])  # the first in the vocabulary
                if not self._is_settled[winners].all():
                    self._settle_best(values)
                elif self._stands(best):
                    return int(self._at[best]), shown(float(most))

    def note(self, tag: int) -> None:
        """Take from the candidates what a chosen tag says already."""
        vectors, part = self._known(tag)
        before = len(self._taken)
        self._taken.add(vectors[0], int(part[0]), _key(self._index.hashtags[tag], self._ranking))
        self._take(self._settled, self._vectors, before)

    def _known(self, tag: int) -> tuple[Floats, Ints]:
        """Return the vector of a tag's first meaning and its part, one row each.

        Both are here if the tag was chosen here, and not pinned or chosen in another language.
        """
        [place] = (self._at[self._settled] == tag).nonzero()
        if len(place):
            return self._vectors[place], self._part[self._settled[place]]
        tags = np.array([tag])
        vectors = self._first_meanings(tags)
        return vectors, self._parts(tags, vectors)

    def _first_meanings(self, tags: Ints) -> Floats:
        index = self._index
        return index.corpus.embeddings(index.rows[index.starts[tags]])

    def _parts(self, tags: Ints, vectors: Floats) -> Ints:
        """Return the part of the caption that each tag is nearest to; -1 for the generic."""
        return np.where(self._is_generic(tags), -1, self._all_wording.parts(vectors))

    def _is_generic(self, tags: Ints) -> Mask:
        return self._index.generic[tags] & (self._all_wording.ceiling[tags] < _SAID)

    def _take(self, candidates: Ints, vectors: Floats, since: int = 0) -> None:
        """Note what was chosen since."""
        repeated = self._taken.redundancy(vectors, since)
        self._redundancy[candidates] = np.maximum(self._redundancy[candidates], repeated)
        self._covered[candidates] += self._taken.covered(self._part[candidates], since)

    def _scores(self, place: int) -> Floats:
        scores = blend(self._wording, self._support, self._ranking.mix, place)
        scores[self._is_repeated] *= _SAME_WORD
        scores[self._is_doubted] *= _UNSAID
        return scores

    def _is_allowed(self, scores: Floats, place: int, generic: bool | None) -> Mask:
        allowed = ~self._is_lost & (scores >= self._ranking.floor**2)
        if generic is not None:
            allowed &= self._generic == generic
        return allowed & ~self._is_repeated if place < POST_SET else allowed

    def _stands(self, candidate: int) -> bool:
        """Look closely at a candidate that seems best; one that does not stand loses for good.

        Only here, because words take long to be compared and few candidates get so far.
        """
        hashtag = self._index.hashtags[self._at[candidate]]
        key = _key(hashtag, self._ranking)
        if self._taken.is_twin(key) or self._is_wrong(hashtag):
            self._is_lost[candidate] = True
            return False
        is_form = not self._ranking.twins and self._taken.says_word(key)
        if is_form and not self._is_repeated[candidate]:
            self._is_repeated[candidate] = True
            return False
        if self._may_be_doubted(candidate) and self._says_more(hashtag):
            self._is_doubted[candidate] = True
            return False
        return True

    def _may_be_doubted(self, candidate: int) -> bool:
        return bool(not self._is_doubted[candidate] and self._support[candidate] < _BACKED)

    def _settle_best(self, values: Floats) -> None:
        """Make exact what is most promising."""
        unsettled = np.flatnonzero(~self._is_settled)
        self._settle(unsettled[nearest(values[unsettled], _SETTLED_AT_ONCE)])

    def _settle(self, candidates: Ints) -> None:
        tags = self._at[candidates]
        self._all_wording.settle(tags)
        self._wording[candidates] = self._all_wording.ceiling[tags]
        self._generic[candidates] = self._is_generic(tags)
        self._is_settled[candidates] = True
        vectors = self._first_meanings(tags)
        self._part[candidates] = self._parts(tags, vectors)
        self._take(candidates, vectors)
        self._settled = np.concatenate([self._settled, candidates])
        self._vectors = np.concatenate([self._vectors, vectors])

    def _may_be_beaten(self, value: float, place: int) -> bool:
        """Whether a tag that is not listed may be worth as much at a place."""
        bound = between(*self._most_unlisted, place, self._limit)
        return bound >= max(value, self._ranking.floor**2)

    def _list_best(self) -> None:
        """List more tags: those that may score most at the first place or after the last."""
        at_first, at_last = (
            blend(self._all_wording.ceiling, self._all_support, self._ranking.mix, place)
            for place in (0, self._limit)
        )
        tags = np.flatnonzero(self._unlisted & (at_first >= self._ranking.floor**2))
        best = [tags[nearest(scores[tags], self._length)] for scores in (at_first, at_last)]
        self._length *= _LONGER
        self._list(np.unique(np.concatenate(best)))
        tags = tags[self._unlisted[tags]]
        first, last = (float(scores[tags].max(initial=-1)) for scores in (at_first, at_last))
        self._most_unlisted = first, last

    def _list(self, tags: Ints) -> None:
        """Make tags candidates, of which no more than ceilings are known."""
        self._unlisted[tags] = False
        self._at = np.concatenate([self._at, tags])
        self._wording = np.concatenate([self._wording, self._all_wording.ceiling[tags]])
        self._support = np.concatenate([self._support, self._all_support[tags]])
        self._generic = _longer(self._generic, len(tags))
        self._part = _longer(self._part, len(tags))
        self._covered = _longer(self._covered, len(tags))
        self._redundancy = _longer(self._redundancy, len(tags))
        self._is_settled = _longer(self._is_settled, len(tags))
        self._is_lost = _longer(self._is_lost, len(tags))
        self._is_repeated = _longer(self._is_repeated, len(tags))
        self._is_doubted = _longer(self._is_doubted, len(tags))


def _key(hashtag: Hashtag, ranking: Ranking) -> str:
    """Return what two tags share of which only one is offered."""
    return hashtag.tag if ranking.twins else twin_key(hashtag.tag, hashtag.meaning)


def shown(value: float) -> float:
    """Spread values, which are products of shares, over ``[0, 1]``; the order stays."""
    return math.sqrt(max(value, 0))


def _longer(values: NDArray[_T], count: int) -> NDArray[_T]:
    return np.concatenate([values, np.zeros(count, values.dtype)])
