"""The words and noun phrases of a caption; the only file that imports nltk."""

from tagmapper.tags import Keyword


def extract_keywords(caption: str) -> tuple[Keyword, ...]:
    """Return the words and noun phrases that say what a photo shows, in the caption's order."""
    raise NotImplementedError
