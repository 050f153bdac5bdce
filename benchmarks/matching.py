"""How fast a caption is matched, beside a bare matrix product of the same size.

::

    python -m benchmarks.matching [--sizes 10000 100000 1000000]

A vector is the mean of two of those that captag ships, because how many texts a screen leaves
depends on how they lie (random ones are all far from all); the encoder's time is not counted.
Product and match are timed in turn, each round with another caption, and each size has a process of
its own, whose memory is what it holds more once its vocabulary is loaded and has been matched. What
nltk needs is loaded before, and the stems of the tags' words are known, as they are where captions
have been matched for a while: until then each new word costs a fortieth of a millisecond.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import re
import tempfile
import time
import zlib
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.memory import resident
from benchmarks.timing import measure
from tagmapper import Hashtag, Keyword, TagMapper, Vocabulary
from tagmapper.keywords import extract_keywords, stem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tagmapper.embedding import Embeddings

_QUERIES = 6  # an ordinary caption: the whole, and five keywords
_ROUNDS = 101
_APART = 7919  # any prime: words beside each other in the dictionary have different words beside
_WORD = re.compile(r"\w+")
_HEADER = """\
| tags | bare product | match | match / product | load | load, one line changed | memory |
|---|---|---|---|---|---|---|"""


class _MeanEmbedder:
    """Unit vectors that lie as those of texts do, quickly."""

    model = "means"

    def __init__(self) -> None:
        with np.load(str(files("captag_data") / "vectors.npz")) as arrays:
            self.shipped = arrays["vectors"].astype(np.float32)

    def load(self) -> None:
        """Do nothing."""

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """Return means of two shipped vectors, which two being told by the letters of the text."""
        number = np.array([zlib.crc32(text.encode()) for text in texts], np.int64)
        count = len(self.shipped)
        rows = self.shipped[number % count] + self.shipped[number // count % count]
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _vocabulary(size: int) -> Vocabulary:
    words = _words()
    return Vocabulary(tuple(Hashtag(f"tag{at}", _meaning(words, at)) for at in range(size)))


def _words() -> list[str]:
    return sorted({word for tag in Vocabulary.default() for word in _WORD.findall(tag.meaning)})


def _meaning(words: Sequence[str], at: int) -> str:
    """Return two words, which no other place has."""
    times, first = divmod(at, len(words))
    return f"{words[first]} {words[(first * _APART + times) % len(words)]}"


def _fill(size: int, folder: Path) -> None:
    """Embed and keep a vocabulary."""
    TagMapper(_vocabulary(size), _MeanEmbedder(), cache_folder=folder).load()


def _row(size: int, folder: Path) -> str:
    """Measure, where `_fill` has been before."""
    embedder = _MeanEmbedder()
    queries = embedder.shipped[: _QUERIES * _ROUNDS].reshape(_ROUNDS, _QUERIES, -1)
    of_product, of_match = itertools.cycle(queries), itertools.cycle(queries)
    keywords = [Keyword("query", 0, 5, "NOUN")] * _QUERIES
    extract_keywords("a dog runs")
    for word in _words():
        stem(word)
    before = resident(os.getpid())
    mapper = TagMapper(_vocabulary(size), embedder, cache_folder=folder)
    load = _seconds(mapper.load)
    mapper.match_vectors(keywords, queries[0])
    held = resident(os.getpid()) - before
    corpus = embedder.embed([hashtag.meaning for hashtag in mapper.vocabulary])
    timings = measure(
        {
            "product": lambda: next(of_product) @ corpus.T,
            "match": lambda: mapper.match_vectors(keywords, next(of_match)),
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
