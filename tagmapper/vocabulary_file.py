"""How a vocabulary stands in a file: CSV as a text editor or a spreadsheet writes it."""

import codecs
import csv
import io
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tagmapper.errors import BadLine, VocabularyError
from tagmapper.reason import Reason
from tagmapper.tags import Hashtag
from tagmapper.vocabulary_line import HEADER, CellRefused, hashtag_of, normal_form

_SEPARATORS = ",;\t"  # Excel writes the one of the country it is set to
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # Excel's "Unicode Text"
ALL_BLOCKED = Reason("every hashtag is blocked: none could be offered")


def parse(content: bytes, path: Path) -> tuple[Hashtag, ...]:
    """Check a vocabulary file and return its hashtags.

    Args:
        content: The bytes of the file: UTF-8 with or without BOM.
        path: Where they come from; only for the message.

    Raises:
        VocabularyError: With every bad line at once.
    """
    lines, bad_lines = parse_lines(content, path)
    if bad_lines:
        raise VocabularyError(path, bad_lines)
    hashtags = tuple(hashtag for _, hashtag in lines)
    if offers_nothing(hashtags):
        raise VocabularyError(path, [BadLine(0, ALL_BLOCKED)])
    return hashtags


def parse_lines(
    content: bytes, path: Path
) -> tuple[list[tuple[int, Hashtag]], tuple[BadLine, ...]]:
    """Check a vocabulary file line by line.

    Args:
        content: The bytes of the file: UTF-8 with or without BOM.
        path: Where they come from; only for the message.

    Returns:
        The good lines with their numbers, counted from 1, and the bad ones.

    Raises:
        VocabularyError: The file as a whole is no vocabulary: encoding, CSV or header.
    """
    lines, bad_lines = _check(_rows(_decode(content, path), path), path)
    if not lines and not bad_lines:
        bad_lines.append(BadLine(0, Reason("no hashtags in this file")))
    return lines, tuple(bad_lines)


def offers_nothing(hashtags: Iterable[Hashtag]) -> bool:
    """Whether no photo could get a hashtag of these, because each is blocked."""
    return all(hashtag.state == "blocked" for hashtag in hashtags)


def to_csv(hashtags: Iterable[Hashtag]) -> bytes:
    """Return a vocabulary file: CSV with commas, UTF-8, one line a hashtag under the header."""
    stream = io.StringIO(newline="")
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(HEADER)
    rows.writerows(map(_cells, hashtags))
    return stream.getvalue().encode()


def _cells(hashtag: Hashtag) -> tuple[str | int, ...]:
    h = hashtag
    return h.tag, h.meaning, h.posts or "", h.language, h.state, h.group


def write(content: bytes, path: Path) -> None:
    """Write a file beside the old one first, then over it; a power cut leaves one of the two.

    Raises:
        OSError: The folder cannot be written to; the old file is then as it was.
    """
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with unfinished.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            unfinished.chmod(path.stat().st_mode)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _decode(content: bytes, path: Path) -> str:
    if content.startswith(_UTF_16):
        raise VocabularyError(
            path, [BadLine(0, Reason("UTF-16, not UTF-8; save the file as 'CSV UTF-8'"))]
        )
    if b"\0" in content:
        reason = Reason("not a text file (it holds NUL bytes)")
        raise VocabularyError(path, [BadLine(0, reason)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = Reason("not UTF-8; save the file as 'CSV UTF-8'")
        raise VocabularyError(path, [BadLine(line, reason)]) from error


def _rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of every line that is not empty, the header first."""
    first_line = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first_line.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begun = 0  # where the last good row ends; a quote left open runs on from the next
    try:
        for row in rows:
            begun = rows.line_num
            if any(map(str.strip, row)):
                yield begun, row
    except csv.Error as error:
        raise VocabularyError(path, [BadLine(begun + 1, _why_no_csv(error))]) from error


def _why_no_csv(error: csv.Error) -> Reason:
    """Say it in words of the person who edits the file, where Python's csv does not."""
    if str(error) == "unexpected end of data":
        return Reason('not CSV: a quotation mark (") is opened here and never closed')
    return Reason("not CSV: %(reason)s", reason=error)


def _check(
    rows: Iterator[tuple[int, list[str]]], path: Path
) -> tuple[list[tuple[int, Hashtag]], list[BadLine]]:
    _, header = next(rows, (0, []))
    columns = _columns(header, path)
    lines: list[tuple[int, Hashtag]] = []
    bad_lines: list[BadLine] = []
    first_lines: dict[str, int] = {}
    for line, row in rows:
        try:
            _refuse_more_cells(row, len(header))
            hashtag = _hashtag(row, columns)
            _refuse_twin(hashtag, line, first_lines)
        except CellRefused as refusal:
            bad_lines.append(BadLine(line, refusal.reason, refusal.column))
        else:
            lines.append((line, hashtag))
    return lines, bad_lines


def _columns(header: Sequence[str], path: Path) -> tuple[int, ...]:
    """Return where the columns of ``HEADER`` stand; -1 where the file leaves one out."""
    if not header:
        raise VocabularyError(path, [BadLine(0, Reason("the file is empty"))])
    names = [name.strip().casefold() for name in header]
    unknown = sorted(set(names) - {*HEADER, ""})
    if HEADER[0] not in names or unknown or len(set(names)) < len(names):
        reason = Reason(
            "the first line must be %(columns)s (only %(needed)s is needed)",
            columns=",".join(HEADER),
            needed=HEADER[0],
        )
        raise VocabularyError(path, [BadLine(1, reason)])
    return tuple(names.index(name) if name in names else -1 for name in HEADER)


def _refuse_more_cells(row: Sequence[str], width: int) -> None:
    """Refuse what stands under no heading: it would be lost when the file is saved."""
    if any(map(str.strip, row[width:])):
        cells = len(row)
        raise CellRefused(
            Reason("%(cells)s cells; the first line names %(width)s", cells=cells, width=width)
        )


def _hashtag(row: Sequence[str], columns: Sequence[int]) -> Hashtag:
    return hashtag_of([row[at].strip() if 0 <= at < len(row) else "" for at in columns])


def _refuse_twin(hashtag: Hashtag, line: int, first_lines: dict[str, int]) -> None:
    first = first_lines.setdefault(normal_form(hashtag.tag), line)
    if first != line:
        reason = Reason(
            "the same hashtag as in line %(line)s: %(text)s", line=first, text=repr(hashtag.tag)
        )
        raise CellRefused(reason, HEADER[0])
