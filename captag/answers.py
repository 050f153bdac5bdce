"""The one shape of an answer, the same from the command line and from the HTTP API."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from captag.pipeline import Suggestion
    from tagmapper import HashtagMatch

_DIGITS = 4


class HashtagAnswer(TypedDict):
    """One hashtag: without ``#``, its score in ``[-1, 1]``, and the words that brought it."""

    tag: str
    score: float
    keyword: str


class Answer(TypedDict):
    """What came of one photo or caption; what does not apply is empty, never missing.

    `labels` are what the classifier names, surest first. `confidence` is the chance that the
    first thing in the caption is in the photo; with `is_guess` it is below one half, and
    where it is lower still the labels stand in for a caption.
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
    return [
        {
            "tag": match.tag,
            "score": round(float(match.score), _DIGITS),
            "keyword": match.keyword.text,
        }
        for match in matches
    ]
