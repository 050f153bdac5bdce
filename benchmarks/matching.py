"""How fast a caption is matched, beside a bare matrix product of the same size.

::

    python -m benchmarks.matching [--sizes 10000 100000 1000000]

Vectors are random, because speed does not depend on what they say; the encoder's time is not
counted. Product and match are timed in turn, and each size has a process of its own, whose memory
is what it holds more once its vocabulary is loaded.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.memory import resident
from benchmarks.timing import measure
from tagmapper import Hashtag, Keyword, TagMapper, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tagmapper.embedding import Embeddings

_WIDTH = 384
_QUERIES = 6  # an ordinary caption: the whole, and five keywords
_ROUNDS = 21
_HEADER = """\
| tags | bare product | match | match / product | load | load, one line changed | memory |
|---|---|---|---|---|---|---|"""


class _RandomEmbedder:
    """Random unit vectors, quickly."""

    model = "random"

    def load(self) -> None:
        """Do nothing."""

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """Return rows that depend on nothing but their number."""
        rows = np.random.default_rng(0).standard_normal((len(texts), _WIDTH), np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _vocabulary(size: int) -> Vocabulary:
    return Vocabulary(tuple(Hashtag(f"tag{at}", f"meaning {at}") for at in range(size)))


def _fill(size: int, folder: Path) -> None:
    """Embed and keep a vocabulary."""
    TagMapper(_vocabulary(size), _RandomEmbedder(), cache_folder=folder).load()


def _row(size: int, folder: Path) -> str:
    """Measure, where `_fill` has been before."""
    embedder = _RandomEmbedder()
    vectors = embedder.embed(["query"] * _QUERIES)
    keywords = [Keyword("query", 0, 5, "NOUN")] * _QUERIES
    before = resident(os.getpid())
    mapper = TagMapper(_vocabulary(size), embedder, cache_folder=folder)
    load = _seconds(mapper.load)
    mapper.match_vectors(keywords, vectors)
    held = resident(os.getpid()) - before
    corpus = np.array(mapper.embedder.embed(["meaning"] * size))
    timings = measure(
        {
            "product": lambda: vectors @ corpus.T,
            "match": lambda: mapper.match_vectors(keywords, vectors),
        },
        _ROUNDS,
    )
    changed = Vocabulary((*mapper.vocabulary.hashtags[1:], Hashtag("other", "other meaning")))
    reload = _seconds(TagMapper(changed, embedder, cache_folder=folder).load)
    product, match = timings["product"], timings["match"]
    ratio = 1 / match.times_faster_than(product)[0]
    times = f"{1000 * product.median:.1f} ms | {1000 * match.median:.1f} ms"
    return (
        f"| {size:,} | {times} | {ratio:.2f} |"
        f" {load:.2f} s | {reload:.2f} s | {held / 1e6:.0f} MB |"
    )


def main() -> None:
    """Print one row a size."""
    parser = argparse.ArgumentParser(description="How fast a caption is matched.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    print(_HEADER)  # noqa: T201
    spawn = multiprocessing.get_context("spawn")
    for size in parser.parse_args().sizes:
        with tempfile.TemporaryDirectory() as folder:
            for work in (_fill, _row):
                with ProcessPoolExecutor(1, spawn) as process:
                    row = process.submit(work, size, Path(folder)).result()
            print(row, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
