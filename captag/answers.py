"""The one shape of an answer, the same from the command line and from the HTTP API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict  # pydantic reads the one of Python 3.11 only in part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from captag.pipeline import Suggestion
    from tagmapper import HashtagMatch

_DIGITS = 4


class HashtagAnswer(TypedDict):
    """One hashtag, and why it is offered.

    `tag` is without ``#``; `pascal_case` is the same with a capital where a word begins, which
    screen readers need. `score` is in ``[0, 1]``. `keyword` is what brought it:
    ``caption[start:end]``, counted in Unicode characters. `similarity`, in ``[-1, 1]``, is the
    cosine of the keyword to the tag's `meaning`. `posts` carry the tag; 0 where nobody counted.
    """

    tag: str
    pascal_case: str
    score: float
    keyword: str
    start: int
    end: int
    similarity: float
    meaning: str
    posts: int


class Answer(TypedDict):
    """What came of one photo or caption; what does not apply is empty, never missing.

    `labels` are what the classifier names, surest first. `confidence` is the chance that the
    first thing in the caption is in the photo; with `is_guess` it is below one half, and
    where it is lower still the labels stand in for a caption. At 0 the photo is like nothing
    the model knows, and the caption "a photo of something".
    """

    photo: str
    caption: str
    model: str
    labels: list[str]
    confidence: float | None
    is_guess: bool
    hashtags: list[HashtagAnswer]
    error: str | None


def answer_of(suggestion: Suggestion) -> Answer:
    """Say what a photo gave."""
    caption = suggestion.caption
    return {
        "photo": suggestion.photo,
        "caption": caption.text,
        "model": caption.model,
        "labels": [*caption.labels],
        "confidence": None if caption.confidence is None else round(caption.confidence, _DIGITS),
        "is_guess": caption.is_guess,
        "hashtags": _hashtags(suggestion.hashtags),
        "error": None,
    }


def answer_of_matches(caption: str, matches: Sequence[HashtagMatch]) -> Answer:
    """Say what a caption gave that a person wrote: no photo and no caption model."""
    return {**_nothing(), "caption": caption, "hashtags": _hashtags(matches)}


def answer_of_failure(photo: str, message: str) -> Answer:
    """Say why a photo gave nothing."""
    return {**_nothing(), "photo": photo, "error": message}


def _nothing() -> Answer:
    """Make each field empty, with lists of its own: no answer may change another."""
    return {
        "photo": "",
        "caption": "",
        "model": "",
        "labels": [],
        "confidence": None,
        "is_guess": False,
        "hashtags": [],
        "error": None,
    }


def _hashtags(matches: Sequence[HashtagMatch]) -> list[HashtagAnswer]:
    return [_hashtag(match) for match in matches]


def _hashtag(match: HashtagMatch) -> HashtagAnswer:
    from tagmapper import pascal_case  # with numpy, which `captag --version` does not need

    return {
        "tag": match.tag,
        "pascal_case": pascal_case(match.tag, match.meaning),
        "score": round(float(match.score), _DIGITS),
        "keyword": match.keyword.text,
        "start": match.keyword.start,
        "end": match.keyword.end,
        "similarity": round(float(match.similarity), _DIGITS),
        "meaning": match.meaning,
        "posts": match.posts,
    }
