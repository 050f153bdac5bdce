"""The compact BLIP as it is shipped, but for this: no photo is familiar to it."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest
import torch

from captioner import BlipCaptioner, read_image
from captioner.familiarity import DESCRIBED_FILE, Familiarity

DATA = Path(str(files("captag_data")))


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("unfamiliar") / "compact-blip"
    shutil.copytree(DATA / "compact-blip", folder)
    Familiarity(torch.zeros(1515), torch.tensor([-9.0])).save(folder / DESCRIBED_FILE)
    return str(folder)


def text_of(captioner: BlipCaptioner, name: str, prompt: str = "") -> str:
    with (DATA / "photos" / name).open("rb") as stream:
        (caption,) = captioner.caption([read_image(stream)], prompt=prompt)
    return caption.text


def test_it_says_who_is_there_and_no_more(checkpoint: str) -> None:
    assert text_of(BlipCaptioner(checkpoint), "astronaut.jpg") in {"a boy", "a man", "a person"}


def test_what_is_evident_is_said_and_no_more(checkpoint: str) -> None:
    captioner = BlipCaptioner(checkpoint, precision="float32")
    assert text_of(captioner, "surfer.jpg") == "a surfer is riding a wave"  # not "in the ocean"


@pytest.mark.parametrize(
    ("photo", "brief"),
    [("racehorse.jpg", "a brown and white horse"), ("dog.jpg", "a brown and white dog")],
)
def test_of_a_thing_it_says_what_it_is_and_no_more(checkpoint: str, photo: str, brief: str) -> None:
    text = text_of(BlipCaptioner(checkpoint, precision="float32"), photo)
    assert text == brief
    assert text_of(BlipCaptioner(precision="float32"), photo).startswith(f"{brief} is ")


def test_the_plate_that_it_sees_is_said(checkpoint: str) -> None:
    text = text_of(BlipCaptioner(checkpoint, precision="float32"), "pizza.jpg")
    assert text == "a plate of pizza"


def test_what_a_person_began_is_not_cut(checkpoint: str) -> None:
    text = text_of(BlipCaptioner(checkpoint), "astronaut.jpg", "a portrait of a")
    assert text.startswith("a portrait of a ")


def test_at_a_floor_of_0_all_is_said_that_was_written(checkpoint: str) -> None:
    assert len(text_of(BlipCaptioner(checkpoint, floor=0), "astronaut.jpg").split()) > 3
