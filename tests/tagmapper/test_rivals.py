import pytest

from tagmapper.rivals import Rivals

FAMILIES = Rivals.parse("# animals\ndog puppy | cat kitty | wolf\n\nwoman girl lady | man boy\n")


@pytest.mark.parametrize(
    ("caption", "meaning", "wrong"),
    [
        ("a cat on a couch", "dog lover", True),
        ("a cat on a couch", "Cats", False),
        ("two puppies", "dogs", False),
        ("two puppies", "kitties", True),
        ("a pack of wolves", "cat", True),
        ("a cat and a dog", "dog", False),
        ("a cat and a dog", "wolf", True),
        ("a couch", "dog", False),
        ("two boys", "girls", True),
        ("two ladies", "boy", True),
        ("a man with a cat", "woman", True),
        ("a man with a cat", "men and cats", False),
        ("a cat on a couch", "dogwood", False),
    ],
)
def test_a_caption_that_names_a_thing_rules_out_its_rivals(
    caption: str, meaning: str, wrong: bool
) -> None:
    assert FAMILIES.contradict(FAMILIES.named(caption), meaning) is wrong


def test_the_shipped_rivals_know_cats_from_dogs_and_nothing_else_by_them() -> None:
    shipped = Rivals.default()
    named = shipped.named("a cat is sleeping on a couch")
    assert shipped.contradict(named, "dogs")
    assert not shipped.contradict(named, "kitten")
    assert not shipped.contradict(named, "couch")
