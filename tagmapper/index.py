"""A vocabulary and the posts laid out as arrays: every meaning embedded once."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from tagmapper.electorate import Electorate
from tagmapper.embedding import Embedder, Embeddings
from tagmapper.posts import Posts
from tagmapper.ranking import Floats, Ints, Mask
from tagmapper.tags import Hashtag
from tagmapper.vector_cache import embed_cached
from tagmapper.vocabulary import Vocabulary

_NO_POST_TAG = -1


class _Texts(dict[str, int]):
    """Numbers texts in the order in which they are first asked for."""

    def __missing__(self, text: str) -> int:
        self[text] = len(self)
        return self[text]


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """What does not change from caption to caption.

    ``U`` distinct texts, ``N`` tags that may be offered.

    Attributes:
        hashtags: The ``N`` tags: all but the blocked.
        vectors: One row a text, shape ``(U, D)``, in the order that `embed_cached` gives.
        rows: The texts of all tags' meanings, one tag after the other.
        starts: Where each tag's meanings begin in ``rows``, shape ``(N,)``.
        post_tag: Which post tag votes for a tag, shape ``(N,)``; -1 where none does.
        counts: How many posts carry each tag, by the vocabulary or else here, shape ``(N,)``.
        generic: Which tags go with every kind of photo, shape ``(N,)``.
        electorate: The posts that vote.
        languages: Tags that may be offered in a language, one mask of shape ``(N,)`` each.
        pinned: Tags that are always offered.
    """

    hashtags: tuple[Hashtag, ...]
    vectors: Embeddings
    rows: Ints
    starts: Ints
    post_tag: Ints
    counts: Ints
    generic: Mask
    electorate: Electorate
    languages: dict[str, Mask]
    pinned: tuple[int, ...]

    @classmethod
    def build(
        cls, vocabulary: Vocabulary, posts: Posts, embedder: Embedder, cache_folder: Path | None
    ) -> Self:
        """Lay out a vocabulary, embedding what the cache does not have."""
        hashtags = _offered(vocabulary)
        texts = _Texts()
        meanings = [_meanings(hashtag) for hashtag in hashtags]
        rows = _ints(texts[meaning] for of_one in meanings for meaning in of_one)
        post_rows = _ints(texts[meaning] for meaning in posts.meanings)
        scene_rows = _ints(texts[caption] for _, caption in posts.scene_captions)
        electorate = Electorate.of(posts, post_rows, scene_rows)
        post_tag = _post_tags(hashtags, posts)
        return cls(
            hashtags=hashtags,
            vectors=embed_cached(list(texts), embedder, cache_folder),
            rows=rows,
            starts=np.cumsum([0, *map(len, meanings)], dtype=np.int64)[:-1],
            post_tag=post_tag,
            counts=_counts(hashtags, posts, post_tag),
            generic=np.append(electorate.generic, False)[post_tag],
            electorate=electorate,
            languages={code: _in_language(hashtags, code) for code in ("en", "ko")},
            pinned=tuple(at for at, tag in enumerate(hashtags) if tag.state == "pinned"),
        )

    def meanings_of(self, at: int) -> slice:
        """Return where a tag's meanings stand in ``rows``."""
        end = self.starts[at + 1] if at + 1 < len(self.starts) else len(self.rows)
        return slice(int(self.starts[at]), int(end))

    def support(self, caption_similarity: Floats, relevance: Floats, penalty: float) -> Floats:
        """Let the posts like a caption vote; see ``Electorate.support``.

        Returns:
            Shape ``(N,)`` in ``[0, 1]``; 0 where no post has the tag.
        """
        if not len(self.electorate.posts):
            return np.zeros(len(self.hashtags), np.float32)
        found = self.electorate.support(caption_similarity, relevance, penalty)
        padded = np.append(found, np.float32(0))  # index -1: a tag that no post carries
        return np.asarray(padded[self.post_tag])


def texts_of(vocabulary: Vocabulary, posts: Posts) -> list[str]:
    """Return the distinct texts that ``Index.build`` embeds."""
    meanings = [meaning for tag in _offered(vocabulary) for meaning in _meanings(tag)]
    captions = [caption for _, caption in posts.scene_captions]
    return list(dict.fromkeys([*meanings, *posts.meanings, *captions]))


def _offered(vocabulary: Vocabulary) -> tuple[Hashtag, ...]:
    return tuple(tag for tag in vocabulary if tag.state != "blocked")


def _meanings(hashtag: Hashtag) -> list[str]:
    if ";" not in hashtag.meaning:  # nearly all, and there may be a hundred thousand
        return [hashtag.meaning.strip() or hashtag.tag]
    parts = [part.strip() for part in hashtag.meaning.split(";")]
    return [part for part in parts if part] or [hashtag.tag]


def _post_tags(hashtags: Iterable[Hashtag], posts: Posts) -> Ints:
    """Find the post tag of the same letters, else the commonest of the same meaning.

    A tag that was counted and is not among the post tags is rare: nothing votes for it.
    """
    by_tag = {tag: at for at, tag in enumerate(posts.tags)}
    counts = np.bincount(posts.members, minlength=len(posts.tags))
    by_meaning = {posts.meanings[at]: at for at in np.argsort(counts, kind="stable").tolist()}

    def find(hashtag: Hashtag) -> int:
        other = _NO_POST_TAG if hashtag.posts else by_meaning.get(hashtag.meaning, _NO_POST_TAG)
        return by_tag.get(hashtag.tag.casefold(), other)

    return _ints(map(find, hashtags))


def _counts(hashtags: Iterable[Hashtag], posts: Posts, post_tag: Ints) -> Ints:
    carried = np.append(np.bincount(posts.members, minlength=len(posts.tags)), 0)
    return np.asarray(np.maximum(_ints(tag.posts for tag in hashtags), carried[post_tag]), np.int64)


def _in_language(hashtags: Iterable[Hashtag], code: str) -> Mask:
    return np.array([h.language in (code, "") for h in hashtags], bool)


def _ints(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, np.int64)
