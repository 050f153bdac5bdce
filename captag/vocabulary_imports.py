"""What an import would change, line by line, before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from captag.vocabulary_snapshot import Snapshot, by_key, differences
from tagmapper import BadLine, Hashtag, VocabularyError
from tagmapper.vocabulary_file import ALL_BLOCKED, offers_nothing, parse_lines
from tagmapper.vocabulary_line import normal_form

if TYPE_CHECKING:
    from collections.abc import Sequence

Mode = Literal["add", "replace"]
MODES: tuple[Mode, ...] = get_args(Mode)
UPLOAD = Path("the imported file")  # an import has no path; this stands in its messages


@dataclass(frozen=True, slots=True)
class ImportLine:
    """What one line of the imported file, or its absence, would change.

    Attributes:
        line: Its number in the imported file, from 1; 0 for a hashtag that is not in the file.
        kind: `removed` only where the import replaces everything.
        tag: The hashtag.
        before: The line in use; None where there is none.
        after: The line as it would be; None where it would go.
    """

    line: int
    kind: Literal["added", "changed", "same", "removed"]
    tag: str
    before: Hashtag | None
    after: Hashtag | None


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do.

    Attributes:
        revision: What it would be done to.
        lines: Each good line of the file in its order, then what would be removed.
        bad_lines: Lines that cannot be used; while there are any, nothing can be imported.
        hashtags: All lines of the vocabulary as they would be.
    """

    revision: str
    lines: tuple[ImportLine, ...]
    bad_lines: tuple[BadLine, ...]
    hashtags: tuple[Hashtag, ...]

    def count(self, kind: str) -> int:
        """Count the lines of a kind: `added`, `changed`, `same` or `removed`."""
        return sum(line.kind == kind for line in self.lines)


def preview_import(content: bytes, snapshot: Snapshot, mode: Mode) -> ImportPreview:
    """Say what a file would change; nothing is changed.

    Args:
        content: The bytes of a vocabulary file.
        snapshot: What it would be imported into.
        mode: `add` adds new hashtags and overwrites those of the same name; `replace` also
            removes those that the file does not have, and takes the file's order.
    """
    try:
        numbered, bad_lines = parse_lines(content, UPLOAD)
    except VocabularyError as error:
        numbered, bad_lines = [], error.bad_lines
    lines = _lines(numbered, snapshot, mode)
    given = by_key(hashtag for _, hashtag in numbered)
    after = given if mode == "replace" else by_key(snapshot.hashtags) | given
    if not bad_lines and offers_nothing(after.values()):
        bad_lines = (BadLine(0, ALL_BLOCKED),)
    return ImportPreview(snapshot.revision, lines, bad_lines, tuple(after.values()))


def _lines(
    numbered: Sequence[tuple[int, Hashtag]], snapshot: Snapshot, mode: Mode
) -> tuple[ImportLine, ...]:
    before = by_key(snapshot.hashtags)
    lines = []
    for number, hashtag in numbered:
        old = before.get(normal_form(hashtag.tag))
        kind: Literal["added", "changed", "same"] = (
            "added" if old is None else "same" if old == hashtag else "changed"
        )
        lines.append(ImportLine(number, kind, hashtag.tag, old, hashtag))
    if mode == "replace" and numbered:
        after = by_key(hashtag for _, hashtag in numbered)
        lines += [
            ImportLine(0, "removed", each.tag, each.before, None)
            for each in differences(before, after).values()
            if each.after is None
        ]
    return tuple(lines)
