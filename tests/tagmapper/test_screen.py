import numpy as np
import pytest

from tagmapper.ranking import Floats
from tagmapper.screen import Screen, principal_axes


def unit_rows(count: int, width: int, seed: int) -> Floats:
    """Rows that lie mostly in a few directions, like those of texts."""
    generator = np.random.default_rng(seed)
    rows = generator.standard_normal((count, width)) * 0.98 ** np.arange(width)
    turn, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((width, width)))
    return np.asarray(rows @ turn / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def screen_of(vectors: Floats) -> Screen:
    return Screen.of(vectors, principal_axes(vectors))


def test_the_first_axis_is_the_direction_in_which_vectors_are_longest() -> None:
    vectors = np.array([[0.6, 0.8], [0.6, 0.8], [0.8, -0.6]], np.float32)
    assert np.abs(principal_axes(vectors)[:, 0]) == pytest.approx([0.6, 0.8])


@pytest.mark.parametrize("queries", [1, 7, 8, 9])
@pytest.mark.parametrize("width", [2, 127, 128, 384])
def test_no_product_exceeds_the_ceiling(queries: int, width: int) -> None:
    vectors = unit_rows(9000, width, 1)
    asked = np.concatenate([unit_rows(queries - 1, width, 2) * np.float32(0.7), vectors[:1]])
    largest = (asked.astype(np.float64) @ vectors.T.astype(np.float64)).max(axis=0)
    assert np.all(screen_of(vectors).ceiling(asked) >= largest)


def test_the_ceiling_is_near_where_the_first_components_say_nearly_all() -> None:
    vectors = unit_rows(500, 100, 1)
    queries = unit_rows(5, 100, 2)
    found = screen_of(vectors).ceiling(queries)
    assert found == pytest.approx((queries @ vectors.T).max(axis=0), abs=1e-4)


def test_rows_before_the_first_are_not_looked_at() -> None:
    screen, queries = screen_of(unit_rows(9000, 40, 1)), unit_rows(3, 40, 2)
    assert screen.ceiling(queries, 4500) == pytest.approx(screen.ceiling(queries)[4500:], abs=1e-5)


def test_most_rows_are_known_to_be_far() -> None:
    ceiling = screen_of(unit_rows(5000, 384, 1)).ceiling(unit_rows(5, 384, 2))
    assert (ceiling < 0.5).mean() > 0.9


def test_a_screen_of_no_rows_has_no_ceilings() -> None:
    assert screen_of(np.empty((0, 26), np.float32)).ceiling(unit_rows(2, 26, 1)).shape == (0,)
