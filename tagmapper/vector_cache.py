"""Vectors kept on disk by content and model: one changed text embeds one text.

The texts of a vocabulary are a block of files (see ``tagmapper.blocks``). Where a few are not in
a block that has the others, these few are a block of their own: a hundred thousand vectors are not
written again for one line. Whatever is damaged is embedded again.

The vectors of the shipped vocabulary are shipped too (``data/vectors.npz``, float16), because
embedding 12,000 texts takes a small machine most of a minute.
"""

import contextlib
import hashlib
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tagmapper.blocks import (
    Block,
    Keys,
    drop_block,
    newest,
    read_block,
    read_keys,
    touch,
    write_block,
)
from tagmapper.corpus import Corpus
from tagmapper.embedding import Embedder
from tagmapper.halves import Halves
from tagmapper.ranking import Floats
from tagmapper.screen import Screen, principal_axes

SHIPPED = "vectors.npz"

_BLOCKS_KEPT = 6
_NOT_IN_FILE_NAMES = re.compile(r"[^A-Za-z0-9.-]+")
_STEP = 8192  # texts embedded at a time
_FEW = 0.1  # share of the texts that may be missing in a block that the others are taken from
_UNUSED = 2  # times as many texts as are wanted may be in it


def embed_cached(texts: Sequence[str], embedder: Embedder, folder: Path | None) -> Corpus:
    """Return the vectors of texts, embedding only what nobody has embedded.

    Args:
        texts: In any order, repeats allowed.
        embedder: Used only for texts that are neither in the cache nor shipped with captag.
        folder: Where blocks are kept; made when missing; None keeps nothing. A folder that cannot
            be written to costs time, not the answer.
    """
    corpus = _stored(texts, embedder, folder) if folder else None
    return corpus or Corpus.of(_made(texts, embedder, folder, None))


def keys_of(texts: Sequence[str]) -> Keys:
    """Return a 64-bit hash of every text, shape ``(len(texts),)``."""
    digests = [hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts]
    return np.frombuffer(b"".join(digests), dtype=np.uint64)


def _stem(texts: Sequence[str], embedder: Embedder) -> str:
    return f"{_prefix(embedder)}{hashlib.sha256(repr(texts).encode()).hexdigest()[:16]}"


def _prefix(embedder: Embedder) -> str:
    return _NOT_IN_FILE_NAMES.sub("_", embedder.model) + "-"


def _stored(texts: Sequence[str], embedder: Embedder, folder: Path) -> Corpus | None:
    """Take the block of these texts, or add to one that has nearly all; None without either."""
    whole = read_block(folder, _stem(texts, embedder))
    return Corpus.of(whole) if whole else _with_base(texts, embedder, folder)


def _with_base(texts: Sequence[str], embedder: Embedder, folder: Path) -> Corpus | None:
    """Add to the newest block that has nearly all the texts, and not many others; None without."""
    keys = keys_of(texts)
    for stem in newest(folder, _prefix(embedder)):
        stored = read_keys(folder, stem)
        if 0 < len(stored) <= _UNUSED * len(keys):
            found, at = _look_up(stored, keys)
            base = read_block(folder, stem) if found.sum() >= (1 - _FEW) * len(keys) else None
            if base:
                with contextlib.suppress(OSError):
                    touch(folder, stem)  # else it would be dropped before those that add to it
                missing = [texts[place] for place in np.flatnonzero(~found).tolist()]
                return _added(base, at, found, missing, embedder, folder)
    return None


def _added(
    base: Block,
    at: NDArray[np.int64],
    found: NDArray[np.bool_],
    missing: Sequence[str],
    embedder: Embedder,
    folder: Path,
) -> Corpus:
    """Put what is missing into a block of its own."""
    if not missing:
        return Corpus((base,), at)
    axes = base.screen.axes
    new = read_block(folder, _stem(missing, embedder)) or _made(missing, embedder, folder, axes)
    places = at.copy()
    places[~found] = len(base.keys) + np.arange(len(missing))
    return Corpus((base, new), places)


def _made(
    texts: Sequence[str], embedder: Embedder, folder: Path | None, axes: Floats | None
) -> Block:
    """Embed what is not there yet, and keep the block."""
    keys = keys_of(texts)
    vectors = _complete(texts, keys, embedder, folder)
    screen = Screen.of(vectors, principal_axes(vectors) if axes is None else axes)
    block = Block(keys, vectors, screen)
    if folder and texts:
        with contextlib.suppress(OSError):
            write_block(folder, _stem(texts, embedder), block)
            for stem in newest(folder, _prefix(embedder))[_BLOCKS_KEPT:]:
                drop_block(folder, stem)
    return block


def _complete(texts: Sequence[str], keys: Keys, embedder: Embedder, folder: Path | None) -> Halves:
    """Take what the newest whole block and the shipped vectors have, and embed the rest once."""
    known = np.zeros(len(keys), bool)
    vectors: Halves = np.empty((len(keys), 0), np.float16)
    for stored, rows in _sources(keys, embedder, folder):
        found, at = _look_up(stored, keys)
        new = np.flatnonzero(found & ~known)
        if not vectors.size:
            vectors = np.empty((len(keys), rows.shape[1]), np.float16)
        vectors[new] = rows[at[new]]
        known |= found
    missing = np.flatnonzero(~known)
    if len(missing) or not len(texts):
        fresh = _embed([texts[at] for at in missing.tolist()], embedder)
        if not vectors.size:
            return fresh
        vectors[missing] = fresh
    return vectors


def _embed(texts: Sequence[str], embedder: Embedder) -> Halves:
    """Embed each distinct text once, a step at a time, so that what is worked on stays small."""
    places = {text: at for at, text in enumerate(dict.fromkeys(texts))}
    distinct = list(places)
    steps = [distinct[start : start + _STEP] for start in range(0, max(len(distinct), 1), _STEP)]
    vectors = np.concatenate([embedder.embed(step).astype(np.float16) for step in steps])
    return vectors[np.array([places[text] for text in texts], np.int64)]


def _sources(
    wanted: Keys, embedder: Embedder, folder: Path | None
) -> Iterator[tuple[Keys, Halves]]:
    """Yield keys and vectors of which some are wanted: a whole block's, then the shipped."""
    if folder:
        yield from _kept(wanted, embedder, folder)
    yield from _shipped(wanted, embedder)


def _kept(wanted: Keys, embedder: Embedder, folder: Path) -> Iterator[tuple[Keys, Halves]]:
    for stem in newest(folder, _prefix(embedder)):
        if np.isin(read_keys(folder, stem), wanted).any():
            block = read_block(folder, stem)
            if block:
                yield block.keys, block.vectors
                break


def _shipped(wanted: Keys, embedder: Embedder) -> Iterator[tuple[Keys, Halves]]:
    shipped = files("captag_data") / SHIPPED
    if shipped.is_file():
        with shipped.open("rb") as stream, np.load(stream) as arrays:
            is_wanted = np.isin(arrays["keys"], wanted).any()
            if is_wanted and str(arrays["model"]) == embedder.model:
                yield arrays["keys"], arrays["vectors"]


def _look_up(stored: Keys, wanted: Keys) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return which of the wanted keys are stored and where, both of shape ``wanted.shape``."""
    order = np.argsort(stored)
    at = order[np.searchsorted(stored, wanted, sorter=order).clip(max=len(order) - 1)]
    return stored[at] == wanted, at
