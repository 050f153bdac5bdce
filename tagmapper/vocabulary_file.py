"""How a vocabulary stands in a file: CSV as a text editor or a spreadsheet writes it."""

import csv
import io
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import get_args

from tagmapper.errors import BadLine, VocabularyError
from tagmapper.segmentation import meaning_of
from tagmapper.tags import Hashtag, State

HEADER = ("hashtag", "meaning", "posts", "language", "state")
_SEPARATORS = ",;\t"  # Excel writes the one of the country it is set to
_STATES = frozenset(get_args(State))
_LONGEST_TAG = 100  # own limit; Instagram says none
_LONGEST_MEANING = 300
_MOST_POSTS = 10**12
_LANGUAGE = re.compile(r"|[a-z]{2,3}")
_NOT_A_LETTER = re.compile(r"[\d_]+")
_WORD = re.compile(r"\w+")
_STARTS_A_FORMULA = tuple("=+-@")  # what a spreadsheet would run


class _Refusal(ValueError):
    """Why one line is refused; never leaves this file."""


def parse(content: bytes, path: Path) -> tuple[Hashtag, ...]:
    """Check a vocabulary file and return its hashtags.

    Args:
        content: The bytes of the file: UTF-8 with or without BOM.
        path: Where they come from; only for the message.

    Raises:
        VocabularyError: With every bad line at once.
    """
    rows = _rows(_decode(content, path), path)
    hashtags, bad_lines = _check(rows, path)
    if not hashtags and not bad_lines:
        bad_lines.append(BadLine(0, "no hashtags in this file"))
    if bad_lines:
        raise VocabularyError(path, bad_lines)
    return tuple(hashtags)


def write(hashtags: Iterable[Hashtag], path: Path) -> None:
    """Write hashtags as CSV with commas, beside the old file first, then over it.

    Raises:
        OSError: The folder cannot be written to; the old file is then as it was.
    """
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as stream:
            rows = csv.writer(stream, lineterminator="\n")
            rows.writerow(HEADER)
            rows.writerows((h.tag, h.meaning, h.posts or "", h.language, h.state) for h in hashtags)
        if path.exists():
            unfinished.chmod(path.stat().st_mode)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def normal_form(tag: str) -> str:
    """Return what two spellings of the same hashtag have in common: NFKC, case folded."""
    return unicodedata.normalize("NFKC", tag).casefold()


def why_not_a_hashtag(tag: str) -> str:
    """Return what is wrong with a hashtag (written without ``#``), or an empty string.

    Letters and digits of any script and ``_``, at least one letter: Unicode's hashtag identifiers
    (UAX #31) without emoji.
    """
    if not tag:
        return "the hashtag is empty"
    if len(tag) > _LONGEST_TAG:
        return f"a hashtag of {len(tag):,} letters; at most {_LONGEST_TAG} are allowed"
    if not _WORD.fullmatch(_without_marks(tag)):
        return f"not a hashtag (letters, digits and _ only): {tag!r}"
    if _NOT_A_LETTER.fullmatch(tag):
        return f"a hashtag needs at least one letter: {tag!r}"
    return ""


def _without_marks(tag: str) -> str:
    """Leave out accents and vowel signs that stand as letters of their own (Hindi, Thai)."""
    if tag.isascii():
        return tag
    return "".join(letter for letter in tag if unicodedata.category(letter)[0] != "M")


def _decode(content: bytes, path: Path) -> str:
    if b"\0" in content:
        raise VocabularyError(path, [BadLine(0, "not a text file (it holds NUL bytes)")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = "not UTF-8; save the file as 'CSV UTF-8'"
        raise VocabularyError(path, [BadLine(line, reason)]) from error


def _rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of every line that is not empty, the header first."""
    first_line = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first_line.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in rows:
            if any(map(str.strip, row)):
                yield rows.line_num, row
    except csv.Error as error:
        raise VocabularyError(path, [BadLine(rows.line_num, f"not CSV: {error}")]) from error


def _check(
    rows: Iterator[tuple[int, list[str]]], path: Path
) -> tuple[list[Hashtag], list[BadLine]]:
    _, header = next(rows, (0, []))
    columns = _columns(header, path)
    hashtags: list[Hashtag] = []
    bad_lines: list[BadLine] = []
    first_lines: dict[str, int] = {}
    for line, row in rows:
        try:
            hashtag = _hashtag(row, columns)
            _refuse_twin(hashtag, line, first_lines)
        except _Refusal as refusal:
            bad_lines.append(BadLine(line, str(refusal)))
        else:
            hashtags.append(hashtag)
    return hashtags, bad_lines


def _columns(header: Sequence[str], path: Path) -> tuple[int, ...]:
    """Return where the columns of ``HEADER`` stand; -1 where the file leaves one out."""
    names = [name.strip().casefold() for name in header]
    unknown = sorted(set(names) - {*HEADER, ""})
    if HEADER[0] not in names or unknown or len(set(names)) < len(names):
        reason = f"the first line must be {','.join(HEADER)} (only {HEADER[0]} is needed)"
        raise VocabularyError(path, [BadLine(1, reason)])
    return tuple(names.index(name) if name in names else -1 for name in HEADER)


def _hashtag(row: Sequence[str], columns: Sequence[int]) -> Hashtag:
    if len(row) > len(HEADER) and any(map(str.strip, row[len(HEADER) :])):
        raise _Refusal(f"{len(row)} cells; at most {len(HEADER)} are expected")
    cells = [row[at].strip() if 0 <= at < len(row) else "" for at in columns]
    tag, meaning, posts, language, state = cells
    tag = unicodedata.normalize("NFKC", tag).removeprefix("#")
    if problem := why_not_a_hashtag(tag):
        raise _Refusal(problem)
    return Hashtag(tag, _meaning(meaning, tag), _posts(posts), _language(language), _state(state))


def _refuse_twin(hashtag: Hashtag, line: int, first_lines: dict[str, int]) -> None:
    first = first_lines.setdefault(normal_form(hashtag.tag), line)
    if first != line:
        raise _Refusal(f"the same hashtag as in line {first}: {hashtag.tag!r}")


def _meaning(cell: str, tag: str) -> str:
    if len(cell) > _LONGEST_MEANING:
        raise _Refusal(
            f"a meaning of {len(cell):,} letters; at most {_LONGEST_MEANING} are allowed"
        )
    if cell.startswith(_STARTS_A_FORMULA):
        raise _Refusal(f"a meaning that a spreadsheet would run as a formula: {cell[:40]!r}")
    return cell or meaning_of(tag)


def _posts(cell: str) -> int:
    if not cell:
        return 0
    if not (cell.isascii() and cell.isdigit()) or int(cell) > _MOST_POSTS:
        raise _Refusal(f"posts must be a whole number, not {cell[:40]!r}")
    return int(cell)


def _language(cell: str) -> str:
    if not _LANGUAGE.fullmatch(cell):
        raise _Refusal(f"language must be a code such as en or ko, not {cell[:40]!r}")
    return cell


def _state(cell: str) -> State:
    if cell not in _STATES:
        raise _Refusal(f"state must be empty, blocked or pinned, not {cell[:40]!r}")
    return cell  # type: ignore[return-value]  # just checked against the values of State
