from __future__ import annotations

import threading
from pathlib import Path

import pytest

from captag.settings import Settings
from captag.vocabulary_changes import Change
from captag.vocabulary_errors import (
    ChangesRefused,
    NoSuchVersion,
    VocabularyBroken,
    VocabularyChanged,
    VocabularyNotSaved,
)
from captag.vocabulary_store import VocabularyStore, open_store
from tagmapper import Hashtag, Vocabulary, VocabularyError

START = "hashtag,meaning,posts,language,state\ncat,cat,5,en,\ndog,dog,9,en,\nowl,owl,,,\n"
PIN, BLOCK = {"state": "pinned"}, {"state": "blocked"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "tags.csv"
    path.write_text(START, "utf-8")
    return path


@pytest.fixture
def settings(path: Path, tmp_path: Path) -> Settings:
    return Settings(vocabulary=path, data_folder=tmp_path / "data")


@pytest.fixture
def store(settings: Settings) -> VocabularyStore:
    return open_store(settings)


def tags(store: VocabularyStore) -> list[str]:
    return [each.tag for each in store.snapshot.hashtags]


def state_of(store: VocabularyStore, tag: str) -> str:
    found = store.snapshot.find(tag)
    assert found is not None
    return found.state


def test_changes_are_written_to_the_file_and_give_another_revision(
    store: VocabularyStore, path: Path
) -> None:
    base = store.snapshot.revision
    saved = store.save(base, [Change("dog", PIN), Change("cat", None), Change("", {"tag": "elk"})])
    assert saved is store.snapshot
    assert saved.revision != base
    assert path.read_bytes() == saved.content
    assert Vocabulary.load(path).hashtags == (
        Hashtag("dog", "dog", 9, "en", "pinned"),
        Hashtag("owl", "owl"),
        Hashtag("elk", "elk"),
    )


def test_changes_that_change_nothing_leave_the_file_as_it_is(
    store: VocabularyStore, path: Path
) -> None:
    before = path.stat().st_mtime_ns
    saved = store.save(store.snapshot.revision, [Change("dog", {"posts": 9})])
    assert path.stat().st_mtime_ns == before
    assert saved is store.snapshot
    assert store.versions.list() == ()


def test_all_changes_are_made_or_none(store: VocabularyStore, path: Path) -> None:
    with pytest.raises(ChangesRefused):
        store.save(store.snapshot.revision, [Change("dog", PIN), Change("wolf", PIN)])
    assert path.read_text("utf-8") == START


def test_a_file_behind_a_link_is_changed_and_the_link_stays(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    store = open_store(Settings(vocabulary=link, data_folder=tmp_path / "data"))
    store.save(store.snapshot.revision, [Change("owl", None)])
    assert link.is_symlink()
    assert "owl" not in path.read_text("utf-8")


# The shipped vocabulary


def test_tuning_the_shipped_vocabulary_makes_a_file_of_ones_own(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path / "data")
    store = open_store(settings)
    assert store.snapshot.hashtags == Vocabulary.default().hashtags
    assert not settings.data_folder.exists()
    store.save(store.snapshot.revision, [Change("dog", BLOCK)])
    own = settings.data_folder / "hashtags.csv"
    assert store.path == own.resolve()
    assert len(Vocabulary.load(own)) == len(Vocabulary.default())
    assert state_of(open_store(settings), "dog") == "blocked"
    own.unlink()
    assert store.refresh()
    assert store.snapshot.hashtags == Vocabulary.default().hashtags


# Two people at once


def test_a_change_to_another_line_is_told_first_and_merged_when_asked(
    store: VocabularyStore,
) -> None:
    base = store.snapshot.revision
    store.save(base, [Change("dog", PIN)])
    with pytest.raises(VocabularyChanged) as caught:
        store.save(base, [Change("owl", BLOCK)])
    refusal = caught.value
    assert refusal.can_merge
    assert refusal.conflicts == ()
    assert [(each.tag, each.fields) for each in refusal.theirs] == [("dog", ("state",))]
    assert refusal.current is store.snapshot
    assert state_of(store, "owl") == ""
    store.save(base, [Change("owl", BLOCK)], merge=True)
    assert (state_of(store, "dog"), state_of(store, "owl")) == ("pinned", "blocked")


def test_the_same_line_is_never_merged_by_itself(store: VocabularyStore) -> None:
    base = store.snapshot.revision
    store.save(base, [Change("dog", PIN)])
    with pytest.raises(VocabularyChanged) as caught:
        store.save(base, [Change("dog", BLOCK), Change("owl", BLOCK)], merge=True)
    (conflict,) = caught.value.conflicts
    assert not caught.value.can_merge
    assert conflict.tag == "dog"
    assert (state_of(store, "dog"), state_of(store, "owl")) == ("pinned", "")


def test_a_base_that_is_not_kept_cannot_be_merged(store: VocabularyStore) -> None:
    with pytest.raises(VocabularyChanged) as caught:
        store.save("0" * 32, [Change("dog", PIN)], merge=True)
    assert not caught.value.can_merge
    assert [(each.tag, each.base) for each in caught.value.conflicts] == [("dog", None)]


def test_an_edit_from_outside_is_seen_by_the_very_next_save(
    store: VocabularyStore, path: Path
) -> None:
    base = store.snapshot.revision
    path.write_text(START.replace("dog,dog", "dog,hound"), "utf-8")
    with pytest.raises(VocabularyChanged) as caught:
        store.save(base, [Change("dog", PIN)])
    (conflict,) = caught.value.conflicts
    assert conflict.merged == Hashtag("dog", "hound", 9, "en", "pinned")


def test_many_threads_that_merge_lose_nothing(store: VocabularyStore) -> None:
    base = store.snapshot.revision

    def add(at: int) -> None:
        store.save(base, [Change("", {"tag": f"tag{at}"})], merge=True)

    threads = [threading.Thread(target=add, args=[at]) for at in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(tags(store)) == sorted(["cat", "dog", "owl", *(f"tag{at}" for at in range(12))])


def test_two_processes_see_each_other(settings: Settings, store: VocabularyStore) -> None:
    other = open_store(settings)
    other.save(other.snapshot.revision, [Change("dog", PIN)])
    with pytest.raises(VocabularyChanged):
        store.save(store.snapshot.revision, [Change("", {"tag": "elk"})], merge=False)
    assert state_of(store, "dog") == "pinned"


# Edits from outside


def test_an_edit_from_outside_is_taken_up(store: VocabularyStore, path: Path) -> None:
    assert not store.refresh()
    path.write_text("hashtag\nelk\n", "utf-8")
    assert store.refresh()
    assert tags(store) == ["elk"]
    assert not store.refresh()


def test_a_broken_file_is_reported_with_its_lines_and_the_last_good_one_stays(
    store: VocabularyStore, path: Path
) -> None:
    path.write_text(f"{START}two words,,,,\nelk,,many,,\n", "utf-8")
    assert not store.refresh()
    assert tags(store) == ["cat", "dog", "owl"]
    assert store.problem is not None
    assert [(bad.line, bad.column) for bad in store.problem.bad_lines] == [
        (5, "hashtag"),
        (6, "posts"),
    ]
    path.write_text(f"{START}elk,,,,\n", "utf-8")
    assert store.refresh()
    assert store.problem is None


def test_a_broken_file_is_not_overwritten(store: VocabularyStore, path: Path) -> None:
    path.write_text("hashtag\ntwo words\n", "utf-8")
    with pytest.raises(VocabularyBroken, match="2: not a hashtag"):
        store.save(store.snapshot.revision, [Change("dog", PIN)])
    assert path.read_text("utf-8") == "hashtag\ntwo words\n"


def test_a_file_that_is_gone_is_reported(store: VocabularyStore, path: Path) -> None:
    path.unlink()
    assert not store.refresh()
    assert store.problem is not None
    assert "cannot be read" in store.problem.bad_lines[0].reason
    assert tags(store) == ["cat", "dog", "owl"]


def test_a_file_that_is_broken_from_the_start_is_refused(settings: Settings, path: Path) -> None:
    path.write_text("nonsense", "utf-8")
    with pytest.raises(VocabularyError):
        open_store(settings)


# Versions


def test_the_last_twenty_versions_are_kept_the_newest_first(store: VocabularyStore) -> None:
    for posts in range(100, 125):
        store.save(store.snapshot.revision, [Change("dog", {"posts": posts})])
    kept = store.versions.list()
    assert len(kept) == 20
    assert kept[0].revision == store.snapshot.revision
    assert kept[0].hashtags == 3
    assert [each.saved_at for each in kept] == sorted(
        (each.saved_at for each in kept), reverse=True
    )
    oldest = store.versions.read(kept[-1].id).find("dog")
    assert oldest is not None
    assert oldest.posts == 105


def test_the_first_version_is_what_was_there_before(store: VocabularyStore) -> None:
    before = store.snapshot
    store.save(before.revision, [Change("dog", PIN)])
    assert [each.revision for each in store.versions.list()] == [
        store.snapshot.revision,
        before.revision,
    ]


def test_an_edit_from_outside_is_a_version_too(store: VocabularyStore, path: Path) -> None:
    path.write_text("hashtag\nelk\n", "utf-8")
    store.refresh()
    assert [each.hashtags for each in store.versions.list()] == [1, 3]


def test_two_versions_are_compared(store: VocabularyStore) -> None:
    store.save(store.snapshot.revision, [Change("dog", PIN), Change("cat", None)])
    oldest = store.versions.list()[-1].id
    found = store.difference(oldest, "current")
    assert [(each.kind, each.tag) for each in found] == [("removed", "cat"), ("changed", "dog")]
    assert store.difference(oldest, oldest) == ()


def test_a_version_is_restored_to_the_letter(store: VocabularyStore, path: Path) -> None:
    store.save(store.snapshot.revision, [Change("cat", None)])
    oldest = store.versions.list()[-1].id
    restored = store.restore(oldest, base=store.snapshot.revision)
    assert path.read_text("utf-8") == START
    assert restored is store.snapshot
    assert len(store.versions.list()) == 3


def test_a_version_is_not_restored_over_what_somebody_else_saved(store: VocabularyStore) -> None:
    base = store.snapshot.revision
    store.save(base, [Change("cat", None)])
    with pytest.raises(VocabularyChanged):
        store.restore(store.versions.list()[-1].id, base=base)


def test_a_version_is_restored_over_a_broken_file_which_is_kept(
    store: VocabularyStore, path: Path
) -> None:
    store.save(store.snapshot.revision, [Change("cat", None)])
    path.write_text("two words", "utf-8")
    store.restore(store.versions.list()[-1].id, base=store.snapshot.revision)
    assert store.problem is None
    assert tags(store) == ["cat", "dog", "owl"]
    assert (store.versions.folder / "refused.csv").read_text("utf-8") == "two words"


@pytest.mark.parametrize("version_id", ["", "../tags", "20260101T000000000000Z-3-abc", "refused"])
def test_a_version_that_is_not_kept_is_refused(store: VocabularyStore, version_id: str) -> None:
    store.save(store.snapshot.revision, [Change("cat", None)])
    with pytest.raises(NoSuchVersion):
        store.restore(version_id, base=store.snapshot.revision)
    with pytest.raises(NoSuchVersion):
        store.difference(version_id, "current")


def test_two_files_have_versions_of_their_own(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "tags.csv").write_text(START, "utf-8")
    other = open_store(Settings(vocabulary=folder / "tags.csv", data_folder=settings.data_folder))
    assert other.versions.folder != open_store(settings).versions.folder


# A disk that refuses


def test_a_disk_that_refuses_is_told_and_nothing_changes(path: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder must be")
    store = open_store(Settings(vocabulary=path, data_folder=tmp_path / "data"))
    with pytest.raises(VocabularyNotSaved, match="cannot be saved"):
        store.save(store.snapshot.revision, [Change("dog", PIN)])
    assert path.read_text("utf-8") == START
    assert state_of(store, "dog") == ""
    path.write_text("hashtag\nelk\n", "utf-8")
    assert store.refresh()
