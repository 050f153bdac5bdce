"""TagMapper: a vocabulary embedded once, then captions matched against it."""

from pathlib import Path

from tagmapper.embedding import Embedder
from tagmapper.ranking import Ranking
from tagmapper.tags import HashtagMatch
from tagmapper.vocabulary import Vocabulary


class TagMapper:
    """Finds the hashtags of a vocabulary that fit a caption.

    Args:
        vocabulary: The hashtags to choose from.
        embedder: Turns meanings and captions into vectors.
        cache_folder: Where the vocabulary's vectors are kept; None keeps them in memory only.
        ranking: How to order the tags where ``match`` is not told otherwise.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        embedder: Embedder,
        *,
        cache_folder: Path | None = None,
        ranking: Ranking | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.ranking = ranking or Ranking()

    def load(self) -> None:
        """Embed the vocabulary, or read its vectors from the cache; idempotent, thread safe.

        Raises:
            EmbeddingModelError: The encoder cannot be loaded.
        """
        raise NotImplementedError

    def match(
        self, caption: str, limit: int = 10, *, ranking: Ranking | None = None
    ) -> tuple[HashtagMatch, ...]:
        """Return at most ``limit`` hashtags for a caption, the best first.

        Raises:
            EmbeddingModelError: The encoder cannot be loaded.
            ValueError: ``limit`` is less than 1.
        """
        raise NotImplementedError
