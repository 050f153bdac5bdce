"""A small vocabulary of one's own, and an application around it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fakes import FakeCaptioner
from letters import LetterEmbedder

from captag import Pipeline, Settings
from tagmapper import Ranking, TagMapper, Vocabulary
from tagmapper.posts import Posts
from web import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

START = "hashtag,meaning,posts,language,state\ncat,cat,5,en,\ndog,dog,9,en,\n바다,sea,,ko,\n"


def tuned_app(folder: Path, **settings: Any) -> Flask:
    """Build an application with a vocabulary of three lines and an embedder of letters."""
    path = folder / "tags.csv"
    path.write_text(START, "utf-8")
    mapper = TagMapper(
        Vocabulary.load(path),
        LetterEmbedder(),
        cache_folder=folder / "cache",
        ranking=Ranking(mix=0, floor=0),
        posts=Posts.none(),
    )
    pipeline = Pipeline(FakeCaptioner(), mapper)
    pipeline.load()
    ours = Settings(vocabulary=path, data_folder=folder / "data", requests_per_minute=10**6)
    return create_app(replace(ours, **settings), pipeline)
