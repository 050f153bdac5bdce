"""TagMapper: a vocabulary embedded once, then captions matched against it."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tagmapper.choice import choose
from tagmapper.embedding import Embedder
from tagmapper.index import Index
from tagmapper.keywords import extract_keywords
from tagmapper.posts import Posts
from tagmapper.ranking import (
    Floats,
    Ranking,
    best_meaning,
    blend,
    cosine_similarity,
    said,
    strongest,
)
from tagmapper.tags import HashtagMatch, Keyword
from tagmapper.vocabulary import Vocabulary

# How much a word says of what a photo shows; the whole caption counts like a noun.
_WEIGHTS = {"NOUN": 1.0, "PROPN": 1.0, "VERB": 0.7, "ADJ": 0.5, "CAPTION": 1.0}
_LATER = 0.98  # what each place further back in the caption takes off
# Instagram takes five tags a post, and these are chosen by the mix as it is set; those that follow
# are more particular, or every photo of a kind would get the same ten.
_TAIL = 0.35


class TagMapper:
    """Finds the hashtags of a vocabulary that fit a caption.

    Args:
        vocabulary: The hashtags to choose from.
        embedder: Turns meanings and captions into vectors.
        cache_folder: Where the vocabulary's vectors are kept; None keeps them in memory only.
        ranking: How to order the tags where ``match`` is not told otherwise.
        posts: Real posts whose tags vote; those shipped with captag where None is given.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        embedder: Embedder,
        *,
        cache_folder: Path | None = None,
        ranking: Ranking | None = None,
        posts: Posts | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.embedder = embedder
        self.cache_folder = cache_folder
        self.ranking = ranking or Ranking()
        self._posts = posts
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
        vectors = self.embedder.embed([keyword.text for keyword in keywords])
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
        ranking = ranking or self.ranking
        similarity = cosine_similarity(vectors, index.vectors)
        weights = _weights(keywords)
        relevance = strongest(similarity, weights)
        nearness = best_meaning(relevance, index.rows, index.starts)
        votes = index.votes(similarity[0], relevance, ranking.penalty)
        wording = said(nearness)
        scores = blend(wording, votes, ranking.mix)
        tail_scores = blend(wording, votes, ranking.mix * _TAIL)
        chosen = choose(index, scores, tail_scores, ranking, limit)
        return tuple(_match(index, at, float(scores[at]), keywords, similarity) for at in chosen)

    def _loaded(self) -> Index:
        with self._lock:
            if self._index is None:
                self.embedder.load()
                posts = Posts.default() if self._posts is None else self._posts
                self._index = Index.build(self.vocabulary, posts, self.embedder, self.cache_folder)
            return self._index


def _queries(caption: str) -> list[Keyword]:
    """Return the whole caption, then its keywords."""
    text = caption.strip()
    start = caption.index(text)
    return [Keyword(text, start, start + len(text), "CAPTION"), *extract_keywords(caption)]


def _weights(keywords: Sequence[Keyword]) -> Floats:
    """Weigh keywords by part of speech and place: what is named first is what the photo shows."""
    by_pos = [_WEIGHTS[keyword.pos] for keyword in keywords]
    by_place = _LATER ** np.maximum(np.arange(len(keywords)) - 1, 0)
    return np.asarray(by_pos * by_place, np.float32)


def _match(
    index: Index, at: int, score: float, keywords: Sequence[Keyword], similarity: Floats
) -> HashtagMatch:
    """Say why a tag is offered, by the keyword that is nearest to one of its meanings."""
    hashtag = index.hashtags[at]
    nearness = similarity[:, index.rows[index.meanings_of(at)]].max(axis=1)
    reason = _reason(nearness * _weights(keywords))
    return HashtagMatch(
        tag=hashtag.tag,
        score=score,
        keyword=keywords[reason],
        similarity=float(nearness[reason]),
        meaning=hashtag.meaning,
        posts=hashtag.posts,
    )


def _reason(nearness: Floats) -> int:
    """Return the place of the word or phrase nearest to a tag; 0, the whole caption, if alone.

    Args:
        nearness: Of each keyword, the whole caption first; shape ``(Q,)``, higher is nearer.
    """
    return 1 + int(np.argmax(nearness[1:])) if len(nearness) > 1 else 0
