"""Which tags are offered, and in what order: pinned, the post set, the rest; by language."""

from collections.abc import Iterator

import numpy as np

from tagmapper.index import Index
from tagmapper.ranking import Floats, Ranking, diverse, nearest
from tagmapper.twins import twin_key

_POST_SET = 5  # how many tags Instagram takes
_PARTICULAR = 2  # place in the post set, from 0, that goes to the best of the tags that follow it
_CANDIDATES_PER_TAG = 20  # looked at for each tag that is asked for; many are twins
_KOREAN_EVERY = 3  # in "all": bilingual creators put about one Korean tag beside two English ones


def choose(
    index: Index, scores: Floats, tail_scores: Floats, ranking: Ranking, limit: int
) -> list[int]:
    """Return the tags to offer, as indices into ``index.hashtags``, none a twin of another.

    Args:
        index: What can be offered.
        scores: Order of the post set, shape ``(N,)``.
        tail_scores: Order of those that follow, shape ``(N,)``.
        ranking: Diversity, floor, twins and language.
        limit: At most so many.
    """
    chosen = list(index.pinned[:limit])
    seen = {_key(index, at, ranking) for at in chosen}
    streams = {
        language: (
            _stream(index, _in(index, scores, language), ranking, limit, seen),
            _stream(index, _in(index, tail_scores, language), ranking, limit, seen),
        )
        for language in _languages(ranking)
    }
    while len(chosen) < limit:
        part = int(len(chosen) >= _POST_SET or len(chosen) == _PARTICULAR)
        order = _turn(_languages(ranking), len(chosen))
        found = next((at for one in order for at in streams[one][part]), None)
        if found is None:
            break
        chosen.append(found)
    return chosen


def _languages(ranking: Ranking) -> tuple[str, ...]:
    return ("en", "ko") if ranking.language == "all" else (ranking.language,)


def _turn(languages: tuple[str, ...], place: int) -> tuple[str, ...]:
    """Return whose turn it is, then who steps in: every third place is the second language's."""
    return languages[::-1] if place % _KOREAN_EVERY == _KOREAN_EVERY - 1 else languages


def _in(index: Index, scores: Floats, language: str) -> Floats:
    return np.where(index.languages[language], scores, -np.inf).astype(np.float32)


def _stream(
    index: Index, scores: Floats, ranking: Ranking, limit: int, seen: set[str]
) -> Iterator[int]:
    """Yield tags by diversity, none whose key is in ``seen``; what is yielded is added to it."""
    candidates = nearest(scores, limit * _CANDIDATES_PER_TAG)
    candidates = candidates[scores[candidates] >= ranking.floor]

    def is_new(at: int) -> bool:
        return _key(index, int(candidates[at]), ranking) not in seen

    vectors = index.vectors[index.rows[index.starts[candidates]]]
    for at in diverse(scores[candidates], vectors, ranking.diversity, is_new):
        seen.add(_key(index, int(candidates[at]), ranking))
        yield int(candidates[at])


def _key(index: Index, at: int, ranking: Ranking) -> str:
    hashtag = index.hashtags[at]
    return hashtag.tag if ranking.twins else twin_key(hashtag.tag, hashtag.meaning)
