"""How sure a caption is."""

import math

import pytest
import torch

from captioner.confidence import LEAST, Things, confidence, signs

MAN, DOG, BALL, IDEA, A = 1, 2, 3, 4, 5
THINGS = Things(frozenset({MAN}), {DOG: [10, 11], BALL: [12], IDEA: []})
SEEN = [0.0] * 10 + [0.3, 0.4, 0.1]
EXPECTED = torch.tensor([0.0, 0.2, 0.3, 0.4, -0.1, 0.5])
NOT_AT_ALL = math.log(LEAST)


def test_the_first_thing_named_is_what_counts() -> None:
    found = signs([A, DOG, A, BALL], [-0.1, -0.5, -0.1, -2.0], SEEN, EXPECTED, THINGS)
    assert found == pytest.approx((-0.5, 0.0, math.log(LEAST + 0.7), 1.0, math.log(LEAST + 0.3)))


def test_people_are_told_apart_from_what_the_classifier_knows() -> None:
    found = signs([A, MAN, DOG], [-0.1, -0.7, -0.2], SEEN, EXPECTED, THINGS)
    assert found == pytest.approx((-0.7, 1.0, NOT_AT_ALL, 0.0, math.log(LEAST + 0.2)))


def test_a_thing_without_a_label_is_not_held_against_the_labels() -> None:
    found = signs([IDEA], [-0.9], SEEN, EXPECTED, THINGS)
    assert found == pytest.approx((-0.9, 0.0, NOT_AT_ALL, 0.0, NOT_AT_ALL))


def test_a_caption_that_names_nothing_has_the_mean_of_its_words() -> None:
    assert signs([A, A], [-0.1, -0.3], SEEN, EXPECTED, THINGS)[0] == pytest.approx(-0.2)
    assert signs([], [], SEEN, EXPECTED, THINGS) == (0, 0, NOT_AT_ALL, 0, NOT_AT_ALL)


def test_where_nothing_is_known_of_what_to_expect_nothing_is_expected() -> None:
    assert signs([DOG], [-0.5], SEEN, None, THINGS)[4] == NOT_AT_ALL


def test_confidence_lies_between_0_and_1_and_rises_with_its_signs() -> None:
    low, high = (confidence([sign, 0, 0, 0, 0], [0.5, 1, 1, 1, 1, 1]) for sign in (-3, -0.1))
    assert 0 < low < high < 1
    assert confidence([0] * 5, [0] + [1] * 5) == 0.5


def test_a_config_holds_its_tokens_as_text() -> None:
    from captioner.compact import CompactBlipConfig

    config = CompactBlipConfig(person_token_ids=[MAN], thing_labels={str(DOG): [10]})
    assert Things.of(config) == Things(frozenset({MAN}), {DOG: [10]})
