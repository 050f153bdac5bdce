from __future__ import annotations

import pytest

from captag.evaluated_posts import EvaluatedPost
from captag.evaluation import (
    accuracy_at,
    as_markdown,
    as_objects,
    evaluate,
    interval,
    precision_at,
    recall_at,
)

CARRIED = frozenset({"dog", "pet", "beach", "sun"})
OFFERED = ["dog", "cat", "sun", "car"]


def test_precision_is_the_share_of_the_offered_that_is_carried() -> None:
    assert precision_at(1, OFFERED, CARRIED) == 1
    assert precision_at(2, OFFERED, CARRIED) == 0.5
    assert precision_at(4, OFFERED, CARRIED) == 0.5


def test_a_tag_that_was_not_offered_is_a_miss() -> None:
    assert precision_at(10, OFFERED, CARRIED) == 0.2
    assert precision_at(5, [], CARRIED) == 0


def test_recall_is_the_share_of_the_carried_that_is_offered() -> None:
    assert recall_at(10, OFFERED, CARRIED) == 0.5
    assert recall_at(1, OFFERED, CARRIED) == 0.25
    assert recall_at(10, OFFERED, frozenset()) == 0


def test_accuracy_asks_for_one_hit() -> None:
    assert accuracy_at(10, OFFERED, CARRIED) == 1
    assert accuracy_at(1, ["cat", "dog"], CARRIED) == 0


def test_an_interval_holds_the_mean_in_percent() -> None:
    found = interval([0, 1] * 50)
    assert found.mean == 50
    assert 38 < found.low < 42
    assert 58 < found.high < 62


def test_an_interval_is_the_same_every_time() -> None:
    values = [0.1, 0.5, 0.9, 0.3]
    assert interval(values) == interval(values)


def test_where_all_posts_are_alike_the_interval_is_a_point() -> None:
    assert str(interval([0.25] * 8)) == "25.0 (25.0 to 25.0)"


@pytest.fixture
def posts() -> tuple[EvaluatedPost, ...]:
    return (
        EvaluatedPost("a.jpg", frozenset({"dog", "pet"}), "a dog"),
        EvaluatedPost("b.jpg", frozenset({"cat"}), "a cat"),
    )


def test_a_system_is_asked_for_every_caption(posts: tuple[EvaluatedPost, ...]) -> None:
    score = evaluate("last word", lambda caption: [caption.split()[-1], "love"], posts)
    assert score.system == "last word"
    assert [score.metrics[name].mean for name in ("P@1", "P@5", "P@10", "A@10")] == [
        100,
        20,
        10,
        100,
    ]
    assert score.metrics["R@10"].mean == 75
    assert score.distinct == 3


def test_capitals_make_no_other_tag(posts: tuple[EvaluatedPost, ...]) -> None:
    assert evaluate("loud", lambda _: ["DOG"], posts).metrics["P@1"].mean == 50


def test_no_posts_are_refused() -> None:
    with pytest.raises(ValueError, match="no posts"):
        evaluate("any", lambda _: [], [])


def test_progress_wraps_the_posts(posts: tuple[EvaluatedPost, ...]) -> None:
    seen: list[str] = []

    def progress(items: object) -> object:
        for post in posts:
            seen.append(post.photo)
            yield post

    evaluate("any", lambda _: ["dog"], posts, progress=progress)  # type: ignore[arg-type]
    assert seen == ["a.jpg", "b.jpg"]


def test_scores_are_written_as_markdown_and_as_objects(posts: tuple[EvaluatedPost, ...]) -> None:
    score = evaluate("always dog", lambda _: ["dog"], posts)
    table = as_markdown([score]).splitlines()
    assert table[0] == "| system | P@1 | P@5 | P@10 | R@10 | A@10 | distinct tags |"
    assert table[2].startswith("| always dog | 50.0 (0.0 to 100.0) |")
    [found] = as_objects([score])
    assert found["P@1"] == {"mean": 50.0, "low": 0.0, "high": 100.0}
    assert found["distinct_tags"] == 1
