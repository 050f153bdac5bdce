"""A sentence in, ranked hashtags out."""

from tagmapper.capitals import pascal_case
from tagmapper.embedding import Embedder, SentenceTransformerEmbedder
from tagmapper.errors import (
    BadLine,
    EmbeddingModelError,
    HashtagRefused,
    TagMapperError,
    VocabularyError,
)
from tagmapper.keywords import extract_keywords
from tagmapper.mapper import TagMapper
from tagmapper.ranking import Ranking
from tagmapper.reason import Reason
from tagmapper.tags import Hashtag, HashtagMatch, Keyword, Language, State
from tagmapper.vocabulary import Vocabulary

__all__ = [
    "BadLine",
    "Embedder",
    "EmbeddingModelError",
    "Hashtag",
    "HashtagMatch",
    "HashtagRefused",
    "Keyword",
    "Language",
    "Ranking",
    "Reason",
    "SentenceTransformerEmbedder",
    "State",
    "TagMapper",
    "TagMapperError",
    "Vocabulary",
    "VocabularyError",
    "extract_keywords",
    "pascal_case",
]
