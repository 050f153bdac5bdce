"""What a tag adds to those that are chosen."""

import pytest

from tagmapper.diversity import marginal


def test_without_diversity_the_score_stays() -> None:
    assert marginal(0.9, redundancy=1, covered=3, diversity=0) == 0.9


def test_a_repetition_costs_a_share_of_the_score() -> None:
    assert marginal(0.9, redundancy=1, covered=0, diversity=0.2) == pytest.approx(0.72)
    assert marginal(0.8, redundancy=0.5, covered=0, diversity=0.2) == pytest.approx(0.72)


def test_each_tag_of_the_same_part_of_the_caption_costs_a_tenth() -> None:
    found = [marginal(1, redundancy=0, covered=covered, diversity=0.2) for covered in (0, 1, 2)]
    assert found == pytest.approx([1, 0.9, 0.81])
