"""An embedder whose vectors can be worked out by hand."""

from collections.abc import Sequence

import numpy as np

from tagmapper.embedding import Embeddings


class LetterEmbedder:
    """A text's vector counts its letters a to z: anagrams are alike, "ab" and "cd" unrelated.

    cos("ab", "abc") = 2 / sqrt(2 * 3) = 0.816.
    """

    def __init__(self, model: str = "letters") -> None:
        self.model = model
        self.embedded: list[str] = []
        self.loads = 0

    def load(self) -> None:
        self.loads += 1

    def embed(self, texts: Sequence[str]) -> Embeddings:
        self.embedded.extend(texts)
        rows = [[text.lower().count(chr(97 + at)) for at in range(26)] for text in texts]
        counts = np.array(rows, np.float32).reshape(len(texts), 26)
        counts[:, 0] += counts.sum(axis=1) == 0  # a text without letters is an "a"
        return np.asarray(counts / np.linalg.norm(counts, axis=1, keepdims=True), np.float32)
