"""Photos of which no more is known than what they show."""

from pathlib import Path

import numpy as np
import pytest

from captioner.training.shown import FOOD_SHARE, photos_shown, read_shown, write_shown

VOCABULARY = {"food": 1, "plate": 2, "dog": 3, "tree": 4}


def prepared(folder: Path, nouns: dict[str, list[str]]) -> Path:
    features = folder / "features"
    features.mkdir(parents=True)
    (features / "names.txt").write_text("\n".join(nouns))
    maps = np.arange(len(nouns), dtype=np.float16)[:, None, None].repeat(81, 1).repeat(5, 2)
    np.save(features / "maps.npy", maps)
    np.save(features / "probabilities.npy", np.zeros((len(nouns), 1000), np.float32))
    write_shown(folder, nouns)
    return folder


def test_what_is_written_is_read(tmp_path: Path) -> None:
    folder = prepared(tmp_path, {"one.jpg": ["dog"], "two.jpg": [], "three.jpg": ["food", "pie"]})
    assert photos_shown(folder) == {
        "one.jpg": ("dog",),
        "two.jpg": (),
        "three.jpg": ("food", "pie"),
    }
    one, two, three = read_shown([folder], [], VOCABULARY)
    assert (one.nouns, two.nouns, three.nouns) == ((3,), (), (1,))  # "pie" is no single token
    assert three.seen.tolist() == [2.0] * 5


def test_a_photo_that_shows_nothing_nameable_counts_for_nothing(tmp_path: Path) -> None:
    folder = prepared(tmp_path, {"one.jpg": ["dog"], "two.jpg": ["pie"]})
    assert [photo.weight > 0 for photo in read_shown([folder], [], VOCABULARY)] == [True, False]


def test_food_has_its_share_however_many_photos_there_are(tmp_path: Path) -> None:
    nouns = {f"{i}.jpg": ["food", "plate"] for i in range(9)} | {"dog.jpg": ["dog"]}
    *food, dog = read_shown([prepared(tmp_path, nouns)], [], VOCABULARY)
    assert sum(photo.weight for photo in food) == pytest.approx(FOOD_SHARE)
    assert dog.weight == pytest.approx(1 - FOOD_SHARE)


def test_many_photos_of_one_thing_count_more_but_not_as_many_times_more(tmp_path: Path) -> None:
    nouns = {f"{i}.jpg": ["tree"] for i in range(9)} | {"dog.jpg": ["dog"]}
    *trees, dog = read_shown([prepared(tmp_path, nouns)], [], VOCABULARY)
    assert sum(photo.weight for photo in trees) == pytest.approx(3 * dog.weight)


def test_a_folder_says_whether_its_photos_are_strange(tmp_path: Path) -> None:
    strange = prepared(tmp_path / "strange", {"one.jpg": ["dog"]})
    ordinary = prepared(tmp_path / "ordinary", {"one.jpg": ["dog"]})
    found = read_shown([strange], [ordinary], VOCABULARY)
    assert [photo.is_strange for photo in found] == [True, False]


def test_a_folder_that_nobody_has_labelled_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"shown\.tsv"):
        photos_shown(tmp_path)
