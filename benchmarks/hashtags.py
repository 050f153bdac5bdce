"""How good the hashtags are: the product, its baselines, and each part of its ranking left out.

::

    python -m benchmarks.hashtags POSTS.jsonl --captions CAPTIONS.jsonl [--people PEOPLE.jsonl]

Captions are ``{"photo", "caption"}`` lines: those of the model, and with ``--people`` those of
people for the same photos, so that the errors of the two stages can be told apart.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from captag.evaluation import Score, as_json, as_markdown, evaluate, read_captions, read_posts
from captag.systems import ablations, keywords_alone, mapped, popular, share_near
from tagmapper import Ranking, SentenceTransformerEmbedder, TagMapper, Vocabulary
from tagmapper.posts import Posts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from captag.systems import System

_RESULTS = Path(__file__).parent / "results"
_MIXES = (0.0, 0.25, 0.75)


def _systems(mapper: TagMapper, cache: Path | None) -> Iterator[tuple[str, System]]:
    ranking = mapper.ranking
    yield "captag", mapped(mapper)
    for mix in _MIXES:
        yield f"captag, mix {mix}", mapped(mapper, Ranking(mix=mix))
    yield from ablations(mapper.vocabulary, mapper.embedder, cache, ranking).items()
    yield "keywords alone", keywords_alone
    yield "always the ten commonest", popular(Posts.default())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("posts", type=Path)
    parser.add_argument("--captions", type=Path, required=True)
    parser.add_argument("--people", type=Path, help="captions written by people")
    parser.add_argument("--cache", type=Path, help="folder for vectors")
    parser.add_argument("--out", type=Path, default=_RESULTS / "hashtags")
    return parser.parse_args()


def main() -> None:
    """Measure, print, and write Markdown and JSON beside each other."""
    arguments = _arguments()
    captions = read_captions(arguments.captions)
    posts = read_posts(arguments.posts, captions)
    embedder = SentenceTransformerEmbedder()
    mapper = TagMapper(Vocabulary.default(), embedder, cache_folder=arguments.cache)
    scores: list[Score] = []
    for name, system in _systems(mapper, arguments.cache):
        scores.append(evaluate(name, system, posts, progress=lambda p: tqdm(p, desc=name)))  # noqa: B023 - called at once
    if arguments.people:
        people = read_posts(arguments.posts, read_captions(arguments.people))
        scores.append(evaluate("captag on people's captions", mapped(mapper), people))
    tags = [mapped(mapper)(post.caption) for post in posts]
    near = share_near([post.caption for post in posts], tags, mapper.vocabulary, embedder)
    table = f"{as_markdown(scores)}\n\n{len(posts)} posts; {near:.0%} of tags are near the caption."
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.with_suffix(".md").write_text(f"{table}\n", "utf-8")
    arguments.out.with_suffix(".json").write_text(f"{as_json(scores)}\n", "utf-8")
    print(table)  # noqa: T201 - a command


if __name__ == "__main__":
    main()
