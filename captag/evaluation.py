"""How good the hashtags are, measured against what real posts carry.

Exact match has a low ceiling, because many of a post's hashtags describe nothing that is visible;
so it is always read beside the number of distinct tags: few means that every photo gets the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagmapper.vocabulary_line import normal_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from captag.evaluated_posts import EvaluatedPost

_RESAMPLES = 2_000
_SEED = 0
_OUTER_PERCENT = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over posts in percent, with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.1f} ({self.low:.1f} to {self.high:.1f})"


@dataclass(frozen=True, slots=True)
class Score:
    """What one system reaches.

    Attributes:
        system: Its name.
        metrics: ``P@1``, ``P@5``, ``P@10``, ``R@10``, ``A@10``, in this order.
        distinct: Distinct tags among all that it offered.
    """

    system: str
    metrics: Mapping[str, Interval]
    distinct: int


def precision_at(k: int, offered: Sequence[str], carried: frozenset[str]) -> float:
    """Share of the first ``k`` that the post carries, in [0, 1]; a tag not offered is a miss."""
    return sum(tag in carried for tag in offered[:k]) / k


def recall_at(k: int, offered: Sequence[str], carried: frozenset[str]) -> float:
    """Share of the post's tags found in the first ``k``, in [0, 1]; 0 where it carries none."""
    return sum(tag in carried for tag in offered[:k]) / max(len(carried), 1)


def accuracy_at(k: int, offered: Sequence[str], carried: frozenset[str]) -> float:
    """1 where any of the first ``k`` is carried, else 0."""
    return float(any(tag in carried for tag in offered[:k]))


METRICS: Mapping[str, Callable[[Sequence[str], frozenset[str]], float]] = {
    "P@1": lambda offered, carried: precision_at(1, offered, carried),
    "P@5": lambda offered, carried: precision_at(5, offered, carried),
    "P@10": lambda offered, carried: precision_at(10, offered, carried),
    "R@10": lambda offered, carried: recall_at(10, offered, carried),
    "A@10": lambda offered, carried: accuracy_at(10, offered, carried),
}


def evaluate(
    name: str,
    system: Callable[[str], Sequence[str]],
    posts: Sequence[EvaluatedPost],
    *,
    progress: Callable[[Sequence[EvaluatedPost]], Iterable[EvaluatedPost]] = iter,
) -> Score:
    """Let a system tag every post and compare.

    Args:
        name: What to call the system.
        system: A caption in, hashtags out, the best first.
        posts: At least one.
        progress: Wraps the posts as they are worked through, such as ``tqdm``.

    Raises:
        ValueError: There are no posts.
    """
    if not posts:
        raise ValueError("no posts to evaluate on")
    offered = [tuple(map(normal_form, system(post.caption))) for post in progress(posts)]
    pairs = list(zip(offered, (post.hashtags for post in posts), strict=True))
    return Score(
        name,
        {metric: interval([of(*pair) for pair in pairs]) for metric, of in METRICS.items()},
        len({tag for tags in offered for tag in tags[:10]}),
    )


def interval(values: Sequence[float]) -> Interval:
    """Return the mean in percent and the interval that 95 % of resampled means fall into.

    Efron, "Bootstrap Methods" (1979): posts are drawn with replacement, with a fixed seed.

    Args:
        values: One a post, in [0, 1]; at least one.
    """
    each: NDArray[np.float64] = 100 * np.asarray(values, np.float64)
    random = np.random.default_rng(_SEED)
    means = [random.choice(each, len(each)).mean() for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, _OUTER_PERCENT)
    return Interval(float(each.mean()), float(low), float(high))


def as_markdown(scores: Iterable[Score]) -> str:
    """Return the scores as a Markdown table, one system a line."""
    head = ["system", *METRICS, "distinct tags"]
    lines = [
        [score.system, *map(str, score.metrics.values()), str(score.distinct)] for score in scores
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *lines])


def as_objects(scores: Iterable[Score]) -> list[dict[str, object]]:
    """Return the scores for JSON, means and intervals in percent."""
    return [
        {
            "system": score.system,
            **{
                metric: {"mean": found.mean, "low": found.low, "high": found.high}
                for metric, found in score.metrics.items()
            },
            "distinct_tags": score.distinct,
        }
        for score in scores
    ]
