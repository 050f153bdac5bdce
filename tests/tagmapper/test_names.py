"""Tags that a caption names, whatever else their meaning says."""

import numpy as np
import pytest
from letters import LetterEmbedder

from tagmapper import Hashtag, Keyword, Vocabulary
from tagmapper.index import Index
from tagmapper.names import named_meanings, names_of
from tagmapper.posts import Posts

HASHTAGS = (
    Hashtag("dog", "dog"),
    Hashtag("train", "train on tracks"),
    Hashtag("ring", "ring jewelry; boxing ring"),
    Hashtag("goldenretriever", "golden retriever"),
    Hashtag("glasses", "eyeglasses; drinking glasses"),
)
CAPTION = Keyword("", 0, 0, "CAPTION")


def said(
    text: str, pos: str = "NOUN", weight: float = 0.9, of: tuple[Hashtag, ...] = HASHTAGS
) -> list[tuple[str, float]]:
    index = Index.build(Vocabulary(of), Posts.none(), LetterEmbedder(), None)
    keywords = [CAPTION, Keyword(text, 0, len(text), pos)]
    vectors = LetterEmbedder().embed(["z", text])
    weights = np.array([1, weight], np.float32)
    rows, nearness = named_meanings(index, keywords, vectors, weights)
    texts = {row: text for text, row in index.row.items()}
    return list(zip((texts[row] for row in rows), nearness.tolist(), strict=True))


def test_tags_that_are_what_they_are_called_have_a_name() -> None:
    assert names_of(HASHTAGS) == {"dog": 0, "train": 1, "ring": 2, "glasses": 4}


@pytest.mark.parametrize("text", ["train", "trains", "Train"])
def test_one_or_several_of_a_name_say_its_tag(text: str) -> None:
    [(meaning, nearness)] = said(text)
    assert meaning == "train on tracks"
    assert nearness == pytest.approx(0.9)


def test_several_of_what_only_one_is_a_tag_of_say_it() -> None:
    assert said("dogs") == [("dog", pytest.approx(0.9))]


def test_where_both_are_tags_each_says_itself() -> None:
    both = (*HASHTAGS, Hashtag("dogs", "dogs"))
    assert said("dogs", of=both) == [("dogs", pytest.approx(0.9))]


def test_of_two_meanings_the_nearer_is_said() -> None:
    [(meaning, _)] = said("ring")
    assert meaning in {"ring jewelry", "boxing ring"}


def test_a_form_of_a_verb_is_no_name() -> None:
    assert said("train", pos="VERB") == []
    assert said("training") == []


def test_what_ends_with_ss_is_not_several() -> None:
    assert said("glass") == []


def test_what_is_named_no_tag_is_not_said() -> None:
    assert said("cat") == []
