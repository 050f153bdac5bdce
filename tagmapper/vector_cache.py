"""Vectors kept on disk by content and model: one changed text embeds one text.

A *block* is the vectors of a sequence of texts, as two files: ``<model>-<content>.vectors.npy``,
shape ``(N, D)`` float32, which is mapped into memory, and ``<model>-<content>.keys.npy``, shape
``(N,)``, one 64-bit hash a text. A block is written to the side and renamed, keys last, so that a
block whose keys are there is whole. Whatever is damaged is embedded again.

Vectors lie column by column (Fortran's order): a handful of queries are compared with all rows of
such a block in two thirds of the time.

The vectors of the shipped vocabulary are shipped too (``data/vectors.npz``, float16), because
embedding 12,000 texts takes a small machine most of a minute.
"""

import contextlib
import hashlib
import re
import secrets
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tagmapper.embedding import Embedder, Embeddings

Keys = NDArray[np.uint64]

SHIPPED = "vectors.npz"

_BLOCKS_KEPT = 6
_NOT_IN_FILE_NAMES = re.compile(r"[^A-Za-z0-9.-]+")
_DAMAGED = (OSError, ValueError, EOFError)  # what numpy.load raises for a file that is not whole
_UNIT_TOLERANCE = 1e-3
_STEP = 8192  # texts embedded at a time


def embed_cached(texts: Sequence[str], embedder: Embedder, folder: Path | None) -> Embeddings:
    """Return one row a text, shape ``(len(texts), D)``, embedding only what nobody has embedded.

    Args:
        texts: In any order, repeats allowed.
        embedder: Used only for texts that are neither in the cache nor shipped with captag.
        folder: Where blocks are kept; made when missing; None keeps nothing. A folder that cannot
            be written to costs time, not the answer.
    """
    if not texts:
        return embedder.embed(texts)
    stem = f"{_prefix(embedder)}{hashlib.sha256(repr(texts).encode()).hexdigest()[:16]}"
    block = _read(folder, stem) if folder else None
    if block is None or len(block) != len(texts):
        keys = keys_of(texts)
        block = _complete(texts, keys, embedder, folder)
        if folder:
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


def _read(folder: Path, stem: str) -> Embeddings | None:
    """Return the vectors of a block, or None where it is missing or damaged."""
    try:
        stored: Keys = np.load(folder / f"{stem}.keys.npy", mmap_mode="r")
        vectors: Embeddings = np.load(folder / f"{stem}.vectors.npy", mmap_mode="r")
    except _DAMAGED:
        return None
    whole = vectors.dtype == np.float32 and vectors.shape[:-1] == stored.shape
    return vectors if whole and _are_unit(vectors) else None


def _are_unit(vectors: Embeddings) -> bool:
    """Whether every row has length 1; zeros and noise that a damaged disk leaves do not."""
    squares = np.zeros(len(vectors), np.float32)
    for column in vectors.T:
        squares += column * column
    return bool(np.all(np.abs(squares - 1) < _UNIT_TOLERANCE))  # false for NaN too


def _newest(folder: Path, prefix: str) -> list[str]:
    """Return the stems of a model's blocks, the newest first."""
    paths = [path for path in folder.glob(f"{prefix}*.keys.npy") if path.is_file()]
    paths.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [path.name.removesuffix(".keys.npy") for path in paths]


def _complete(
    texts: Sequence[str], keys: Keys, embedder: Embedder, folder: Path | None
) -> Embeddings:
    """Take what the newest whole block and the shipped vectors have, and embed the rest once."""
    known = np.zeros(len(keys), bool)
    vectors = np.empty((len(keys), 0), np.float32)
    for stored, rows in _sources(embedder, folder):
        found, at = _look_up(stored, keys)
        if known.any():
            new = np.flatnonzero(found & ~known)
            vectors[new] = rows[at[new]]
        else:  # most of the rows at once; those that were not found are overwritten below
            vectors = np.empty((len(keys), rows.shape[1]), np.float32, order="F")
            np.take(rows.T, at, axis=1, out=vectors.T, mode="clip")
        known |= found
    missing = np.flatnonzero(~known)
    if len(missing):
        fresh = _embed([texts[at] for at in missing.tolist()], embedder)
        if not vectors.size:
            return np.asfortranarray(fresh)
        vectors[missing] = fresh
    return vectors


def _embed(texts: Sequence[str], embedder: Embedder) -> Embeddings:
    """Embed each distinct text once, a step at a time, so that what is worked on stays small."""
    places = {text: at for at, text in enumerate(dict.fromkeys(texts))}
    distinct = list(places)
    steps = [distinct[start : start + _STEP] for start in range(0, len(distinct), _STEP)]
    vectors = np.concatenate([embedder.embed(step) for step in steps])
    return vectors[[places[text] for text in texts]]


def _sources(embedder: Embedder, folder: Path | None) -> Iterator[tuple[Keys, Embeddings]]:
    """Yield keys and vectors that are there already: the newest whole block, then the shipped."""
    for stem in _newest(folder, _prefix(embedder)) if folder else ():
        vectors = _read(folder, stem) if folder else None
        if folder and vectors is not None:
            yield np.load(folder / f"{stem}.keys.npy"), vectors
            break
    shipped = files("captag_data") / SHIPPED
    if shipped.is_file():
        with shipped.open("rb") as stream, np.load(stream) as arrays:
            if str(arrays["model"]) == embedder.model:
                yield arrays["keys"], arrays["vectors"].astype(np.float32)


def _look_up(stored: Keys, wanted: Keys) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return which of the wanted keys are stored and where, both of shape ``wanted.shape``."""
    order = np.argsort(stored)
    at = order[np.searchsorted(stored, wanted, sorter=order).clip(max=len(order) - 1)]
    return stored[at] == wanted, at


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
