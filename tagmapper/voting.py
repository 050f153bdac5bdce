"""What real posts carry together: posts like the caption are found, and their tags vote.

Nearest-neighbour tag voting as in Makadia et al., "A New Baseline for Image Annotation" (ECCV
2008), with text in place of image features. Pure numpy, one function an idea. Posts are kept as
``members`` and ``starts`` of ``tagmapper.posts.Posts``, tags as what `carriers` makes of them.
"""

import numpy as np

from tagmapper.ranking import Floats, Ints

# Tuned by cross-validation over the posts (benchmarks/crossvalidation.py).
_TOO_FAR = 0.5  # similarity under which a tag says nothing of the caption
_ANY_POST = 0.1  # say of a post that shares nothing with the caption but its kind
_TEMPERATURE = 0.08  # similarity by which one kind of photo must lead to be 2.7 times as probable
_NEAREST_CAPTIONS = 6  # of each kind; their mean is less easily led astray than the nearest alone
_ONE_VOICE = 0.25  # power of the number of posts by which each of them loses say


def carriers(members: Ints, starts: Ints) -> tuple[Ints, Ints]:
    """Lay out posts by their tags, each of which is carried by some.

    Returns:
        The posts that carry each tag, one tag after the other, shape ``(E,)``, and where each tag
        begins, shape ``(T,)``.
    """
    posts = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(members)))
    lengths = np.bincount(members)
    return posts[np.argsort(members, kind="stable")], np.cumsum(lengths) - lengths


def rarity(weights: Floats, posts: Ints, begins: Ints) -> Floats:
    """Inverse document frequency of each tag: how much carrying it says of a post.

    Spärck Jones, "A Statistical Interpretation of Term Specificity" (1972).

    Args:
        weights: Of the posts, shape ``(P,)``.
        posts: Those that carry each tag, see `carriers`.
        begins: Likewise.

    Returns:
        Shape ``(T,)``, natural logarithm of 1 + posts / posts that carry it.
    """
    carried = np.add.reduceat(weights[posts], begins)
    return np.asarray(np.log1p(weights.sum() / np.maximum(carried, 1e-9)), np.float32)


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


def shares_by_kind(weights: Floats, posts: Ints, begins: Ints, scenes: Ints) -> Floats:
    """Share of each kind's weighted posts that carry each tag.

    Returns:
        Shape ``(kinds, T)`` in ``[0, 1]``.
    """
    kinds = int(scenes.max(initial=-1)) + 1
    of_one = [np.where(scenes == at, weights, 0).astype(np.float32) for at in range(kinds)]
    shares = [votes(only, posts, begins) for only in of_one]
    return np.array(shares, np.float32).reshape(kinds, len(begins))


def evenness(shares: Floats) -> Floats:
    """How evenly a tag is spread over the kinds of photo; high for ``love``.

    Shannon's entropy of the kind of photo, given the tag.

    Args:
        shares: Share of each kind's posts that carry each tag, shape ``(kinds, T)``.

    Returns:
        Shape ``(T,)`` in ``[0, 1]``: 0 for a tag of one kind, 1 for one that all kinds carry alike.
    """
    if len(shares) <= 1:
        return np.zeros(shares.shape[1], np.float32)
    odds = shares / np.maximum(shares.sum(axis=0), 1e-9)
    logarithms = np.log(odds, where=odds > 0, out=np.zeros_like(odds))
    return np.asarray(-(odds * logarithms).sum(axis=0) / np.log(len(shares)), np.float32)


def balance(scenes: Ints, hands: Ints) -> Floats:
    """Weigh posts so that every kind counts the same, and who posts much little more than others.

    How many posts of a kind were gathered means nothing, and a person who puts the same tags under
    everything must not speak for all: each of ``n`` posts of one hand loses a little of its say.

    Args:
        scenes: The kind of each post, shape ``(P,)``.
        hands: Whose each is, shape ``(P,)``.

    Returns:
        Shape ``(P,)``, 1 on average.
    """
    if not len(scenes):
        return np.ones(0, np.float32)
    _, hand = np.unique(hands, return_inverse=True)
    by_hand = np.bincount(hand)[hand] ** -_ONE_VOICE
    by_kind = by_hand / np.bincount(scenes, by_hand)[scenes]
    return np.asarray(by_kind / by_kind.mean(), np.float32)


def scene_probabilities(
    similarity: Floats, caption_scenes: Ints, scene_count: int
) -> tuple[Floats, float]:
    """How probable each kind of photo is, by the nearest captions of each kind.

    Args:
        similarity: Of the caption to captions of known kind, shape ``(S,)`` in ``[-1, 1]``.
        caption_scenes: Their kinds, shape ``(S,)``; ``scene_count`` is a kind that no post has.
        scene_count: How many kinds posts have.

    Returns:
        Of each kind, shape ``(scene_count,)``, and of being none of them; together they sum to 1:
        softmax. All kinds are alike where no captions are known.
    """
    if not len(similarity):
        return np.full(scene_count, 1 / max(scene_count, 1), np.float32), 0.0
    nearness = _mean_of_nearest(similarity, caption_scenes, scene_count + 1)
    odds = np.exp((nearness - nearness.max()) / _TEMPERATURE)
    odds /= odds.sum()
    return odds[:-1].astype(np.float32), float(odds[-1])


def _mean_of_nearest(similarity: Floats, kinds: Ints, count: int) -> Floats:
    """Mean of the nearest captions of each kind, shape ``(count,)``; -inf for a kind without."""
    apart = 3.0 * kinds  # similarities of two kinds are never among each other
    in_order = np.sort(apart + similarity) - np.sort(apart)
    total = np.append(0, np.cumsum(in_order, dtype=np.float64))
    length = np.bincount(kinds, minlength=count)
    end, taken = np.cumsum(length), np.minimum(length, _NEAREST_CAPTIONS)
    mean = (total[end] - total[end - taken]) / np.maximum(taken, 1)
    return np.where(taken, mean, -np.inf)


def post_weights(relevance: Floats, rarity: Floats, members: Ints, starts: Ints) -> Floats:
    """How near each post is to the caption, by the tags it carries.

    Args:
        relevance: Similarity of each tag to the caption, shape ``(T,)``.
        rarity: Shape ``(T,)``.
        members: Shape ``(E,)``.
        starts: Shape ``(P,)``.

    Returns:
        Shape ``(P,)`` in ``(0, 1.1]``: 1.1 for the nearest post, 0.1 for one that is far.
    """
    gain = np.maximum(relevance - _TOO_FAR, 0) * rarity
    total = np.add.reduceat(gain[members], starts)
    return np.asarray(total / max(total.max(), 1e-9) + _ANY_POST, np.float32)


def votes(weights: Floats, posts: Ints, begins: Ints) -> Floats:
    """Share of the weighted posts that carry each tag, shape ``(T,)`` in ``[0, 1]``."""
    carried = np.add.reduceat(weights[posts], begins)
    return np.asarray(carried / max(weights.sum(), 1e-9), np.float32)
