import json
from pathlib import Path

import numpy as np
import pytest

from captioner.judging import calibrated
from captioner.training.calibration import (
    Judged,
    draw,
    fit,
    is_right,
    reliability,
    things,
    write_calibration,
)

NOUNS = frozenset({"dog", "beach", "bus", "pizza", "plate", "ball", "close", "view"})


def judged(photos: int = 4000) -> Judged:
    """Captions whose chance of being right is known."""
    rng = np.random.default_rng(0)
    scores = -rng.uniform(0.2, 2.5, photos)
    chances = np.array([calibrated(score, 2.0, 3.0) for score in scores])
    return Judged(scores, rng.random(photos) < chances)


def test_people_are_one_thing_and_plurals_their_singular() -> None:
    assert things("two men and a boy play with dogs on a beach", NOUNS) == [
        "person", "person", "dog", "beach",
    ]  # fmt: skip


def test_a_view_of_something_is_no_thing() -> None:
    assert things("a close up view of a pizza", NOUNS) == ["pizza"]


@pytest.mark.parametrize(
    ("caption", "right"),
    [
        ("a dog on a beach", True),
        ("dogs on a plate", True),  # the first thing decides
        ("a man with a dog", False),
        ("a pizza on a plate", False),
        ("a ball on a beach", False),  # one annotator alone
        ("blue and very large", False),
    ],
)
def test_a_caption_is_right_when_two_people_name_its_first_thing(caption: str, right: bool) -> None:
    references = ["a dog runs", "the dogs play with a ball", "a view of the sea"]
    assert is_right(caption, references, NOUNS) is right


def test_the_curve_is_found_again() -> None:
    slope, intercept = fit(judged())
    assert slope == pytest.approx(2.0, abs=0.2)
    assert intercept == pytest.approx(3.0, abs=0.3)


def test_what_is_said_is_what_comes_true() -> None:
    rows = reliability(judged(), *fit(judged()))
    assert sum(count for _, _, count in rows) == 4000
    assert [sure for sure, _, _ in rows] == sorted(sure for sure, _, _ in rows)
    for sure, right, _ in rows:
        assert sure == pytest.approx(right, abs=0.05)


def test_the_curve_is_written_beside_what_the_config_says_already(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "compact-blip", "calibration": null}')
    write_calibration(tmp_path, 1.23456, 2.0, 0.3)
    assert json.loads((tmp_path / "config.json").read_text()) == {
        "model_type": "compact-blip",
        "calibration": [1.235, 2.0],
        "min_confidence": 0.3,
    }


def test_the_diagram_is_drawn(tmp_path: Path) -> None:
    draw([(0.2, 0.25, 10), (0.8, 0.75, 10)], tmp_path / "plot.svg")
    assert "<svg" in (tmp_path / "plot.svg").read_text()
