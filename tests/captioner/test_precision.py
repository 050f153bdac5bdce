"""What a model computes in: asked for, measured, kept; and how near int8 comes to float32."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import torch
from checkpoints import random_model, save_random_blip
from torch import nn

from captag.settings import PRECISIONS as SETTING
from captioner import BlipCaptioner, CaptionModelError
from captioner.engine import Engine
from captioner.int8 import Int8Linear, Int8Vocabulary
from captioner.layers import pack_linears
from captioner.models import PRECISIONS
from captioner.precision import choose
from captioner.search import Search

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_asked_for_is_taken() -> None:
    for precision in ("float32", "bfloat16", "int8"):
        choice = choose(precision, random_model(), None)
        assert (choice.precision, choice.reason) == (precision, "asked for")


def test_what_there_is_not_is_refused_by_what_there_is() -> None:
    with pytest.raises(ValueError, match="'int4' is not one of auto, float32, bfloat16, int8"):
        choose("int4", random_model(), None)


def test_otherwise_all_are_measured_and_the_reason_tells_each() -> None:
    choice = choose("auto", random_model(), None)
    assert choice.precision in PRECISIONS[1:]
    assert choice.reason.startswith("measured")
    assert all(precision in choice.reason for precision in PRECISIONS[1:])


def test_a_finding_is_kept_and_taken_again(tmp_path: Path) -> None:
    found = choose("auto", random_model(), tmp_path)
    (file,) = tmp_path.glob("precision-*.json")
    assert json.loads(file.read_text()) == {"precision": found.precision, "reason": found.reason}
    file.write_text(json.dumps({"precision": "bfloat16", "reason": "as I wrote"}))
    assert choose("auto", random_model(), tmp_path).reason == "as I wrote"


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"precision": "int4", "reason": ""}'])
def test_a_finding_that_cannot_be_used_is_measured_again(kept: str, tmp_path: Path) -> None:
    choose("auto", random_model(), tmp_path)
    (file,) = tmp_path.glob("precision-*.json")
    file.write_text(kept)
    assert choose("auto", random_model(), tmp_path).reason.startswith("measured")


def test_a_folder_that_cannot_be_written_only_costs_the_next_time(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert choose("auto", random_model(), tmp_path / "file" / "below").reason.startswith("measured")


def test_another_size_of_model_is_measured_anew(tmp_path: Path) -> None:
    choose("auto", random_model(), tmp_path)
    larger = random_model()
    larger.config.text_config.num_hidden_layers = 3
    choose("auto", larger, tmp_path)
    assert len([*tmp_path.glob("precision-*.json")]) == 2


def test_the_settings_know_the_same_ones() -> None:
    assert SETTING == PRECISIONS


def test_a_captioner_says_what_it_computes_in_and_why(tmp_path: Path) -> None:
    folder = save_random_blip(tmp_path)
    choice = BlipCaptioner(str(folder), precision="float32", device="cpu").choice
    assert (choice.precision, choice.reason) == ("float32", "asked for")


def test_a_precision_that_there_is_not_cannot_be_loaded(tmp_path: Path) -> None:
    captioner = BlipCaptioner(str(save_random_blip(tmp_path)), precision="int4", device="cpu")
    with pytest.raises(CaptionModelError, match="'int4' is not one of"):
        captioner.load()


# int8


def test_a_linear_map_in_int8_gives_nearly_the_same() -> None:
    torch.manual_seed(0)
    linear, hidden = nn.Linear(384, 96), torch.randn(2, 5, 384)
    with torch.no_grad():
        exact, near = linear(hidden), Int8Linear(linear)(hidden)
    assert near.shape == exact.shape
    assert (near - exact).abs().max() < 0.05 * exact.std() * 3


def test_a_row_of_zeros_and_no_bias_are_no_trouble() -> None:
    linear = nn.Linear(8, 2, bias=False)
    nn.init.zeros_(linear.weight)
    assert Int8Linear(linear)(torch.ones(1, 8)).tolist() == [[0, 0]]


def test_whole_numbers_come_out_right() -> None:
    linear = nn.Linear(2, 1)
    with torch.no_grad():
        linear.weight.copy_(torch.tensor([[127.0, -127.0]]))
        linear.bias.fill_(5.0)
    (out,) = Int8Linear(linear)(torch.tensor([[1.0, 0.0]])).flatten().tolist()
    assert out == pytest.approx(132, abs=1)


@torch.no_grad()
def test_the_likeliest_words_have_the_logits_of_float32_and_the_others_nearly() -> None:
    torch.manual_seed(0)
    linear, hidden = nn.Linear(384, 500), torch.randn(3, 384)
    exact, given = linear(hidden), Int8Vocabulary(linear)(hidden)
    likeliest = exact.topk(10).indices
    torch.testing.assert_close(given.topk(10).indices, likeliest)
    torch.testing.assert_close(given.gather(1, likeliest), exact.gather(1, likeliest))
    assert given.shape == exact.shape
    assert 0 < (given - exact).abs().max() < 0.05 * exact.std() * 3


def test_every_linear_map_of_a_module_is_replaced_and_nothing_else() -> None:
    module = nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4), nn.ModuleList([nn.Linear(4, 4)]))
    pack_linears(module, Int8Linear)
    kinds = [type(each) for each in module.modules()]
    assert kinds.count(Int8Linear) == 2
    assert kinds.count(nn.Linear) == 0
    assert kinds.count(nn.LayerNorm) == 1


@pytest.mark.parametrize("precision", ["bfloat16", "int8"])
def test_a_caption_is_written_in_each_and_the_float32_decoder_is_let_go(precision: str) -> None:
    model = random_model()
    drafts = Engine(model, precision).write(torch.zeros(2, 3, 260, 260), None, Search())
    assert all(0 < len(draft.tokens) <= Search().max_new_tokens for draft in drafts)
    assert not hasattr(model, "text_decoder")
