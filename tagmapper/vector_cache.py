"""Vectors kept on disk by content and model: one changed text embeds one text.

A *block* is the vectors of a sequence of texts, as two files: ``<model>-<content>.vectors.npy``,
shape ``(N, D)`` float32, which is mapped into memory, and ``<model>-<content>.keys.npy``, shape
``(N,)``, one 64-bit hash a text. A block is written to the side and renamed, keys last, so that a
block whose keys are there is whole. Whatever is damaged is embedded again.
"""

import contextlib
import hashlib
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tagmapper.embedding import Embedder, Embeddings

Keys = NDArray[np.uint64]

_BLOCKS_KEPT = 6
_NOT_IN_FILE_NAMES = re.compile(r"[^A-Za-z0-9.-]+")
_DAMAGED = (OSError, ValueError, EOFError)  # what numpy.load raises for a file that is not whole
_UNIT_TOLERANCE = 1e-3
_STEP = 8192  # rows embedded or checked at a time


def embed_cached(texts: Sequence[str], embedder: Embedder, folder: Path | None) -> Embeddings:
    """Return one row a text, shape ``(len(texts), D)``, embedding only what is not in the cache.

    Args:
        texts: In any order, repeats allowed.
        embedder: Loaded only when a text is not in the cache.
        folder: Where blocks are kept; made when missing; None keeps nothing. A folder that cannot
            be written to costs time, not the answer.
    """
    if folder is None or not texts:
        return embedder.embed(texts)
    keys = keys_of(texts)
    stem = f"{_prefix(embedder)}{hashlib.sha256(keys.tobytes()).hexdigest()[:16]}"
    block = _read(folder, stem, keys)
    if block is None:
        block = _complete(texts, keys, embedder, folder)
        with contextlib.suppress(OSError):
            _write(folder, stem, keys, block)
            _drop_old(folder, _prefix(embedder))
    return block


def keys_of(texts: Sequence[str]) -> Keys:
    """Return a 64-bit hash of every text, shape ``(len(texts),)``."""
    digests = [hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts]
    return np.frombuffer(b"".join(digests), dtype=np.uint64)


def _prefix(embedder: Embedder) -> str:
    return _NOT_IN_FILE_NAMES.sub("_", embedder.model) + "-"


def _read(folder: Path, stem: str, keys: Keys | None = None) -> Embeddings | None:
    """Return the vectors of a block, or None where it is missing, damaged or of other keys."""
    try:
        stored: Keys = np.load(folder / f"{stem}.keys.npy")
        vectors: Embeddings = np.load(folder / f"{stem}.vectors.npy", mmap_mode="r")
    except _DAMAGED:
        return None
    whole = vectors.dtype == np.float32 and vectors.shape[:-1] == stored.shape
    same = keys is None or np.array_equal(stored, keys)
    return vectors if whole and same and _are_unit(vectors) else None


def _are_unit(vectors: Embeddings) -> bool:
    """Whether every row has length 1; zeros and noise that a damaged disk leaves do not."""
    for start in range(0, len(vectors), _STEP):
        rows = vectors[start : start + _STEP]
        squares = np.einsum("nd,nd->n", rows, rows)
        if not np.all(np.abs(squares - 1) < _UNIT_TOLERANCE):  # false for NaN too
            return False
    return True


def _newest(folder: Path, prefix: str) -> list[str]:
    """Return the stems of a model's blocks, the newest first."""
    paths = [path for path in folder.glob(f"{prefix}*.keys.npy") if path.is_file()]
    paths.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [path.name.removesuffix(".keys.npy") for path in paths]


def _complete(texts: Sequence[str], keys: Keys, embedder: Embedder, folder: Path) -> Embeddings:
    """Take from the newest whole block what it has, and embed the rest, each text once."""
    unique, first, back = np.unique(keys, return_index=True, return_inverse=True)
    known, vectors = _known(unique, _newest(folder, _prefix(embedder)), folder)
    missing = np.flatnonzero(~known)
    missing = missing[np.argsort(first[missing])]  # in the order of the texts
    for start in range(0, len(missing), _STEP):
        rows = missing[start : start + _STEP]
        fresh = embedder.embed([texts[at] for at in first[rows]])
        if not vectors.size:
            vectors = np.empty((len(unique), fresh.shape[1]), np.float32)
        vectors[rows] = fresh
    return vectors[back]


def _known(
    unique: Keys, stems: Sequence[str], folder: Path
) -> tuple[NDArray[np.bool_], Embeddings]:
    """Return which keys the newest whole block has, shape ``(U,)``, and their rows ``(U, D)``."""
    for stem in stems:
        vectors = _read(folder, stem)
        if vectors is None:
            continue
        stored: Keys = np.load(folder / f"{stem}.keys.npy")
        order = np.argsort(stored)
        at = order[np.searchsorted(stored, unique, sorter=order).clip(max=len(order) - 1)]
        return stored[at] == unique, np.array(vectors[at])
    return np.zeros(len(unique), bool), np.empty((0, 0), np.float32)


def _write(folder: Path, stem: str, keys: Keys, vectors: Embeddings) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _save(folder / f"{stem}.vectors.npy", vectors)
    _save(folder / f"{stem}.keys.npy", keys)


def _save(path: Path, array: NDArray[np.generic]) -> None:
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with unfinished.open("wb") as stream:
            np.save(stream, array)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _drop_old(folder: Path, prefix: str) -> None:
    for stem in _newest(folder, prefix)[_BLOCKS_KEPT:]:
        (folder / f"{stem}.keys.npy").unlink(missing_ok=True)
        (folder / f"{stem}.vectors.npy").unlink(missing_ok=True)
