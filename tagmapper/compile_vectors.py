"""Embed the shipped vocabulary once, so that nobody else has to.

::

    python -m tagmapper.compile_vectors --out data/vectors.npz

Run it after ``tagmapper.compile_vocabulary``. Texts that the old file has are not embedded again.
"""

import argparse
from pathlib import Path

import numpy as np

from tagmapper.embedding import Embedder, SentenceTransformerEmbedder
from tagmapper.index import texts_of
from tagmapper.posts import Posts
from tagmapper.vector_cache import embed_cached, keys_of
from tagmapper.vocabulary import Vocabulary


def compile_vectors(vocabulary: Vocabulary, posts: Posts, embedder: Embedder, out: Path) -> int:
    """Write the vectors of all meanings; return how many there are."""
    texts = texts_of(vocabulary, posts)
    vectors = embed_cached(texts, embedder, None).all().astype(np.float16)
    np.savez_compressed(out, model=embedder.model, keys=keys_of(texts), vectors=vectors)
    return len(texts)


def main() -> None:
    """Embed and write."""
    parser = argparse.ArgumentParser(description="Embed the shipped vocabulary.")
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    count = compile_vectors(
        Vocabulary.default(), Posts.default(), SentenceTransformerEmbedder(), out
    )
    print(f"{count:,} vectors in {out}")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
