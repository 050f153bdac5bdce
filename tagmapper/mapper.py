"""TagMapper: a vocabulary embedded once, then captions matched against it."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tagmapper.additions import Said
from tagmapper.blas import one_thread
from tagmapper.choice import Chosen, choose
from tagmapper.embedding import Embedder
from tagmapper.index import Index
from tagmapper.keywords import extract_keywords, subject
from tagmapper.names import named_meanings
from tagmapper.posts import Posts
from tagmapper.ranking import (
    Floats,
    Ints,
    Ranking,
    cosine_similarity,
    strongest,
)
from tagmapper.rivals import Rivals
from tagmapper.tags import HashtagMatch, Keyword
from tagmapper.vocabulary import Vocabulary
from tagmapper.wording import Wording

# How much a word says of what a photo shows; the whole caption counts like a noun.
_WEIGHTS = {"NOUN": 1.0, "PROPN": 1.0, "VERB": 0.7, "ADJ": 0.5, "CAPTION": 1.0}
_LATER = 0.98  # what each place further back in the caption takes off
_CONTAINER = 0.6  # left of "plate" in "a plate of donuts": it is not what the photo shows
_CONTAINERS = frozenset(
    "basket bottle bowl box bucket bunch can cup field glass jar mug pair pan piece pile plate pot "
    "row set slice stack tank tray vase".split()
)


class TagMapper:
    """Finds the hashtags of a vocabulary that fit a caption.

    Args:
        vocabulary: The hashtags to choose from.
        embedder: Turns meanings and captions into vectors.
        cache_folder: Where the vocabulary's vectors are kept; None keeps them in memory only.
        ranking: How to order the tags where ``match`` is not told otherwise.
        posts: Real posts whose tags vote; those shipped with captag where None is given.
        rivals: Things that are not each other; those shipped with captag where None is given.
        said: Tells which tags say more than a caption's keywords.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        embedder: Embedder,
        *,
        cache_folder: Path | None = None,
        ranking: Ranking | None = None,
        posts: Posts | None = None,
        rivals: Rivals | None = None,
        said: Callable[[Sequence[Keyword]], Said] = Said,
    ) -> None:
        self.vocabulary = vocabulary
        self.embedder = embedder
        self.cache_folder = cache_folder
        self.ranking = ranking or Ranking()
        self._posts = posts
        self._rivals = rivals
        self._said = said
        self._index: Index | None = None
        self._lock = threading.Lock()

    def with_vocabulary(self, vocabulary: Vocabulary) -> "TagMapper":
        """Return a mapper like this one that chooses from other hashtags."""
        return TagMapper(
            vocabulary,
            self.embedder,
            cache_folder=self.cache_folder,
            ranking=self.ranking,
            posts=self._posts,
            rivals=self._rivals,
            said=self._said,
        )

    def load(self) -> None:
        """Embed the vocabulary, or read its vectors from the cache; idempotent, thread safe.

        Raises:
            EmbeddingModelError: The encoder cannot be loaded.
        """
        self._loaded()

    def match(
        self, caption: str, limit: int = 10, *, ranking: Ranking | None = None
    ) -> tuple[HashtagMatch, ...]:
        """Return at most ``limit`` hashtags for a caption, the best first.

        Pinned tags come first, in the vocabulary's order. Of the others, fewer come only when
        nothing else is near. The same caption always gives the same tags in the same order.

        Raises:
            EmbeddingModelError: The encoder cannot be loaded.
            ValueError: ``limit`` is less than 1.
        """
        if limit < 1:
            raise ValueError(f"limit must be at least 1, not {limit}")
        if not caption.strip():
            return ()
        keywords = _queries(caption)
        vectors = self._loaded().embed([keyword.text for keyword in keywords], self.embedder)
        with one_thread():  # the encoder's threads are still awake
            return self.match_vectors(keywords, vectors, limit, ranking=ranking)

    def match_vectors(
        self,
        keywords: Sequence[Keyword],
        vectors: Floats,
        limit: int = 10,
        *,
        ranking: Ranking | None = None,
    ) -> tuple[HashtagMatch, ...]:
        """Return hashtags for keywords that are embedded already; see ``match``.

        Args:
            keywords: The whole caption first, then its words and phrases.
            vectors: Their unit vectors, shape ``(len(keywords), D)``.
            limit: At most so many hashtags.
            ranking: How to order them.
        """
        index = self._loaded()
        ranking = _for(keywords, ranking or self.ranking)
        weights = _weights(keywords)
        rivals = Rivals.default() if self._rivals is None else self._rivals
        named, said = rivals.named(keywords[0].text), self._said(keywords)
        similarity = cosine_similarity(vectors, index.voters)
        relevance = strongest(similarity, weights)
        by_name = named_meanings(index, keywords, vectors, weights)
        _raise(relevance, *by_name)
        chosen = choose(
            index,
            Wording(index, vectors, weights, relevance, by_name),
            index.support(similarity[0], relevance, ranking.penalty),
            ranking,
            limit,
            lambda hashtag: rivals.contradict(named, hashtag.meaning),
            said.is_exceeded,
        )
        return _matches(index, chosen, keywords, vectors, weights) if chosen else ()

    def _loaded(self) -> Index:
        with self._lock:
            if self._index is None:
                self.embedder.load()
                posts = Posts.default() if self._posts is None else self._posts
                self._index = Index.build(self.vocabulary, posts, self.embedder, self.cache_folder)
            return self._index


def _raise(relevance: Floats, rows: Ints, nearness: Floats) -> None:
    """Let the texts of the posts among the rows be as near as they are, in place."""
    is_voter = rows < len(relevance)
    relevance[rows[is_voter]] = nearness[is_voter]


def _queries(caption: str) -> list[Keyword]:
    """Return the caption's subject, then its keywords."""
    start, end = subject(caption)
    return [Keyword(caption[start:end], start, end, "CAPTION"), *extract_keywords(caption)]


def _for(keywords: Sequence[Keyword], ranking: Ranking) -> Ranking:
    """Let tags that go with everything come first where a caption names nothing.

    Of "a photo of something" no other tag is known to be true.
    """
    return ranking if len(keywords) > 1 else replace(ranking, penalty=0)


def _weights(keywords: Sequence[Keyword]) -> Floats:
    """Weigh keywords by part of speech and place: what is named first is what the photo shows."""
    caption = keywords[0]
    by_pos = [
        _WEIGHTS[keyword.pos] * (_CONTAINER if _is_container(keyword, caption) else 1)
        for keyword in keywords
    ]
    by_place = _LATER ** np.maximum(np.arange(len(keywords)) - 1, 0)
    return np.asarray(by_pos * by_place, np.float32)


def _is_container(keyword: Keyword, caption: Keyword) -> bool:
    """Whether a word only holds or counts what follows, like the plate in "a plate of donuts"."""
    follows = caption.text[keyword.end - caption.start :]
    return keyword.text in _CONTAINERS and follows.startswith(" of ")


def _matches(
    index: Index,
    chosen: Sequence[Chosen],
    keywords: Sequence[Keyword],
    vectors: Floats,
    weights: Floats,
) -> tuple[HashtagMatch, ...]:
    """Say why tags are offered: each by the keyword that is nearest to one of its meanings."""
    rows, starts = index.meanings(np.array([at for at, _ in chosen], np.int64))
    similarity = cosine_similarity(vectors, index.corpus.embeddings(rows))
    nearness = np.maximum.reduceat(similarity, starts, axis=1)
    reasons = _reasons(nearness * weights[:, None])
    nearest = nearness[reasons, np.arange(len(reasons))]
    return tuple(
        HashtagMatch(
            tag=index.hashtags[at].tag,
            score=score,
            keyword=keywords[reason],
            similarity=near,
            meaning=index.hashtags[at].meaning,
            posts=index.hashtags[at].posts,
        )
        for (at, score), reason, near in zip(
            chosen, reasons.tolist(), nearest.tolist(), strict=True
        )
    )


def _reasons(nearness: Floats) -> Ints:
    """Return the place of the word or phrase nearest to each tag; 0, the whole caption, if alone.

    Args:
        nearness: Of each keyword, the whole caption first, to each tag, shape ``(Q, R)``; higher
            is nearer.
    """
    if len(nearness) == 1:
        return np.zeros(nearness.shape[1], np.int64)
    return np.asarray(1 + nearness[1:].argmax(axis=0), np.int64)
