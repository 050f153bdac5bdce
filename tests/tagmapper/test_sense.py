"""What the shipped vocabulary, posts and encoder make of captions like those of the captioner."""

import pytest

from tagmapper import Ranking, SentenceTransformerEmbedder, TagMapper, Vocabulary
from tagmapper.twins import bare, twin_key


@pytest.fixture(scope="module")
def mapper() -> TagMapper:
    return TagMapper(Vocabulary.default(), SentenceTransformerEmbedder())


def tags(mapper: TagMapper, caption: str, ranking: Ranking | None = None) -> list[str]:
    return [match.tag for match in mapper.match(caption, ranking=ranking)]


@pytest.mark.parametrize(
    ("caption", "wanted", "unwanted"),
    [
        ("a pizza pie sits in a dish on a table", {"food", "pizza"}, {"cake", "summer", "dessert"}),
        ("a bunch of pink flowers in a vase", {"flowers"}, {"wedding", "bride", "summer"}),
        ("a screen with text on it", {"screen"}, {"cars", "car", "summer"}),
        ("a desk with a computer and a keyboard", {"computer"}, {"cars", "car"}),
        ("a man is standing on a beach", {"beach"}, {"woman", "girl", "dog"}),
        ("a baby is sleeping in a crib", {"baby"}, {"animals", "dog", "cat"}),
        ("a hand with red painted nails", {"nails"}, {"food", "wedding"}),
        ("a glass of red wine", {"wine"}, {"travel", "family"}),
        ("a group of people", {"people"}, {"nature", "sunset", "landscape"}),
        ("a few people", {"people"}, {"nature", "sunset", "landscape"}),
        ("a child climbs on a slide", {"child", "slide"}, {"girl", "boys", "fitness", "gym"}),
        ("a woman is talking on a phone", {"woman"}, {"fitness", "motivation", "gym"}),
        ("a stop sign on a pole", {"stopsign"}, {"nature", "animals", "sky"}),
        ("a photo of a motorcycle", {"motorcycle"}, {"luxury", "racing", "cars"}),
        ("people are standing on a rocky beach", {"beach"}, {"sunset", "girl", "man"}),
        ("a photo of something", {"photooftheday"}, {"travel", "nature", "food", "selfie"}),
        ("a close up of a toilet", {"bathroom"}, {"food", "salad"}),
        ("a close up of a train", {"train", "travel"}, {"training", "trainhard"}),
        ("two teenage boys jump into a hotel pool", {"boys"}, {"girls", "girl"}),
        ("a photo of an animal", {"animals"}, {"dog", "puppy", "cat", "kitty", "horse"}),
        ("a photo of a drink", {"drinks"}, {"wine", "spring"}),
    ],
)
def test_a_photo_gets_what_it_shows_and_not_what_stands_beside_it_in_posts(
    mapper: TagMapper, caption: str, wanted: set[str], unwanted: set[str]
) -> None:
    found = set(tags(mapper, caption))
    assert wanted <= found
    assert not unwanted & found


@pytest.mark.parametrize(
    "caption",
    ["a boat is on a lake", "a plate of food on a table", "a bride and groom are dancing"],
)
def test_of_the_korean_forms_of_a_word_one_is_among_the_first_five(
    mapper: TagMapper, caption: str
) -> None:
    meanings = {tag.tag: tag.meaning for tag in mapper.vocabulary}
    first = tags(mapper, caption, Ranking(language="ko"))[:5]
    words = [bare(twin_key(tag, meanings[tag])) for tag in first]
    assert len(set(words)) == 5


@pytest.mark.parametrize(
    "tag", ["instago", "iphonesia", "lionking", "thebride", "johnnydepp", "natgeo", "noiva", "gta"]
)
def test_fragments_films_people_and_shops_are_not_in_the_vocabulary(tag: str) -> None:
    assert tag not in {hashtag.tag for hashtag in Vocabulary.default()}


def test_a_second_thing_in_a_caption_has_its_say(mapper: TagMapper) -> None:
    assert "beach" in tags(mapper, "a brown dog is running on a beach")
    assert "snow" in tags(mapper, "a black dog runs in the snow")
    assert "sweet" not in tags(mapper, "a plate of pizza")
