from __future__ import annotations

import pytest

from captag.vocabulary_imports import Mode, preview_import
from captag.vocabulary_snapshot import Snapshot
from tagmapper import Hashtag
from tagmapper.vocabulary_file import to_csv

CAT, DOG, OWL = Hashtag("cat", "cat"), Hashtag("dog", "dog"), Hashtag("owl", "owl")
IN_USE = Snapshot.of(to_csv((CAT, DOG, OWL)), (CAT, DOG, OWL))
FILE = b"hashtag,state\nelk,\ndog,\n\nCAT,pinned\n"
PINNED = Hashtag("CAT", "cat", state="pinned")


@pytest.mark.parametrize(
    ("mode", "removed", "after"),
    [
        ("add", [], (PINNED, DOG, OWL, Hashtag("elk", "elk"))),
        ("replace", [(0, "removed", "owl")], (Hashtag("elk", "elk"), DOG, PINNED)),
    ],
)
def test_each_line_says_what_it_would_change(
    mode: Mode, removed: list[tuple[int, str, str]], after: tuple[Hashtag, ...]
) -> None:
    preview = preview_import(FILE, IN_USE, mode)
    assert [(line.line, line.kind, line.tag) for line in preview.lines] == [
        (2, "added", "elk"),
        (3, "same", "dog"),
        (5, "changed", "CAT"),
        *removed,
    ]
    assert preview.lines[2].before == CAT
    assert preview.lines[2].after == PINNED
    assert preview.hashtags == after
    assert preview.revision == IN_USE.revision
    assert preview.bad_lines == ()
    assert preview.count("added") == 1


def test_bad_lines_are_named_beside_the_good_ones() -> None:
    preview = preview_import(b"hashtag,posts\nelk,\nan owl,\nfox,many\n", IN_USE, "replace")
    assert [(bad.line, bad.column) for bad in preview.bad_lines] == [(3, "hashtag"), (4, "posts")]
    assert [line.tag for line in preview.lines if line.line] == ["elk"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\x89PNG\0", "not a text file"),
        (b"\xff\xfe", "UTF-16, not UTF-8"),
        (b"hashtag\n", "no hashtags in this file"),
    ],
)
def test_a_file_that_is_no_vocabulary_changes_nothing(content: bytes, reason: str) -> None:
    preview = preview_import(content, IN_USE, "replace")
    assert preview.lines == ()
    (bad,) = preview.bad_lines
    assert reason in bad.reason


ALL_BLOCKED = b"hashtag,state\nelk,blocked\nfox,blocked\n"


def test_a_list_of_blocked_hashtags_can_be_added() -> None:
    preview = preview_import(ALL_BLOCKED, IN_USE, "add")
    assert preview.bad_lines == ()
    assert preview.count("added") == 2


def test_it_cannot_take_the_place_of_everything_as_nothing_would_be_offered() -> None:
    (bad,) = preview_import(ALL_BLOCKED, IN_USE, "replace").bad_lines
    assert (bad.line, bad.reason) == (0, "every hashtag is blocked: none could be offered")
