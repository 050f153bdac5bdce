"""The tags that might be offered, and which of them adds most to those that are chosen.

Whatever is known of a tag is at first no more than a ceiling, and what it was worth at an earlier
place is one, too, as whatever is chosen only takes from the others. Only the tag of the highest
ceiling is looked at, and what loses by a ceiling loses whatever it is: lazy evaluation as in
Minoux, "Accelerated Greedy Algorithms" (1978), over a list that is only as long as it must be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagmapper.candidate import SAID, Candidates
from tagmapper.candidate_queue import CandidateQueue
from tagmapper.ranking import ROUNDED_UP, between, nearest, shares
from tagmapper.twins import twin_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagmapper.candidate import Candidate
    from tagmapper.index import Index
    from tagmapper.ranking import Floats, Ints, Mask, Ranking
    from tagmapper.tags import Hashtag
    from tagmapper.taken import Taken
    from tagmapper.wording import Ceilings

Offer = tuple[float, "Candidate"]  # what it adds, in [0, 1]

POST_SET = 5  # how many tags Instagram takes: no two of them say the same word
_BACKED = 0.3  # support from which posts of this kind do carry it: #foodporn for food
_LISTED_PER_TAG = 16  # looked at first for each tag that is asked for; many lose when looked at
_LONGER = 8  # times as many are looked at where these do not do


class Pool:
    """The candidates of one language.

    Args:
        index: What can be offered.
        wording: What the caption says of the ``N`` tags.
        support: What posts say of each, shape ``(N,)`` in ``[0, 1]``.
        ranking: Mix, penalty, diversity, floor and twins.
        limit: How many tags are asked for.
        allowed: Which tags may be offered, shape ``(N,)``.
        taken: Those that were chosen.
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
        taken: Taken,
        is_wrong: Callable[[Hashtag], bool],
        says_more: Callable[[Hashtag], bool],
    ) -> None:
        self._index, self._ranking, self._limit = index, ranking, limit
        self._wording, self._support, self._taken = wording, support, taken
        self._is_wrong, self._says_more = is_wrong, says_more
        self._least, self._diversity = ranking.floor**2, ranking.diversity
        self._queues = {generic: CandidateQueue(self._look) for generic in (False, True)}
        self._unlisted = allowed & ~index.generic
        self._length = limit * _LISTED_PER_TAG
        self._bounds = -1.0, -1.0  # of what is not listed, at the first place and after the last
        self._list_generic(np.flatnonzero(allowed & index.generic))
        self._list_best()

    def best(self, place: int, generic: bool | None) -> Offer | None:
        """Return what adds most at a place; None where nothing is left.

        Args:
            place: From 0, never less than the last time.
            generic: Whether it must be a tag that goes with everything; None where it may.
        """
        if place >= POST_SET:
            for queue in self._queues.values():
                queue.resume()
        kinds = (False, True) if generic is None else (generic,)
        found = [offer for kind in kinds if (offer := self._best_of(kind, place))]
        return min(found, key=lambda offer: (-offer[0], offer[1].at), default=None)

    def _best_of(self, generic: bool, place: int) -> Offer | None:
        queue, weights = self._queues[generic], shares(self._ranking.mix, place)
        unlisted = -1 if generic else self._most_unlisted(place)
        while True:
            ceiling, candidate = queue.first()
            if unlisted >= max(ceiling, self._least):
                self._list_best()
                unlisted = self._most_unlisted(place)
            elif candidate is None:
                return None
            elif (score := candidate.score(weights)) < self._least:
                queue.drop()  # nor will it score more at a later place
            elif (value := candidate.adds(score, self._taken, self._diversity)) < ceiling:
                queue.lower(value)
            elif self._stands(candidate, place, queue):
                return value, candidate

    def _most_unlisted(self, place: int) -> float:
        """What a tag that is not listed scores at most at a place."""
        return between(*self._bounds, place, self._limit)

    def _stands(self, candidate: Candidate, place: int, queue: CandidateQueue) -> bool:
        """Look closely at the first of a queue.

        Only here, because words take long to be compared and few candidates get so far.
        """
        hashtag = self._index.hashtags[candidate.at]
        key = key_of(hashtag, self._ranking)
        if self._taken.is_twin(key) or self._is_wrong(hashtag):
            queue.drop()
            return False
        is_form = not self._ranking.twins and self._taken.says_word(key)
        if is_form and not candidate.is_form:
            candidate.is_form = True
            if place < POST_SET:
                queue.set_aside()
            return False
        may_be_doubted = not candidate.is_doubted and candidate.support < _BACKED
        if may_be_doubted and self._says_more(hashtag):
            candidate.is_doubted = True
            return False
        return True

    def _look(self, tags: Ints) -> tuple[Candidates, Floats]:
        """Make candidates of tags, and tell the most that each may add."""
        found = Candidates(self._index, self._wording, self._support, tags)
        return found, self._scores(found.wording, found.support, 0)

    def _list_generic(self, tags: Ints) -> None:
        """List all of them, as whether one is generic depends on what the caption says."""
        ceiling = self._wording.ceiling[tags]
        may_be_said = ceiling >= SAID
        unsaid = tags[~may_be_said]
        scores = self._scores(ceiling[~may_be_said], self._support[unsaid], 0)
        self._queues[True].extend(unsaid, scores)
        if may_be_said.any():
            found, ceilings = self._look(tags[may_be_said])
            for generic, queue in self._queues.items():
                rows = np.flatnonzero(found.is_generic == generic)
                queue.add(found, rows, ceilings[rows])

    def _list_best(self) -> None:
        """List more tags: those that may score most at the first place or after the last."""
        ceiling, support = self._wording.ceiling, self._support
        at_first = self._scores(ceiling, support, 0)
        tags = np.flatnonzero(self._unlisted & (at_first >= self._least))
        at_first = at_first[tags]
        at_last = self._scores(ceiling[tags], support[tags], self._limit)
        is_best = np.zeros(len(tags), bool)
        for scores in (at_first, at_last):
            is_best[nearest(scores, self._length)] = True
        self._length *= _LONGER
        self._unlisted[tags[is_best]] = False
        self._queues[False].extend(tags[is_best], at_first[is_best])
        first, last = (float(each[~is_best].max(initial=-1)) for each in (at_first, at_last))
        self._bounds = first, last

    def _scores(self, wording: Floats, support: Floats, place: int) -> Floats:
        """What tags score at most at a place; all of one shape."""
        said, voted = shares(self._ranking.mix, place)
        return said * ROUNDED_UP * wording + voted * ROUNDED_UP * support


def key_of(hashtag: Hashtag, ranking: Ranking) -> str:
    """Return what two tags share of which only one is offered."""
    return hashtag.tag if ranking.twins else twin_key(hashtag.tag, hashtag.meaning)
