"""What the classifier knows of animals, among what is expected."""

import pytest
import torch

from captioner.animals import EXPECTED, Animals
from captioner.confidence import ANIMALS, Things
from captioner.consensus import Consensus, Expectation
from captioner.entry_level import SURE
from captioner.regression import Regression

DOG, HOUND, BIRD, OWL, ANIMAL, LIZARD, ROCK, BALL = range(1, 9)  # 0 is no word
BEAGLE, IGUANA, GREAT_OWL, CLIFF = 390, 391, 392, 900
BREEDS_OF_DOGS = [*range(200, 290), *range(BEAGLE - 20, BEAGLE + 1)]
THINGS = Things(
    frozenset(),
    {
        DOG: BREEDS_OF_DOGS,
        HOUND: [BEAGLE],
        BIRD: [*range(10, 30), GREAT_OWL],
        OWL: [GREAT_OWL],
        ANIMAL: [*range(ANIMALS)],
        LIZARD: [IGUANA],
        ROCK: [CLIFF],
        BALL: [IGUANA, CLIFF],  # not of animals alone
    },
)
WORDS = 9


def consensus() -> Consensus:
    """What is expected of people: any of these words but the owl and the lizard."""
    nothing = Regression(torch.zeros(1), torch.zeros(1, 1), torch.zeros(1, 6), torch.zeros(6))
    is_expectable = torch.ones(WORDS)
    is_expectable[[0, OWL, LIZARD]] = 0
    return Consensus(
        described=nothing,
        is_expectable=is_expectable,
        rarity=torch.tensor([0.0, 1.0, 5.0, 2.0, 6.0, 0.5, 6.0, 1.0, 0.5]),
        is_noun=torch.ones(WORDS),
    )


def seen(**labels: float) -> torch.Tensor:
    probabilities = torch.zeros(1000)
    for name, probability in labels.items():
        probabilities[globals()[name.upper()]] = probability
    return probabilities


def expected(before: dict[int, float], **labels: float) -> dict[int, float]:
    """What is expected after the classifier was asked; words of which nothing is are left out."""
    words = torch.zeros(WORDS)
    for token, weight in before.items():
        words[token] = weight
    animals = Animals.of(THINGS, consensus())
    assert animals is not None
    after = animals.expected(Expectation(words, familiarity=0.3), seen(**labels))
    assert after.familiarity == 0.3
    return {token: weight for token, weight in enumerate(after.words.tolist()) if weight}


def test_a_breed_is_expected_by_the_word_that_most_people_have_for_it() -> None:
    assert expected({}, beagle=0.8) == {DOG: pytest.approx(0.8 * EXPECTED)}


def test_another_animal_is_expected_by_its_own_name_as_well() -> None:
    assert expected({}, great_owl=0.8) == {
        BIRD: pytest.approx(0.8 * EXPECTED),
        OWL: pytest.approx(0.8 * EXPECTED),
    }


def test_one_without_a_common_name_is_an_animal_or_what_it_is() -> None:
    sure = pytest.approx(0.8 * EXPECTED)
    assert expected({}, iguana=0.8) == {ANIMAL: sure, LIZARD: sure}


def test_what_people_are_expected_to_write_anyhow_is_not_expected_less() -> None:
    assert expected({DOG: 0.4}, beagle=1.0) == {DOG: pytest.approx(0.4)}


def test_the_surer_the_classifier_the_less_another_animal_is_expected() -> None:
    words = expected({BIRD: 0.2, ROCK: 0.3}, beagle=0.75)
    assert words[DOG] == pytest.approx(0.75 * EXPECTED)
    assert words[BIRD] == pytest.approx(0.25 * 0.2)
    assert words[ROCK] == pytest.approx(0.3)  # is no animal, and may be there as well


def test_where_the_classifier_is_not_sure_nothing_changes() -> None:
    before = {DOG: pytest.approx(0.1), BIRD: pytest.approx(0.2)}
    told = {DOG: 0.1, BIRD: 0.2}
    assert expected(told, iguana=SURE - 0.01, cliff=0.5) == before
    assert expected(told, iguana=SURE - 0.01, beagle=SURE - 0.01) == before
    assert expected(told, cliff=1.0) == before


def test_a_model_that_was_not_told_which_words_name_animals_expects_none_by_them() -> None:
    assert Animals.of(Things(frozenset(), {}), consensus()) is None
    assert Animals.of(Things(frozenset(), {ROCK: [CLIFF]}), consensus()) is None
