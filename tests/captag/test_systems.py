from __future__ import annotations

import numpy as np
import pytest

from captag.systems import keywords_alone, popular, share_near
from tagmapper import Hashtag, Vocabulary
from tagmapper.posts import Posts


def test_the_popular_baseline_ignores_the_caption() -> None:
    posts = Posts.of(
        [("a", ["dog", "love"]), ("b", ["love"]), ("b", ["car", "love", "dog"])],
        {"dog": "dog", "love": "love", "car": "car"},
    )
    assert popular(posts, 2)("anything") == ["love", "dog"]


def test_keywords_alone_are_written_as_tags() -> None:
    assert keywords_alone("a Black dog on grass") == ["blackdog", "black", "dog", "grass"]


class SameWord:
    """Texts are near when they are the same."""

    model = "same word"

    def load(self) -> None:
        pass

    def embed(self, texts: list[str]) -> np.ndarray:
        return np.array([[text == "dog", text != "dog"] for text in texts], np.float32)


@pytest.mark.parametrize(
    ("tags", "share"), [(["doggo"], 1), (["auto"], 0), (["doggo", "auto"], 0.5), (["what"], 0)]
)
def test_the_share_of_near_tags(tags: list[str], share: float) -> None:
    vocabulary = Vocabulary((Hashtag("doggo", "dog"), Hashtag("auto", "car")))
    assert share_near(["dog"], [tags], vocabulary, SameWord()) == share  # type: ignore[arg-type]
