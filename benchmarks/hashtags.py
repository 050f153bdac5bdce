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
from captag.evaluating import measure

RESULTS = Path(__file__).parent / "results"


def main(
    posts: Annotated[Path, typer.Argument(help='JSON lines of {"photo", "hashtags"}.')],
    photos: Annotated[Path, typer.Option(help="Folder of the photos.")],
) -> None:
    """Measure with default settings, print, and write Markdown and JSON beside each other."""
    comparison = measure(posts, photos, None, Settings())
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "hashtags.md").write_text(f"{comparison}\n", "utf-8")
    (RESULTS / "hashtags.json").write_text(f"{comparison.as_json()}\n", "utf-8")
    typer.echo(str(comparison))


if __name__ == "__main__":
    typer.run(main)
