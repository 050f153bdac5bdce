"""The two stages joined: a photo in, its caption and hashtags out."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from captag.errors import LoadingFailed, NotReady
from captag.gathering import Gathering, never

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PIL import Image

    from captag.settings import Settings
    from captioner import Caption, Captioner
    from tagmapper import HashtagMatch, Ranking, TagMapper, Vocabulary
    from tagmapper.tags import Language

ENOUGH_PIXELS_A_SIDE = 1280  # of a photo: what the page shows; the models take 260 to 384
_WARM_UP = "a dog on a beach"


class Matcher(Protocol):
    """Anything that finds hashtags for a caption: a `tagmapper.TagMapper`, or a fake."""

    vocabulary: Vocabulary

    def load(self) -> None:
        """Load what matching needs; again is harmless, from any thread."""
        ...

    def match(
        self, caption: str, limit: int = 10, *, ranking: Ranking | None = None
    ) -> tuple[HashtagMatch, ...]:
        """Return at most `limit` hashtags, the best first, in another order if one is given."""
        ...

    def with_vocabulary(self, vocabulary: Vocabulary) -> Matcher:
        """Return another matcher like this one that chooses from other hashtags."""
        ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one photo gave.

    Attributes:
        photo: The name of the photo, as the person gave it.
        caption: What the first stage saw.
        hashtags: What the second stage made of it, the best first.
    """

    photo: str
    caption: Caption
    hashtags: tuple[HashtagMatch, ...]


class Pipeline:
    """Both stages, and whether they are ready.

    Loading takes seconds, so a page starts it in the background and asks for its state; whoever
    needs no page calls `suggest` or `match`, which load what they need. Photos of several
    threads are captioned together, one batch at a time: see `captag.gathering`.
    """

    def __init__(self, captioner: Captioner, mapper: Matcher) -> None:
        self.captioner = captioner
        self.mapper = mapper
        self.failure: Exception | None = None
        self._settled = threading.Event()
        self._gathering = Gathering(captioner)

    @property
    def ready(self) -> bool:
        """Whether both stages are loaded and warm."""
        return self._settled.is_set() and self.failure is None

    def load(self) -> None:
        """Load and warm both stages.

        Raises:
            CaptionModelError: The caption model cannot be loaded.
            EmbeddingModelError: The sentence encoder cannot be loaded.
        """
        try:
            self.captioner.load()
            self._load_mapper()
            self._warm_up()
        except Exception as error:
            self.failure = error
            self._settled.set()
            raise
        self.failure = None
        self._settled.set()

    def _warm_up(self) -> None:
        """Use each stage once, so that the first real photo is quick."""
        from PIL import Image

        self.captioner.caption([Image.new("RGB", (64, 64))])
        self.mapper.match(_WARM_UP, limit=1)

    def wait(self, seconds: float = 0) -> None:
        """Return as soon as both stages are loaded, by whichever thread.

        Raises:
            NotReady: They are still being loaded after that many seconds.
            LoadingFailed: They cannot be loaded.
        """
        if not self._settled.wait(seconds):
            raise NotReady("The models are still being loaded.")
        if self.failure is not None:
            raise LoadingFailed("The models could not be loaded.") from self.failure

    def use(self, vocabulary: Vocabulary) -> None:
        """Choose from other hashtags from now on; captions matched meanwhile get the old ones.

        Where the stages are not loaded yet, `load` loads the new hashtags.

        Raises:
            EmbeddingModelError: The sentence encoder cannot be loaded.
        """
        mapper = self.mapper.with_vocabulary(vocabulary)
        if self.ready:
            mapper.load()
        self.mapper = mapper

    def _load_mapper(self) -> None:
        """Load the mapper, and again where `use` has put another one in its place meanwhile."""
        loaded = None
        while loaded is not self.mapper:
            loaded = self.mapper
            loaded.load()

    def suggest(
        self,
        image: Image.Image,
        *,
        photo: str,
        limit: int,
        ranking: Ranking | None = None,
        is_cancelled: Callable[[], bool] = never,
    ) -> Suggestion:
        """Caption one photo and find at most `limit` hashtags for it.

        Args:
            image: Upright and RGB, as `captioner.read_image` gives it.
            photo: Its name, which the suggestion carries.
            limit: Most hashtags wanted, at least 1.
            ranking: How to order them, where not as the mapper was set.
            is_cancelled: Asked when the photo's turn comes; if true, it costs nothing.

        Raises:
            Cancelled: Nobody waits for it any more.
            CaptionModelError: The caption model cannot be loaded or used.
            EmbeddingModelError: The sentence encoder cannot be loaded.
        """
        caption = self._gathering.caption(image, is_cancelled=is_cancelled)
        return Suggestion(photo, caption, self.match(caption.text, limit, ranking=ranking))

    def match(
        self, caption: str, limit: int, *, ranking: Ranking | None = None
    ) -> tuple[HashtagMatch, ...]:
        """Find at most `limit` hashtags for a caption; needs no caption model.

        Raises:
            EmbeddingModelError: The sentence encoder cannot be loaded.
        """
        return self.mapper.match(caption, limit, ranking=ranking)


def load_vocabulary(path: Path | None) -> Vocabulary:
    """Read and check a vocabulary file; without one, take the vocabulary that is shipped.

    Raises:
        VocabularyError: The file cannot be used; every bad line is named.
    """
    from tagmapper import Vocabulary

    return Vocabulary.default() if path is None else Vocabulary.load(path)


def vocabulary_path(settings: Settings) -> Path | None:
    """Say which file of hashtags is in use; None for the shipped one."""
    own = own_vocabulary(settings)
    return own if settings.vocabulary or own.exists() else None


def own_vocabulary(settings: Settings) -> Path:
    """Say which file tuning writes: the one that is set, else one in the user's data folder."""
    return settings.vocabulary or settings.data_folder / "hashtags.csv"


def ranking_of(settings: Settings) -> Ranking:
    """Say how the settings order hashtags."""
    from tagmapper import Ranking

    return Ranking(mix=settings.mix, language=cast("Language", settings.language))


def build_mapper(settings: Settings) -> TagMapper:
    """Put the second stage together; no model is loaded.

    Raises:
        VocabularyError: The vocabulary file cannot be used.
    """
    from tagmapper import SentenceTransformerEmbedder, TagMapper

    return TagMapper(
        load_vocabulary(vocabulary_path(settings)),
        SentenceTransformerEmbedder(),
        cache_folder=settings.cache_folder,
        ranking=ranking_of(settings),
    )


def build_pipeline(settings: Settings) -> Pipeline:
    """Put the real stages together; the vocabulary is read and checked, no model is loaded.

    Raises:
        VocabularyError: The vocabulary file cannot be used.
    """
    from captioner import BlipCaptioner

    captioner = BlipCaptioner(
        settings.captioner,
        device=settings.device,
        precision=settings.precision,
        cache_folder=settings.cache_folder,
    )
    return Pipeline(captioner, build_mapper(settings))
