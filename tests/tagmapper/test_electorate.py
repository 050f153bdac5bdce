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


def test_what_must_be_there_is_not_generic_however_evenly_it_is_spread() -> None:
    tags = {"pets": ["dog", "summer", "love"], "cars": ["auto", "summer", "love"]}
    posts = Posts.of(list(tags.items()), {tag: tag for tag in ("auto", "dog", "love", "summer")})
    of = Electorate.of(posts, TEXTS, np.array([], np.int64))
    assert dict(zip(posts.tags, of.generic.tolist(), strict=True))["love"]
    assert not dict(zip(posts.tags, of.generic.tolist(), strict=True))["summer"]


def test_a_tag_of_another_kind_of_photo_must_be_named() -> None:
    food = [("food", ["wine", "travel"]), *[("food", ["wine"])] * 3]
    wine = Posts.of(
        [*food, *[("travel", ["travel", "sea"])] * 4],
        {tag: tag for tag in ("sea", "travel", "wine")},
        [("food", "a glass"), ("travel", "a beach")],
    )
    of = Electorate.of(wine, np.arange(3), np.array([3, 4]))
    unnamed = np.array([0, 0.3, 0.9, 0.9, 0.1], np.float32)
    named = np.array([0, 0.7, 0.9, 0.9, 0.1], np.float32)
    assert support(of, unnamed, penalty=0)["travel"] == 0
    assert support(of, named, penalty=0)["travel"] > 0.2
    assert support(of, unnamed, penalty=0)["wine"] > 0.5


def test_a_tag_of_one_kind_needs_that_kind_to_be_likely() -> None:
    kinds = ("cars", "food", "gym", "pets", "sea")
    posts = Posts.of(
        [(kind, [f"{kind} tag", "love"]) for kind in kinds],
        {**{f"{kind} tag": kind for kind in kinds}, "love": "love"},
        [(kind, kind) for kind in kinds],
    )
    of = Electorate.of(posts, np.arange(6), np.arange(6, 11))
    unsure = np.array([0.1] * 6 + [0.5] * 5, np.float32)
    gym = np.where(np.arange(11) == 8, 0.7, unsure).astype(np.float32)
    assert support(of, unsure, penalty=0)["gym tag"] < support(of, unsure, penalty=0)["love"] / 4
    assert support(of, gym, penalty=0)["gym tag"] > 0.5
