import numpy as np
import pytest

from tagmapper import voting
from tagmapper.ranking import Floats

# Three posts over four tags: {0, 1}, {0, 2}, {3}
MEMBERS = np.array([0, 1, 0, 2, 3])
STARTS = np.array([0, 2, 4])
CARRIERS = voting.carriers(MEMBERS, STARTS)
EVEN = np.ones(3, np.float32)


def floats(*numbers: float) -> Floats:
    return np.array(numbers, np.float32)


def test_posts_are_laid_out_by_the_tags_that_they_carry() -> None:
    posts, begins = CARRIERS
    assert posts.tolist() == [0, 1, 0, 1, 2]
    assert begins.tolist() == [0, 2, 3, 4]


def test_the_share_of_posts_that_carry_a_tag_is_its_vote() -> None:
    assert voting.votes(EVEN, *CARRIERS) == pytest.approx([2 / 3, 1 / 3, 1 / 3, 1 / 3])
    assert voting.votes(floats(3, 1, 0), *CARRIERS) == pytest.approx([1, 0.75, 0.25, 0])


def test_posts_that_are_all_far_do_not_vote() -> None:
    assert voting.votes(floats(0, 0, 0), *CARRIERS).tolist() == [0, 0, 0, 0]


def test_a_rare_tag_says_more_than_a_common_one() -> None:
    found = voting.rarity(EVEN, *CARRIERS)
    assert found == pytest.approx([np.log(2.5), np.log(4), np.log(4), np.log(4)])


def test_generality_counts_the_distinct_tags_beside() -> None:
    assert voting.generality(MEMBERS, STARTS, 4) == pytest.approx([2 / 3, 1 / 3, 1 / 3, 0])


def test_every_kind_of_photo_counts_the_same() -> None:
    found = voting.balance(np.array([0, 0, 0, 1]), np.arange(4))
    assert found == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])
    none = np.empty(0, np.int64)
    assert len(voting.balance(none, none)) == 0


def test_posts_of_one_hand_each_have_less_say() -> None:
    one, same, other = voting.balance(np.zeros(3, np.int64), np.array([7, 7, 9]))
    assert one == same == pytest.approx(other * 2**-0.25)


def test_evenness_is_the_entropy_of_the_kind_of_photo() -> None:
    # kinds 0, 0 and 1: tag 0 in both posts of kind 0, tag 3 in the one of kind 1
    shares = voting.shares_by_kind(EVEN, *CARRIERS, np.array([0, 0, 1]))
    assert shares == pytest.approx(np.array([[1, 0.5, 0.5, 0], [0, 0, 0, 1]]))
    even = np.array([[0.3, 0.75, 0], [0.3, 0.25, 0]], np.float32)
    assert voting.evenness(even) == pytest.approx([1, 0.8113, 0], abs=1e-4)


def test_of_one_kind_of_photo_nothing_can_be_told() -> None:
    assert voting.evenness(np.ones((1, 2), np.float32)).tolist() == [0, 0]


def test_the_nearest_post_weighs_most_and_a_far_one_a_little() -> None:
    rarity = floats(1, 1, 1, 1)
    # gains 0, 0.25, 0.05 and 0 after the 0.5 below which nothing counts; 0.1 for any post
    weights = voting.post_weights(floats(0.5, 0.75, 0.55, 0.1), rarity, MEMBERS, STARTS)
    assert weights == pytest.approx([1.1, 0.3, 0.1], abs=1e-6)


def test_where_no_tag_is_near_all_posts_are_alike() -> None:
    found = voting.post_weights(floats(0, 0, 0, 0), floats(1, 1, 1, 1), MEMBERS, STARTS)
    assert found == pytest.approx([0.1, 0.1, 0.1])


def test_the_kind_of_the_nearest_captions_is_the_most_probable() -> None:
    # means 0.72 and 0.8: 0.08 apart
    probable, none = voting.scene_probabilities(floats(0.8, 0.64, 0.8), np.array([0, 0, 1]), 2)
    assert probable == pytest.approx([1 / (np.e + 1), np.e / (np.e + 1)])
    assert none == 0


def test_only_the_nearest_captions_of_a_kind_count() -> None:
    near, far = [0.8] * 6, [-1.0] * 6
    kinds = np.array([0] * 12 + [1])
    probable, _ = voting.scene_probabilities(floats(*near, *far, 0.8), kinds, 2)
    assert probable == pytest.approx([0.5, 0.5])


def test_a_photo_may_be_of_no_kind() -> None:
    probable, none = voting.scene_probabilities(floats(0.8, 0.8), np.array([0, 1]), 1)
    assert (probable.tolist(), none) == ([0.5], 0.5)


def test_without_captions_of_known_kind_all_kinds_are_alike() -> None:
    found, none = voting.scene_probabilities(floats(), np.empty(0, np.int64), 4)
    assert found == pytest.approx([0.25, 0.25, 0.25, 0.25])
    assert none == 0
