"""One state of a vocabulary: its hashtags in order, found by tag, searched, and compared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from tagmapper import Hashtag
from tagmapper.vocabulary_line import normal_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

PAGE_SIZE = 100
FIELDS = tuple(field.name for field in fields(Hashtag))
SORTS = ("file", *FIELDS)
_REVISION_LENGTH = 32  # of the 64 digits of SHA-256; enough that no two files share it


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One state of a vocabulary file; it never changes.

    Attributes:
        content: The bytes of the file.
        hashtags: Its lines, in their order.
        revision: Names the content: the beginning of its SHA-256.
    """

    content: bytes
    hashtags: tuple[Hashtag, ...]
    revision: str

    @classmethod
    def of(cls, content: bytes, hashtags: Iterable[Hashtag]) -> Snapshot:
        """Name a content that was read and checked already."""
        return cls(content, tuple(hashtags), revision_of(content))

    def find(self, tag: str) -> Hashtag | None:
        """Return the hashtag of that name, however it is spelled, or None."""
        key = normal_form(tag.removeprefix("#"))
        return next((each for each in self.hashtags if normal_form(each.tag) == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which lines are wanted, and in what order.

    Attributes:
        text: Stands in the tag or in its meaning, in capitals or not; empty for all.
        language: Code of the language; empty for the lines without one; None for all.
        state: `ranked` for those without a state, `blocked` or `pinned`; None for all.
        group: What kind of tag it is; empty for the lines without one; None for all.
        sort: `file` for the order of the file, or the name of a field.
        descending: Whether the order is turned round.
        page: Which hundred, counted from 1.
    """

    text: str = ""
    language: str | None = None
    state: Literal["ranked", "blocked", "pinned"] | None = None
    group: str | None = None
    sort: str = "file"
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One hundred lines of those that were asked for.

    Attributes:
        hashtags: The lines of this page.
        total: How many lines there are on all pages.
        page: Which page this is, counted from 1; the last one where a later one was asked for.
        pages: How many pages there are, at least 1.
    """

    hashtags: tuple[Hashtag, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One hashtag that is not the same in two states.

    Attributes:
        tag: The hashtag as it is now, or was.
        before: Its line in the first state; None where it was added.
        after: Its line in the second state; None where it was removed.
    """

    tag: str
    before: Hashtag | None
    after: Hashtag | None

    @property
    def kind(self) -> Literal["added", "removed", "changed"]:
        """What happened to the line."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def fields(self) -> tuple[str, ...]:
        """Name the fields that differ; all of them where the line was added or removed."""
        return tuple(
            name
            for name in FIELDS
            if self.before is None
            or self.after is None
            or getattr(self.before, name) != getattr(self.after, name)
        )


def revision_of(content: bytes) -> str:
    """Name a content."""
    return hashlib.sha256(content).hexdigest()[:_REVISION_LENGTH]


def by_key(hashtags: Iterable[Hashtag]) -> dict[str, Hashtag]:
    """Return hashtags by what two spellings of one have in common, in their order."""
    return {normal_form(each.tag): each for each in hashtags}


def differences(
    before: Mapping[str, Hashtag], after: Mapping[str, Hashtag]
) -> dict[str, Difference]:
    """Return what differs, by key: changed and removed lines first, then the added ones.

    The order of the lines does not count.
    """
    found = {}
    for key in (*before, *(key for key in after if key not in before)):
        old, new = before.get(key), after.get(key)
        shown = new or old
        if old != new and shown is not None:
            found[key] = Difference(shown.tag, old, new)
    return found


def page_of(snapshot: Snapshot, query: Query) -> Page:
    """Search, filter, sort, and cut out one page."""
    wanted = [each for each in snapshot.hashtags if _is_wanted(each, query)]
    if query.sort != "file":
        wanted.sort(key=_sort_key(query.sort))
    if query.descending:
        wanted.reverse()
    pages = max(-(-len(wanted) // PAGE_SIZE), 1)
    page = min(query.page, pages)
    start = (page - 1) * PAGE_SIZE
    return Page(tuple(wanted[start : start + PAGE_SIZE]), len(wanted), page, pages)


def _is_wanted(hashtag: Hashtag, query: Query) -> bool:
    if query.language is not None and hashtag.language != query.language:
        return False
    if query.group is not None and hashtag.group != query.group:
        return False
    if query.state is not None and (hashtag.state or "ranked") != query.state:
        return False
    text = normal_form(query.text.strip().removeprefix("#"))
    return text in normal_form(hashtag.tag) or text in normal_form(hashtag.meaning)


def _sort_key(name: str) -> Callable[[Hashtag], Any]:
    """Order numbers as numbers and text without regard to capitals."""

    def key(hashtag: Hashtag) -> str | int:
        value: str | int = getattr(hashtag, name)
        return value.casefold() if isinstance(value, str) else value

    return key
