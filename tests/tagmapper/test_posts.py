import io
from pathlib import Path

import numpy as np
import pytest

from tagmapper.posts import Posts

MEANINGS = {"dog": "dog", "pets": "pets", "latte": "milk coffee"}


@pytest.fixture
def posts() -> Posts:
    return Posts.of(
        [("animals", ["pets", "dog"]), ("food", ["latte", "unknown"]), ("cars", ["unknown"])],
        MEANINGS,
        [("animals", "a dog"), ("cars", "a car"), ("", "a desk")],
        hands=[4, 2, 2],
    )


def test_posts_are_rows_of_tags(posts: Posts) -> None:
    assert posts.tags == ("dog", "latte", "pets")
    assert posts.meanings == ("dog", "milk coffee", "pets")
    assert [row.tolist() for row in np.split(posts.members, posts.starts[1:])] == [[2, 0], [1]]


def test_a_post_left_empty_is_left_out_and_its_kind_with_it(posts: Posts) -> None:
    assert len(posts) == 2
    assert posts.scene_names == ("animals", "food")
    assert posts.scene_captions == ((0, "a dog"), (2, "a desk"))
    assert posts.hands.tolist() == [4, 2]


def test_what_is_saved_is_read_back(posts: Posts, tmp_path: Path) -> None:
    posts.save(tmp_path / "posts.npz")
    content = io.BytesIO((tmp_path / "posts.npz").read_bytes())
    found = Posts.load(content, "scene,caption\nfood,a cup of coffee\n,a desk\n")
    assert (found.tags, found.meanings) == (posts.tags, posts.meanings)
    assert found.members.tolist() == posts.members.tolist()
    assert found.starts.tolist() == posts.starts.tolist()
    assert found.scenes.tolist() == posts.scenes.tolist()
    assert found.hands.tolist() == posts.hands.tolist()
    assert found.scene_captions == ((1, "a cup of coffee"), (2, "a desk"))


def test_saving_twice_writes_the_same_bytes(posts: Posts, tmp_path: Path) -> None:
    posts.save(tmp_path / "one.npz")
    posts.save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_no_posts_are_nothing() -> None:
    assert len(Posts.none()) == 0


def test_the_shipped_posts_are_whole() -> None:
    posts = Posts.default()
    assert len(posts) > 1_500
    assert posts.members.max() == len(posts.tags) - 1 == len(posts.meanings) - 1
    assert set(posts.scenes.tolist()) == set(range(len(posts.scene_names)))
    kinds = {*posts.scenes.tolist(), len(posts.scene_names)}
    assert {scene for scene, _ in posts.scene_captions} == kinds
