"""How tags are put in order: pure numpy, one function an idea."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from tagmapper.tags import Language

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_KERNEL_ROWS = 8  # OpenBLAS multiplies so many at once; 7 take longer than 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What a person may change about the order of the tags.

    Attributes:
        mix: 0 offers what the caption says, 1 what posts of its kind carry; in ``[0, 1]``.
        penalty: How much a tag loses that goes with everything; at 0 nothing, and generic tags may
            be among the first; in ``[0, 1]``.
        diversity: 0 is the plain order, 1 only avoids repetition; in ``[0, 1]``.
        twins: Offer ``dog`` beside ``dogs`` and their translations.
        floor: Tags that score less are not offered; in ``[0, 1]``.
        language: Offer tags of this language only, or ``all``: every third one Korean.

    Raises:
        ValueError: A number outside its range, or a language that is not known.
    """

    mix: float = 0.5
    penalty: float = 0.25
    diversity: float = 0.2
    floor: float = 0.05
    twins: bool = False
    language: Language = "en"

    def __post_init__(self) -> None:
        for name in ("mix", "penalty", "diversity", "floor"):
            if not 0 <= getattr(self, name) <= 1:  # refuses NaN too
                raise ValueError(f"{name} must be between 0 and 1, not {getattr(self, name)}")
        if self.language not in get_args(Language):
            raise ValueError(f"language must be one of {', '.join(get_args(Language))}")


def cosine_similarity(queries: Floats, corpus: Floats) -> Floats:
    """Cosine of the angle between every query and every corpus row.

    Args:
        queries: Shape ``(Q, D)``, rows of unit length.
        corpus: Shape ``(C, D)``, rows of unit length; same ``D``.

    Returns:
        Shape ``(Q, C)`` in ``[-1, 1]``, higher is nearer.
    """
    count, width = queries.shape
    rows = np.resize(queries, (count + -count % _KERNEL_ROWS, width))  # repeats some
    return np.asarray((rows @ corpus.T)[:count], np.float32)


def strongest(similarity: Floats, weights: Floats) -> Floats:
    """What the query that speaks loudest says of each column.

    Args:
        similarity: Shape ``(Q, C)``.
        weights: Shape ``(Q,)`` in ``(0, 1]``.

    Returns:
        Shape ``(C,)``: the largest weighted similarity.
    """
    return np.asarray((similarity * weights[:, None]).max(axis=0), np.float32)


def best_meaning(values: Floats, rows: Ints, starts: Ints) -> Floats:
    """Give each tag the value of its best meaning.

    Args:
        values: One a meaning, shape ``(U,)``.
        rows: The meanings of all tags, one tag after the other, shape ``(R,)``.
        starts: Where each tag's meanings begin in ``rows``, shape ``(N,)``, rising.

    Returns:
        Shape ``(N,)``.
    """
    if len(rows) == len(starts):  # one meaning each
        return np.asarray(values[rows])
    return np.asarray(np.maximum.reduceat(values[rows], starts)) if len(starts) else values[:0]


def specific(votes: Floats, generality: Floats, penalty: float) -> Floats:
    """Take votes from tags that go with everything.

    Args:
        votes: Share of the posts found that carry each tag, shape ``(N,)`` in ``[0, 1]``.
        generality: Share of all tags that it stands beside, shape ``(N,)`` in ``[0, 1]``; the
            number of distinct tags beside it says more than how often it is used.
        penalty: In ``[0, 1]``; 0 changes nothing.

    Returns:
        Shape ``(N,)`` in ``[0, 1]``.
    """
    return np.asarray(votes * (1 - generality) ** penalty, np.float32)


def plausible(votes: Floats, similarity: Floats, generality: Floats) -> Floats:
    """Take votes from tags that name something else than the caption does.

    Posts with snakes are found beside posts with cats, but a snake is no cat: a tag that stands
    beside few others names a thing, and a thing must be seen. ``love`` need not be.

    Args:
        votes: Shape ``(N,)`` in ``[0, 1]``.
        similarity: Cosine of each tag to the caption, shape ``(N,)``.
        generality: Shape ``(N,)`` in ``[0, 1]``.

    Returns:
        Shape ``(N,)`` in ``[0, 1]``.
    """
    unseen = 1 - np.clip((similarity - _UNSEEN) / (_SEEN - _UNSEEN), 0, 1)
    return np.asarray(votes * (1 - _DOUBT * unseen * (1 - generality) ** _NAMES), np.float32)


def targeted(votes: Floats, usual: Floats) -> Floats:
    """Tell what posts like this carry from what all posts carry.

    The lift of an association rule: Brin, Motwani, Ullman & Tsur, SIGMOD 1997.

    Args:
        votes: Share of the posts found that carry each tag, shape ``(N,)`` in ``[0, 1]``.
        usual: Share of all posts that carry it, shape ``(N,)`` in ``[0, 1]``.

    Returns:
        Shape ``(N,)`` in ``[0, 1]``: 0 where posts like this do not carry it oftener than others.
    """
    lift = votes / np.maximum(usual, 1e-6)
    return np.asarray(np.clip((lift - 1) / _CLEAR_LIFT, 0, 1), np.float32)


def said(similarity: Floats) -> Floats:
    """Tell what the caption says from what merely sounds like it.

    Args:
        similarity: Cosine of each tag to the caption, shape ``(N,)``.

    Returns:
        Shape ``(N,)`` in ``[0, 1]``: 0 up to a cosine of 0.5, which unrelated words reach, and
        rising ever faster to 1 for the very word.
    """
    return np.asarray(np.maximum((similarity - _UNRELATED) / (1 - _UNRELATED), 0) ** 2, np.float32)


def usage(posts: Ints) -> Floats:
    """Prefer words that people do post: a table is seen on many photos and tagged on few.

    Args:
        posts: How many posts carry each tag, shape ``(N,)``; 0 where nobody counted.

    Returns:
        What is left of what a caption says of each tag, shape ``(N,)`` in ``(0, 1]``.
    """
    known = np.minimum(np.log1p(posts) / np.log1p(_WELL_USED), 1)
    return np.asarray(_UNUSED + (1 - _UNUSED) * known, np.float32)


def shares(mix: float, place: int) -> tuple[float, float]:
    """Weigh what the caption says against what posts of its kind carry.

    Args:
        mix: In ``[0, 1]``; 0 counts the wording alone, 1 the support alone.
        place: Of the tag to be chosen, from 0: support counts less with each place, so that the
            first tags are those of the kind of photo and the last those of this photo.

    Returns:
        What the wording counts and what the support counts, in ``[0, 1]``, together at most 1; a
        tag's score is the sum of both by their shares, and never more at a later place.
    """
    wording = (1 - mix) * _EVEN / ((1 - mix) * _EVEN + mix)
    return wording, (1 - wording) * _FADING**place


def between(first: float, last: float, place: int, limit: int) -> float:
    """Bound what is scored at a place by what is scored at two others.

    What support counts is a mean of what it counts there, so each score is the same mean of two.

    Args:
        first: The most that any of some tags scores at place 0.
        last: Likewise at place ``limit``.
        place: From 0 to ``limit``.
        limit: A place, at least 1.
    """
    least = _FADING**limit
    share = (_FADING**place - least) / (1 - least)
    return (share * first + (1 - share) * last) * ROUNDED_UP


# Tuned by cross-validation over the posts (benchmarks/crossvalidation.py) and on the captions of
# the development photos.
_UNRELATED = 0.5
_UNSEEN, _SEEN = 0.35, 0.6
_DOUBT = 0.95
_NAMES = 4
_CLEAR_LIFT = 0.5
_UNUSED, _WELL_USED = 0.6, 10
_EVEN = 0.15  # a word that is said outweighs a vote at an even mix by far, if it is not held back
_FADING = 0.82
ROUNDED_UP = 1 + 1e-6  # float32 rounds the scores themselves


def nearest(scores: Floats, limit: int) -> Ints:
    """Return the indices of the best scores, the best first; equal scores keep their order.

    Args:
        scores: Shape ``(N,)``.
        limit: At most so many, at least 1.

    Returns:
        Shape ``(min(limit, N),)``.
    """
    if len(scores) > limit:
        threshold = np.partition(scores, -limit)[-limit]
        candidates = np.flatnonzero(scores >= threshold)
    else:
        candidates = np.arange(len(scores))
    return candidates[np.argsort(-scores[candidates], kind="stable")][:limit]
