import numpy as np
import pytest

from tagmapper import voting
from tagmapper.ranking import Floats

# Three posts over four tags: {0, 1}, {0, 2}, {3}
MEMBERS = np.array([0, 1, 0, 2, 3])
STARTS = np.array([0, 2, 4])
EVEN = np.ones(3, np.float32)


def floats(*numbers: float) -> Floats:
    return np.array(numbers, np.float32)


def test_the_share_of_posts_that_carry_a_tag_is_its_vote() -> None:
    assert voting.votes(EVEN, MEMBERS, STARTS, 4) == pytest.approx([2 / 3, 1 / 3, 1 / 3, 1 / 3])
    assert voting.votes(floats(3, 1, 0), MEMBERS, STARTS, 4) == pytest.approx([1, 0.75, 0.25, 0])


def test_posts_that_are_all_far_do_not_vote() -> None:
    assert voting.votes(floats(0, 0, 0), MEMBERS, STARTS, 4).tolist() == [0, 0, 0, 0]


def test_a_rare_tag_says_more_than_a_common_one() -> None:
    found = voting.rarity(MEMBERS, STARTS, EVEN, 5)
    assert found == pytest.approx([np.log(2.5), np.log(4), np.log(4), np.log(4), 0])


def test_generality_counts_the_distinct_tags_beside() -> None:
    assert voting.generality(MEMBERS, STARTS, 4) == pytest.approx([2 / 3, 1 / 3, 1 / 3, 0])


def test_every_kind_of_photo_counts_the_same() -> None:
    assert voting.balance(np.array([0, 0, 0, 1])) == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])
    assert len(voting.balance(np.empty(0, np.int64))) == 0


def test_the_nearest_post_weighs_one_and_a_far_one_nothing() -> None:
    rarity = floats(1, 1, 1, 1)
    # gains 0, 0.25, 0.05 and 0 after the 0.35 below which nothing counts
    weights = voting.post_weights(floats(0.35, 0.6, 0.4, 0.1), rarity, MEMBERS, STARTS)
    assert weights == pytest.approx([1, 0.2, 0], abs=1e-6)


def test_no_tag_near_means_no_post_near() -> None:
    found = voting.post_weights(floats(0, 0, 0, 0), floats(1, 1, 1, 1), MEMBERS, STARTS)
    assert found.tolist() == [0, 0, 0]


def test_the_kind_of_the_nearest_caption_is_the_most_probable() -> None:
    probable = voting.scene_probabilities(floats(0.9, 0.2, 0.8), np.array([0, 0, 1]), 2)
    assert probable == pytest.approx([np.e / (np.e + 1), 1 / (np.e + 1)])


def test_without_captions_of_known_kind_all_kinds_are_alike() -> None:
    found = voting.scene_probabilities(floats(), np.empty(0, np.int64), 4)
    assert found == pytest.approx([0.25, 0.25, 0.25, 0.25])
