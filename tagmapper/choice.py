"""Which tags are offered, and in what order: pinned first, then greedily the one that adds most.

Whatever is chosen only takes from what is left (repetition, twins, fading votes), so that no tag
adds more than the one before it; one that had to wait, for its language or because it is generic,
scores no more than those before it.
"""

import math
from collections.abc import Callable, Iterable

import numpy as np

from tagmapper.candidate import Candidate, Candidates
from tagmapper.index import Index
from tagmapper.pool import POST_SET, Offer, Pool, key_of
from tagmapper.ranking import Floats, Ranking, shares
from tagmapper.tags import Hashtag
from tagmapper.taken import Taken
from tagmapper.wording import Ceilings

Chosen = tuple[int, float]  # index into ``index.hashtags``, score in [0, 1]

_GENERIC_PLACES = (7, 8, 9)  # from 0: the last three of ten are what every post says, for reach
# Value under which, after those that Instagram takes, what every post says is better: of a hand
# "handsaw" has 0.004, and of a bathroom "bathroomdoor". Chosen on the development photos.
_LITTLE = 0.15**2
_KOREAN_EVERY = 3  # in "all": bilingual creators put about one Korean tag beside two English ones


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
    taken, chosen, least = Taken(), list[Chosen](), 1.0

    def take(candidate: Candidate, value: float) -> None:
        chosen.append((candidate.at, _shown(value)))
        taken.add(candidate.vector, candidate.part, key_of(index.hashtags[candidate.at], ranking))

    pinned = np.array(index.pinned[:limit], np.int64)
    for candidate in Candidates(index, wording, support, pinned) if len(pinned) else ():
        take(candidate, candidate.score(shares(ranking.mix, 0)))
    pools = {
        code: Pool(
            index,
            wording,
            support,
            ranking,
            limit,
            index.languages[code],
            taken,
            is_wrong,
            says_more,
        )
        for code in _languages(ranking)
    }
    while len(chosen) < limit and (offer := _next(pools, len(chosen), ranking)):
        value, candidate = offer
        least = min(least, value)
        take(candidate, least)
    return chosen


def _next(pools: dict[str, Pool], place: int, ranking: Ranking) -> Offer | None:
    """Return the tag for a place: of the language whose turn it is, and generic where it may be."""
    in_turn = [pools[each] for each in _turn(_languages(ranking), place)]
    if not ranking.penalty:
        return _best(in_turn, place, None)
    is_generic = place in _GENERIC_PLACES
    found = _best(in_turn, place, is_generic)
    if found and (is_generic or place < POST_SET or found[0] >= _LITTLE):
        return found
    return _best(in_turn, place, not is_generic) or found


def _best(in_turn: Iterable[Pool], place: int, generic: bool | None) -> Offer | None:
    """Return what the first of some pools has for a place, see `Pool.best`."""
    return next((found for pool in in_turn if (found := pool.best(place, generic))), None)


def _languages(ranking: Ranking) -> tuple[str, ...]:
    return ("en", "ko") if ranking.language == "all" else (ranking.language,)


def _turn(languages: tuple[str, ...], place: int) -> tuple[str, ...]:
    """Return whose turn it is, then who steps in: every third place is the second language's."""
    return languages[::-1] if place % _KOREAN_EVERY == _KOREAN_EVERY - 1 else languages


def _shown(value: float) -> float:
    """Spread values, which are products of shares, over ``[0, 1]``; the order stays."""
    return math.sqrt(value)
