from dataclasses import replace

import numpy as np
import pytest

from tagmapper.electorate import Electorate
from tagmapper.posts import Posts
from tagmapper.ranking import Floats

POSTS = Posts.of(
    [
        ("pets", ["dog", "walk", "love"]),
        ("pets", ["dog", "love"]),
        ("cars", ["auto", "love"]),
        ("cars", ["auto"]),
    ],
    {tag: tag for tag in ("auto", "dog", "love", "walk")},
    [("pets", "a dog"), ("cars", "a car")],
)
TEXTS = np.arange(4)  # auto, dog, love, walk
A_DOG = np.array([0, 0.9, 0, 0, 0.9, 0.1], np.float32)  # the tags, then the two captions


@pytest.fixture
def electorate() -> Electorate:
    return Electorate.of(POSTS, TEXTS, np.array([4, 5]))


def support(of: Electorate, similarity: Floats, penalty: float = 0.25) -> dict[str, float]:
    found = of.support(similarity, similarity, penalty)
    return dict(zip(of.posts.tags, found.tolist(), strict=True))


def test_posts_of_the_kind_and_with_the_word_carry_the_vote(electorate: Electorate) -> None:
    found = support(electorate, A_DOG)
    assert found["dog"] > 0.8
    assert found["auto"] == 0


def test_a_thing_that_stands_beside_but_is_not_seen_has_less_say(electorate: Electorate) -> None:
    seen = A_DOG.copy()
    seen[3] = 0.9
    assert support(electorate, A_DOG)["walk"] < support(electorate, seen)["walk"]


def test_only_what_every_kind_carries_is_generic(electorate: Electorate) -> None:
    assert dict(zip(POSTS.tags, electorate.generic.tolist(), strict=True)) == {
        "auto": False,
        "dog": False,
        "love": True,
        "walk": False,
    }


def test_where_no_kind_fits_posts_lose_most_of_their_say() -> None:
    posts = replace(POSTS, scene_captions=(*POSTS.scene_captions, (2, "a desk")))
    of = Electorate.of(posts, TEXTS, np.array([4, 5, 6]))
    at_home = np.array([0, 0.5, 0, 0, 0.1, 0.1, 0.9], np.float32)
    on_the_lawn = np.array([0, 0.5, 0, 0, 0.9, 0.1, 0.1], np.float32)
    assert support(of, at_home)["dog"] < support(of, on_the_lawn)["dog"] / 2
