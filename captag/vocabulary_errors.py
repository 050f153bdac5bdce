"""Why a vocabulary is not changed.

::

    CaptagError
    └── VocabularyRefused       nothing was written
        ├── ChangesRefused      a change cannot be made; the person: mend the fields named
        ├── ImportRefused       lines of an imported file are bad; the person: mend them
        ├── VocabularyChanged   somebody else was quicker; the person: merge
        ├── VocabularyBroken    the file was edited outside and is broken; mend it or restore
        ├── NoSuchVersion       a version that is not kept; the person: another one
        └── VocabularyNotSaved  the disk refuses; the operator: make the folder writable
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from captag.errors import CaptagError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from captag.vocabulary_changes import Conflict
    from captag.vocabulary_snapshot import Difference, Snapshot
    from tagmapper import BadLine, Reason, VocabularyError


class VocabularyRefused(CaptagError):
    """Base of the reasons why a vocabulary was not changed."""


@dataclass(frozen=True, slots=True)
class ChangeProblem:
    """Why one change cannot be made.

    Attributes:
        at: Which change is meant, counted from 0; -1 where all of them together are.
        tag: The hashtag that is meant.
        field: The field that is meant; empty where the line is.
        reason: What is wrong, for people.
    """

    at: int
    tag: str
    field: str
    reason: Reason


class ChangesRefused(VocabularyRefused):
    """Changes that cannot be made; nothing was written.

    Attributes:
        problems: Every reason, at least one.
    """

    def __init__(self, problems: Iterable[ChangeProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(each.reason for each in self.problems))


class ImportRefused(VocabularyRefused):
    """An imported file with lines that cannot be used; nothing was written.

    Attributes:
        bad_lines: All of them, at least one.
    """

    def __init__(self, bad_lines: Iterable[BadLine]) -> None:
        self.bad_lines = tuple(bad_lines)
        super().__init__("Lines of this file cannot be used. Nothing was imported.")


class VocabularyChanged(VocabularyRefused):
    """Somebody else changed the vocabulary meanwhile; nothing was written.

    Attributes:
        current: What is in the file by now.
        conflicts: Lines that both sides changed. Where there are none, the same call with
            `merge=True` puts both sides' changes together.
        theirs: What the other side changed; empty where the base is not kept any more.
        can_merge: Whether `merge=True` would do.
    """

    def __init__(
        self,
        current: Snapshot,
        conflicts: Sequence[Conflict],
        theirs: Sequence[Difference],
        *,
        can_merge: bool,
    ) -> None:
        self.current = current
        self.conflicts = tuple(conflicts)
        self.theirs = tuple(theirs)
        self.can_merge = can_merge
        super().__init__("Somebody else changed the vocabulary meanwhile. Nothing was saved.")


class VocabularyBroken(VocabularyRefused):
    """The file was edited outside and cannot be read; saving would overwrite that edit.

    Attributes:
        problem: Which lines of the file are bad.
    """

    def __init__(self, problem: VocabularyError) -> None:
        self.problem = problem
        super().__init__(
            "The vocabulary file was edited outside and cannot be read, so nothing is saved over"
            f" it. Mend the file or restore a version. {problem}"
        )


class VocabularyNotSaved(VocabularyRefused):
    """The disk refused the file; the message says why, and the old file is as it was."""


class NoSuchVersion(VocabularyRefused):
    """A version that is not kept, or not any more; the message says which are."""
