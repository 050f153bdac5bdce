"""The same captions on a GPU; without one these tests are left out."""

from __future__ import annotations

from importlib.resources import files

import pytest
import torch
from stock import GREEDY, THREE_BEAMS, check_equal, small_blip

from benchmarks.contestants import random_blip_base
from captioner import BlipCaptioner, read_image
from captioner.precision import choose
from captioner.search import Search

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU is at hand")

PHOTOS = ("dog", "pizza")


@pytest.mark.parametrize("how", [GREEDY, THREE_BEAMS], ids=["greedy", "3 beams"])
@pytest.mark.parametrize("count", [1, 4, 16])
def test_the_tokens_are_those_of_transformers(how: Search, count: int) -> None:
    model = small_blip(end_bias=5.5).cuda()
    for seed in range(12):
        check_equal(model, how, count=count, prompt_length=seed % 4, seed=seed)


@pytest.mark.slow
@pytest.mark.parametrize("how", [GREEDY, THREE_BEAMS], ids=["greedy", "3 beams"])
def test_200_random_photos_and_prompts_do_so_with_a_model_of_the_size_of_blip_base(
    how: Search,
) -> None:
    model = random_blip_base().cuda()
    for seed in range(50):
        check_equal(model, how, count=4, prompt_length=seed % 4, seed=seed)


def test_the_default_model_writes_there_what_it_writes_on_the_processor() -> None:
    photos = []
    for name in PHOTOS:
        with (files("captag_data") / "photos" / f"{name}.jpg").open("rb") as file:
            photos.append(read_image(file))
    here, there = (
        BlipCaptioner(device=device, precision="float32").caption(photos)
        for device in ("cpu", "cuda")
    )
    assert [one.text for one in here] == [one.text for one in there]


def test_int8_is_refused_there_by_what_there_is() -> None:
    with pytest.raises(ValueError, match="'int8' is not one of auto, float32, bfloat16 on cuda"):
        choose("int8", small_blip().cuda(), None)


def test_what_it_computes_in_is_measured_there_too() -> None:
    choice = choose("auto", small_blip().cuda(), None)
    assert choice.precision in {"float32", "bfloat16"}
    assert choice.reason.startswith("measured")
