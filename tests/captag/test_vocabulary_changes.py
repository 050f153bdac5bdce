from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from captag.vocabulary_changes import Change, changed, conflicts, merged
from captag.vocabulary_errors import ChangesRefused
from captag.vocabulary_snapshot import Snapshot
from tagmapper import Hashtag
from tagmapper.vocabulary_file import to_csv

if TYPE_CHECKING:
    from collections.abc import Mapping

CAT, DOG, OWL = Hashtag("cat", "cat", 5), Hashtag("dog", "dog", 9), Hashtag("owl", "owl")
THREE = (CAT, DOG, OWL)


def snapshot(*hashtags: Hashtag) -> Snapshot:
    return Snapshot.of(to_csv(hashtags), hashtags)


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (Change("dog", {"state": "blocked"}), (CAT, Hashtag("dog", "dog", 9, "", "blocked"), OWL)),
        (Change("#DOG", {"posts": 1}), (CAT, Hashtag("dog", "dog", 1), OWL)),
        (Change("dog", {"tag": "wolf"}), (CAT, Hashtag("wolf", "dog", 9), OWL)),
        (Change("dog", {"tag": "Dog"}), (CAT, Hashtag("Dog", "dog", 9), OWL)),
        (Change("cat", {"meaning": ""}), (Hashtag("cat", "cat", 5), DOG, OWL)),
        (Change("dog", None), (CAT, OWL)),
        (Change("", {"tag": "doglover"}), (*THREE, Hashtag("doglover", "dog lover"))),
        (Change("dog", {}), THREE),
    ],
)
def test_a_change_is_made_in_its_place(change: Change, after: tuple[Hashtag, ...]) -> None:
    assert changed(THREE, [change]) == after


def test_changes_are_made_one_after_the_other() -> None:
    swap = [
        Change("cat", {"tag": "tmp"}),
        Change("dog", {"tag": "cat"}),
        Change("tmp", {"tag": "dog"}),
    ]
    assert [each.tag for each in changed(THREE, swap)] == ["dog", "cat", "owl"]


@pytest.mark.parametrize(
    ("tag", "fields", "field", "reason"),
    [
        ("wolf", {"state": "pinned"}, "", "there is no hashtag 'wolf'"),
        ("wolf", None, "", "there is no hashtag 'wolf'"),
        ("", {"tag": "DOG"}, "tag", "'DOG' is in the vocabulary already"),
        ("cat", {"tag": "dog"}, "tag", "'dog' is in the vocabulary already"),
        ("", {}, "tag", "the hashtag is empty"),
        ("", {"tag": "two words"}, "tag", "not a hashtag"),
        ("dog", {"meaning": "=cmd"}, "meaning", "formula"),
        ("dog", {"posts": "many"}, "posts", "whole number"),
        ("dog", {"posts": -1}, "posts", "whole number"),
        ("dog", {"language": "English"}, "language", "a code such as"),
        ("dog", {"state": "maybe"}, "state", "empty, blocked or pinned"),
        ("dog", {"colour": "brown"}, "colour", "no field of a hashtag"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_at_its_field(
    tag: str, fields: Mapping[str, str | int] | None, field: str, reason: str
) -> None:
    with pytest.raises(ChangesRefused) as caught:
        changed(THREE, [Change("owl", {"posts": 2}), Change(tag, fields)])
    (problem,) = caught.value.problems
    assert (problem.at, problem.tag, problem.field) == (1, tag, field)
    assert reason in problem.reason


def test_all_that_cannot_be_done_is_said_at_once() -> None:
    changes = [Change("dog", {"state": "x", "posts": "y"}), Change("wolf", None)]
    with pytest.raises(ChangesRefused) as caught:
        changed(THREE, changes)
    assert [(each.at, each.field) for each in caught.value.problems] == [
        (0, "posts"),
        (0, "state"),
        (1, ""),
    ]


def test_the_last_hashtag_cannot_be_deleted() -> None:
    with pytest.raises(ChangesRefused, match="at least one hashtag"):
        changed([DOG], [Change("dog", None)])


def test_the_last_hashtag_that_is_offered_cannot_be_blocked() -> None:
    with pytest.raises(ChangesRefused, match="at least one hashtag that is not blocked"):
        changed([DOG], [Change("dog", {"state": "blocked"})])


def test_two_who_block_half_each_are_told_that_nothing_would_be_left() -> None:
    base = snapshot(CAT, DOG)
    theirs = changed(base.hashtags, [Change("dog", {"state": "blocked"})])
    yours = changed(base.hashtags, [Change("cat", {"state": "blocked"})])
    with pytest.raises(ChangesRefused, match="at least one hashtag that is not blocked"):
        merged(base, yours, snapshot(*theirs))


# Two people at once

PINNED = Hashtag("dog", "dog", 9, "", "pinned")
BLOCKED = Hashtag("dog", "dog", 9, "", "blocked")
HOUND = Hashtag("dog", "hound", 9)


def test_different_lines_are_no_conflict_and_are_put_together() -> None:
    base, theirs = snapshot(*THREE), snapshot(CAT, PINNED, OWL, Hashtag("elk", "elk"))
    yours = (DOG, Hashtag("owl", "night bird"), Hashtag("ant", "ant"))
    assert conflicts(base, yours, theirs) == ()
    assert merged(base, yours, theirs) == (
        PINNED,
        Hashtag("owl", "night bird"),
        Hashtag("elk", "elk"),
        Hashtag("ant", "ant"),
    )


def test_the_same_line_is_a_conflict_with_all_three_sides() -> None:
    (conflict,) = conflicts(snapshot(*THREE), (CAT, BLOCKED, OWL), snapshot(CAT, PINNED, OWL))
    assert (conflict.tag, conflict.base, conflict.yours, conflict.theirs, conflict.merged) == (
        *("dog", DOG, BLOCKED, PINNED),
        None,
    )


def test_different_fields_of_the_same_line_come_with_both_put_together() -> None:
    (conflict,) = conflicts(snapshot(*THREE), (CAT, HOUND, OWL), snapshot(CAT, PINNED, OWL))
    assert conflict.merged == Hashtag("dog", "hound", 9, "", "pinned")


def test_a_line_that_one_deletes_and_the_other_changes_is_a_conflict() -> None:
    (conflict,) = conflicts(snapshot(*THREE), (CAT, OWL), snapshot(CAT, PINNED, OWL))
    assert (conflict.yours, conflict.theirs, conflict.merged) == (None, PINNED, None)


def test_the_same_change_made_twice_is_no_conflict() -> None:
    both = (CAT, PINNED, OWL)
    assert conflicts(snapshot(*THREE), both, snapshot(*both)) == ()
    assert merged(snapshot(*THREE), both, snapshot(*both)) == both


def test_without_the_base_each_line_of_yours_that_is_not_theirs_is_a_conflict() -> None:
    (conflict,) = conflicts(None, (CAT, BLOCKED, OWL), snapshot(CAT, DOG, OWL))
    assert (conflict.base, conflict.yours, conflict.theirs) == (None, BLOCKED, DOG)
