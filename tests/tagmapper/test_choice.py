import numpy as np
import pytest
from letters import LetterEmbedder

from tagmapper import Hashtag, Ranking, Vocabulary
from tagmapper.choice import choose
from tagmapper.index import Index
from tagmapper.posts import Posts

PLAIN = Ranking(diversity=0, floor=0.05)


def index(*hashtags: Hashtag) -> Index:
    return Index.build(Vocabulary(hashtags), Posts.none(), LetterEmbedder(), None)


def chosen(of: Index, scores: list[float], tail: list[float], ranking: Ranking) -> list[str]:
    found = choose(of, np.array(scores, np.float32), np.array(tail, np.float32), ranking, 10)
    return [of.hashtags[at].tag for at in found]


WORDS = [Hashtag(word, word) for word in ("ant", "bee", "cow", "dog", "eel", "fox", "gnu")]


def test_the_third_place_and_those_after_the_fifth_follow_the_second_order() -> None:
    rising, falling = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], [0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]
    found = chosen(index(*WORDS), rising, falling, PLAIN)
    assert found == ["gnu", "fox", "ant", "eel", "dog", "bee", "cow"]


def test_no_tag_is_offered_twice() -> None:
    even = [0.5] * 7
    assert chosen(index(*WORDS), even, even, PLAIN) == [hashtag.tag for hashtag in WORDS]


def test_nothing_below_the_floor_is_offered() -> None:
    scores = [0.5, 0.04, 0.5, 0.04, 0.04, 0.04, 0.04]
    assert chosen(index(*WORDS), scores, scores, PLAIN) == ["ant", "cow"]


@pytest.mark.parametrize(("twins", "expected"), [(False, ["dog"]), (True, ["dog", "dogs", "개"])])
def test_twins_are_offered_only_when_they_are_wished(twins: bool, expected: list[str]) -> None:
    of = index(Hashtag("dog", "dog"), Hashtag("dogs", "dogs"), Hashtag("개", "dog"))
    ranking = Ranking(diversity=0, floor=0, twins=twins)
    assert chosen(of, [0.9, 0.8, 0.7], [0.9, 0.8, 0.7], ranking) == expected


def test_every_third_tag_is_korean_where_both_languages_are_wished() -> None:
    english = [Hashtag(word, word, language="en") for word in ("ant", "bee", "cow", "dog")]
    korean = [Hashtag("여우", "fox", language="ko"), Hashtag("장어", "eel", language="ko")]
    scores = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]
    ranking = Ranking(diversity=0, floor=0, language="all")
    assert chosen(index(*english, *korean), scores, scores, ranking) == [
        "ant",
        "bee",
        "여우",
        "cow",
        "dog",
        "장어",
    ]
