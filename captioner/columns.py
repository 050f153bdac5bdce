"""Linear maps in float32 for a handful of rows, as a decoder has them."""

from __future__ import annotations

import torch
from torch import nn

FEW_ROWS = 128


class ColumnLinear(nn.Module):
    """The same map as a linear one; few rows become the columns of the product.

    ``weight @ rows.T`` reads the weights once in the order they lie in. The product that
    `torch.nn.Linear` asks of the BLAS for the same numbers takes 1.3 to 5 times as long for 2 to 96
    rows of BLIP's decoders (torch 2.13, 2 threads, AVX2), and is no faster for one or for 240.

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
