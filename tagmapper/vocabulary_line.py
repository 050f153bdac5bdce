"""What one line of a vocabulary may hold, cell by cell."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from tagmapper.errors import HashtagRefused
from tagmapper.reason import Reason
from tagmapper.segmentation import meaning_of
from tagmapper.tags import Hashtag, State

HEADER = ("hashtag", "meaning", "posts", "language", "state", "group")
_STATES = frozenset(get_args(State))
_LONGEST_TAG = 100  # own limit; Instagram says none
_LONGEST_MEANING = 300
_LONGEST_GROUP = 50
_MOST_QUOTED = 40  # letters of a cell that cannot be used
_MOST_POSTS = 10**12
_LANGUAGE = re.compile(r"|[a-z]{2,3}")
_NOT_A_LETTER = re.compile(r"[\d_]+")
_WORD = re.compile(r"\w+")
_STARTS_A_FORMULA = tuple("=+-@")  # what a spreadsheet would run
_CELL_ENDS = re.compile(r"[;\t\r\n]")  # where one that splits at other marks begins a new cell
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # no editor shows these


class CellRefused(ValueError):
    """Why one line is refused, and in which column; never leaves this package."""

    def __init__(self, reason: Reason, column: str = "") -> None:
        self.reason = reason
        self.column = column
        super().__init__(reason)


def check_hashtag(cells: Mapping[str, str]) -> Hashtag:
    """Check what a form or a program gives for one line.

    Args:
        cells: Text by the names of ``HEADER``; what is left out is empty.

    Raises:
        HashtagRefused: Cells cannot be used: all of them at once.
    """
    values: dict[str, Any] = {}
    reasons: dict[str, Reason] = {}
    for column, check in _CHECKS.items():
        try:
            values[column] = check(cells.get(column, "").strip())
        except CellRefused as refusal:
            reasons[column] = refusal.reason
    if reasons:
        raise HashtagRefused(reasons)
    tag, meaning = values.pop(HEADER[0]), values.pop("meaning")
    return Hashtag(tag, meaning or meaning_of(tag), **values)


def hashtag_of(cells: Sequence[str]) -> Hashtag:
    """Check the cells of one line, in the order of ``HEADER`` and without spaces around them.

    Raises:
        CellRefused: At the first cell that cannot be used.
    """
    cell, meaning, posts, language, state, group = cells
    tag = _tag(cell)
    return Hashtag(
        tag,
        _meaning(meaning) or meaning_of(tag),
        _posts(posts),
        _language(language),
        _state(state),
        _group(group),
    )


def normal_form(tag: str) -> str:
    """Return what two spellings of the same hashtag have in common: NFKC, case folded."""
    return unicodedata.normalize("NFKC", tag).casefold()


def why_not_a_hashtag(tag: str) -> Reason | None:
    """Return what is wrong with a hashtag (written without ``#``); None for a good one.

    Letters and digits of any script and ``_``, at least one letter: Unicode's hashtag identifiers
    (UAX #31) without emoji.
    """
    if not tag:
        return Reason("the hashtag is empty")
    if len(tag) > _LONGEST_TAG:
        return _too_long(tag, "hashtag", _LONGEST_TAG)
    if not _WORD.fullmatch(_without_marks(tag)):
        return Reason("not a hashtag (letters, digits and _ only): %(text)s", text=repr(tag))
    if _NOT_A_LETTER.fullmatch(tag):
        return Reason("a hashtag needs at least one letter: %(text)s", text=repr(tag))
    return None


def _too_long(cell: str, column: str, most: int) -> Reason:
    return Reason(
        "a %(column)s of %(count)s letters; at most %(most)s are allowed",
        column=column,
        count=f"{len(cell):,}",
        most=most,
    )


def _quoted(cell: str) -> str:
    return repr(cell[:_MOST_QUOTED])


def _without_marks(tag: str) -> str:
    """Leave out accents and vowel signs that stand as letters of their own (Hindi, Thai)."""
    if tag.isascii():
        return tag
    return "".join(letter for letter in tag if unicodedata.category(letter)[0] != "M")


def _tag(cell: str) -> str:
    tag = unicodedata.normalize("NFKC", cell).removeprefix("#")
    if problem := why_not_a_hashtag(tag):
        raise CellRefused(problem, HEADER[0])
    return tag


def _meaning(cell: str) -> str:
    return _text(cell, "meaning", _LONGEST_MEANING)


def _group(cell: str) -> str:
    return _text(cell, "group", _LONGEST_GROUP)


def _text(cell: str, column: str, longest: int) -> str:
    if len(cell) > longest:
        raise CellRefused(_too_long(cell, column, longest), column)
    if any(map(_is_formula, _CELL_ENDS.split(cell))):
        reason = Reason(
            "a %(column)s that a spreadsheet would run as a formula: %(text)s",
            column=column,
            text=_quoted(cell),
        )
        raise CellRefused(reason, column)
    if _NO_TEXT.search(cell):
        reason = Reason(
            "a %(column)s with characters that are no text: %(text)s",
            column=column,
            text=_quoted(cell),
        )
        raise CellRefused(reason, column)
    return cell


def _is_formula(part: str) -> bool:
    """Whether a spreadsheet would run this; it takes the wide signs of East Asia, too."""
    return unicodedata.normalize("NFKC", part.strip()[:1]).startswith(_STARTS_A_FORMULA)


def _posts(cell: str) -> int:
    if not cell:
        return 0
    if not (cell.isascii() and cell.isdigit()) or int(cell) > _MOST_POSTS:
        reason = Reason("posts must be a whole number, not %(text)s", text=_quoted(cell))
        raise CellRefused(reason, "posts")
    return int(cell)


def _language(cell: str) -> str:
    if not _LANGUAGE.fullmatch(cell):
        reason = Reason(
            "language must be a code such as en or ko, not %(text)s", text=_quoted(cell)
        )
        raise CellRefused(reason, "language")
    return cell


def _state(cell: str) -> State:
    if cell not in _STATES:
        reason = Reason("state must be empty, blocked or pinned, not %(text)s", text=_quoted(cell))
        raise CellRefused(reason, "state")
    return cell  # type: ignore[return-value]  # just checked against the values of State


_CHECKS: dict[str, Callable[[str], Any]] = {
    HEADER[0]: _tag,
    "meaning": _meaning,
    "posts": _posts,
    "language": _language,
    "state": _state,
    "group": _group,
}
