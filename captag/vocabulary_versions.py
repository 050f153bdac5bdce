"""The last versions of a vocabulary file, each a file of its own in a folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from captag.vocabulary_errors import NoSuchVersion
from captag.vocabulary_snapshot import Snapshot
from tagmapper import Reason
from tagmapper.vocabulary_file import parse, write

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSIONS_KEPT = 20
_TIME = "%Y%m%dT%H%M%S%fZ"
_NAME = re.compile(r"(\d{8}T\d{12}Z)-(\d+)-([0-9a-f]+)\.csv")


@dataclass(frozen=True, slots=True)
class Version:
    """A state of the vocabulary that is kept.

    Attributes:
        id: What to ask for it by.
        saved_at: When it came to be, UTC.
        hashtags: How many lines it has.
        revision: Its content's name; see `Snapshot`.
    """

    id: str
    saved_at: datetime
    hashtags: int
    revision: str


@dataclass(frozen=True, slots=True)
class Versions:
    """The kept versions of one vocabulary.

    Attributes:
        folder: Where they lie; made when the first one is kept.
    """

    folder: Path

    def list(self) -> tuple[Version, ...]:
        """Return what is kept, the newest first."""
        found = map(_version, self._files()) if self.folder.is_dir() else ()
        return tuple(version for version in found if version)

    def keep(self, snapshot: Snapshot) -> None:
        """Keep a state, unless it is the newest one anyway; the oldest of too many goes.

        Raises:
            OSError: The folder cannot be written to.
        """
        kept = self.list()
        if kept and kept[0].revision == snapshot.revision:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        now = datetime.now(UTC).strftime(_TIME)
        name = f"{now}-{len(snapshot.hashtags)}-{snapshot.revision}.csv"
        write(snapshot.content, self.folder / name)
        for version in self.list()[VERSIONS_KEPT:]:
            self._path(version.id).unlink(missing_ok=True)

    def read(self, version_id: str) -> Snapshot:
        """Return one version.

        Raises:
            NoSuchVersion: It is not kept.
        """
        if version_id not in {version.id for version in self.list()}:
            raise NoSuchVersion(
                Reason(
                    "There is no version %(version)s; the last %(count)s are kept.",
                    version=repr(version_id),
                    count=VERSIONS_KEPT,
                )
            )
        path = self._path(version_id)
        content = path.read_bytes()
        return Snapshot.of(content, parse(content, path))

    def of_revision(self, revision: str) -> Snapshot | None:
        """Return the newest version of that revision, or None where none is kept."""
        found = next((each for each in self.list() if each.revision == revision), None)
        return self.read(found.id) if found else None

    def _files(self) -> Iterable[Path]:
        return sorted(self.folder.iterdir(), reverse=True)

    def _path(self, version_id: str) -> Path:
        return self.folder / f"{version_id}.csv"


def _version(path: Path) -> Version | None:
    """Read the name of a file; None where it is none of ours."""
    if not (match := _NAME.fullmatch(path.name)):
        return None
    time, count, revision = match.groups()
    saved_at = datetime.strptime(time, _TIME).replace(tzinfo=UTC)
    return Version(path.stem, saved_at, int(count), revision)
