"""Which tags are offered, and in what order: pinned first, then greedily the one that adds most.

Whatever is chosen only takes from what is left (repetition, twins, fading votes), so that no tag
adds more than the one before it; one that had to wait, for its language or because it is generic,
scores no more than those before it.
"""

import math
from collections.abc import Callable

import numpy as np

from tagmapper.index import Index
from tagmapper.ranking import Floats, Ints, Mask, Ranking, blend, marginal, nearest
from tagmapper.tags import Hashtag
from tagmapper.twins import bare, twin_key
from tagmapper.wording import Ceilings

Chosen = tuple[int, float]  # index into ``index.hashtags``, score in [0, 1]

_POST_SET = 5  # how many tags Instagram takes: none is generic, no two say the same word
_GENERIC_PLACES = (7, 8, 9)  # from 0: the last three of ten are what every post says, for reach
_SAID = 0.3  # wording from which a generic tag is about this photo: #hair where the caption says it
_CANDIDATES_PER_TAG = 20  # looked at for each tag that is asked for; many are twins
_FIRST_SETTLED = 2  # times as many ceilings are made exact, to know what a candidate must reach
_KOREAN_EVERY = 3  # in "all": bilingual creators put about one Korean tag beside two English ones
_SAME_WORD = 0.5  # left of a tag when another form of its word is chosen: #dog, then #dogstagram
_UNSAID = 0.5  # left of a tag that says more than the caption: #alarmclock for a clock
_BACKED = 0.3  # support from which posts of this kind do carry it: #foodporn for food


def choose(
    index: Index,
    wording: Ceilings,
    support: Floats,
    ranking: Ranking,
    limit: int,
    is_wrong: Callable[[Hashtag], bool] = lambda _: False,
    says_more: Callable[[Hashtag], bool] = lambda _: False,
) -> list[Chosen]:
    """Return the tags to offer with their scores, the best first, none a twin of another.

    Args:
        index: What can be offered.
        wording: What the caption says of the ``N`` tags.
        support: What posts say of each, shape ``(N,)`` in ``[0, 1]``.
        ranking: Mix, penalty, diversity, floor, twins and language.
        limit: At most so many.
        is_wrong: Asked of a tag that might be offered; pinned tags are offered regardless.
        says_more: Asked of the same; such a tag counts less.
    """
    wording.settle(np.array(index.pinned[:limit], np.int64))
    chosen = [(at, _score(wording.ceiling, support, ranking, at)) for at in index.pinned[:limit]]
    pools = {
        language: _Pool(index, wording, support, ranking, limit, language, is_wrong, says_more)
        for language in _languages(ranking)
    }
    for at, _ in chosen:
        _note(pools, index, at, ranking)
    least = 1.0
    while len(chosen) < limit:
        found = _next(pools, len(chosen), ranking)
        if found is None:
            break
        at, least = found[0], min(least, found[1])
        chosen.append((at, least))
        _note(pools, index, at, ranking)
    return chosen


def _next(pools: dict[str, "_Pool"], place: int, ranking: Ranking) -> Chosen | None:
    """Return the tag for a place: of the language whose turn it is, and generic where it may be."""
    wanted: tuple[bool | None, ...] = (True, False) if place in _GENERIC_PLACES else (False,)
    if not ranking.penalty:
        wanted = (None,)
    turn = _turn(_languages(ranking), place)
    tried = (pools[each].best(place, generic) for generic in wanted for each in turn)
    return next((found for found in tried if found), None)


def _score(wording: Floats, support: Floats, ranking: Ranking, at: int) -> float:
    return _shown(float(blend(wording[[at]], support[[at]], ranking.mix, 0)[0]))


def _shown(value: float) -> float:
    """Spread values, which are products of shares, over ``[0, 1]``; the order stays."""
    return math.sqrt(max(value, 0))


def _languages(ranking: Ranking) -> tuple[str, ...]:
    return ("en", "ko") if ranking.language == "all" else (ranking.language,)


def _turn(languages: tuple[str, ...], place: int) -> tuple[str, ...]:
    """Return whose turn it is, then who steps in: every third place is the second language's."""
    return languages[::-1] if place % _KOREAN_EVERY == _KOREAN_EVERY - 1 else languages


def _note(pools: dict[str, "_Pool"], index: Index, at: int, ranking: Ranking) -> None:
    for pool in pools.values():
        [vector] = index.corpus.embeddings(index.rows[index.starts[[at]]])
        pool.note(vector, _key(index.hashtags[at], ranking))


def _key(hashtag: Hashtag, ranking: Ranking) -> str:
    return hashtag.tag if ranking.twins else twin_key(hashtag.tag, hashtag.meaning)


class _Pool:
    """The candidates of one language, and what those that were chosen have taken from each."""

    def __init__(
        self,
        index: Index,
        wording: Ceilings,
        support: Floats,
        ranking: Ranking,
        limit: int,
        language: str,
        is_wrong: Callable[[Hashtag], bool],
        says_more: Callable[[Hashtag], bool],
    ) -> None:
        allowed = index.languages[language]
        self.at = _candidates(wording, support, ranking, limit, allowed)
        self.hashtags = [index.hashtags[at] for at in self.at.tolist()]
        self.is_wrong, self.says_more = is_wrong, says_more
        self.ranking = ranking
        self.wording, self.support = wording.ceiling[self.at], support[self.at]
        self.generic = index.generic[self.at] & (self.wording < _SAID)
        self.vectors = index.corpus.embeddings(index.rows[index.starts[self.at]])
        self.is_open = np.ones(len(self.at), bool)
        self.is_new = np.ones(len(self.at), bool)
        self.is_said = np.ones(len(self.at), bool)
        self.redundancy = np.zeros(len(self.at), np.float32)
        self.chosen_keys: set[str] = set()
        self.chosen_words: set[str] = set()

    def best(self, place: int, generic: bool | None) -> Chosen | None:
        """Return what adds most at a place, with its score; None where nothing is left.

        Args:
            place: From 0.
            generic: Whether it must be a tag that goes with everything; None where it may.
        """
        while True:
            scores = self._scores(place)
            values = marginal(scores, self.redundancy, self.ranking.diversity)
            allowed = np.flatnonzero(self._is_allowed(scores, place, generic))
            if not len(allowed):
                return None
            best = int(allowed[np.argmax(values[allowed])])
            if self._stands(best):
                return int(self.at[best]), _shown(float(values[best]))

    def note(self, vector: Floats, key: str) -> None:
        """Take from the candidates what a chosen tag says already."""
        self.chosen_keys.add(key)
        if not self.ranking.twins:
            self.chosen_words.add(bare(key))
        # einsum rounds equal rows alike; BLAS does not, and chance would order tags of one meaning
        repeated = np.einsum("ij,j->i", self.vectors, vector)
        np.maximum(self.redundancy, repeated, out=self.redundancy)

    def _scores(self, place: int) -> Floats:
        scores = blend(self.wording, self.support, self.ranking.mix, place)
        scores = np.where(self.is_new, scores, scores * _SAME_WORD)
        return np.where(self.is_said, scores, scores * _UNSAID)

    def _is_allowed(self, scores: Floats, place: int, generic: bool | None) -> Mask:
        allowed = self.is_open & (scores >= self.ranking.floor**2)
        if generic is not None:
            allowed &= self.generic == generic
        return allowed & self.is_new if place < _POST_SET else allowed

    def _stands(self, candidate: int) -> bool:
        """Look closely at a candidate that seems best; one that does not stand loses for good.

        Only here, because words take long to be compared and few candidates get so far.
        """
        hashtag = self.hashtags[candidate]
        key = _key(hashtag, self.ranking)
        if key in self.chosen_keys or self.is_wrong(hashtag):
            self.is_open[candidate] = False
            return False
        if self.is_new[candidate] and bare(key) in self.chosen_words:
            self.is_new[candidate] = False
            return False
        if self._may_be_doubted(candidate) and self.says_more(hashtag):
            self.is_said[candidate] = False
            return False
        return True

    def _may_be_doubted(self, candidate: int) -> bool:
        return bool(self.is_said[candidate] and self.support[candidate] < _BACKED)


def _candidates(
    wording: Ceilings, support: Floats, ranking: Ranking, limit: int, allowed: Mask
) -> Ints:
    """Return what might be chosen at the first place or at the last, in the vocabulary's order."""
    most = limit * _CANDIDATES_PER_TAG
    found = [_best(wording, support, ranking, most, allowed, place) for place in (0, limit)]
    return np.unique(np.concatenate(found))


def _best(
    wording: Ceilings, support: Floats, ranking: Ranking, most: int, allowed: Mask, place: int
) -> Ints:
    """Return the tags that score most at a place, as if all ceilings were exact.

    Where ``most`` tags are known to reach a score, those that cannot reach it need not be settled:
    the threshold algorithm of Fagin, Lotem & Naor, PODS 2001.
    """

    def scores(tags: Ints) -> Floats:
        return blend(wording.ceiling[tags], support[tags], ranking.mix, place)

    floor = ranking.floor**2
    ceilings = blend(wording.ceiling, support, ranking.mix, place)
    tags = np.flatnonzero(allowed & (ceilings >= floor))
    first = tags[nearest(ceilings[tags], most * _FIRST_SETTLED)]
    wording.settle(first)
    reached = np.sort(scores(first))[-most:].min(initial=1)
    wording.settle(tags[scores(tags) >= reached])
    exact = scores(tags)
    best = nearest(exact, most)
    return tags[best[exact[best] >= floor]]
