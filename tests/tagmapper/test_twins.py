import pytest

from tagmapper.twins import twin_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("dog", "dog"), ("dogs", "dogs")),
        (("man", "man"), ("men", "men")),
        (("children", "children"), ("child", "child")),
        (("fallleaves", "fall leaves"), ("fallleaf", "fall leaf")),
        (("dogsofinstagram", "dogs"), ("dogstagram", "dog")),
        (("dogstagram", "dog"), ("멍스타그램", "dog")),
        (("여행사진", "travel photography"), ("여행스타그램", "travel")),
        (("럽스타", "love"), ("럽스타그램", "love")),
        (("travelling", "travelling"), ("traveling", "traveling")),
        (("colours", "colours"), ("color", "color")),
        (("강아지", "puppy"), ("puppies", "puppies")),
        (("catlover", "cat lover"), ("catlovers", "cat lovers")),
        (("bass", "bass; guitar"), ("bass2", "bass; fish")),
    ],
)
def test_plural_spelling_and_language_make_twins(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert twin_key(*one) == twin_key(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("dog", "dog"), ("cat", "cat")),
        (("dog", "dog"), ("dogsofinstagram", "dogs")),
        (("dog", "dog"), ("doglover", "dog lover")),
        (("wedding", "wedding"), ("weddingdress", "wedding dress")),
        (("travel", "travel"), ("travelphotography", "travel photography")),
        (("사진", "photo"), ("여행사진", "travel photography")),
    ],
)
def test_a_community_or_a_compound_is_no_twin(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert twin_key(*one) != twin_key(*other)
