"""Cross-validation over real posts that have no photo: what the ranking was tuned on.

::

    python -m benchmarks.crossvalidation hashtag_posts.jsonl

Each post gets, of the captions that were written by hand for its kind of photo (data/scenes.csv),
the one that its tags stand out by being near to. Then each fifth of the people is left out in turn:
the others' posts vote, the caption in question is not among those that tell the kind of photo, and
the ten tags are compared with what the post carries.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from tqdm import tqdm

from captag import Settings
from captag.evaluation import METRICS, Score, as_markdown, as_objects, interval
from captag.pipeline import build_mapper
from tagmapper import TagMapper
from tagmapper.posts import Posts
from tagmapper.sources import Post, owners, read_posts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tagmapper import Embedder

RESULTS = Path(__file__).parent / "results"
FOLDS = 5
SEED = 0
_NEAR = 0.35  # cosine from which a tag and a caption have to do with each other
_STEADY = 0.02  # keeps a caption that is near to no post from standing out by noise


@dataclass(frozen=True, slots=True)
class Case:
    """A post, its caption, its kind of photo, and the fold in which it is left out."""

    post: Post
    caption: str
    fold: int


def captions_of(posts: Sequence[Post], shipped: Posts, embedder: Embedder) -> list[str]:
    """Give each post the caption of its kind that its tags stand out by being near to."""
    meanings = dict(zip(shipped.tags, shipped.meanings, strict=True))
    found = [""] * len(posts)
    for kind, captions in _captions_by_kind(shipped).items():
        places = [at for at, post in enumerate(posts) if post.category == kind]
        corpus = embedder.embed(captions)
        near = np.stack([_nearness(posts[at], meanings, corpus, embedder) for at in places])
        outstanding = (near - near.mean(axis=0)) / (near.std(axis=0) + _STEADY)
        for at, best in zip(places, outstanding.argmax(axis=1), strict=True):
            found[at] = captions[best]
    return found


def _captions_by_kind(shipped: Posts) -> Mapping[str, list[str]]:
    captions: dict[str, list[str]] = defaultdict(list)
    for scene, caption in shipped.scene_captions:
        if scene < len(shipped.scene_names):
            captions[shipped.scene_names[scene]].append(caption)
    return captions


def _nearness(
    post: Post, meanings: Mapping[str, str], corpus: np.ndarray, embedder: Embedder
) -> np.ndarray:
    known = [meanings[tag] for tag in post.hashtags if tag in meanings]
    if not known:
        return np.zeros(len(corpus), np.float32)
    similarity = embedder.embed(known) @ corpus.T
    return np.asarray(np.maximum(similarity - _NEAR, 0).sum(axis=0) / np.sqrt(len(known)))


def folds_of(posts: Sequence[Post]) -> list[int]:
    """Deal people, not posts, to the folds: nobody's posts vote on another of their own."""
    owner = owners(posts)
    people = np.random.default_rng(SEED).permutation(sorted(set(owner))).tolist()
    fold = {person: at % FOLDS for at, person in enumerate(people)}
    return [fold[person] for person in owner]


def offered(cases: Sequence[Case], mapper: TagMapper) -> Iterator[tuple[str, ...]]:
    """Yield the ten tags of each case, its fold and its caption left out."""
    known: dict[tuple[int, str], tuple[str, ...]] = {}
    people = owners([case.post for case in cases])
    for case in tqdm(cases, desc="posts"):
        key = (case.fold, case.caption)
        if key not in known:
            without = TagMapper(
                mapper.vocabulary,
                mapper.embedder,
                cache_folder=mapper.cache_folder,
                ranking=mapper.ranking,
                posts=_without(cases, people, case),
            )
            known[key] = tuple(match.tag for match in without.match(case.caption))
        yield known[key]


def _without(cases: Sequence[Case], people: Sequence[int], left_out: Case) -> Posts:
    shipped = Posts.default()
    names = (*shipped.scene_names, "")
    captions = [
        (names[scene], text) for scene, text in shipped.scene_captions if text != left_out.caption
    ]
    kept = [at for at, case in enumerate(cases) if case.fold != left_out.fold]
    meanings = dict(zip(shipped.tags, shipped.meanings, strict=True))
    pairs = [(cases[at].post.category, cases[at].post.hashtags) for at in kept]
    return Posts.of(pairs, meanings, captions, [people[at] for at in kept])


def scores_of(cases: Sequence[Case], tags: Sequence[tuple[str, ...]]) -> Iterator[Score]:
    """Yield a score for each kind of photo, and one for all posts."""
    kinds = sorted({case.post.category for case in cases})
    for kind in (*kinds, None):
        pairs = [
            (of_one, frozenset(case.post.hashtags))
            for case, of_one in zip(cases, tags, strict=True)
            if kind in (None, case.post.category)
        ]
        metrics = {name: interval([of(*pair) for pair in pairs]) for name, of in METRICS.items()}
        distinct = len({tag for of_one, _ in pairs for tag in of_one})
        yield Score(kind or "all posts", metrics, distinct)


def main(
    posts: Annotated[Path, typer.Argument(help='JSON lines of {"category", "hashtags"}.')],
) -> None:
    """Measure with default settings, print, and write Markdown and JSON beside each other."""
    mapper = build_mapper(Settings())
    found = read_posts(posts)
    captions = captions_of(found, Posts.default(), mapper.embedder)
    cases = [Case(*each) for each in zip(found, captions, folds_of(found), strict=True)]
    scores = list(scores_of(cases, list(offered(cases, mapper))))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "crossvalidation.md").write_text(f"{as_markdown(scores)}\n", "utf-8")
    objects = json.dumps(as_objects(scores), indent=2)
    (RESULTS / "crossvalidation.json").write_text(f"{objects}\n", "utf-8")
    typer.echo(as_markdown(scores))


if __name__ == "__main__":
    typer.run(main)
