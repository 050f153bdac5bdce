"""A vocabulary and the posts laid out as arrays: every meaning embedded once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Self

import numpy as np

from tagmapper.corpus import Corpus
from tagmapper.electorate import Electorate
from tagmapper.embedding import Embedder, Embeddings
from tagmapper.names import names_of
from tagmapper.posts import Posts
from tagmapper.ranking import Floats, Ints, Mask, usage
from tagmapper.tags import Hashtag
from tagmapper.vector_cache import embed_cached
from tagmapper.vocabulary import Vocabulary

_NO_POST_TAG = -1
_NO_TEXT = -1


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """What does not change from caption to caption.

    ``U`` distinct texts, of which the first ``V`` are those of the posts and the last those of the
    tags; some are both. ``N`` tags that may be offered.

    Attributes:
        hashtags: The ``N`` tags: all but the blocked.
        row: Where each text is in the corpus.
        corpus: The vectors of the texts.
        voters: Those of the posts, shape ``(V, D)``: each caption is compared with all of them.
        first: The first text that a tag means.
        rows: The texts of all tags' meanings, one tag after the other.
        starts: Where each tag's meanings begin in ``rows``, shape ``(N,)``.
        lengths: How many meanings each tag has, shape ``(N,)``.
        post_tag: Which post tag votes for a tag, shape ``(N,)``; -1 where none does.
        usage: How much each tag is posted, see ``ranking.usage``, shape ``(N,)``.
        generic: Which tags go with every kind of photo, shape ``(N,)``.
        electorate: The posts that vote.
        languages: Tags that may be offered in a language, one mask of shape ``(N,)`` each.
        pinned: Tags that are always offered.
        names: See ``names.names_of``.
    """

    hashtags: tuple[Hashtag, ...]
    row: Mapping[str, int]
    corpus: Corpus
    voters: Embeddings
    first: int
    rows: Ints
    starts: Ints
    lengths: Ints
    post_tag: Ints
    usage: Floats
    generic: Mask
    electorate: Electorate
    languages: dict[str, Mask]
    pinned: tuple[int, ...]
    names: dict[str, int]

    @classmethod
    def build(
        cls, vocabulary: Vocabulary, posts: Posts, embedder: Embedder, cache_folder: Path | None
    ) -> Self:
        """Lay out a vocabulary, embedding what the cache does not have."""
        hashtags = _offered(vocabulary)
        of_posts, (of_tags, lengths) = _texts_of_posts(posts), _meanings_of(hashtags)
        meanings = dict.fromkeys(of_tags)
        voters = sorted(dict.fromkeys(of_posts), key=meanings.__contains__)  # else in their order
        texts = list(dict.fromkeys([*voters, *meanings]))
        row = dict(zip(texts, count(), strict=False))  # count() has no end
        voter_rows = _ints(map(row.__getitem__, of_posts))
        electorate = Electorate.of(posts, *np.split(voter_rows, [len(posts.meanings)]))
        post_tag = _post_tags(hashtags, posts)
        corpus = embed_cached(texts, embedder, cache_folder)
        return cls(
            hashtags=hashtags,
            row=row,
            corpus=corpus,
            voters=corpus.embeddings(np.arange(len(voters))),
            first=len(texts) - len(meanings),
            rows=_ints(map(row.__getitem__, of_tags)),
            starts=np.cumsum(lengths) - lengths,
            lengths=lengths,
            post_tag=post_tag,
            usage=usage(_counts(hashtags, posts, post_tag)),
            generic=np.append(electorate.generic, False)[post_tag],
            electorate=electorate,
            languages={code: _in_language(hashtags, code) for code in ("en", "ko")},
            pinned=tuple(at for at, tag in enumerate(hashtags) if tag.state == "pinned"),
            names=names_of(hashtags),
        )

    def embed(self, texts: Sequence[str], embedder: Embedder) -> Embeddings:
        """Return the vectors of texts, shape ``(len(texts), D)``.

        Most words of captions mean a tag, so that their vectors are here already; the encoder, the
        slowest part of a match, is asked for the others only.
        """
        rows = _ints(self.row.get(text, _NO_TEXT) for text in texts)
        is_new = rows == _NO_TEXT
        vectors = np.empty((len(texts), self.voters.shape[1]), np.float32)
        vectors[~is_new] = self.corpus.embeddings(rows[~is_new])
        if is_new.any():
            vectors[is_new] = embedder.embed([text for text in texts if text not in self.row])
        return vectors

    def meanings(self, tags: Ints) -> tuple[Ints, Ints]:
        """Return the texts of some tags, one tag after the other, and where each tag's begin."""
        lengths = self.lengths[tags]
        starts = np.cumsum(lengths) - lengths
        places = np.arange(lengths.sum()) + np.repeat(self.starts[tags] - starts, lengths)
        return self.rows[places], starts

    def support(self, caption_similarity: Floats, relevance: Floats, penalty: float) -> Floats:
        """Let the posts like a caption vote; see ``Electorate.support``.

        Args:
            caption_similarity: Of the whole caption to each text of the posts, shape ``(V,)``.
            relevance: Of the strongest part of the caption to each, shape ``(V,)``.
            penalty: How much a tag loses that goes with everything, in ``[0, 1]``.

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
    meanings, _ = _meanings_of(_offered(vocabulary))
    return list(dict.fromkeys([*meanings, *_texts_of_posts(posts)]))


def _texts_of_posts(posts: Posts) -> list[str]:
    return [*posts.meanings, *(caption for _, caption in posts.scene_captions)]


def _offered(vocabulary: Vocabulary) -> tuple[Hashtag, ...]:
    return tuple(tag for tag in vocabulary if tag.state != "blocked")


def _meanings_of(hashtags: Iterable[Hashtag]) -> tuple[list[str], Ints]:
    """Return the meanings of tags, one tag after the other, and how many each has."""
    meanings: list[str] = []
    ends = []
    for hashtag in hashtags:
        if ";" not in hashtag.meaning:  # nearly all, and there may be a hundred thousand
            meanings.append(hashtag.meaning.strip() or hashtag.tag)
        else:
            parts = [part.strip() for part in hashtag.meaning.split(";")]
            meanings += [part for part in parts if part] or [hashtag.tag]
        ends.append(len(meanings))
    return meanings, np.diff(_ints(ends), prepend=0)


def _post_tags(hashtags: Sequence[Hashtag], posts: Posts) -> Ints:
    """Find the post tag of the same letters, else the commonest of the same meaning.

    A tag that was counted and is not among the post tags is rare: nothing votes for it.
    """
    by_tag = {tag: at for at, tag in enumerate(posts.tags)}
    counts = np.bincount(posts.members, minlength=len(posts.tags))
    by_meaning = {posts.meanings[at]: at for at in np.argsort(counts, kind="stable").tolist()}
    others = [
        _NO_POST_TAG if hashtag.posts else by_meaning.get(hashtag.meaning, _NO_POST_TAG)
        for hashtag in hashtags
    ]
    return _ints(
        by_tag.get(hashtag.tag.casefold(), other)
        for hashtag, other in zip(hashtags, others, strict=True)
    )


def _counts(hashtags: Iterable[Hashtag], posts: Posts, post_tag: Ints) -> Ints:
    carried = np.append(np.bincount(posts.members, minlength=len(posts.tags)), 0)
    return np.asarray(np.maximum(_ints(tag.posts for tag in hashtags), carried[post_tag]), np.int64)


def _in_language(hashtags: Iterable[Hashtag], code: str) -> Mask:
    return np.array([h.language in (code, "") for h in hashtags], bool)


def _ints(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, np.int64)
