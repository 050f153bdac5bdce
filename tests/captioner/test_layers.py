"""The parts that only save time: they give what the plain ones give."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

import pytest
import torch
from efficientnet_lite_pytorch import EfficientNet
from torch import nn
from transformers import BlipVisionConfig
from transformers.models.blip.modeling_blip import BlipEncoder

from captioner.backbone import EfficientNetLite2, pad_within
from captioner.columns import FEW_ROWS, ColumnLinear, PackedLinear, fastest
from captioner.convolutions import FusedConvolution
from captioner.onednn import has_been_tried
from captioner.photo_attention import PhotoAttention, attend, fused, halved, quickest

if TYPE_CHECKING:
    from captioner.columns import Way
    from captioner.photo_attention import Way as AttentionWay

WAYS = [ColumnLinear, PackedLinear, fastest]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("shape", [(1, 8), (3, 8), (2, 5, 8), (FEW_ROWS, 8), (FEW_ROWS + 1, 8)])
@torch.no_grad()
def test_each_way_to_multiply_gives_the_same_in_the_same_shape(
    way: Way, shape: tuple[int, ...]
) -> None:
    linear, hidden = nn.Linear(8, 6), torch.randn(shape)
    given = way(linear)(hidden)
    assert given.shape == (*shape[:-1], 6)
    torch.testing.assert_close(given, linear(hidden))


@pytest.mark.parametrize("way", WAYS)
@torch.no_grad()
def test_rows_that_do_not_lie_side_by_side_are_no_trouble(way: Way) -> None:
    linear, hidden = nn.Linear(8, 6), torch.randn(8, 2, 3).permute(1, 2, 0)
    torch.testing.assert_close(way(linear)(hidden), linear(hidden))


@pytest.mark.parametrize("way", WAYS)
@torch.no_grad()
def test_rows_of_another_width_are_refused(way: Way) -> None:
    with pytest.raises(RuntimeError):
        way(nn.Linear(8, 6))(torch.randn(3, 7))


def test_of_one_size_the_way_is_measured_once() -> None:
    first, second = (type(fastest(nn.Linear(12, 10))) for _ in range(2))
    assert first is second
    assert first in {nn.Linear, ColumnLinear, PackedLinear}


def test_for_many_rows_the_way_is_one_of_two() -> None:
    assert type(fastest(nn.Linear(12, 10), FEW_ROWS + 1)) in {nn.Linear, PackedLinear}


@pytest.mark.parametrize(("way", "error"), [(fused, 1e-5), (halved, 1e-2)])
@torch.no_grad()
def test_a_photo_encoder_gives_the_same_however_it_attends(way: AttentionWay, error: float) -> None:
    torch.manual_seed(0)
    config = BlipVisionConfig(
        hidden_size=24,
        intermediate_size=48,
        num_hidden_layers=3,
        num_attention_heads=3,
        initializer_range=0.2,
    )
    encoder, cells = BlipEncoder(config).eval(), torch.randn(2, 40, 24)
    plain = encoder(inputs_embeds=cells).last_hidden_state
    attend(encoder, way)
    assert all(isinstance(layer.self_attn, PhotoAttention) for layer in encoder.layers)
    given = encoder(inputs_embeds=cells).last_hidden_state
    assert not torch.equal(plain, cells)
    assert given.dtype == torch.float32
    assert (given - plain).norm() < error * plain.norm()


def test_of_the_ways_to_attend_the_quickest_is_measured_once() -> None:
    assert quickest(3, 40, 8) is quickest(3, 40, 8)
    assert quickest(3, 40, 8) in {fused, halved}


def test_where_bfloat16_is_emulated_nobody_attends_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cpu._is_avx512_bf16_supported", lambda: False)
    assert quickest(3, 41, 8) is fused


@torch.no_grad()
def test_convolutions_that_pad_by_themselves_give_the_same() -> None:
    network = EfficientNet.from_name("efficientnet-lite2").eval()
    photos = torch.rand(1, 3, 260, 260)
    before = network.extract_features(photos)
    for module in [*network.modules()]:
        pad_within(module)
    assert network._blocks[0]._depthwise_conv.padding == (1, 1)
    torch.testing.assert_close(network.extract_features(photos), before)


@pytest.mark.parametrize("count", [1, 3])
def test_the_cnn_sees_the_same_with_its_convolutions_fused(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    fused, plain, photos = EfficientNetLite2(), EfficientNetLite2(), torch.randn(count, 3, 260, 260)
    monkeypatch.setattr("captioner.backbone.has_been_tried", lambda: True)
    given = fused(photos)
    _, network = fused._fused
    assert all(isinstance(each._project_conv, FusedConvolution) for each in network._blocks)
    monkeypatch.setattr("captioner.backbone.has_been_tried", lambda: False)
    for own, expected in zip(astuple(given), astuple(plain(photos)), strict=True):
        torch.testing.assert_close(own, expected, rtol=1e-4, atol=1e-4)
    _, network = plain._fused
    assert not any(isinstance(part, FusedConvolution) for part in network.modules())


def test_convolutions_are_not_fused_where_nobody_has_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.backends.cpu.get_cpu_capability", lambda: "NEON")
    assert not has_been_tried()


def test_the_cnn_pads_unevenly_only_where_it_must() -> None:
    apart = [
        module
        for module in EfficientNetLite2()._network.modules()
        if isinstance(getattr(module, "static_padding", None), nn.ZeroPad2d)
    ]
    assert all(module.stride[0] == 2 for module in apart)
