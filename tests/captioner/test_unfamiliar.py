"""The compact BLIP as it is shipped, but for this: no photo is familiar to it."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest
import torch

from captioner import BlipCaptioner, read_image
from captioner.familiarity import Familiarity

DATA = Path(str(files("captag_data")))


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("unfamiliar") / "compact-blip"
    shutil.copytree(DATA / "compact-blip", folder)
    Familiarity(torch.zeros(3030), torch.tensor([-9.0])).save(folder)
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


def test_of_a_thing_it_says_what_it_is_and_no_more(checkpoint: str) -> None:
    text = text_of(BlipCaptioner(checkpoint, precision="float32"), "taxis.jpg")
    assert text == "a yellow car"
    assert text_of(BlipCaptioner(precision="float32"), "taxis.jpg").startswith(f"{text} is ")


def test_a_plate_that_is_hardly_seen_is_not_said(checkpoint: str) -> None:
    assert "plate" not in text_of(BlipCaptioner(checkpoint, precision="float32"), "bakery.jpg")


def test_what_a_person_began_is_not_cut(checkpoint: str) -> None:
    text = text_of(BlipCaptioner(checkpoint), "astronaut.jpg", "a portrait of a")
    assert text.startswith("a portrait of a ")


def test_at_a_floor_of_0_all_is_said_that_was_written(checkpoint: str) -> None:
    captioner = BlipCaptioner(checkpoint, floor=0, precision="float32")
    assert text_of(captioner, "rocket.jpg") != "a photo of something"
