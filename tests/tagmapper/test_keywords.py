import json

import pytest

from tagmapper import Keyword, extract_keywords
from tagmapper.keywords import subject
from tagmapper.train_tagger import accuracy, lower, read_captions, read_conllu, train


def texts(caption: str) -> list[str]:
    return [keyword.text for keyword in extract_keywords(caption)]


def test_words_and_phrases_come_in_the_order_of_the_caption() -> None:
    assert texts("a black dog is running through the grass") == [
        "black dog",
        "black",
        "dog",
        "running",
        "grass",
    ]


@pytest.mark.parametrize(
    "caption",
    ["a woman in a red dress is smiling", "A  Golden Retriever, asleep!", "강아지 on the beach"],
)
def test_a_keyword_says_where_it_stands(caption: str) -> None:
    found = extract_keywords(caption)
    assert found
    assert all(caption[keyword.start : keyword.end] == keyword.text for keyword in found)


def test_function_words_and_empty_caption_words_are_left_out() -> None:
    assert texts("a picture of a man standing on top of a hill") == ["man", "hill"]


@pytest.mark.parametrize("caption", ["people", "a group of people", "a photo of a few people"])
def test_people_are_said_where_there_is_nothing_else_to_say(caption: str) -> None:
    assert texts(caption) == ["people"]
    assert "people" not in texts(f"{caption} at a table")


def test_a_couple_of_things_is_no_couple() -> None:
    assert texts("a couple of pizzas on a table") == ["pizzas", "table"]
    assert "couple" in texts("a couple sits on a bench")
    assert "couple" in texts("a couple on a bench of wood")


@pytest.mark.parametrize(
    ("caption", "word", "pos"),
    [
        ("a fly is on the window", "fly", "NOUN"),
        ("planes that fly over the city", "fly", "VERB"),
        ("a dog runs along the beach", "runs", "VERB"),
        ("a woman in a red dress", "red", "ADJ"),
    ],
)
def test_the_part_of_speech_is_that_of_the_sentence(caption: str, word: str, pos: str) -> None:
    assert pos in [keyword.pos for keyword in extract_keywords(caption) if keyword.text == word]


def test_a_stand_is_a_thing_and_to_stand_is_nothing() -> None:
    assert "fruit stand" in texts("a fruit stand with apples")
    assert texts("a man stands") == ["man"]


def test_a_phrase_begins_with_a_word_that_says_something() -> None:
    assert texts("a large brown bear") == ["brown bear", "brown", "bear"]


def test_a_word_said_twice_is_one_keyword_at_its_first_place() -> None:
    assert extract_keywords("a dog and a Dog") == (Keyword("dog", 2, 5, "NOUN"),)


def test_a_possessive_is_no_part_of_its_word() -> None:
    assert texts("the dog's ball") == ["dog", "ball"]
    assert texts("the dog\u2019s ball") == ["dog", "ball"]


@pytest.mark.parametrize("caption", ["", "   ", "...", "the of and", "12 34", "🐶", "_"])
def test_a_caption_that_says_nothing_has_no_keywords(caption: str) -> None:
    assert extract_keywords(caption) == ()


def test_a_very_long_caption_is_read() -> None:
    assert texts("a dog and a cat " * 2_000) == ["dog", "cat"]


CONLLU = """# text = Dogs don't run
1\tDogs\tdog\tNOUN\tNNS\t_\t_\t_\t_\t_
2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
2\tdo\tdo\tAUX\tVB\t_\t_\t_\t_\t_
3\tn't\tnot\tPART\tRB\t_\t_\t_\t_\t_
4\trun\trun\tVERB\tVB\t_\t_\t_\t_\t_

1\tCats\tcat\tNOUN\tNNS\t_\t_\t_\t_\t_
1.1\tsleep\t_\t_\t_\t_\t_\t_\t_\t_
"""


def test_conllu_is_read_without_multiword_tokens_and_empty_nodes() -> None:
    assert list(read_conllu(CONLLU.splitlines())) == [
        [("Dogs", "NOUN"), ("do", "AUX"), ("n't", "PART"), ("run", "VERB")],
        [("Cats", "NOUN")],
    ]


def test_tagged_captions_are_read_without_their_comments() -> None:
    lines = ["# own work", "a/DET dog/NOUN", "and/or/CCONJ"]
    assert list(read_captions(lines)) == [[("a", "DET"), ("dog", "NOUN")], [("and/or", "CCONJ")]]


def test_training_twice_gives_the_same_tagger() -> None:
    sentences = list(read_conllu(CONLLU.splitlines())) * 25  # nltk trusts a word seen 20 times
    once, twice = train(sentences), train(sentences)
    assert json.dumps(once) == json.dumps(twice)
    assert accuracy(once, lower(sentences)) > 0.5


@pytest.mark.parametrize(
    ("caption", "about"),
    [
        ("a view of a room", "a room"),
        ("a close up view of a bird", "a bird"),
        ("A close-up of two dogs", "two dogs"),
        ("a wide view of the ocean", "the ocean"),
        ("there is a picture of a cat", "a cat"),
        ("there is a rose in this photo", "a rose"),
        ("there are sneakers in this picture.", "sneakers"),
        ("  a dog on a beach ", "a dog on a beach"),
        ("there is a dog on a beach", "there is a dog on a beach"),
        ("a dog with a view of the sea", "a dog with a view of the sea"),
        ("a view of ", "a view of"),
        ("a photo", "a photo"),
        ("a photo of something", "something"),
    ],
)
def test_how_a_caption_begins_is_not_what_it_is_about(caption: str, about: str) -> None:
    start, end = subject(caption)
    assert caption[start:end] == about


@pytest.mark.parametrize(
    ("caption", "wanted", "unwanted"),
    [
        ("a red fire hydrant on a street", "fire hydrant", {"fire", "hydrant"}),
        ("two Hot Dogs on a plate", "Hot Dogs", {"Hot", "Dogs"}),
        ("a fire and a hydrant", "fire", {"fire hydrant"}),
    ],
)
def test_two_words_that_are_one_thing_are_one_keyword(
    caption: str, wanted: str, unwanted: set[str]
) -> None:
    found = {keyword.text for keyword in extract_keywords(caption)}
    assert wanted in found
    assert not unwanted & found
