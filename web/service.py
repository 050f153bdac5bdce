"""What the views work with: the settings and the pipeline of the running application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, cast

from flask import current_app

if TYPE_CHECKING:
    from captag import Pipeline, Settings
    from captag.tuning import Tuning
    from captag.vocabulary_snapshot import Snapshot
    from captag.vocabulary_store import VocabularyStore

Status = Literal["ready", "loading", "failed"]


@dataclass(frozen=True, slots=True)
class Service:
    """The parts that the application was built around."""

    NAME: ClassVar = "captag"

    settings: Settings
    pipeline: Pipeline
    tuning: Tuning

    @property
    def vocabulary(self) -> VocabularyStore:
        """Return the vocabulary file; after a change of it call ``tuning.catch_up``."""
        return self.tuning.store

    @property
    def status(self) -> Status:
        """Say how far the models are."""
        if self.pipeline.failure is not None:
            return "failed"
        return "ready" if self.pipeline.ready else "loading"


def service() -> Service:
    """Return the parts of the application that answers the current request."""
    return cast("Service", current_app.extensions[Service.NAME])


def current() -> Snapshot:
    """Return the vocabulary as it is on the disk now."""
    store = service().vocabulary
    store.refresh()
    return store.snapshot
