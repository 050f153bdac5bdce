"""What the tags that were chosen say already."""

import numpy as np
import pytest

from tagmapper.taken import Taken

EAST, NORTH = np.eye(2, dtype=np.float32)


@pytest.fixture
def taken() -> Taken:
    """Two tags."""
    made = Taken()
    made.add(EAST, 0, "dog")
    made.add(NORTH, -1, "@love")
    return made


def test_a_twin_and_a_form_of_a_word_are_known(taken: Taken) -> None:
    assert taken.is_twin("dog")
    assert not taken.is_twin("@dog")
    assert taken.says_word("@dog")
    assert not taken.says_word("cat")


def test_redundancy_is_the_largest_cosine_and_never_below_0(taken: Taken) -> None:
    vector = np.array([0.8, 0.6], np.float32)
    assert taken.redundancy(vector) == pytest.approx(0.8)
    assert taken.redundancy(vector, since=1) == pytest.approx(0.6)
    assert taken.redundancy(-vector) == 0
    assert Taken().redundancy(vector) == 0
    assert taken.redundancy(EAST * np.float32(1.001)) == 1  # rounded to half precision


def test_tags_of_the_same_part_are_counted_and_those_of_none_are_not(taken: Taken) -> None:
    taken.add(EAST, 0, "puppy")
    assert [taken.covered(part) for part in (0, 1, -1)] == [2, 0, 0]
    assert taken.covered(0, since=1) == 1
    assert Taken().covered(0) == 0
