"""Which texts cannot be near a caption, told from a third of each vector.

The vectors are turned so that their principal components come first; of each row the first
components are kept, and how long the rest is. By the inequality of Cauchy and Schwarz the rests of
two vectors add no more to their product than the product of their lengths, so that one narrow
matrix product gives what a similarity cannot exceed. Pure numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tagmapper.ranking import Floats

_WIDTH = 128  # of 384: with the length of the rest; 0.83 of the squares of the shipped vectors
_SAMPLE = 8192  # rows that tell the principal components
_STEP = 4096  # rows at a time, so that what is worked on stays in the processor's cache
_KERNEL_ROWS = 8  # OpenBLAS multiplies so many at once; 7 take longer than 8
# Added to both squared lengths, it adds at least as much to their product: more than float32 loses.
_ROUNDING = 1e-5
_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """The principal components of ``U`` unit vectors.

    Attributes:
        axes: Orthonormal columns, shape ``(D, K)``.
        columns: Of each row its product with the axes and, last, the length of its rest; shape
            ``(U, K + 1)`` float32.
    """

    axes: Floats
    columns: Floats

    @classmethod
    def of(cls, vectors: NDArray[np.floating], axes: Floats) -> Self:
        """Turn unit vectors of shape ``(U, D)``."""
        columns = np.empty((len(vectors), axes.shape[1] + 1), np.float32)
        for start in range(0, len(vectors), _STEP):
            rows = vectors[start : start + _STEP].astype(np.float32)
            columns[start : start + _STEP] = _with_rest(rows, axes)
        return cls(axes, columns)

    def ceiling(self, queries: Floats, first: int = 0) -> Floats:
        """Tell what the largest product of any query with each row cannot exceed.

        Args:
            queries: Shape ``(Q, D)``, of any length.
            first: The first row that is looked at.

        Returns:
            Shape ``(U - first,)``, never less than ``(queries @ vectors[first:].T).max(axis=0)``.
        """
        narrow = _with_rest(queries, self.axes)
        padding = -len(narrow) % _KERNEL_ROWS
        narrow = np.resize(narrow, (len(narrow) + padding, narrow.shape[1]))  # repeats rows
        columns = self.columns[first:]
        best = np.empty(len(columns), np.float32)
        for start in range(0, len(best), _STEP):
            part = slice(start, start + _STEP)
            np.max(narrow @ columns[part].T, axis=0, out=best[part])
        return best

    def is_whole(self) -> bool:
        """Whether every row has length 1 and the axes are orthonormal; false for NaN too."""
        squares = np.einsum("ij,ij->i", self.columns, self.columns)
        product = self.axes.T @ self.axes - np.eye(self.axes.shape[1])
        return all(np.all(np.abs(each) < _TOLERANCE) for each in (squares - 1, product))


def principal_axes(vectors: NDArray[np.floating]) -> Floats:
    """Return the directions in which vectors are longest (principal components, not centred).

    Args:
        vectors: Shape ``(U, D)``.

    Returns:
        Orthonormal columns, shape ``(D, min(D, 127))``.
    """
    rows = vectors[:: max(len(vectors) // _SAMPLE, 1)].astype(np.float32)
    _, directions = np.linalg.eigh(rows.T @ rows)  # the shortest first
    return np.ascontiguousarray(directions[:, ::-1][:, : _WIDTH - 1])


def _with_rest(rows: Floats, axes: Floats) -> Floats:
    """Return the rows' products with the axes and the lengths of their rests, ``(R, K + 1)``."""
    found = np.empty((len(rows), axes.shape[1] + 1), np.float32)
    inside = np.matmul(rows, axes, out=found[:, :-1])
    rest = np.einsum("ij,ij->i", rows, rows) - np.einsum("ij,ij->i", inside, inside)
    found[:, -1] = np.sqrt(np.maximum(rest, 0) + _ROUNDING)
    return found
