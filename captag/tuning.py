"""The vocabulary store joined to the running pipeline: what is saved is soon matched with.

For a page or an API::

    tuning = Tuning(open_store(settings), pipeline)
    tuning.start()                                   # watches the file; `captag serve` does this
    snapshot = tuning.store.save(base, changes)      # see `captag.vocabulary_store`
    tuning.catch_up()                                # True: captions are matched with it now
    before, after = tuning.try_changes("a dog", changes, limit=10)
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from captag.vocabulary_changes import changed
from tagmapper import EmbeddingModelError, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from captag.pipeline import Matcher, Pipeline
    from captag.vocabulary_changes import Change
    from captag.vocabulary_store import VocabularyStore
    from tagmapper import Hashtag, HashtagMatch, Ranking

    Matches = tuple[HashtagMatch, ...]

WATCH_SECONDS = 0.5  # how often the file is looked at; an edit is taken up within two seconds
_LOG = logging.getLogger("captag")


class Tuning:
    """Keeps a pipeline on the vocabulary of a store; safe to use from many threads.

    While a new vocabulary is embedded, captions are matched with the old one.

    Attributes:
        store: The file. Read it and change it as you like, then call `catch_up`.
        pipeline: What matches captions.
    """

    def __init__(self, store: VocabularyStore, pipeline: Pipeline) -> None:
        self.store = store
        self.pipeline = pipeline
        same = store.snapshot.hashtags == pipeline.mapper.vocabulary.hashtags
        self._used = store.snapshot.revision if same else ""
        self._following = threading.Lock()
        self._trying = threading.Lock()
        self._tried: tuple[tuple[Hashtag, ...], Matcher] | None = None
        self._stop = threading.Event()

    def start(self) -> None:
        """Watch the file in a thread of its own until `stop`."""
        threading.Thread(target=self._watch, name="captag-vocabulary", daemon=True).start()

    def stop(self) -> None:
        """End the watching."""
        self._stop.set()

    def in_use(self, revision: str) -> bool:
        """Say whether captions are matched with that revision."""
        return self._used == revision

    def catch_up(self, seconds: float = 10) -> bool:
        """Match captions with the file as it is now, as soon as that can be.

        Only meanings that nobody has embedded yet are embedded. An import of thousands takes
        longer than anybody should wait: it goes on after those seconds.

        Returns:
            Whether captions are matched with it already.
        """
        self.store.refresh()
        if not self.in_use(self.store.snapshot.revision):
            following = threading.Thread(target=self._follow, daemon=True)
            following.start()
            following.join(seconds)
        return self.in_use(self.store.snapshot.revision)

    def try_changes(
        self,
        caption: str,
        changes: Sequence[Change],
        limit: int,
        ranking: Ranking | None = None,
    ) -> tuple[Matches, Matches]:
        """Match a caption with the vocabulary in use, and with changes that nobody has saved.

        Returns:
            The hashtags before the changes, and after them.

        Raises:
            ChangesRefused: A change cannot be made.
            EmbeddingModelError: The sentence encoder cannot be loaded.
        """
        hashtags = changed(self.store.snapshot.hashtags, changes)
        before = self.pipeline.match(caption, limit, ranking=ranking)
        after = self._matcher_of(hashtags).match(caption, limit, ranking=ranking)
        return before, after

    def _matcher_of(self, hashtags: tuple[Hashtag, ...]) -> Matcher:
        """Make a matcher; the last one is kept, for the next caption tried on it."""
        with self._trying:
            if self._tried is None or self._tried[0] != hashtags:
                matcher = self.pipeline.mapper.with_vocabulary(Vocabulary(hashtags))
                matcher.load()
                self._tried = hashtags, matcher
            return self._tried[1]

    def _follow(self) -> None:
        with self._following:
            snapshot = self.store.snapshot
            if self.in_use(snapshot.revision):
                return
            try:
                self.pipeline.use(Vocabulary(snapshot.hashtags))
            except EmbeddingModelError as error:
                _LOG.error("the changed vocabulary cannot be used: %s", error)
            else:
                self._used = snapshot.revision

    def _watch(self) -> None:
        while not self._stop.wait(WATCH_SECONDS):
            self.store.refresh()
            if not self._following.locked():
                self.catch_up(seconds=0)
