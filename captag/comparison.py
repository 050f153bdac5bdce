"""The product beside its baselines and beside itself with one part left out, on the same posts."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tqdm import tqdm

from captag.evaluation import Score, as_markdown, as_objects, evaluate
from captag.systems import ablations, keywords_alone, mapped, popular, share_near
from tagmapper.posts import Posts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from captag.evaluated_posts import EvaluatedPost
    from captag.systems import System
    from tagmapper import TagMapper

MIXES = (0.0, 0.25, 0.75)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was measured.

    Attributes:
        scores: One a system, the product first.
        posts: How many posts each was measured on.
        near: Share of the product's tags whose meaning is near their photo's caption, that of a
            person where there is one; in [0, 1].
    """

    scores: tuple[Score, ...]
    posts: int
    near: float

    def __str__(self) -> str:
        """Return it as Markdown."""
        table = as_markdown(self.scores)
        return f"{table}\n\n{self.posts} posts; {self.near:.0%} of the tags are near the caption."

    def as_json(self) -> str:
        """Return it as a JSON object; the share that is near in percent, as all else."""
        found = {
            "posts": self.posts,
            "tags_near_caption": 100 * self.near,
            "systems": as_objects(self.scores),
        }
        return json.dumps(found, indent=2)


def compare(
    posts: Sequence[EvaluatedPost], people: Sequence[EvaluatedPost], mapper: TagMapper
) -> Comparison:
    """Measure every system on posts.

    Args:
        posts: Captioned by a model.
        people: Those of them that a person has captioned, with that caption.
        mapper: The product's second stage.
    """
    scores = [_measured(name, system, posts) for name, system in _systems(mapper)]
    scores.extend(_beside_people(posts, people, mapper))
    written = {post.photo: post.caption for post in people}
    references = [written.get(post.photo, post.caption) for post in posts]
    offered = [mapped(mapper)(post.caption) for post in posts]
    near = share_near(references, offered, mapper.vocabulary, mapper.embedder)
    return Comparison(tuple(scores), len(posts), near)


def _beside_people(
    posts: Sequence[EvaluatedPost], people: Sequence[EvaluatedPost], mapper: TagMapper
) -> Iterator[Score]:
    """Tell the caption's errors from those of the tags: people's captions in the model's place."""
    written = {post.photo for post in people}
    same = [post for post in posts if post.photo in written]
    if 0 < len(same) < len(posts):
        name = f"captag, on the {len(same)} posts that people captioned"
        yield _measured(name, mapped(mapper), same)
    if people:
        yield _measured("captag, on people's captions", mapped(mapper), people)


def _measured(name: str, system: System, posts: Sequence[EvaluatedPost]) -> Score:
    return evaluate(name, system, posts, progress=lambda each: tqdm(each, desc=name))


def _systems(mapper: TagMapper) -> Iterator[tuple[str, System]]:
    ranking = mapper.ranking
    yield "captag", mapped(mapper)
    for mix in MIXES:
        yield f"captag, mix {mix}", mapped(mapper, replace(ranking, mix=mix))
    yield from ablations(mapper.vocabulary, mapper.embedder, mapper.cache_folder, ranking).items()
    yield "keywords alone", keywords_alone
    yield "always the ten commonest", popular(Posts.default())
