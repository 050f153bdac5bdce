import numpy as np
import pytest
from letters import LetterEmbedder

from tagmapper import Hashtag, Vocabulary
from tagmapper.index import Index
from tagmapper.posts import Posts
from tagmapper.ranking import Floats
from tagmapper.wording import Wording

WEIGHTS = np.array([1, 0.7], np.float32)
NONE = np.empty(0, np.float32)
UNNAMED = np.empty(0, np.int64), NONE


@pytest.fixture
def index() -> Index:
    hashtags = (Hashtag("dog", "dog", posts=10), Hashtag("bass", "fish; god"), Hashtag("z", "z"))
    return Index.build(Vocabulary(hashtags), Posts.none(), LetterEmbedder(), None)


@pytest.fixture
def vectors() -> Floats:
    return LetterEmbedder().embed(["god", "z"])


def test_settled_tags_have_what_the_caption_says_of_their_best_meaning(
    index: Index, vectors: Floats
) -> None:
    wording = Wording(index, vectors, WEIGHTS, NONE, UNNAMED)
    settled = wording.settle(np.array([0, 1, 2]))
    # said: 1 for the very word, (0.2 / 0.5)^2 for a cosine of 0.7; used: all at ten posts, 0.6 at 0
    assert settled.wording == pytest.approx([1, 0.6, 0.6 * 0.16], abs=2e-3)


def test_settled_tags_have_the_vector_of_their_first_meaning(index: Index, vectors: Floats) -> None:
    settled = Wording(index, vectors, WEIGHTS, NONE, UNNAMED).settle(np.array([1, 0]))
    assert settled.vectors == pytest.approx(LetterEmbedder().embed(["fish", "dog"]), abs=1e-3)


def test_what_is_not_settled_is_not_below_what_the_caption_says(
    index: Index, vectors: Floats
) -> None:
    rough = Wording(index, vectors, WEIGHTS, NONE, UNNAMED)
    assert np.all(rough.ceiling >= rough.settle(np.array([0, 1, 2])).wording)


def test_only_the_vectors_that_are_asked_for_are_read(index: Index, vectors: Floats) -> None:
    wording = Wording(index, vectors, WEIGHTS, NONE, UNNAMED)
    known = wording.settle(np.array([0])).wording
    index.corpus.blocks[0].vectors[:] *= -1
    assert wording.settle(np.array([2])).wording == 0
    assert wording.settle(np.array([0])).wording == known  # nor is one text compared twice


def test_what_is_known_of_the_posts_is_not_computed_again(index: Index, vectors: Floats) -> None:
    voters = np.array([0.75], np.float32)  # as if the posts had the first text, which is "dog"
    wording = Wording(index, vectors, WEIGHTS, voters, UNNAMED)
    assert wording.ceiling[0] == pytest.approx(0.25)
    assert wording.settle(np.array([0])).wording == pytest.approx(0.25)


def test_a_tag_belongs_to_the_keyword_that_is_nearest() -> None:
    hashtags = [Hashtag(word, word) for word in ("act", "zz", "god")]
    index = Index.build(Vocabulary(tuple(hashtags)), Posts.none(), LetterEmbedder(), None)
    vectors = LetterEmbedder().embed(["god", "z", "cat"])  # "god" is the whole caption, and no part

    def parts(*weights: float) -> list[int]:
        asked = vectors[: len(weights)], np.array(weights, np.float32)
        return Wording(index, *asked, NONE, UNNAMED).settle(np.arange(3)).parts.tolist()

    assert parts(1, 1, 1)[:2] == [1, 0]
    assert parts(1, 0.6, 1) == [0, 0, 0]  # a vessel is none
    assert parts(1) == [0, 0, 0]


def test_what_the_caption_names_is_as_near_as_it_is_named(index: Index, vectors: Floats) -> None:
    row = index.row["z"]
    wording = Wording(index, vectors, WEIGHTS, NONE, (np.array([row]), np.array([0.9], np.float32)))
    assert wording.settle(np.array([2])).wording == pytest.approx(0.6 * 0.8**2, abs=1e-3)
