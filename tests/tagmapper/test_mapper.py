import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from letters import LetterEmbedder

from tagmapper import (
    Hashtag,
    HashtagMatch,
    Language,
    Ranking,
    SentenceTransformerEmbedder,
    TagMapper,
    Vocabulary,
)
from tagmapper.additions import Said
from tagmapper.posts import Posts

PLAIN = Ranking(mix=0, diversity=0, floor=0)


def mapper(*hashtags: Hashtag | str, posts: Posts | None = None) -> TagMapper:
    tags = [Hashtag(tag, tag) if isinstance(tag, str) else tag for tag in hashtags]
    none = Posts.none()
    return TagMapper(Vocabulary(tuple(tags)), LetterEmbedder(), ranking=PLAIN, posts=posts or none)


def tags(found: Iterable[HashtagMatch]) -> list[str]:
    return [match.tag for match in found]


def test_the_nearest_tag_comes_first() -> None:
    assert tags(mapper("hat", "dog").match("a dog")) == ["dog", "hat"]


def test_equal_scores_keep_the_order_of_the_vocabulary() -> None:
    assert tags(mapper("tide", "edit").match("diet")) == ["tide", "edit"]


def test_a_match_says_which_keyword_brought_it() -> None:
    cat, dog = mapper("dog", "cat").match("a cat and a dog")
    assert (dog.tag, dog.keyword.text, dog.keyword.start) == ("dog", "dog", 12)
    assert (cat.tag, cat.keyword.text, cat.keyword.start) == ("cat", "cat", 2)


def test_a_match_says_how_near_the_keyword_is_and_how_many_posts_carry_the_tag() -> None:
    [match] = mapper(Hashtag("abc", "abc; xyz", posts=7)).match("an ab and more", limit=1)
    assert match.keyword.text == "ab"
    # 2 letters alike; of lengths 2 and 3, the latter in float16
    assert match.similarity == pytest.approx(2 / 6**0.5, abs=5e-4)
    assert (match.meaning, match.posts) == ("abc; xyz", 7)


def test_the_whole_caption_is_the_reason_where_it_has_no_keyword() -> None:
    [match] = mapper("top").match(" at the top ")
    assert (match.keyword.text, match.keyword.start, match.keyword.pos) == (
        "at the top",
        1,
        "CAPTION",
    )


def test_any_of_its_meanings_finds_a_tag() -> None:
    found = mapper("cat", Hashtag("bass", "fish; guitar")).match("a guitar")
    assert tags(found)[0] == "bass"


def test_blocked_is_never_offered_and_pinned_always_first() -> None:
    found = mapper(
        "dog", Hashtag("dogs", "dogs", state="blocked"), Hashtag("mybrand", "zz", state="pinned")
    ).match("dogs")
    assert tags(found) == ["mybrand", "dog"]


def test_pinned_tags_count_towards_the_limit() -> None:
    pinned = [Hashtag(f"brand{at}", "q", state="pinned") for at in "abc"]
    assert tags(mapper(*pinned, "dog").match("dog", limit=2)) == ["branda", "brandb"]


def test_twins_are_offered_once() -> None:
    found = mapper("dogs", "dog", Hashtag("강아지", "dog", language="ko"), "hat")
    assert tags(found.match("dog", ranking=PLAIN)) == ["dog", "hat"]


def test_the_rival_of_what_the_caption_names_is_not_offered() -> None:
    assert tags(mapper("god", "cat", "dog").match("a dog")) == ["dog", "god"]


def test_the_plate_says_less_than_what_is_on_it() -> None:
    assert tags(mapper("plate", "donuts").match("a plate of donuts")) == ["donuts", "plate"]
    assert tags(mapper("donuts", "plate").match("a plate on donuts")) == ["plate", "donuts"]


def test_scores_never_rise_from_place_to_place(real: TagMapper) -> None:
    for language in ("en", "ko", "all"):
        for caption in ("a dog on a beach", "a cup of coffee", "website", "a woman in a red dress"):
            found = real.match(caption, ranking=Ranking(language=language))
            scores = [match.score for match in found]
            assert len(scores) == 10
            assert scores == sorted(scores, reverse=True)


def test_a_far_tag_is_not_offered() -> None:
    found = mapper("dog", "cat").match("dog", ranking=Ranking(mix=0, diversity=0, floor=0.45))
    assert tags(found) == ["dog"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", ["dog", "brand"]), ("ko", ["개", "brand"]), ("all", ["dog", "brand", "개"])],
)
def test_a_language_offers_its_own_tags_and_those_of_no_language(
    language: Language, expected: list[str]
) -> None:
    hashtags = (
        Hashtag("dog", "dog", language="en"),
        Hashtag("perro", "dog dog", language="und"),
        Hashtag("brand", "do"),
        Hashtag("개", "god", language="ko"),
    )
    ranking = Ranking(mix=0, diversity=0, floor=0, language=language)
    found = mapper(*hashtags).match("dog", limit=3, ranking=ranking)
    assert sorted(tags(found)) == sorted(expected)


def test_what_posts_carry_beside_a_tag_is_offered_with_it() -> None:
    posts = Posts.of(
        [("pets", ["dog", "walk"]), ("pets", ["dog", "walk"]), ("cars", ["auto", "zoom"])],
        {tag: tag for tag in ("dog", "walk", "auto", "zoom")},
    )
    found = mapper("zoom", "walk", "dog", posts=posts)
    assert tags(found.match("dog", limit=2, ranking=Ranking(mix=1, diversity=0))) == ["dog", "walk"]


def test_a_translation_is_voted_for_like_the_tag_it_translates() -> None:
    posts = Posts.of(
        [("pets", ["dog", "walk"]), ("cars", ["auto"])],
        {"dog": "dog", "walk": "walk", "auto": "auto"},
    )
    found = mapper(Hashtag("산책", "walk", language="ko"), posts=posts)
    [match] = found.match("dog", ranking=Ranking(mix=1, language="ko"))
    assert (match.tag, match.score > 0.8) == ("산책", True)


@pytest.mark.parametrize("caption", ["", "   ", "\n"])
def test_an_empty_caption_has_no_tags(caption: str) -> None:
    assert mapper("dog").match(caption) == ()


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_under_one_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match="limit must be at least 1"):
        mapper("dog").match("a dog", limit)


def test_a_limit_beyond_the_vocabulary_gives_all_there_is() -> None:
    assert len(mapper("dog", "hat").match("a dog", 1_000)) == 2


def test_a_vocabulary_that_is_all_blocked_offers_nothing() -> None:
    assert mapper(Hashtag("dog", "dog", state="blocked")).match("a dog") == ()


def test_the_vocabulary_is_embedded_once_and_from_many_threads() -> None:
    one = mapper("dog", "cat")
    threads = [threading.Thread(target=one.load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert one.embedder.embedded == ["dog", "cat"]
    assert one.embedder.loads == 1


def test_a_word_that_is_a_meaning_is_not_embedded_again() -> None:
    one = mapper("dog", "cat")
    first, *_ = one.match("a dog and a cow")
    assert one.embedder.embedded == ["dog", "cat", "a dog and a cow", "cow"]
    assert (first.tag, first.similarity) == ("dog", pytest.approx(1, abs=0.001))


def test_what_counts_as_saying_more_can_be_told(real: TagMapper) -> None:
    class Nothing(Said):
        def is_exceeded(self, hashtag: Hashtag) -> bool:
            return False

    credulous = TagMapper(real.vocabulary, real.embedder, said=Nothing)
    caption = "a clock"
    assert "alarmclock" not in tags(real.match(caption))
    assert "alarmclock" in tags(credulous.match(caption))
    same = credulous.with_vocabulary(real.vocabulary)
    assert same.match(caption) == credulous.match(caption)


def test_a_changed_line_embeds_one_line(tmp_path: Path) -> None:
    for words in (("dog", "cat"), ("dog", "cow")):
        embedder = LetterEmbedder()
        vocabulary = Vocabulary(tuple(Hashtag(word, word) for word in words))
        TagMapper(vocabulary, embedder, cache_folder=tmp_path, posts=Posts.none()).load()
    assert embedder.embedded == ["cow"]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> TagMapper:
    """Shipped vocabulary, posts and encoder."""
    return TagMapper(
        Vocabulary.default(),
        SentenceTransformerEmbedder(),
        cache_folder=tmp_path_factory.mktemp("vectors"),
    )


@pytest.mark.parametrize(
    ("caption", "some_of"),
    [
        ("a black dog is running through the grass", {"dog", "dogsofinstagram"}),
        ("a plate of food on a table", {"food", "foodie"}),
        ("a woman in a red dress is smiling", {"selfie", "fashion"}),
        ("a view of a city with tall buildings", {"travel", "city"}),
        ("a bride and groom are kissing", {"wedding", "bride"}),
        ("a red sports car is parked on the street", {"car", "cars"}),
        ("a man is lifting weights in a gym", {"gym", "fitness"}),
    ],
)
def test_ordinary_captions_get_the_tags_that_posts_of_their_kind_carry(
    real: TagMapper, caption: str, some_of: set[str]
) -> None:
    found = real.match(caption)
    assert len(found) == 10
    assert some_of & set(tags(found)[:5])


def test_the_same_caption_always_gives_the_same_tags(real: TagMapper) -> None:
    captions = ["a dog on a beach", "a cup of coffee"]
    once = [real.match(caption) for caption in captions]
    assert [real.match(caption) for caption in captions] == once


def test_korean_tags_are_found_by_an_english_caption(real: TagMapper) -> None:
    found = real.match("a dog is running", ranking=Ranking(language="ko"))
    assert "멍스타그램" in tags(found)


def test_tags_of_one_meaning_come_in_the_order_of_the_vocabulary(real: TagMapper) -> None:
    for caption in ("A dog is running through the snow .", "A white dog walks in the snow"):
        found = tags(real.match(caption, ranking=Ranking(mix=0)))
        assert "snow" in found
        assert "snowday" not in found  # its meaning is snow, too


def test_a_caption_that_names_nothing_gets_what_every_post_may_carry(real: TagMapper) -> None:
    first_five = tags(real.match("a photo of something"))[:5]
    assert {"photography", "instagood", "photooftheday"} <= {*first_five}
    assert "photooftheday" not in tags(real.match("a photo of a dog"))[:5]
