"""Changes to a vocabulary, and what to do when two people make them at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from captag.vocabulary_errors import ChangeProblem, ChangesRefused
from captag.vocabulary_snapshot import FIELDS, Snapshot, by_key, differences
from tagmapper import HashtagRefused, Reason
from tagmapper.vocabulary_file import offers_nothing
from tagmapper.vocabulary_line import HEADER, check_hashtag, normal_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tagmapper import Hashtag

_COLUMN_OF = {"tag": HEADER[0]}  # the other fields are called as their columns
_FIELD_OF = {column: field for field, column in _COLUMN_OF.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one line.

    Attributes:
        tag: The hashtag to change or to delete; empty to add one at the end.
        fields: What to write, by field (`tag`, `meaning`, `posts`, `language`, `state`, `group`);
            what is left out stays as it is. None deletes the line.
    """

    tag: str
    fields: Mapping[str, str | int] | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One line that two people changed at once, each in another way; None where it is absent.

    Attributes:
        tag: The hashtag.
        base: The line that both started from.
        yours: What you make of it.
        theirs: What is in the file by now.
        merged: Both changes together, where they touch different fields; else None.
    """

    tag: str
    base: Hashtag | None
    yours: Hashtag | None
    theirs: Hashtag | None
    merged: Hashtag | None


def changed(hashtags: Sequence[Hashtag], changes: Sequence[Change]) -> tuple[Hashtag, ...]:
    """Return the lines with the changes made, one after the other.

    A changed line keeps its place, also under another name; a new one is added at the end.

    Raises:
        ChangesRefused: Changes cannot be made: all of them are named.
    """
    lines: dict[str, Hashtag] = by_key(hashtags)
    problems: list[ChangeProblem] = []
    for at, change in enumerate(changes):
        try:
            lines = _with_change(lines, change)
        except HashtagRefused as error:
            problems.extend(
                ChangeProblem(at, change.tag, _FIELD_OF.get(column, column), reason)
                for column, reason in error.reasons.items()
            )
    if problems:
        raise ChangesRefused(problems)
    return _offering(lines.values())


def _offering(lines: Iterable[Hashtag]) -> tuple[Hashtag, ...]:
    """Return the lines; refuse those that leave nothing to offer, as they could not be read back.

    Raises:
        ChangesRefused: There are none, or each is blocked.
    """
    hashtags = tuple(lines)
    if offers_nothing(hashtags):
        reason = Reason("the vocabulary needs at least one hashtag that is not blocked")
        raise ChangesRefused([ChangeProblem(-1, "", "", reason)])
    return hashtags


def conflicts(
    base: Snapshot | None, yours: Sequence[Hashtag], theirs: Snapshot
) -> tuple[Conflict, ...]:
    """List the lines that both sides changed, each in another way.

    Args:
        base: What both started from; None where it is not kept any more: then each line of
            yours that is not as theirs counts.
        yours: The lines as one side wants them.
        theirs: The lines as the other side has saved them.
    """
    mine, others = by_key(yours), by_key(theirs.hashtags)
    start = {} if base is None else by_key(base.hashtags)
    touched = differences(others if base is None else start, mine)
    return tuple(
        _conflict(each.tag, start.get(key), mine.get(key), others.get(key))
        for key, each in touched.items()
        if mine.get(key) != others.get(key) and (base is None or start.get(key) != others.get(key))
    )


def merged(base: Snapshot, yours: Sequence[Hashtag], theirs: Snapshot) -> tuple[Hashtag, ...]:
    """Return their lines with your changes made to them; there must be no conflicts.

    Raises:
        ChangesRefused: Together they leave nothing to offer.
    """
    lines = by_key(theirs.hashtags)
    for key, difference in differences(by_key(base.hashtags), by_key(yours)).items():
        if difference.after is None:
            lines.pop(key, None)
        else:
            lines[key] = difference.after
    return _offering(lines.values())


def _with_change(lines: dict[str, Hashtag], change: Change) -> dict[str, Hashtag]:
    """Make one change; the lines handed in may be changed themselves."""
    key = normal_form(change.tag.removeprefix("#"))
    if change.tag and key not in lines:
        reason = Reason("there is no hashtag %(text)s in the vocabulary", text=repr(change.tag))
        raise HashtagRefused({"": reason})
    if change.fields is None:
        lines.pop(key, None)
        return lines
    after = _laid_over(lines.get(key), change.fields)
    new_key = normal_form(after.tag)
    if new_key != key and new_key in lines:
        reason = Reason("%(text)s is in the vocabulary already", text=repr(after.tag))
        raise HashtagRefused({HEADER[0]: reason})
    if change.tag and new_key != key:  # under another name in the same place
        return {new_key if each == key else each: line for each, line in lines.items()} | {
            new_key: after
        }
    lines[new_key] = after
    return lines


def _laid_over(before: Hashtag | None, given: Mapping[str, str | int]) -> Hashtag:
    """Check a line: what it was, with what is given in its place."""
    if unknown := sorted(set(given) - set(FIELDS)):
        reason = Reason("no field of a hashtag; %(fields)s", fields=", ".join(FIELDS))
        raise HashtagRefused(dict.fromkeys(unknown, reason))
    was = {name: getattr(before, name) for name in FIELDS} if before else {}
    cells = {_COLUMN_OF.get(name, name): str(value) for name, value in {**was, **given}.items()}
    return check_hashtag(cells)


def _conflict(
    tag: str, base: Hashtag | None, yours: Hashtag | None, theirs: Hashtag | None
) -> Conflict:
    return Conflict(tag, base, yours, theirs, _both(base, yours, theirs))


def _both(base: Hashtag | None, yours: Hashtag | None, theirs: Hashtag | None) -> Hashtag | None:
    """Put two changes of one line together; None where they touch the same field."""
    if base is None or yours is None or theirs is None:
        return None
    mine = _changed_fields(base, yours)
    if mine.keys() & _changed_fields(base, theirs).keys():
        return None
    return replace(theirs, **mine)


def _changed_fields(before: Hashtag, after: Hashtag) -> dict[str, Any]:
    return {
        name: getattr(after, name)
        for name in FIELDS
        if getattr(after, name) != getattr(before, name)
    }
