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
        ("a cat on a couch", "dog; wolf", True),
        ("a cat on a couch", "dog; toy", False),  # one of its meanings may be meant
    ],
)
def test_a_caption_that_names_a_thing_rules_out_its_rivals(
    caption: str, meaning: str, wrong: bool
) -> None:
    assert FAMILIES.contradict(FAMILIES.named(caption), meaning) is wrong


GUARDED = Rivals.parse("* | woman girl | man boy < his\n* | child kid < boy girl\n")


@pytest.mark.parametrize(
    ("caption", "meaning", "wrong"),
    [
        ("a child on a slide", "girls", True),
        ("a couch", "man", True),
        ("a girl", "boy", True),
        ("a girl", "girls", False),
        ("a child and his dog", "man", False),  # a hint is enough
        ("a couch", "his and hers", False),  # a word that only hints claims nothing
        ("a boy", "kids", False),
        ("two kids", "boy", True),
        ("a man", "kids", True),
        ("a couch", "sofa", False),
    ],
)
def test_what_must_not_be_guessed_is_right_only_where_the_caption_names_it(
    caption: str, meaning: str, wrong: bool
) -> None:
    assert GUARDED.contradict(GUARDED.named(caption), meaning) is wrong


def test_the_shipped_rivals_know_cats_from_dogs_and_nothing_else_by_them() -> None:
    shipped = Rivals.default()
    named = shipped.named("a cat is sleeping on a couch")
    assert shipped.contradict(named, "dogs")
    assert not shipped.contradict(named, "kitten")
    assert not shipped.contradict(named, "couch")


@pytest.mark.parametrize(
    ("caption", "meaning", "wrong"),
    [
        ("a child climbs on a slide", "girl", True),
        ("a little girl", "woman", True),
        ("a young boy", "man", True),
        ("a woman", "girl", False),  # people do post it
        ("a man on a stage", "gym", True),
        ("a beach", "sunset", True),
        ("a child with a bat", "daughter", True),
        ("a girl and her mother", "daughter", False),
        ("a woman at a table", "actress", True),
        ("a car", "luxury", True),
        ("a red rose", "blue flower", True),
        ("a rose", "pink rose", True),
    ],
)
def test_the_shipped_rivals_guess_neither_sex_nor_age_nor_colour(
    caption: str, meaning: str, wrong: bool
) -> None:
    shipped = Rivals.default()
    assert shipped.contradict(shipped.named(caption), meaning) is wrong
