"""The real matcher with an embedder that counts letters: see `tests/letters.py`."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from fakes import FakeCaptioner
from letters import LetterEmbedder

from captag import Pipeline
from captag.settings import Settings
from captag.tuning import Tuning
from captag.vocabulary_changes import Change
from captag.vocabulary_errors import ChangesRefused
from captag.vocabulary_store import open_store
from tagmapper import EmbeddingModelError, Ranking, TagMapper, Vocabulary
from tagmapper.posts import Posts

if TYPE_CHECKING:
    from pathlib import Path

    from tagmapper.embedding import Embeddings

START = "hashtag\ndog\ncat\nbeach\n"
ALL = Ranking(mix=0, floor=0)


@pytest.fixture
def embedder() -> LetterEmbedder:
    return LetterEmbedder()


@pytest.fixture
def tuning(tmp_path: Path, embedder: LetterEmbedder) -> Tuning:
    path = tmp_path / "tags.csv"
    path.write_text(START, "utf-8")
    mapper = TagMapper(
        Vocabulary.load(path),
        embedder,
        cache_folder=tmp_path / "cache",
        ranking=ALL,
        posts=Posts.none(),
    )
    pipeline = Pipeline(FakeCaptioner(), mapper)
    pipeline.load()
    store = open_store(Settings(vocabulary=path, data_folder=tmp_path / "data"))
    return Tuning(store, pipeline)


def first(tuning: Tuning, caption: str = "dog") -> str:
    return tuning.pipeline.match(caption, 1)[0].tag


def test_what_is_used_from_the_start_is_not_loaded_again(tuning: Tuning) -> None:
    mapper = tuning.pipeline.mapper
    assert tuning.in_use(tuning.store.snapshot.revision)
    assert tuning.catch_up()
    assert tuning.pipeline.mapper is mapper


def test_a_saved_change_is_matched_with_and_only_it_is_embedded(
    tuning: Tuning, embedder: LetterEmbedder
) -> None:
    assert first(tuning) == "dog"
    embedder.embedded.clear()
    saved = tuning.store.save(
        tuning.store.snapshot.revision,
        [Change("dog", {"state": "blocked"}), Change("", {"tag": "goddess", "meaning": "god"})],
    )
    assert not tuning.in_use(saved.revision)
    assert tuning.catch_up()
    assert tuning.in_use(saved.revision)
    assert embedder.embedded == ["god"]
    assert first(tuning) == "goddess"


def test_an_edit_from_outside_is_matched_with_within_two_seconds(tuning: Tuning) -> None:
    tuning.start()
    try:
        tuning.store.path.write_text("hashtag,meaning\ngoddess,god\n", "utf-8")
        edited = time.monotonic()
        while first(tuning) != "goddess":
            assert time.monotonic() - edited < 2
            time.sleep(0.01)
        tuning.store.path.write_text("hashtag\ntwo words\n", "utf-8")
        broken = time.monotonic()
        while tuning.store.problem is None:
            assert time.monotonic() - broken < 2
            time.sleep(0.01)
        assert first(tuning) == "goddess"
    finally:
        tuning.stop()


def test_unsaved_changes_are_tried_beside_what_is_in_use(
    tuning: Tuning, embedder: LetterEmbedder
) -> None:
    changes = [
        Change("dog", {"state": "blocked"}),
        Change("", {"tag": "goddess", "meaning": "god"}),
    ]
    before, after = tuning.try_changes("dog", changes, limit=1)
    assert [match.tag for match in before] == ["dog"]
    assert [match.tag for match in after] == ["goddess"]
    assert first(tuning) == "dog"
    assert tuning.store.path.read_text("utf-8") == START
    embedder.embedded.clear()
    tuning.try_changes("a dog", changes, limit=1)
    assert "god" not in embedder.embedded


def test_a_change_that_cannot_be_made_cannot_be_tried(tuning: Tuning) -> None:
    with pytest.raises(ChangesRefused):
        tuning.try_changes("dog", [Change("wolf", None)], limit=1)


class Slow(LetterEmbedder):
    """Embeds the meaning "slow" only when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def embed(self, texts: list[str]) -> Embeddings:
        if "slow" in texts:
            self.go_on.wait()
        return super().embed(texts)


def test_captions_are_matched_with_the_old_hashtags_while_new_ones_are_embedded(
    tuning: Tuning,
) -> None:
    slow = Slow()
    tuning.pipeline.mapper.embedder = slow  # type: ignore[attr-defined]
    revision = tuning.store.snapshot.revision
    saved = tuning.store.save(revision, [Change("dog", {"tag": "d", "meaning": "slow"})])
    assert not tuning.catch_up(seconds=0.05)
    assert first(tuning) == "dog"
    slow.go_on.set()
    assert tuning.catch_up()
    assert tuning.in_use(saved.revision)


def test_hashtags_changed_while_the_models_are_loaded_are_loaded_by_them(tuning: Tuning) -> None:
    pipeline = Pipeline(FakeCaptioner(), tuning.pipeline.mapper)
    tuning = Tuning(tuning.store, pipeline)
    tuning.store.save(tuning.store.snapshot.revision, [Change("dog", None)])
    assert tuning.catch_up()
    pipeline.load()
    assert [match.tag for match in pipeline.match("a cat and a dog", 10)] == ["cat"]


class Broken(LetterEmbedder):
    def embed(self, texts: list[str]) -> Embeddings:
        raise EmbeddingModelError("the encoder is gone")


def test_a_vocabulary_that_cannot_be_embedded_leaves_the_old_one_in_use(
    tuning: Tuning, caplog: pytest.LogCaptureFixture
) -> None:
    old = tuning.pipeline.mapper
    working = old.embedder  # type: ignore[attr-defined]
    old.embedder = Broken()  # type: ignore[attr-defined]
    tuning.store.save(tuning.store.snapshot.revision, [Change("", {"tag": "elk"})])
    assert not tuning.catch_up()
    assert "the encoder is gone" in caplog.text
    old.embedder = working  # type: ignore[attr-defined]
    assert first(tuning) == "dog"
