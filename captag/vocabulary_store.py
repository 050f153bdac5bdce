"""The vocabulary file in use: read, changed, saved, and watched for edits from outside.

For a page or an API::

    store = open_store(settings)
    snapshot = store.snapshot                          # hashtags and their revision
    page = page_of(snapshot, Query(text="dog", state="pinned", page=2))
    store.save(snapshot.revision, [Change("dog", {"state": "blocked"}),
                                   Change("", {"tag": "doglover"}),      # adds
                                   Change("cat", None)])                 # deletes
    store.problem                                      # why an outside edit cannot be used, or None
    store.versions.list(); store.restore(version_id, base=snapshot.revision)

Each change names the revision that it was made to. Where the file is another one by then,
`VocabularyChanged` says which lines differ, and nothing is written.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from captag.pipeline import own_vocabulary
from captag.vocabulary_changes import changed, conflicts, merged
from captag.vocabulary_errors import VocabularyBroken, VocabularyChanged, VocabularyNotSaved
from captag.vocabulary_snapshot import Snapshot, by_key, differences, revision_of
from captag.vocabulary_versions import Versions
from tagmapper import BadLine, VocabularyError
from tagmapper.vocabulary import why_unreadable
from tagmapper.vocabulary_file import parse, to_csv, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from captag.settings import Settings
    from captag.vocabulary_changes import Change
    from captag.vocabulary_snapshot import Difference
    from tagmapper import Hashtag

_REFUSED_NAME = "refused.csv"  # a broken file that a restored version took the place of


class VocabularyStore:
    """One vocabulary file and its versions; safe to use from many threads and processes.

    Args:
        path: The file; where it is not there yet, the shipped vocabulary stands in for it, and
            the first change makes it.
        versions: Where its last versions are kept.
        shipped: The vocabulary that stands in for the file; None where it must be there.

    Raises:
        VocabularyError: The file cannot be used.
    """

    def __init__(self, path: Path, versions: Versions, shipped: Path | None = None) -> None:
        self.path = path.resolve()  # else saving would put a file in the place of a link
        self.versions = versions
        self.problem: VocabularyError | None = None
        self._shipped = shipped
        self._lock = threading.RLock()
        self._seen = self._signature()
        self.snapshot = Snapshot(b"", (), "")
        self.snapshot = self._read()

    def refresh(self) -> bool:
        """Take up an edit from outside; tell whether the snapshot is another one now.

        What cannot be read leaves the snapshot as it is and says why in `problem`.
        """
        with self._lock:
            return self._signature() != self._seen and self._take_up()

    def save(self, base: str, changes: Sequence[Change], *, merge: bool = False) -> Snapshot:
        """Make changes and write the file.

        Args:
            base: The revision that the changes were made to.
            changes: See `Change`; all are made or none.
            merge: Whether to put them together with what others have changed since; a line that
                both have changed is a conflict all the same.

        Raises:
            ChangesRefused: A change cannot be made.
            VocabularyChanged: The file is another one by now.
            VocabularyBroken: The file was edited outside and cannot be read.
            VocabularyNotSaved: The disk refuses.
        """
        with self._saving():
            start = self.of_revision(base) or self.snapshot
            return self._save(base, changed(start.hashtags, changes), merge=merge)

    def replace(self, base: str, hashtags: Sequence[Hashtag], *, merge: bool = False) -> Snapshot:
        """Write other hashtags in the place of all; see `save` for the rest."""
        with self._saving():
            return self._save(base, tuple(hashtags), merge=merge)

    def restore(self, version_id: str, base: str) -> Snapshot:
        """Write a kept version over the file, also over one that cannot be read.

        A file that cannot be read is kept beside the versions as ``refused.csv``.

        Raises:
            NoSuchVersion: It is not kept.
            VocabularyChanged: The file is another one by now.
            VocabularyNotSaved: The disk refuses.
        """
        with self._saving(over_a_broken_file=True):
            version = self.versions.read(version_id)
            if base != self.snapshot.revision:
                raise self._changed_meanwhile(base, version.hashtags)
            if self.problem and self.path.is_file():
                with self._disk():
                    self.versions.folder.mkdir(parents=True, exist_ok=True)
                    write(self.path.read_bytes(), self.versions.folder / _REFUSED_NAME)
            return self._write(version)

    def difference(self, before: str, after: str) -> tuple[Difference, ...]:
        """Compare two versions, each by its id, or by `current` for what is in use.

        Raises:
            NoSuchVersion: One of them is not kept.
        """
        old, new = (
            self.snapshot if each == "current" else self.versions.read(each)
            for each in (before, after)
        )
        return tuple(differences(by_key(old.hashtags), by_key(new.hashtags)).values())

    def of_revision(self, revision: str) -> Snapshot | None:
        """Return the state of that revision: in use, or kept as a version; None for neither."""
        if revision == self.snapshot.revision:
            return self.snapshot
        return self.versions.of_revision(revision)

    def _save(self, base: str, yours: tuple[Hashtag, ...], *, merge: bool) -> Snapshot:
        if base != self.snapshot.revision:
            refusal = self._changed_meanwhile(base, yours)
            start = self.of_revision(base)
            if not merge or start is None or not refusal.can_merge:
                raise refusal
            yours = merged(start, yours, self.snapshot)
        if yours == self.snapshot.hashtags:
            return self.snapshot
        return self._write(Snapshot.of(to_csv(yours), yours))

    def _write(self, snapshot: Snapshot) -> Snapshot:
        with self._disk():
            self.versions.keep(self.snapshot)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write(snapshot.content, self.path)
            self._seen = self._signature()
            self.versions.keep(snapshot)
        self.problem = None
        self.snapshot = snapshot
        return snapshot

    def _take_up(self) -> bool:
        """Read the file; what was used before and what is used now are kept as versions."""
        self._seen = self._signature()
        try:
            found = self._read()
        except VocabularyError as error:
            self.problem = error
            return False
        self.problem = None
        if found.revision == self.snapshot.revision:
            return False
        with suppress(OSError):  # a folder that cannot be written to must not stop the reading
            self.versions.keep(self.snapshot)
            self.versions.keep(found)
        self.snapshot = found
        return True

    def _changed_meanwhile(self, base: str, yours: Sequence[Hashtag]) -> VocabularyChanged:
        start, theirs = self.of_revision(base), self.snapshot
        found = conflicts(start, yours, theirs)
        since = (
            differences(by_key(start.hashtags), by_key(theirs.hashtags)).values() if start else ()
        )
        return VocabularyChanged(
            theirs, found, tuple(since), can_merge=start is not None and not found
        )

    def _read(self) -> Snapshot:
        path = self.path if self._shipped is None or self.path.exists() else self._shipped
        try:
            content = path.read_bytes()
        except OSError as error:
            raise VocabularyError(path, [BadLine(0, why_unreadable(error))]) from error
        if revision_of(content) == self.snapshot.revision:
            return self.snapshot
        return Snapshot.of(content, parse(content, path))

    def _signature(self) -> tuple[int, ...]:
        """Tell one state of the file from another without reading it."""
        try:
            status = self.path.stat()
        except OSError:
            return ()
        return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino

    @contextmanager
    def _saving(self, *, over_a_broken_file: bool = False) -> Iterator[None]:
        """Keep everybody else from writing, and start from what is on the disk now."""
        from filelock import FileLock

        with self._lock:
            with self._disk():
                self.versions.folder.mkdir(parents=True, exist_ok=True)
                lock = FileLock(self.versions.folder / "lock")
                lock.acquire()
            try:
                self._take_up()
                if self.problem and not over_a_broken_file:
                    raise VocabularyBroken(self.problem)
                yield
            finally:
                lock.release()

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            raise VocabularyNotSaved(
                f"The vocabulary cannot be saved in {self.path.parent}: {reason}."
            ) from error


def open_store(settings: Settings) -> VocabularyStore:
    """Open the vocabulary in use; without a file of the user's own it is the shipped one.

    Raises:
        VocabularyError: The file cannot be used; every bad line is named.
    """
    path = own_vocabulary(settings).resolve()
    name = f"{path.stem}-{revision_of(str(path).encode())[:8]}"
    versions = Versions(settings.data_folder / "versions" / name)
    shipped = None if settings.vocabulary else Path(str(files("captag_data") / "hashtags.csv"))
    return VocabularyStore(path, versions, shipped)
