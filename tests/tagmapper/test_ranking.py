from typing import Any

import numpy as np
import pytest

from tagmapper import Ranking
from tagmapper.ranking import (
    Floats,
    best_meaning,
    between,
    cosine_similarity,
    nearest,
    plausible,
    said,
    shares,
    specific,
    strongest,
    targeted,
    usage,
)


def floats(*numbers: object) -> Floats:
    return np.array(numbers, np.float32)


@pytest.mark.parametrize(
    "wrong",
    [
        {"mix": -0.1},
        {"mix": 1.1},
        {"mix": float("nan")},
        {"penalty": 2},
        {"diversity": 2},
        {"floor": -1},
        {"language": "fr"},
        {"language": ""},
    ],
)
def test_a_ranking_out_of_range_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Ranking(**wrong)


def test_similarity_is_the_cosine() -> None:
    found = cosine_similarity(floats([1, 0], [0.6, 0.8]), floats([1, 0], [0, 1], [-1, 0]))
    assert found == pytest.approx(floats([1, 0, -1], [0.6, 0.8, -0.6]))


def test_the_strongest_query_speaks_for_each_text() -> None:
    similarity = floats([0.2, 0.9, -1], [0.8, 0.4, -1])
    assert strongest(similarity, floats(1, 0.5)) == pytest.approx([0.4, 0.9, -0.5])


def test_a_tag_has_the_value_of_its_best_meaning() -> None:
    values = floats(0.1, 0.5, 0.9)
    assert best_meaning(values, np.array([0, 2, 1]), np.array([0, 2])) == pytest.approx([0.9, 0.5])
    assert best_meaning(values, np.array([2, 0]), np.array([0, 1])) == pytest.approx([0.9, 0.1])


def test_no_tags_have_no_values() -> None:
    none = np.empty(0, np.int64)
    assert len(best_meaning(floats(0.1), none, none)) == 0


def test_mix_0_listens_to_the_caption_alone_and_mix_1_to_the_posts_alone() -> None:
    assert shares(0, 0) == (1, 0)
    assert shares(1, 0) == (0, 1)


def test_an_even_mix_counts_a_word_less_than_a_vote() -> None:
    assert shares(0.5, 0) == pytest.approx((0.15 / 1.15, 1 / 1.15))


def test_votes_fade_from_place_to_place_and_words_do_not() -> None:
    assert shares(0.5, 2) == pytest.approx((0.15 / 1.15, 0.82**2 / 1.15))


@pytest.mark.parametrize("mix", [0, 0.5, 1])
@pytest.mark.parametrize("place", [0, 3, 10])
def test_no_score_at_a_place_exceeds_the_bound_by_those_at_two_others(
    mix: float, place: int
) -> None:
    values = np.random.default_rng(0).random((2, 500))
    first, most, last = (float((shares(mix, at) @ values).max()) for at in (0, place, 10))
    bound = between(first, last, place, 10)
    assert bound >= most
    assert last <= bound <= first * 1.00001


def test_a_word_that_nobody_posts_says_less() -> None:
    # 0.6, and up to all of it at ten posts
    found = usage(np.array([0, 10, 3]))
    assert found == pytest.approx([0.6, 1, 0.6 + 0.4 * np.log(4) / np.log(11)])


def test_what_posts_like_this_do_not_carry_oftener_than_others_is_not_about_it() -> None:
    found = targeted(floats(0.2, 0.25, 0.6, 0.1, 0), floats(0.2, 0.2, 0.2, 0.2, 0))
    assert found == pytest.approx([0, 0.5, 1, 0, 0])


def test_a_tag_that_goes_with_everything_loses_its_vote() -> None:
    voted, general = floats(0.5, 0.4), floats(0.9, 0.1)
    assert specific(voted, general, 1) == pytest.approx([0.05, 0.36])
    assert specific(voted, general, 0) == pytest.approx([0.5, 0.4])


def test_a_tag_that_names_another_thing_loses_its_vote() -> None:
    # a cat beside a snake, a snake, and love, which goes with everything
    found = plausible(floats(0.5, 0.5, 0.5), floats(0.35, 0.9, 0.1), floats(0, 0, 1))
    assert found == pytest.approx([0.025, 0.5, 0.5])


def test_only_what_is_nearly_the_word_counts_as_said() -> None:
    assert said(floats(-1, 0.5, 0.75, 1)) == pytest.approx([0, 0, 0.25, 1])


def test_equal_scores_keep_their_order() -> None:
    assert nearest(floats(1, 2, 2, 2, 0), 2).tolist() == [1, 2]
    assert nearest(floats(1, 1), 5).tolist() == [0, 1]
    assert nearest(floats(), 5).tolist() == []
