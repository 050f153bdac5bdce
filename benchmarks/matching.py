"""How fast a caption is matched, beside a bare matrix product of the same size.

::

    python -m benchmarks.matching [--sizes 10000 100000]

Vectors are random, because speed does not depend on what they say; the encoder's time is not
counted.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tagmapper import Hashtag, Keyword, TagMapper, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tagmapper.embedding import Embeddings

_WIDTH = 384
_QUERIES = 6  # an ordinary caption: the whole, and five keywords
_ROUNDS = 21


class _RandomEmbedder:
    """Random unit vectors, quickly."""

    model = "random"

    def load(self) -> None:
        """Do nothing."""

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """Return rows that depend on nothing but their number."""
        rows = np.random.default_rng(0).standard_normal((len(texts), _WIDTH), np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _milliseconds(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * float(np.median(times))


def _row(size: int, folder: Path) -> str:
    vocabulary = Vocabulary(tuple(Hashtag(f"tag{at}", f"meaning {at}") for at in range(size)))
    changed = Vocabulary((*vocabulary.hashtags[1:], Hashtag("other", "other meaning")))
    embedder = _RandomEmbedder()
    TagMapper(vocabulary, embedder, cache_folder=folder).load()
    mapper = TagMapper(vocabulary, embedder, cache_folder=folder)
    load = _milliseconds(mapper.load, rounds=1)
    reload = _milliseconds(TagMapper(changed, embedder, cache_folder=folder).load, rounds=1)
    vectors = embedder.embed(["query"] * _QUERIES)
    keywords = [Keyword("query", 0, 5, "NOUN")] * _QUERIES
    corpus = np.array(embedder.embed([h.meaning for h in vocabulary]))
    bare = _milliseconds(lambda: vectors @ corpus.T)
    match = _milliseconds(lambda: mapper.match_vectors(keywords, vectors))
    return f"| {size:,} | {bare:.1f} | {match:.1f} | {load:.0f} | {reload:.0f} |"


def main() -> None:
    """Print one row a size."""
    parser = argparse.ArgumentParser(description="How fast a caption is matched.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    print("| tags | bare product ms | match ms | load ms | load, one line changed ms |")  # noqa: T201
    print("|---|---|---|---|---|")  # noqa: T201
    for size in parser.parse_args().sizes:
        with tempfile.TemporaryDirectory() as folder:
            print(_row(size, Path(folder)))  # noqa: T201


if __name__ == "__main__":
    main()
