"""What the form of the vocabulary page carries: lines as they were sent, and what they change."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from captag.vocabulary_changes import Change
from captag.vocabulary_snapshot import FIELDS, SORTS, Query
from tagmapper.vocabulary_line import normal_form
from web.refused import RequestRefused
from web.service import service

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from captag.vocabulary_changes import Conflict
    from captag.vocabulary_snapshot import Snapshot
    from tagmapper import Hashtag

VIEW = ("q", "language", "state", "group", "sort", "down", "page")  # of the address: which lines
STATES = ("ranked", "blocked", "pinned")
NONE = "none"  # in the address, stands for lines that leave the field empty
NEW_LINE = "n0"  # the key of the empty line in which one is added
_LETTERS = {field[0]: field for field in FIELDS}  # t12 is the tag in line 12
_NAME = re.compile(r"([tmplsgd])(\d{1,7}|n\d{1,3})")
_DELETED = "d"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page: what stands in its fields.

    Attributes:
        key: What its fields are called by: its place in the vocabulary, or `n` and a number for
            one that is added.
        cells: The text in each field.
        is_deleted: Whether it is marked to be deleted.
        is_changed: Whether saving would change it.
        problems: What is wrong with each field that is; the empty name is the whole line.
    """

    key: str
    cells: Mapping[str, str]
    is_deleted: bool = False
    is_changed: bool = False
    problems: Mapping[str, str] | None = None


def asked_query(args: Mapping[str, str]) -> Query:
    """Read which lines are wanted; what makes no sense is left out."""
    state, sort, page = args.get("state"), args.get("sort", ""), args.get("page", "")
    return Query(
        text=args.get("q", ""),
        language=_narrowed(args.get("language", "")),
        group=_narrowed(args.get("group", "")),
        state=state if state in STATES else None,  # type: ignore[arg-type]  # checked just now
        sort=sort if sort in SORTS else "file",
        descending="down" in args,
        page=max(int(page), 1) if page.isascii() and page.isdigit() else 1,
    )


def _narrowed(value: str) -> str | None:
    """Tell every value from those of lines that have none."""
    return None if not value else "" if value == NONE else value


def base_of(form: Mapping[str, str]) -> Snapshot:
    """Return the state of the vocabulary that a form was made from.

    Raises:
        RequestRefused: It is not kept any more.
    """
    store = service().vocabulary
    store.refresh()
    base = store.of_revision(form.get("base", ""))
    if base is None:
        raise RequestRefused(
            "This page is too old: the vocabulary that it shows is not kept any more."
        )
    return base


def cells_of(hashtag: Hashtag | None) -> dict[str, str]:
    """Return what stands in the fields of a line; a count of 0 is left empty."""
    if hashtag is None:
        return dict.fromkeys(FIELDS, "")
    return {name: str(getattr(hashtag, name) or "") for name in FIELDS}


def sent_lines(form: Mapping[str, str], base: Snapshot) -> list[Line]:
    """Return the lines that a form carries, in its order."""
    given: dict[str, dict[str, str]] = {}
    for name, value in form.items():
        if match := _NAME.fullmatch(name):
            given.setdefault(match[2], {})[match[1]] = value.strip()
    return [_line(key, letters, base) for key, letters in given.items() if _exists(key, base)]


def changes_of(lines: Iterable[Line], base: Snapshot) -> list[tuple[str, Change]]:
    """Return what the lines change, each change with the key of its line."""
    return [(line.key, _change(line, base)) for line in lines if line.is_changed]


def original(key: str, base: Snapshot) -> Hashtag | None:
    """Return the line as it was; None for one that is added."""
    return None if key.startswith("n") else base.hashtags[int(key)]


def _exists(key: str, base: Snapshot) -> bool:
    return key.startswith("n") or int(key) < len(base.hashtags)


def _line(key: str, letters: Mapping[str, str], base: Snapshot) -> Line:
    was = cells_of(original(key, base))
    cells = {field: letters.get(letter, was[field]) for letter, field in _LETTERS.items()}
    is_deleted = _DELETED in letters and not key.startswith("n")
    return Line(key, cells, is_deleted, is_deleted or cells != was)


def _change(line: Line, base: Snapshot) -> Change:
    before = original(line.key, base)
    if before and line.is_deleted:
        return Change(before.tag, None)
    was = cells_of(before)
    fields = {name: text for name, text in line.cells.items() if text != was[name]}
    return Change(before.tag, fields) if before else Change("", fields)


# A change that travels through the conflict page and back


def to_json(change: Change) -> str:
    """Write a change so that a form can carry it."""
    fields = None if change.fields is None else dict(change.fields)
    return json.dumps({"tag": change.tag, "fields": fields}, ensure_ascii=False)


def carried_changes(values: Iterable[str]) -> list[Change]:
    """Read changes that a form carried; an empty one is one that was given up.

    Raises:
        RequestRefused: One of them is none.
    """
    return list(map(_from_json, filter(None, values)))


def _from_json(text: str) -> Change:
    try:
        read: Any = json.loads(text)
        tag, fields = read["tag"], read["fields"]
    except (ValueError, KeyError, TypeError) as error:
        raise RequestRefused("That request could not be understood.") from error
    if not isinstance(tag, str) or not (fields is None or isinstance(fields, dict)):
        raise RequestRefused("That request could not be understood.")
    return Change(tag, fields)


def without_conflicts(changes: Iterable[Change], conflicts: Iterable[Conflict]) -> Iterator[Change]:
    """Yield the changes that nobody else's stand against."""
    disputed = {normal_form(conflict.tag) for conflict in conflicts}
    for change in changes:
        tags = {change.tag, str((change.fields or {}).get("tag", ""))} - {""}
        if not disputed & set(map(normal_form, tags)):
            yield change


def ways_out(conflict: Conflict) -> dict[str, str]:
    """Return what each way out of a conflict changes in the line as it is now."""
    now = conflict.theirs.tag if conflict.theirs else ""
    ways = {"theirs": "", "yours": to_json(_becoming(now, conflict.yours))}
    if conflict.merged is not None:
        ways["both"] = to_json(_becoming(now, conflict.merged))
    return ways


def _becoming(now: str, wanted: Hashtag | None) -> Change:
    return Change(now, None if wanted is None else asdict(wanted))
