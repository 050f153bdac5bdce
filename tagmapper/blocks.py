"""Vectors in files: a *block* is the vectors of a sequence of texts, mapped into memory.

``<model>-<content>.vectors.npy``
    Shape ``(N, D)`` float16, row by row: a few rows are read a caption. float16 hardly
    ever costs a rank: it moves a cosine by less than 0.001, and what is shipped is float16.
``<model>-<content>.columns.npy`` and ``<model>-<content>.axes.npy``
    Their `Screen`, which is read as a whole for each caption.
``<model>-<content>.keys.npy``
    Shape ``(N,)``, one 64-bit hash a text.

A block is written to the side and renamed, keys last, so that a block whose keys are there is
whole. A damaged one is none.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagmapper.halves import Halves, as_float32
from tagmapper.screen import Screen

Keys = NDArray[np.uint64]

_FILES = ("keys", "vectors", "columns", "axes")
_DAMAGED = (OSError, ValueError, EOFError)  # what numpy.load raises for a file that is not whole
_UNIT_TOLERANCE = 1e-3
_STEP = 8192  # rows checked at a time


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The vectors of ``N`` texts.

    Attributes:
        keys: A 64-bit hash of every text, shape ``(N,)``.
        vectors: One row of unit length a text, shape ``(N, D)``.
        screen: Tells which of them cannot be near a query.
    """

    keys: Keys
    vectors: Halves
    screen: Screen


def read_block(folder: Path, stem: str) -> Block | None:
    """Return a block, or None where it is missing or damaged."""
    try:
        keys, vectors, columns, axes = (
            np.load(folder / f"{stem}.{name}.npy", mmap_mode="r") for name in _FILES
        )
        block = Block(keys, vectors, Screen(axes, columns))
        return block if _is_whole(block) and _are_unit(folder / f"{stem}.vectors.npy") else None
    except _DAMAGED:
        return None


def _is_whole(block: Block) -> bool:
    """Whether shapes and types belong together, and the screen is of unit vectors."""
    vectors, screen = block.vectors, block.screen
    shapes = vectors.shape[:-1], (*vectors.shape[-1:], screen.columns.shape[-1] - 1)
    types = vectors.dtype.name, screen.columns.dtype.name, screen.axes.dtype.name
    return (
        shapes == (block.keys.shape, screen.axes.shape)
        and len(screen.columns) == len(block.keys)
        and types == ("float16", "float32", "float32")
        and screen.is_whole()
    )


def _are_unit(path: Path) -> bool:
    """Whether every row has length 1; zeros and noise that a damaged disk leaves do not.

    The file is mapped anew, so that its pages are not held once they are checked.
    """
    vectors: Halves = np.load(path, mmap_mode="r")
    for start in range(0, len(vectors), _STEP):
        rows = as_float32(vectors[start : start + _STEP])
        if not np.all(np.abs(np.einsum("ij,ij->i", rows, rows) - 1) < _UNIT_TOLERANCE):
            return False  # nor where they are no numbers, which become large ones
    return True


def read_keys(folder: Path, stem: str) -> Keys:
    """Return the keys of a block; none where they are damaged."""
    try:
        return np.asarray(np.load(folder / f"{stem}.keys.npy"), np.uint64)
    except _DAMAGED:
        return np.empty(0, np.uint64)


def newest(folder: Path, prefix: str) -> list[str]:
    """Return the stems of a model's blocks, the newest first."""
    paths = [path for path in folder.glob(f"{prefix}*.keys.npy") if path.is_file()]
    paths.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [path.name.removesuffix(".keys.npy") for path in paths]


def touch(folder: Path, stem: str) -> None:
    """Make a block the newest."""
    (folder / f"{stem}.keys.npy").touch()


def write_block(folder: Path, stem: str, block: Block) -> None:
    """Write the files of a block.

    Raises:
        OSError: The folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arrays: tuple[NDArray[Any], ...] = (
        block.keys,
        block.vectors,
        block.screen.columns,
        block.screen.axes,
    )
    for name, array in reversed(list(zip(_FILES, arrays, strict=True))):  # keys last
        _save(folder / f"{stem}.{name}.npy", array)


def _save(path: Path, array: NDArray[np.generic]) -> None:
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with unfinished.open("wb") as stream:
            np.save(stream, array)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def drop_block(folder: Path, stem: str) -> None:
    """Remove the files of a block."""
    for name in _FILES:
        (folder / f"{stem}.{name}.npy").unlink(missing_ok=True)
