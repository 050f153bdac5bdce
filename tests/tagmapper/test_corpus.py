import numpy as np
import pytest

from tagmapper.blocks import Block
from tagmapper.corpus import Corpus
from tagmapper.ranking import Floats
from tagmapper.screen import Screen, principal_axes

ROWS = np.array([[1, 0], [0, 1], [0, -1], [-1, 0]], np.float16)


def block(rows: Floats) -> Block:
    return Block(np.arange(len(rows), dtype=np.uint64), rows, Screen.of(rows, principal_axes(rows)))


@pytest.fixture
def corpus() -> Corpus:
    """East in the second block, west in the third, then north and west again."""
    blocks = (block(ROWS[1:3]), block(ROWS[:1]), block(ROWS[3:]))
    return Corpus(blocks, np.array([2, 3, 0, 3]))


def test_vectors_come_from_whichever_block_has_them(corpus: Corpus) -> None:
    assert corpus.all().tolist() == [[1, 0], [-1, 0], [0, 1], [-1, 0]]
    assert corpus.embeddings(np.array([2, 0])).tolist() == [[0, 1], [1, 0]]


def test_ceilings_come_in_the_order_of_the_texts(corpus: Corpus) -> None:
    queries = np.array([[0.6, 0.8]], np.float32)
    assert corpus.ceiling(queries) == pytest.approx([0.6, -0.6, 0.8, -0.6], abs=1e-4)


def test_of_the_texts_before_the_first_there_are_no_ceilings(corpus: Corpus) -> None:
    queries = np.array([[0.6, 0.8]], np.float32)
    assert corpus.ceiling(queries, 2) == pytest.approx([0.8, -0.6], abs=1e-4)
    whole = Corpus.of(block(ROWS))
    assert whole.ceiling(queries, 1) == pytest.approx([0.8, -0.8, -0.6], abs=1e-4)


def test_vectors_are_the_same_numbers_in_float32() -> None:
    generator = np.random.default_rng(0)
    rows = generator.standard_normal((50, 40)).astype(np.float16)
    rows[0, :6] = [0, -0.0, 6e-8, -6e-8, 65504, -65504]  # the least and the largest there are
    found = Corpus((block(rows),), np.arange(50)).all()
    assert found.dtype == np.float32
    assert np.array_equal(found, rows.astype(np.float32))
    assert np.signbit(found[0, 1])
