"""Captions for photos of one kind."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from captioner.training.__main__ import app
from captioner.training.data import pairs
from captioner.training.kinds import LABELS, captions_of_kinds, describe, scene_of
from captioner.training.teacher import PEOPLE
from captioner.training.words import label_names


def seen(**labels: float) -> np.ndarray:
    probabilities = np.zeros(1000, np.float32)
    for label, probability in labels.items():
        probabilities[label_names().index(label)] = probability
    return probabilities


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """Two valleys, one with a person in it, and a pizza."""
    features = tmp_path / "features"
    features.mkdir()
    for side, name in enumerate(("empty.jpg", "hiker.jpg", "pizza.jpg"), start=8):
        Image.new("RGB", (side, side)).save(tmp_path / name)
    (features / "names.txt").write_text("empty.jpg\nhiker.jpg\npizza.jpg")
    np.save(features / "maps.npy", np.zeros((3, 81, 1515), np.float16))
    for name in ("pooled", "tuned"):
        np.save(features / f"{name}.npy", np.zeros((3, 1515), np.float16))
    rows = [seen(valley=0.8), seen(valley=0.8), seen(pizza=0.9)]
    np.save(features / "probabilities.npy", np.stack(rows))
    return tmp_path


def see(photo: Image.Image) -> dict[str, float]:
    return {"person": 0.7} if photo.width == 9 else {}


def test_the_labels_tell_the_kind_of_scenery() -> None:
    assert scene_of(seen(valley=0.3, mountain=0.2, lakeshore=0.4)) == "mountain"
    assert scene_of(seen(lakeshore=0.4)) == "lake"


def test_a_photo_of_something_else_is_no_scenery() -> None:
    assert scene_of(seen(pizza=0.9, valley=0.05)) is None


def test_an_empty_valley_gets_captions_and_one_with_a_person_does_not(prepared: Path) -> None:
    assert describe(prepared, prepared, see) == 1
    (written,) = pairs(prepared / "captions.tsv").items()
    assert written[0] == "empty.jpg"
    assert len({*written[1]} & {*captions_of_kinds()["mountain"]}) == len(written[1]) == 4


def test_a_kind_given_goes_before_the_labels(prepared: Path) -> None:
    assert describe(prepared, prepared, see, "forest") == 2
    written = pairs(prepared / "captions.tsv")
    assert all({*own} <= {*captions_of_kinds()["forest"]} for own in written.values())


def test_every_label_exists_and_has_captions() -> None:
    assert {label for labels in LABELS.values() for label in labels} <= {*label_names()}
    assert {*LABELS} <= {*captions_of_kinds()}


def test_each_kind_has_several_captions_and_none_comes_twice() -> None:
    for captions in captions_of_kinds().values():
        assert len({*captions}) == len(captions) >= 2


def test_nobody_is_in_the_captions() -> None:
    words = {word for own in captions_of_kinds().values() for text in own for word in text.split()}
    assert not words & PEOPLE


def test_a_kind_without_captions_is_refused_with_those_that_have_some(prepared: Path) -> None:
    arguments = ["describe", str(prepared), "--photos", str(prepared), "--detector", "none.onnx"]
    result = CliRunner().invoke(app, [*arguments, "--kind", "spaceship"])
    assert result.exit_code == 2
    assert "'spaceship' has no captions" in " ".join(result.output.split())
