"""The posts laid out as arrays, so that those like a caption can vote."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from tagmapper import voting
from tagmapper.posts import Posts
from tagmapper.ranking import Floats, Ints, Mask, plausible, specific, targeted

_GENERIC = 0.85  # evenness from which a tag goes with every kind of photo: love 0.98, fashion 0.84
_PENALTY = 0.25  # the penalty at which the gate is as it was tuned
_STRANGE = 0.8  # how much of their say posts lose where no kind of photo fits
# Meanings that go with every kind of photo and yet must be there: a pizza is no summer.
_CLAIMS = frozenset(
    "art black boy family fashion friends funny girl girls hair movie music style summer "
    "sun".split()
)
_NOT_NAMED, _NAMED = 0.35, 0.6  # similarity up to which, and from which, the caption names a tag
_UNLIKELY, _LIKELY = 0.15, 0.4  # how probable a tag's kind of photo must be
_STRANGE_NOT_NAMED = 0.4  # where no kind of photo fits, a car is no computer


@dataclass(frozen=True, slots=True, eq=False)
class Electorate:
    """What does not change from caption to caption: ``T`` post tags, ``P`` posts.

    Attributes:
        posts: The posts.
        rows: The texts of the post tags' meanings, shape ``(T,)``.
        scene_rows: The texts of the scene captions, shape ``(S,)``.
        scene_ids: Their kinds, shape ``(S,)``.
        carriers: The posts that carry each tag, see `voting.carriers`.
        rarity: Shape ``(T,)``.
        generality: Shape ``(T,)``.
        balance: Shape ``(P,)``.
        usual: Share of all posts that carry each tag, shape ``(T,)``.
        shares: Share of each kind's posts that carry each tag, shape ``(kinds, T)``.
        mean_share: Their means over the kinds, shape ``(T,)``.
        most_share: The largest of them, shape ``(T,)``.
        generic: Which tags go with every kind of photo, shape ``(T,)``.
        vague: How well a tag does without being named, shape ``(T,)`` in ``[0, 1]``.
    """

    posts: Posts
    rows: Ints
    scene_rows: Ints
    scene_ids: Ints
    carriers: tuple[Ints, Ints]
    rarity: Floats
    generality: Floats
    balance: Floats
    usual: Floats
    shares: Floats
    mean_share: Floats
    most_share: Floats
    generic: Mask
    vague: Floats

    @classmethod
    def of(cls, posts: Posts, rows: Ints, scene_rows: Ints) -> Self:
        """Lay out posts whose texts are known by their rows."""
        count, members, starts = len(posts.tags), posts.members, posts.starts
        balance = voting.balance(posts.scenes, posts.hands)
        carriers = voting.carriers(members, starts)
        shares = voting.shares_by_kind(balance, *carriers, posts.scenes)
        generality = voting.generality(members, starts, count)
        claims = np.array([meaning in _CLAIMS for meaning in posts.meanings], bool)
        return cls(
            posts=posts,
            rows=rows,
            scene_rows=scene_rows,
            scene_ids=np.array([scene for scene, _ in posts.scene_captions], np.int64),
            carriers=carriers,
            rarity=voting.rarity(balance, *carriers),
            generality=generality,
            balance=balance,
            usual=voting.votes(balance, *carriers),
            shares=shares,
            mean_share=np.asarray(shares.sum(axis=0) / max(len(shares), 1), np.float32),
            most_share=shares.max(axis=0, initial=0),
            generic=(voting.evenness(shares) > _GENERIC) & ~claims,
            vague=np.where(claims, 0, generality).astype(np.float32),
        )

    def support(self, caption_similarity: Floats, relevance: Floats, penalty: float) -> Floats:
        """Let the posts like a caption vote.

        Args:
            caption_similarity: Of the whole caption to each text, shape ``(U,)``.
            relevance: Of the strongest part of the caption to each text, shape ``(U,)``.
            penalty: How much a tag loses that goes with everything, in ``[0, 1]``.

        Returns:
            Shape ``(T,)`` in ``[0, 1]``. The square root of a share is what makes it comparable
            with a similarity: shares are small, and most of them very small.
        """
        posts, of_tags = self.posts, relevance[self.rows]
        kinds, strange = voting.scene_probabilities(
            caption_similarity[self.scene_rows], self.scene_ids, len(posts.scene_names)
        )
        near = voting.post_weights(of_tags, self.rarity, posts.members, posts.starts)
        weights = near * self.balance * (kinds + strange / len(kinds))[posts.scenes]
        share = voting.votes(weights, *self.carriers)
        gate = np.where(self.generic, 1, targeted(share, self.usual))
        share = plausible(share, of_tags, self.vague)
        share = specific(share, self.generality, penalty) * self._of_kind(kinds, of_tags)
        known = 1 - strange * (1 - (1 - _STRANGE) * self._named(of_tags, _STRANGE_NOT_NAMED))
        return np.asarray(np.sqrt(share) * gate ** (penalty / _PENALTY) * known, np.float32)

    def _of_kind(self, kinds: Floats, relevance: Floats) -> Floats:
        """Take votes from tags of other kinds of photo, such as ``travel`` where there is wine.

        Posts are found by single tags, so that a few of another kind are always among them. And
        where no kind is likely, as of a child on a slide, ``fitness`` is no better than ``food``.
        """
        expected = kinds @ self.shares
        lift = expected / np.maximum(self.mean_share * kinds.sum(), 1e-9)
        likely = expected / np.maximum(self.most_share, 1e-9)
        likely = (likely - _UNLIKELY) / (_LIKELY - _UNLIKELY)
        named = self._named(relevance, _NOT_NAMED)
        of_kind = np.clip(np.minimum(2 * lift - 1, likely), 0, 1)
        return np.asarray(np.maximum(named, of_kind), np.float32)

    def _named(self, relevance: Floats, from_similarity: float) -> Floats:
        """How clearly the caption names each tag, in ``[0, 1]``; 1 for the generic."""
        span = _NAMED - _NOT_NAMED
        named = np.clip((relevance - from_similarity) / span, 0, 1)
        return np.asarray(np.where(self.generic, 1, named), np.float32)
