"""Linear maps in float32: the fastest of the ways, for as many rows as there are.

Which it is depends on the processor (torch 2.13, 2 threads, BLIP-base): for the 3 rows of a
decoder `torch.nn.Linear` takes with AVX2 1.3 to 5 times as long as rows made columns, with AVX-512
half as long; for the 577 of the photo encoder on AMD's twice as long as oneDNN.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import torch
from torch import nn

from captioner.onednn import has_been_tried
from captioner.timing import least_seconds

Way = Callable[[nn.Linear], nn.Module]

FEW_ROWS = 128
BEAMS = 3  # of one photo
_NO_CACHE_HOLDS = 1 << 24  # bytes of weights, which a decoder reads from memory at each step


class ColumnLinear(nn.Module):
    """The same map as a linear one; few rows become the columns of the product.

    ``weight @ rows.T`` reads the weights once, in the order they lie in.

    Args:
        linear: With a bias; its tensors are shared.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.weight = linear.weight
        self.bias = linear.bias

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Shape ``(..., in)`` as ``(..., out)``."""
        rows = hidden.reshape(-1, hidden.shape[-1])
        if len(rows) > FEW_ROWS:
            return nn.functional.linear(hidden, self.weight, self.bias)
        product = torch.addmm(self.bias[:, None], self.weight, rows.t())
        return product.t().reshape(*hidden.shape[:-1], len(self.weight))


class PackedLinear(nn.Module):
    """The same map as a linear one, its weights laid out as oneDNN reads them.

    Args:
        linear: With a bias; its weights are copied.
        rows: About how many there will be.
    """

    def __init__(self, linear: nn.Linear, rows: int = BEAMS) -> None:
        super().__init__()
        self._weight: Any = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach(), rows)
        self._bias = linear.bias

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Shape ``(..., in)`` as ``(..., out)``."""
        out: torch.Tensor = torch.ops.mkldnn._linear_pointwise(
            hidden, self._weight, self._bias, "none", [], ""
        )
        return out


def fastest(linear: nn.Linear, rows: int = BEAMS) -> nn.Module:
    """The same map, in the way that a measurement finds fastest here for its size.

    Args:
        linear: With a bias.
        rows: About how many there will be.
    """
    size = linear.in_features, linear.out_features
    return _fastest_way(*size, rows, torch.get_num_threads())(linear)


@cache
@torch.inference_mode()
def _fastest_way(features_in: int, features_out: int, rows: int, _threads: int) -> Way:
    """Of maps of a size; measured once a process, in some hundredths of a second."""
    size = torch.finfo(torch.float32).bits // 8 * features_in * features_out
    few = rows <= FEW_ROWS  # else it is the arithmetic that takes long, wherever the weights lie
    linears = [
        _any(features_in, features_out) for _ in range(max(1, few * _NO_CACHE_HOLDS // size))
    ]
    ways: list[Way] = [_itself]
    if few:
        ways.append(ColumnLinear)
    if has_been_tried():
        ways.append(partial(PackedLinear, rows=rows))
    hidden = torch.ones(1, rows, features_in)
    return min(ways, key=lambda way: least_seconds([*map(way, linears)], hidden))


def _any(features_in: int, features_out: int) -> nn.Linear:
    """A map of a size, quickly: how fast it is does not depend on the numbers."""
    linear: nn.Linear = nn.utils.skip_init(nn.Linear, features_in, features_out)
    nn.init.ones_(linear.weight)
    nn.init.ones_(linear.bias)
    return linear


def _itself(linear: nn.Linear) -> nn.Module:
    return linear
