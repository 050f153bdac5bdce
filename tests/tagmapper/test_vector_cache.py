from pathlib import Path

import numpy as np
import pytest
from letters import LetterEmbedder

from tagmapper import vector_cache
from tagmapper.embedding import Embedder, Embeddings
from tagmapper.vector_cache import keys_of

FILES = ("keys", "vectors", "columns", "axes")


def embed_cached(texts: list[str], embedder: Embedder, folder: Path | None) -> Embeddings:
    return vector_cache.embed_cached(texts, embedder, folder).all()


def exactly(*texts: str) -> Embeddings:
    """What is kept of vectors: float16."""
    return LetterEmbedder().embed(texts).astype(np.float16).astype(np.float32)


@pytest.fixture
def embedder() -> LetterEmbedder:
    return LetterEmbedder()


def test_the_second_time_nothing_is_embedded(tmp_path: Path, embedder: LetterEmbedder) -> None:
    first = embed_cached(["dog", "cat"], embedder, tmp_path)
    embedder.embedded.clear()
    second = embed_cached(["dog", "cat"], embedder, tmp_path)
    assert embedder.embedded == []
    assert np.array_equal(first, second)


def test_one_changed_text_embeds_one_text(tmp_path: Path, embedder: LetterEmbedder) -> None:
    embed_cached(["dog", "cat", "bird"], embedder, tmp_path)
    embedder.embedded.clear()
    vectors = embed_cached(["dog", "cow", "bird"], embedder, tmp_path)
    assert embedder.embedded == ["cow"]
    assert np.array_equal(vectors, exactly("dog", "cow", "bird"))


def test_order_and_repeats_cost_nothing(tmp_path: Path, embedder: LetterEmbedder) -> None:
    embed_cached(["dog", "cat"], embedder, tmp_path)
    embedder.embedded.clear()
    vectors = embed_cached(["cat", "dog", "cat"], embedder, tmp_path)
    assert embedder.embedded == []
    assert np.array_equal(vectors, exactly("cat", "dog", "cat"))


def test_a_repeated_text_is_embedded_once(tmp_path: Path, embedder: LetterEmbedder) -> None:
    embed_cached(["dog", "dog", "dog"], embedder, tmp_path)
    assert embedder.embedded == ["dog"]


def test_another_model_does_not_use_these_vectors(tmp_path: Path, embedder: LetterEmbedder) -> None:
    embed_cached(["dog"], embedder, tmp_path)
    other = LetterEmbedder("other/letters v2")
    embed_cached(["dog"], other, tmp_path)
    assert other.embedded == ["dog"]


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        *((kind, damage) for kind in FILES for damage in (b"", b"rubbish", "cut")),
        *((kind, "zeros") for kind in ("vectors", "columns", "axes")),
    ],
)
def test_a_damaged_cache_is_built_again(
    tmp_path: Path, embedder: LetterEmbedder, kind: str, damage: bytes | str
) -> None:
    expected = embed_cached(["dog", "cat"], embedder, tmp_path)
    [path] = tmp_path.glob(f"*.{kind}.npy")
    content = path.read_bytes()
    cut = {"cut": content[:-4], "zeros": content[:128] + bytes(len(content) - 128)}
    path.write_bytes(cut[damage] if isinstance(damage, str) else damage)
    embedder.embedded.clear()
    assert np.array_equal(embed_cached(["dog", "cat"], embedder, tmp_path), expected)
    assert embedder.embedded == ["dog", "cat"]


def test_keys_that_a_damaged_disk_made_zeros_find_no_vectors(
    tmp_path: Path, embedder: LetterEmbedder
) -> None:
    embed_cached(["dog", "cat"], embedder, tmp_path)
    [path] = tmp_path.glob("*.keys.npy")
    content = path.read_bytes()
    path.write_bytes(content[:128] + bytes(len(content) - 128))
    embedder.embedded.clear()
    embed_cached(["cat", "cow"], embedder, tmp_path)
    assert embedder.embedded == ["cat", "cow"]


MANY = [f"{letter} {other}" for letter in "abcdefgh" for other in "uvwxyz"]


def test_a_few_new_texts_are_kept_beside_the_many(tmp_path: Path, embedder: LetterEmbedder) -> None:
    embed_cached(MANY, embedder, tmp_path)
    many = sorted(tmp_path.glob("*.vectors.npy"))
    texts = ["cow", *MANY[3:], "dog", "cow"]
    embedder.embedded.clear()
    for _ in range(2):
        assert np.array_equal(embed_cached(texts, embedder, tmp_path), exactly(*texts))
    assert embedder.embedded == ["cow", "dog"]
    [few] = set(tmp_path.glob("*.vectors.npy")) - set(many)
    assert len(np.load(few)) == 3


def test_many_texts_outlast_many_edits(tmp_path: Path, embedder: LetterEmbedder) -> None:
    embed_cached(MANY, embedder, tmp_path)
    for number in range(10):
        embed_cached([*MANY, f"edit {number}"], embedder, tmp_path)
    embedder.embedded.clear()
    embed_cached(MANY, embedder, tmp_path)
    assert embedder.embedded == []


def test_many_vectors_are_not_read_for_a_few_texts(
    tmp_path: Path, embedder: LetterEmbedder
) -> None:
    embed_cached(MANY, embedder, tmp_path)
    corpus = vector_cache.embed_cached(MANY[:3], embedder, tmp_path)
    assert [len(block.keys) for block in corpus.blocks] == [3]


def test_without_a_folder_everything_is_embedded_each_time(embedder: LetterEmbedder) -> None:
    embed_cached(["dog"], embedder, None)
    embed_cached(["dog"], embedder, None)
    assert embedder.embedded == ["dog", "dog"]


def test_a_folder_that_is_missing_is_made(tmp_path: Path, embedder: LetterEmbedder) -> None:
    embed_cached(["dog"], embedder, tmp_path / "a" / "b")
    assert len(list((tmp_path / "a" / "b").iterdir())) == 4


def test_a_folder_that_cannot_be_made_costs_only_time(
    tmp_path: Path, embedder: LetterEmbedder
) -> None:
    (tmp_path / "file").touch()
    assert embed_cached(["dog"], embedder, tmp_path / "file" / "cache").shape == (1, 26)


def test_no_texts_need_no_cache(tmp_path: Path, embedder: LetterEmbedder) -> None:
    assert len(embed_cached([], embedder, tmp_path)) == 0
    assert list(tmp_path.iterdir()) == []


def test_old_blocks_are_dropped(tmp_path: Path, embedder: LetterEmbedder) -> None:
    for number in range(20):
        embed_cached([f"dog {number}"], embedder, tmp_path)
    assert len(list(tmp_path.iterdir())) == 24
    embedder.embedded.clear()
    embed_cached(["dog 19"], embedder, tmp_path)
    assert embedder.embedded == []


def test_shipped_vectors_are_used_by_the_model_that_made_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedder: LetterEmbedder
) -> None:
    monkeypatch.setattr("tagmapper.vector_cache.files", lambda _: tmp_path)
    np.savez(
        tmp_path / "vectors.npz",
        model="letters",
        keys=keys_of(["dog"]),
        vectors=LetterEmbedder().embed(["dog"]).astype(np.float16),
    )
    vectors = embed_cached(["cat", "dog"], embedder, None)
    assert embedder.embedded == ["cat"]
    assert vectors == pytest.approx(LetterEmbedder().embed(["cat", "dog"]), abs=1e-3)
    other = LetterEmbedder("other")
    embed_cached(["cat", "dog"], other, None)
    assert other.embedded == ["cat", "dog"]
