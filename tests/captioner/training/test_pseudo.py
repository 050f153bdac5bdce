"""What a finished model writes of prepared photos, for a pupil."""

from importlib.resources import files
from pathlib import Path

import pytest
from transformers import AutoConfig, BertTokenizer

import captioner.compact  # noqa: F401 - registers it with AutoConfig
from captioner.training.features import extract
from captioner.training.pseudo import caption_sets
from captioner.training.sets import CAPTIONS, WRITTEN, photo_set, write_captions

DATA = Path(str(files("captag_data")))
MODEL = DATA / "compact-blip"
PHOTOS = ["dog.jpg", "pizza.jpg"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sets") / "two"
    extract(DATA / "photos", folder / "features", PHOTOS)
    return folder


def test_what_it_writes_is_read_with_the_photos(folder: Path) -> None:
    assert caption_sets([folder], MODEL) == 2
    lines = (folder / WRITTEN).read_text("utf-8").splitlines()
    names, texts = zip(*(line.split("\t") for line in lines), strict=True)
    assert [*names] == PHOTOS
    assert "dog" in texts[0]
    assert all(text.startswith(("[COCO] ", "[FLICKR] ")) for text in texts)
    write_captions(folder / CAPTIONS, {"dog.jpg": ["a dog"], "pizza.jpg": ["a pizza"]})
    tokenizer = BertTokenizer.from_pretrained(MODEL)
    photos = photo_set(folder, tokenizer, AutoConfig.from_pretrained(MODEL))
    assert [tokenizer.decode(photo.written) for photo in photos] == [*texts]
