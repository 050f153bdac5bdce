from __future__ import annotations

import threading
from pathlib import Path

import pytest
from fakes import FakeCaptioner, FakeMapper, SlowCaptioner
from PIL import Image

from captag import LoadingFailed, NotReady, Pipeline, Settings, build_pipeline
from captag.pipeline import build_mapper, vocabulary_path
from captioner import CaptionModelError
from tagmapper import EmbeddingModelError, VocabularyError

WIDE = Image.new("RGB", (40, 30))


def test_a_photo_gives_its_caption_and_hashtags(pipeline: Pipeline) -> None:
    suggestion = pipeline.suggest(WIDE, photo="holiday.jpg", limit=3)
    assert suggestion.photo == "holiday.jpg"
    assert suggestion.caption.text == "a dog on a beach"
    assert [match.tag for match in suggestion.hashtags] == ["dog", "beach", "dog2"]


def test_a_caption_gives_hashtags_without_the_caption_model() -> None:
    pipeline = Pipeline(FakeCaptioner(CaptionModelError("not here")), FakeMapper())
    assert [match.tag for match in pipeline.match("a cat", 2)] == ["cat", "cat2"]


def test_a_new_pipeline_is_neither_ready_nor_failed(pipeline: Pipeline) -> None:
    assert not pipeline.ready
    assert pipeline.failure is None


def test_loading_makes_it_ready(pipeline: Pipeline) -> None:
    pipeline.load()
    assert pipeline.ready
    pipeline.wait()


def test_waiting_while_nothing_is_loaded_says_so(pipeline: Pipeline) -> None:
    with pytest.raises(NotReady, match="still being loaded"):
        pipeline.wait(0.01)


def test_waiting_ends_as_soon_as_another_thread_has_loaded() -> None:
    captioner = SlowCaptioner()
    pipeline = Pipeline(captioner, FakeMapper())
    threading.Thread(target=pipeline.load, daemon=True).start()
    threading.Timer(0.05, captioner.loaded.set).start()
    pipeline.wait(30)
    assert pipeline.ready


@pytest.mark.parametrize(
    ("captioner", "mapper"),
    [
        (FakeCaptioner(CaptionModelError("no weights")), FakeMapper()),
        (FakeCaptioner(), FakeMapper(EmbeddingModelError("no weights"))),
    ],
    ids=["caption model", "sentence encoder"],
)
def test_a_model_that_cannot_be_loaded_is_a_failure_that_waiting_tells(
    captioner: FakeCaptioner, mapper: FakeMapper
) -> None:
    pipeline = Pipeline(captioner, mapper)
    with pytest.raises((CaptionModelError, EmbeddingModelError)) as caught:
        pipeline.load()
    assert not pipeline.ready
    assert pipeline.failure is caught.value
    with pytest.raises(LoadingFailed) as told:
        pipeline.wait()
    assert told.value.__cause__ is caught.value


def test_loading_again_after_a_failure_can_succeed() -> None:
    captioner = FakeCaptioner(CaptionModelError("no network"))
    pipeline = Pipeline(captioner, FakeMapper())
    with pytest.raises(CaptionModelError):
        pipeline.load()
    captioner.failure = None
    pipeline.load()
    assert pipeline.ready


def test_a_bug_while_loading_does_not_leave_the_page_waiting() -> None:
    pipeline = Pipeline(FakeCaptioner(ZeroDivisionError()), FakeMapper())
    with pytest.raises(ZeroDivisionError):
        pipeline.load()
    with pytest.raises(LoadingFailed):
        pipeline.wait(30)


def test_captions_are_written_one_at_a_time() -> None:
    captioner = CountingCaptioner()
    pipeline = Pipeline(captioner, FakeMapper())
    threads = [
        threading.Thread(target=pipeline.suggest, args=[WIDE], kwargs={"photo": "", "limit": 1})
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert captioner.most_at_once == 1


class CountingCaptioner(FakeCaptioner):
    """Remembers how many threads were inside it at once."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = self.most_at_once = 0

    def _see(self, photo: Image.Image) -> str:
        self.inside += 1
        self.most_at_once = max(self.most_at_once, self.inside)
        threading.Event().wait(0.01)
        self.inside -= 1
        return super()._see(photo)


def test_a_vocabulary_with_bad_lines_is_refused_before_any_model_is_loaded(
    tmp_path: Path,
) -> None:
    vocabulary = tmp_path / "tags.csv"
    vocabulary.write_text("hashtag,meaning,posts,language,state\ngolden hour,,,,\n", "utf-8")
    with pytest.raises(VocabularyError, match="golden hour"):
        build_pipeline(Settings(vocabulary=vocabulary))


def test_the_vocabulary_in_use_is_the_one_that_is_set_then_the_tuned_then_the_shipped(
    tmp_path: Path,
) -> None:
    settings = Settings(data_folder=tmp_path)
    assert vocabulary_path(settings) is None
    own = tmp_path / "hashtags.csv"
    own.write_text("hashtag\ndog\n", "utf-8")
    assert vocabulary_path(settings) == own
    assert [each.tag for each in build_mapper(settings).vocabulary] == ["dog"]
    named = Settings(data_folder=tmp_path, vocabulary=tmp_path / "other.csv")
    assert vocabulary_path(named) == tmp_path / "other.csv"
