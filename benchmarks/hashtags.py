"""How good the hashtags are: the product, its baselines, and each part of its ranking left out.

::

    python -m benchmarks.hashtags POSTS.jsonl --photos FOLDER

What `captag evaluate` prints is kept beside the other results, for the README.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from captag import Settings
from captag.comparison import compare
from captag.evaluated_posts import captioned, read_posts
from captag.evaluating import caption_photos
from captag.evaluation import as_json
from captag.pipeline import build_mapper

RESULTS = Path(__file__).parent / "results"


def main(
    posts: Annotated[Path, typer.Argument(help='JSON lines of {"photo", "hashtags"}.')],
    photos: Annotated[Path, typer.Option(help="Folder of the photos.")],
) -> None:
    """Measure with default settings, print, and write Markdown and JSON beside each other."""
    settings = Settings()
    found = read_posts(posts)
    written = caption_photos(found, photos, settings)
    people = [post for post in found if post.caption]
    comparison = compare(captioned(found, written), people, build_mapper(settings))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "hashtags.md").write_text(f"{comparison}\n", "utf-8")
    (RESULTS / "hashtags.json").write_text(f"{as_json(comparison.scores)}\n", "utf-8")
    typer.echo(str(comparison))


if __name__ == "__main__":
    typer.run(main)
