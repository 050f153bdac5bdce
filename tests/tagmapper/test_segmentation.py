import pytest

from tagmapper.segmentation import is_known, is_word, meaning_of, split


@pytest.mark.parametrize(
    ("tag", "meaning"),
    [
        ("dog", "dog"),
        ("doglover", "dog lover"),
        ("doglovers", "dog lover"),
        ("dogsofinstagram", "dogs"),
        ("catstagram", "cat"),
        ("dogstagram", "dog"),
        ("petsagram", "pet"),
        ("travelgram", "travel"),
        ("instafood", "food"),
        ("catoftheday", "cat of the day"),
        ("naturephotography", "nature photography"),
        ("goldenretriever", "golden retriever"),
        ("ilovemydog", "love my dog"),
        ("ootd", "outfit of the day"),
        ("tbt", "memories"),
        ("makeuptutorial", "makeup tutorial"),
        ("iphonephotography", "iphone photography"),
    ],
)
def test_a_compound_is_split_where_its_words_meet(tag: str, meaning: str) -> None:
    assert meaning_of(tag) == meaning


@pytest.mark.parametrize("tag", ["clover", "glover", "wildlife", "nightlife", "lover", "gram"])
def test_a_word_that_only_looks_like_a_compound_stays_whole(tag: str) -> None:
    assert meaning_of(tag) == tag


@pytest.mark.parametrize(
    ("tag", "meaning"),
    [
        ("GoldenHour", "golden hour"),
        ("golden_hour", "golden hour"),
        ("2020wedding", "2020 wedding"),
        ("OOTD", "outfit of the day"),
    ],
)
def test_capitals_digits_and_underscores_say_where_words_meet(tag: str, meaning: str) -> None:
    assert meaning_of(tag) == meaning


@pytest.mark.parametrize("tag", ["멍스타그램", "кот", "café", "duguncekimi", "_"])
def test_what_is_not_english_is_its_own_meaning(tag: str) -> None:
    assert meaning_of(tag) == tag


def test_split_leaves_no_crumbs() -> None:
    assert split("dechrome") == "dechrome"


def test_common_words_are_told_from_names() -> None:
    assert is_known("golden retriever")
    assert not is_known("chris galang")
    assert is_word("sunset")
    assert not is_word("sunsetlover")
