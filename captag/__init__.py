"""The two stages joined: settings, pipeline, command line."""

from captag.answers import Answer, HashtagAnswer, answer_of, answer_of_failure, answer_of_matches
from captag.errors import (
    Cancelled,
    CaptagError,
    LoadingFailed,
    NotReady,
    PhotoNotFound,
    SettingsError,
)
from captag.pipeline import Matcher, Pipeline, Suggestion, build_pipeline, ranking_of
from captag.settings import LANGUAGES, Settings

__all__ = [
    "LANGUAGES",
    "Answer",
    "Cancelled",
    "CaptagError",
    "HashtagAnswer",
    "LoadingFailed",
    "Matcher",
    "NotReady",
    "PhotoNotFound",
    "Pipeline",
    "Settings",
    "SettingsError",
    "Suggestion",
    "answer_of",
    "answer_of_failure",
    "answer_of_matches",
    "build_pipeline",
    "ranking_of",
]
