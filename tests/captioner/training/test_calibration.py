"""Fitting how sure the captions are."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from captioner.blip import read_checkpoint
from captioner.confidence import confidence
from captioner.engine import Engine
from captioner.training.calibration import (
    Calibration,
    Judged,
    bins_by_name,
    fit,
    is_right,
    judged_by_eye,
    reliability,
    things_of,
)
from captioner.training.evaluation import read_photo
from captioner.writing import generate

NOUNS = frozenset("dog cat ball beach person".split())


class Kinds:
    """A WordNet of five nouns."""

    nouns = NOUNS

    def kinds(self) -> dict[str, list[int]]:
        return {"dog": [7, 8]}


def test_what_a_plate_holds_is_what_the_caption_names_first() -> None:
    nouns = frozenset({"plate", "pizza", "table"})
    references = ["a pizza on a table", "pizza", "a plate"]
    assert is_right("a plate of pizza on a table", references, nouns)
    assert not is_right("a plate on a table", ["a plate", "a plate", "a table"], nouns)


def test_a_caption_is_right_when_two_people_name_its_first_thing() -> None:
    references = ["a dog on a beach", "two dogs", "a beach", "sand"]
    assert is_right("a dog in the water", references, NOUNS)
    assert not is_right("a cat with a dog", references, NOUNS)
    assert not is_right("something", references, NOUNS)


def test_people_are_one_thing() -> None:
    assert is_right("a man on a beach", ["a woman", "three children", "a dog"], NOUNS)


def test_tokens_that_name_things_are_found_with_their_labels() -> None:
    vocabulary = {"a": 0, "dogs": 1, "woman": 2, "ball": 3, "##dog": 4, "running": 5}
    things = things_of(vocabulary, Kinds())
    assert things.people == {2}
    assert things.labels == {1: [7, 8], 3: []}


def judged(count: int, seed: int) -> Judged:
    """Captions that are right when their first sign says so, give or take."""
    rng = np.random.default_rng(seed)
    signs = rng.normal(size=(count, 4))
    return Judged(signs, signs[:, 0] + 0.5 * rng.normal(size=count) > 0)


def test_a_fit_finds_the_sign_that_tells_and_holds_on_other_photos() -> None:
    found = fit([judged(200, 0), judged(50, 1)])
    assert found.weights[1] > 5 * max(map(abs, found.weights[2:]))
    assert all(auc > 0.9 for auc in found.auc)
    assert [len(own) for own in found.expected] == [200, 50]
    assert confidence([3, 0, 0, 0], found.weights) > 0.95
    assert confidence([-3, 0, 0, 0], found.weights) < 0.05


def test_a_small_set_counts_as_much_as_a_large_one() -> None:
    mostly, rarely = (
        Judged(np.zeros((count, 4)), np.arange(count) < right)
        for count, right in ((20, 18), (200, 20))
    )
    assert fit([mostly, rarely]).weights[0] == pytest.approx(0, abs=0.01)


def test_sets_without_a_name_are_one() -> None:
    signs, right = np.zeros((2, 1)), np.array([True, False])
    sets = [Judged(signs, right), Judged(signs, right), Judged(signs, right)]
    found = Calibration((0.0, 0.0), (np.array([0.9, 0.1]),) * 3, (1.0,) * 3)
    assert bins_by_name(["dev"], sets, found) == {
        "dev": [(0.1, 0, 1), (0.9, 1, 1)],
        "everyday, read by eye": [(0.1, 0, 2), (0.9, 1, 2)],
    }
    assert bins_by_name(["dev", "test", "more"], sets, found).keys() == {"dev", "test", "more"}


def test_reliability_puts_what_came_beside_what_was_expected() -> None:
    expected, right = np.array([0.05, 0.15, 0.95, 1.0]), np.array([False, True, True, True])
    assert reliability(expected, right) == [
        (pytest.approx(0.1), 0.5, 2),
        (pytest.approx(0.975), 1.0, 2),
    ]


def test_a_caption_read_by_eye_counts_while_it_is_still_written(tmp_path: Path) -> None:
    shipped = Path(str(files("captag_data")))
    processor, model = read_checkpoint(str(shipped / "compact-blip"), "cpu")
    engine, photos = Engine(model), [shipped / "photos" / name for name in ("dog.jpg", "cat.jpg")]
    dog, cat = (generate(processor, engine, [read_photo(path)])[0] for path in photos)
    file = tmp_path / "judged.tsv"
    lines = (
        f"{photos[0]}\t{dog.text}\tyes",
        f"{photos[1]}\t{cat.text}\tno",
        f"{photos[1]}\tanother caption\tyes",
    )
    file.write_text("\n".join(lines), "utf-8")
    judged = judged_by_eye(processor, engine, file)
    assert judged.right.tolist() == [True, False]
    assert judged.signs.tolist() == [[*dog.signs], [*cat.signs]]
