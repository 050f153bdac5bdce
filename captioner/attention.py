"""Softmax attention as BLIP computes it, and what keeps it from looking where it must not."""

from __future__ import annotations

import math

import torch


def attention(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, bias: torch.Tensor | None
) -> torch.Tensor:
    """Softmax attention in the order in which BLIP computes it.

    Args:
        query: Shape ``(N, heads, T, size)``.
        key: Shape ``(N, heads, S, size)``.
        value: As `key`.
        bias: Added to the scores, broadcast to ``(N, heads, T, S)``.

    Returns:
        Shape ``(N, T, heads * size)``.
    """
    scores = torch.matmul(query, key.transpose(-1, -2)) / math.sqrt(query.shape[-1])
    if bias is not None:
        scores = scores + bias
    return torch.matmul(scores.softmax(-1), value).transpose(1, 2).flatten(2)


def bias_of(mask: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """0 where the mask is 1, the least number where it is 0; of its shape."""
    return (mask == 0).to(dtype) * torch.finfo(dtype).min
