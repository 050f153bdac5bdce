"""What a tag adds to those that are chosen."""

import numpy as np
import pytest

from tagmapper.diversity import marginal
from tagmapper.ranking import Floats


def floats(*numbers: object) -> Floats:
    return np.array(numbers, np.float32)


def test_without_diversity_the_scores_stay() -> None:
    found = marginal(floats(0.9, 0.8), floats(1, 0), np.array([3, 0]), 0)
    assert found == pytest.approx([0.9, 0.8])


def test_a_repetition_costs_a_share_of_the_score_and_an_opposite_nothing() -> None:
    found = marginal(floats(0.9, 0.8, 0.7), floats(1, 0.5, -1), np.zeros(3, np.int64), 0.2)
    assert found == pytest.approx([0.72, 0.72, 0.7])


def test_each_tag_of_the_same_part_of_the_caption_costs_a_tenth() -> None:
    found = marginal(floats(1, 1, 1), floats(0, 0, 0), np.array([0, 1, 2]), 0.2)
    assert found == pytest.approx([1, 0.9, 0.81])
