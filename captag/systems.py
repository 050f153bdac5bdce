"""What is measured beside the product: the baselines, and the product with one part left out."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import numpy as np

from tagmapper import Ranking, TagMapper, extract_keywords
from tagmapper.additions import Said
from tagmapper.posts import Posts
from tagmapper.rivals import Rivals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tagmapper import Embedder, Hashtag, Vocabulary

    System = Callable[[str], Sequence[str]]  # a caption in, hashtags out, the best first

_NOT_IN_TAGS = re.compile(r"\W+")
_NEAR = 0.35  # cosine from which a tag's meaning counts as near a caption


class _Anything(Said):
    """A caption after which every tag may say what it likes."""

    def is_exceeded(self, hashtag: Hashtag) -> bool:
        """Return false."""
        return False


def mapped(mapper: TagMapper, ranking: Ranking | None = None) -> System:
    """Return the product: the ten best tags of a mapper."""
    return lambda caption: [match.tag for match in mapper.match(caption, ranking=ranking)]


def popular(posts: Posts, limit: int = 10) -> System:
    """Return the baseline that gives every photo the commonest tags."""
    counts = np.bincount(posts.members, minlength=len(posts.tags))
    commonest = [posts.tags[at] for at in np.argsort(-counts, kind="stable")[:limit]]
    return lambda _: commonest


def keywords_alone(caption: str) -> list[str]:
    """Return the keywords themselves as tags: ``#blackdog #dog #grass``."""
    return [_NOT_IN_TAGS.sub("", keyword.text.lower()) for keyword in extract_keywords(caption)]


def ablations(
    vocabulary: Vocabulary, embedder: Embedder, cache_folder: Path | None, ranking: Ranking
) -> dict[str, System]:
    """Return the product with each part of its ranking left out in turn."""
    shipped = Posts.default()
    no_scenes = dataclasses.replace(shipped, scene_captions=())

    def mapper(posts: Posts, rivals: Rivals | None = None, said: type[Said] = Said) -> TagMapper:
        return TagMapper(
            vocabulary,
            embedder,
            cache_folder=cache_folder,
            ranking=ranking,
            posts=posts,
            rivals=rivals,
            said=said,
        )

    whole = mapper(shipped)
    return {
        "without the posts": mapped(mapper(Posts.none())),
        "without the kind of photo": mapped(mapper(no_scenes)),
        "without the caption's own words (mix 1)": mapped(
            whole, dataclasses.replace(ranking, mix=1)
        ),
        "without the rivals (a cat is no dog)": mapped(mapper(shipped, Rivals(()))),
        "without the doubt of what says more (a clock is no alarm clock)": mapped(
            mapper(shipped, said=_Anything)
        ),
        "without the penalty for generic tags": mapped(
            whole, dataclasses.replace(ranking, penalty=0)
        ),
        "without diversity": mapped(whole, dataclasses.replace(ranking, diversity=0)),
        "without merging of twins": mapped(whole, dataclasses.replace(ranking, twins=True)),
    }


def share_near(
    captions: Sequence[str],
    tags: Sequence[Sequence[str]],
    vocabulary: Vocabulary,
    embedder: Embedder,
) -> float:
    """Return the share of tags whose meaning is near their photo's caption, in [0, 1].

    Args:
        captions: Reference captions, one a photo.
        tags: What was offered for each, in the same order; unknown tags count as far.
        vocabulary: Says what a tag means.
        embedder: Says what is near.
    """
    meanings = {hashtag.tag: hashtag.meaning for hashtag in vocabulary}
    pairs = [
        (caption, meanings[tag])
        for caption, of_one in zip(captions, tags, strict=True)
        for tag in of_one
        if tag in meanings
    ]
    total = sum(map(len, tags))
    if not pairs:
        return 0.0
    left, right = (embedder.embed(texts) for texts in zip(*pairs, strict=True))
    return float((np.einsum("nd,nd->n", left, right) >= _NEAR).sum() / total)
