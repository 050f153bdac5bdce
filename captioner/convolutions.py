"""The CNN's convolutions with the ReLU6 after each fused in, as oneDNN computes both at once.

The same numbers in two thirds of the time (torch 2.13, 2 threads, AVX-512): the maps are written
once, not twice, and the weights lie as oneDNN reads them.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class FusedConvolution(nn.Module):
    """A convolution and, if it is asked for, the ReLU6 after it.

    Args:
        convolution: Its weights are copied; what it pads with beforehand it still pads with.
        is_activated: Whether a ReLU6 follows.
    """

    def __init__(self, convolution: Any, *, is_activated: bool) -> None:
        super().__init__()
        self._pad: nn.Module = getattr(convolution, "static_padding", nn.Identity())
        self._how = (
            [*convolution.padding],
            [*convolution.stride],
            [*convolution.dilation],
            convolution.groups,
        )
        self._weight: Any = convolution.weight.detach()
        self._bias = convolution.bias
        self._then = ("hardtanh", [0.0, 6.0], "") if is_activated else ("none", [], "")

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Shape ``(1, in, H, W)`` as ``(1, out, H', W')``, channels last both.

        H and W are those of the first call: which layout oneDNN wants depends on them.
        """
        maps = self._pad(maps)
        if not self._weight.is_mkldnn:
            reorder: Any = torch._C._nn.mkldnn_reorder_conv2d_weight
            self._weight = reorder(self._weight.to_mkldnn(), *self._how, [*maps.shape])
        out: torch.Tensor = torch.ops.mkldnn._convolution_pointwise(
            maps, self._weight, self._bias, *self._how, *self._then
        )
        return out


def fuse_convolutions(network: Any) -> None:
    """Replace the convolutions of an EfficientNet-Lite whose batch norms are gone, in place."""
    for part in (network, *network._blocks):
        for name, child in [*part.named_children()]:
            if isinstance(child, nn.Conv2d):
                fused = FusedConvolution(child, is_activated=name != "_project_conv")
                setattr(part, name, fused)
        part._swish = nn.Identity()
