"""Linear maps in int8: weights a quarter as large, and whole numbers to multiply.

Weights have a scale a row, what they are multiplied with one scale a tensor, found at each call
("dynamic quantisation", as torch calls it). So photos in one batch share a scale, and a caption may
differ by a word from the one that the photo gets alone; in float32 it does not.
"""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch import nn

_MOST = 127  # of a signed byte
_LEAST_SCALE = 1e-8  # of a row of zeros, which would divide by zero
_LIKELY = 32  # words; a search takes two a beam, some of which may not come again
# Of what comes in, where products of bytes are not added up in 32 bits (VNNI): sums of 8 x 8 bits
# overflow 16. The eighth bit halves the error of a map.
_SEVEN_BITS = not torch.cpu._is_vnni_supported()

# The function itself: torch looks whether it is to be called in Python at each call through its
# name, a fifth of the time of a small map.
_multiply: Any = torch.ops.quantized.linear_dynamic._op


class Int8Linear(nn.Module):
    """The same map as a linear one in float32, to about one part in a hundred."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight = linear.weight.detach().float()
        bias = None if linear.bias is None else linear.bias.detach().float()
        self._packed: Any = torch.ops.quantized.linear_prepack(_quantised(weight), bias)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Shape ``(..., in)`` as ``(..., out)``, float32 both."""
        out: torch.Tensor = _multiply(hidden, self._packed, _SEVEN_BITS)
        return out


class Int8Vocabulary(nn.Module):
    """The map to the words' logits: int8 finds the likeliest words, float32 says how likely.

    The captions of whoever writes with int8's own logits are a quarter others than in float32, and
    a little worse; of a map of so many rows a few are soon multiplied again.

    Args:
        linear: Its tensors are shared.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self._screen = Int8Linear(linear)
        self._weight, self._bias = linear.weight.detach(), linear.bias.detach()

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Shape ``(N, in)`` as ``(N, words)``, float32 both."""
        logits: torch.Tensor = self._screen(hidden)
        likely = logits.topk(_LIKELY, sorted=False).indices
        rows = nn.functional.embedding(likely, self._weight)
        exact = torch.bmm(rows, hidden[:, :, None])[:, :, 0] + self._bias[likely]
        return logits.scatter_(1, likely, exact)


def _quantised(weight: torch.Tensor) -> torch.Tensor:
    scales = (weight.abs().amax(1) / _MOST).clamp(min=_LEAST_SCALE).double()
    zeros = torch.zeros(len(scales), dtype=torch.long)
    with warnings.catch_warnings():  # torch means to drop quantised tensors some day; torch<2.14
        warnings.filterwarnings("ignore", message=".*quantized tensor creation functions.*")
        return torch.quantize_per_channel(weight, scales, zeros, 0, torch.qint8)
