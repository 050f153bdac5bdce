"""What kind of thing a photo shows."""

from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from captioner.categories import WEIGHTS_FILE, WORDS_FILE, Categories, Lexicon

LINES = """\
a room\ta room\troom hall
a room\ta bedroom\tbedroom bed
a room\ta living room\tliving
an animal\tan animal\tanimal
an animal\ta dog\tdog puppy
-\t-\tball sign
-\ta phone\tphone
a street\ta street\tstreet
"""
ROOM, BEDROOM, LIVING, ANIMAL, DOG, NAMELESS, PHONE, STREET = range(8)
PIECES = [
    "[SEP]",
    "a",
    "dog",
    "pu",
    "##ppy",
    "on",
    "bed",
    "street",
    "sign",
    "living",
    "room",
    "hat",
]
VOCABULARY = {piece: token for token, piece in enumerate(PIECES)}
CPU = torch.device("cpu")


def written(folder: Path, lines: str = LINES) -> Path:
    path = folder / WORDS_FILE
    path.write_text(lines, "utf-8")
    return path


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    return Lexicon.read(written(tmp_path))


@pytest.fixture
def categories(lexicon: Lexicon) -> Categories:
    """Bedrooms are bright in the first channel, dogs in the second."""
    weights = torch.zeros(2, len(lexicon.names))
    weights[0, BEDROOM] = weights[1, DOG] = 5.0
    pieces = {token: piece for piece, token in VOCABULARY.items()}
    return Categories(lexicon, pieces, weights, torch.zeros(len(lexicon.names)))


def tokens(caption: str) -> list[int]:
    return [VOCABULARY[piece] for piece in caption.split()]


def test_each_category_has_a_name_and_stands_under_a_more_general_one(lexicon: Lexicon) -> None:
    assert lexicon.names[BEDROOM] == "a bedroom"
    assert lexicon.names[NAMELESS] is None
    assert lexicon.parents == (ROOM, ROOM, ROOM, ANIMAL, ANIMAL, NAMELESS, NAMELESS, STREET)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("a dog on a bed", DOG),
        ("the street", STREET),
        ("a street sign", NAMELESS),  # the last of words side by side
        ("a living room", LIVING),  # unless it says less
        ("nothing", None),
    ],
)
def test_the_first_thing_of_a_text_is_what_it_names(
    lexicon: Lexicon, text: str, category: int | None
) -> None:
    assert lexicon.first(text) == category


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("a room\ta room\n", "line 1: 2 columns, not 3"),
        ("a room\ta bedroom\tbed\n", "line 1: 'a room' has no line of its own before"),
        ("a room\ta room\troom bed\na room\ta bedroom\tbed\n", "line 2: 'bed' stands there twice"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused_with_its_line(
    tmp_path: Path, lines: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Lexicon.read(written(tmp_path, lines))


def test_a_word_in_pieces_is_one_word(categories: Categories) -> None:
    assert categories.named(tokens("a pu ##ppy on a bed [SEP]")) == DOG


def test_what_has_no_category_of_its_own_is_of_the_nameless_one(categories: Categories) -> None:
    assert categories.named(tokens("a hat [SEP]")) == NAMELESS


def test_a_photo_is_likely_of_the_category_that_it_looks_like(categories: Categories) -> None:
    bedroom, dog = categories.seen(torch.eye(2))
    assert bedroom[BEDROOM] > 0.9 < dog[DOG]
    assert sum(bedroom) == pytest.approx(1)


def test_a_superordinate_category_is_as_likely_as_all_below_it(categories: Categories) -> None:
    (seen,) = categories.seen(torch.zeros(1, 2))
    assert categories.general(seen) == pytest.approx(
        {ROOM: 3 / 8, ANIMAL: 2 / 8, NAMELESS: 2 / 8, STREET: 1 / 8}
    )


def test_a_caption_that_names_what_is_likely_has_better_signs(categories: Categories) -> None:
    (bedroom,) = categories.seen(torch.tensor([[1.0, 0.0]]))
    right, general = categories.signs(tokens("a bed"), bedroom)
    wrong, elsewhere = categories.signs(tokens("a dog"), bedroom)
    room, same = categories.signs(tokens("a living room"), bedroom)
    assert right > room > -4
    assert (general, same) > (elsewhere, wrong)
    assert general == same


def test_they_are_kept_beside_a_checkpoint(categories: Categories, tmp_path: Path) -> None:
    categories.save(tmp_path)
    again = Categories.beside(str(tmp_path), VOCABULARY, CPU)
    assert again is not None
    for near, own in zip(again.seen(torch.eye(2)), categories.seen(torch.eye(2)), strict=True):
        assert near == pytest.approx(own, abs=0.001)
    assert again.named(tokens("a dog")) == DOG


def test_a_checkpoint_on_the_hub_has_none() -> None:
    assert Categories.beside("Salesforce/blip-image-captioning-base", VOCABULARY, CPU) is None


def test_weights_of_other_words_are_refused(categories: Categories, tmp_path: Path) -> None:
    categories.save(tmp_path)
    written(tmp_path, LINES + "food\tfood\tfood\n")
    with pytest.raises(ValueError, match="does not hold weights and bias of 9"):
        Categories.beside(str(tmp_path), VOCABULARY, CPU)


def test_weights_without_words_are_refused(tmp_path: Path) -> None:
    parts = {"levels": torch.zeros(1, 1), "scale": torch.ones(1), "bias": torch.zeros(1)}
    save_file(parts, tmp_path / WEIGHTS_FILE)
    with pytest.raises(FileNotFoundError, match=WORDS_FILE):
        Categories.beside(str(tmp_path), VOCABULARY, CPU)


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / WEIGHTS_FILE).write_bytes(b"no tensors")
    with pytest.raises(SafetensorError):
        Categories.beside(str(tmp_path), VOCABULARY, CPU)
