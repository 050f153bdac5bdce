"""What real posts carry together: posts like the caption are found, and their tags vote.

Nearest-neighbour tag voting as in Makadia et al., "A New Baseline for Image Annotation" (ECCV
2008), with text in place of image features. Pure numpy, one function an idea. Posts are kept as
``members`` and ``starts`` of ``tagmapper.posts.Posts``.
"""

import numpy as np
from numpy.typing import NDArray

from tagmapper.ranking import Floats, Ints

_TOO_FAR = 0.35  # similarity under which a tag says nothing of the caption
_TEMPERATURE = 0.1  # similarity by which one kind of photo must lead to be 2.7 times as probable


def rarity(members: Ints, starts: Ints, scene_weights: Floats, tag_count: int) -> Floats:
    """Inverse document frequency of each tag: how much carrying it says of a post.

    Spärck Jones, "A Statistical Interpretation of Term Specificity" (1972).

    Returns:
        Shape ``(T,)``, natural logarithm of 1 + posts / posts that carry it; 0 where none does.
    """
    carried = _sum_by_tag(scene_weights, members, starts, tag_count)
    idf = np.log1p(scene_weights.sum() / np.maximum(carried, 1e-9))
    return np.asarray(np.where(carried > 0, idf, 0), np.float32)


def generality(members: Ints, starts: Ints, tag_count: int) -> Floats:
    """Share of all tags that a tag stands beside in some post; high for ``love``.

    Returns:
        Shape ``(T,)`` in ``[0, 1]``.
    """
    beside = np.zeros((tag_count, tag_count), bool)
    for post in np.split(members, starts[1:]):
        beside[np.ix_(post, post)] = True
    np.fill_diagonal(beside, val=False)
    return np.asarray(beside.sum(axis=1) / max(tag_count - 1, 1), np.float32)


def balance(scenes: Ints) -> Floats:
    """Weigh posts so that every kind counts the same: how many were gathered means nothing.

    Returns:
        Shape ``(P,)``, 1 on average.
    """
    weights = 1 / np.bincount(scenes)[scenes] if len(scenes) else np.ones(0)
    return (weights / weights.mean() if len(scenes) else weights).astype(np.float32)


def scene_probabilities(similarity: Floats, caption_scenes: Ints, scene_count: int) -> Floats:
    """How probable each kind of photo is, by the nearest caption of each kind.

    Args:
        similarity: Of the caption to captions of known kind, shape ``(S,)`` in ``[-1, 1]``.
        caption_scenes: Their kinds, shape ``(S,)``.
        scene_count: How many kinds there are.

    Returns:
        Shape ``(scene_count,)``, sums to 1: softmax; all alike where no captions are known.
    """
    nearest = np.full(scene_count, -1 if len(similarity) else 0, np.float32)
    np.maximum.at(nearest, caption_scenes, similarity)
    odds = np.exp((nearest - nearest.max(initial=-1)) / _TEMPERATURE)
    return np.asarray(odds / max(odds.sum(), 1e-9), np.float32)


def post_weights(relevance: Floats, rarity: Floats, members: Ints, starts: Ints) -> Floats:
    """How near each post is to the caption, by the tags it carries.

    Args:
        relevance: Similarity of each tag to the caption, shape ``(T,)``.
        rarity: Shape ``(T,)``.
        members: Shape ``(E,)``.
        starts: Shape ``(P,)``.

    Returns:
        Shape ``(P,)`` in ``[0, 1]``, the nearest post has 1; all 0 where no tag is near.
    """
    gain = np.maximum(relevance - _TOO_FAR, 0) * rarity
    total = np.add.reduceat(gain[members], starts)
    return np.asarray(total / max(total.max(), 1e-9), np.float32)


def votes(weights: Floats, members: Ints, starts: Ints, tag_count: int) -> Floats:
    """Share of the weighted posts that carry each tag, shape ``(T,)`` in ``[0, 1]``."""
    total = weights.sum()
    carried = _sum_by_tag(weights, members, starts, tag_count)
    return np.asarray(carried / max(total, 1e-9), np.float32)


def _sum_by_tag(weights: Floats, members: Ints, starts: Ints, tag_count: int) -> Floats:
    lengths: NDArray[np.int64] = np.diff(starts, append=len(members))
    by_member = np.repeat(weights, lengths)
    return np.asarray(np.bincount(members, by_member, minlength=tag_count), np.float32)
