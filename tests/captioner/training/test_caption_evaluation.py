from importlib.resources import files
from pathlib import Path

import pytest

from captioner import BlipCaptioner, read_image
from captioner.training.evaluation import caption_files, cider, plain, read_photo

PHOTOS = Path(str(files("captag_data"))) / "photos"
REFERENCES = {
    "a.jpg": ["a dog runs on the beach", "a brown dog runs along the sea"],
    "b.jpg": ["a plate of pasta", "pasta with tomato sauce on a plate"],
}


def test_case_and_punctuation_are_not_judged() -> None:
    assert plain("A dog, running - fast.") == "a dog running fast"
    shouted = {"a.jpg": "A dog runs on the beach!", "b.jpg": "A plate of PASTA."}
    quiet = {name: plain(text) for name, text in shouted.items()}
    assert cider(shouted, REFERENCES) == cider(quiet, REFERENCES) > 100


def test_a_caption_of_another_photo_is_worth_nothing() -> None:
    exchanged = {"a.jpg": "plate of pasta", "b.jpg": "dog runs on the beach"}
    assert cider(exchanged, REFERENCES) == pytest.approx(0, abs=1e-6)


def test_a_photo_without_a_caption_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"b\.jpg"):
        cider({"a.jpg": "a dog"}, REFERENCES)


def test_what_the_model_wrote_is_judged_however_unsure_it_is() -> None:
    names = ["dog.jpg", "taxis.jpg", "ruins.jpg"]
    judged = caption_files(BlipCaptioner(floor=0), PHOTOS, names)
    photos = [read_photo(PHOTOS / name) for name in names]
    shown = BlipCaptioner(floor=1).caption(photos)
    assert list(judged) == names
    for caption, guess in zip(judged.values(), shown, strict=True):
        assert len(caption.text.split()) > 3
        assert guess.is_guess
        assert guess.text != caption.text


def test_a_photo_is_read_as_the_product_reads_it() -> None:
    with (PHOTOS / "cat.jpg").open("rb") as stream:
        assert read_photo(PHOTOS / "cat.jpg") == read_image(stream)
