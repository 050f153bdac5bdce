"""What people call the animals that the classifier tells apart."""

import pytest

from captioner.confidence import ANIMALS
from captioner.entry_level import SURE, animal, chance, closer, entry_level
from captioner.hedging import Saying

OWL, COBRA, VIPER, BEAGLE, HARE, PUFFERFISH, PIZZA = 24, 63, 66, 162, 331, 397, 963


def seen(**labels: float) -> list[float]:
    probabilities = [0.0] * 1000
    for name, probability in labels.items():
        probabilities[globals()[name.upper()]] = probability
    return probabilities


@pytest.mark.parametrize(
    ("label", "name"),
    [
        (0, "fish"),
        (OWL, "owl"),
        (51, "dinosaur"),
        (52, "snake"),
        (COBRA, "snake"),
        (68, "snake"),
        (107, "jellyfish"),
        (151, "dog"),
        (BEAGLE, "dog"),
        (268, "dog"),
        (269, "wolf"),
        (292, "tiger"),
        (HARE, "rabbit"),
        (340, "zebra"),
        (388, "panda"),
        (PUFFERFISH, "fish"),
    ],
)
def test_an_animal_is_called_what_people_call_it(label: int, name: str) -> None:
    assert entry_level(label) == name


def test_every_label_of_an_animal_has_a_name_and_no_other_has() -> None:
    assert all(entry_level(label) for label in range(ANIMALS))
    assert [entry_level(label) for label in range(ANIMALS, 1000)] == [None] * (1000 - ANIMALS)


def test_labels_of_one_name_are_likely_together_and_a_thing_by_itself() -> None:
    probabilities = seen(cobra=0.3, viper=0.25, owl=0.1, pizza=0.2)
    assert chance(COBRA, probabilities) == pytest.approx(0.55)
    assert chance(OWL, probabilities) == pytest.approx(0.1)
    assert chance(PIZZA, probabilities) == 0.2


def test_a_sure_animal_is_as_likely_as_it_is_among_animals() -> None:
    assert animal(seen(cobra=0.3, viper=0.3, owl=0.15)) == Saying("a snake", pytest.approx(0.8))
    assert animal(seen(owl=0.5)) == Saying("an owl", 1.0)


def test_below_what_is_sure_it_is_not_said_which() -> None:
    assert animal(seen(owl=SURE - 0.01)) is None
    assert animal(seen(pizza=0.9)) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a close up of an animal", "a close up of an owl"),
        ("a close up of a animal", "a close up of an owl"),
        ("an animal on a rock", "an owl on a rock"),
    ],
)
def test_a_caption_of_an_animal_says_which_and_is_less_sure(before: str, after: str) -> None:
    owl = Saying("an owl", 0.75)
    assert closer(Saying(before, 0.8, 0.7), owl) == Saying(after, pytest.approx(0.6), 0.7)


@pytest.mark.parametrize("text", ["a close up of a cat", "a group of animals", "a stuffed animal"])
def test_one_that_says_more_or_means_another_stays(text: str) -> None:
    caption = Saying(text, 0.8)
    assert closer(caption, Saying("an owl", 0.75)) is caption


def test_an_animal_that_is_not_sure_stays_one() -> None:
    caption = Saying("a photo of an animal", 0.8)
    assert closer(caption, None) is caption
