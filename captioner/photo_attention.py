"""The photo encoder's attention, in the way that a measurement finds fastest here.

577 patches have 4 million scores a layer, which transformers writes and reads again four times.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from captioner.attention import attention
from captioner.timing import least_seconds

Way = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]


def fused(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """In one pass, the scores never written down (Dao et al. 2022, FlashAttention).

    Two fifths of the time, a quarter in batches.

    Args:
        query: Shape ``(B, heads, cells, size)``.
        key: As `query`.
        value: As `query`.

    Returns:
        Shape ``(B, cells, heads * size)``.
    """
    return scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)


def halved(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """In bfloat16, for a model whose numbers are rounded anyway; takes and gives as `fused`."""
    half = torch.bfloat16
    return attention(query.to(half), key.to(half), value.to(half), None).to(query.dtype)


class PhotoAttention(nn.Module):
    """The attention of BLIP's photo encoder.

    Args:
        attention: A `BlipAttention` without dropout; its linear maps are shared.
        way: To attend.
    """

    def __init__(self, attention: Any, way: Way) -> None:
        super().__init__()
        self.heads: int = attention.num_heads
        self.qkv = attention.qkv
        self.projection = attention.projection
        self._way = way

    def forward(self, hidden_states: torch.Tensor, **_: Any) -> tuple[torch.Tensor, None]:
        """Shape ``(B, cells, width)`` as the same; no scores, as nobody asks for them."""
        apart = self.qkv(hidden_states).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        return self.projection(self._way(*apart.unbind(0))), None


def attend(encoder: Any, way: Way) -> None:
    """Replace the attention of each layer of a `BlipEncoder`."""
    for layer in encoder.layers:
        layer.self_attn = PhotoAttention(layer.self_attn, way)


def quickest(heads: int, cells: int, size: int) -> Way:
    """Of the ways to attend where rounding does no harm.

    Args:
        heads: Of the encoder.
        cells: Of a photo.
        size: Of a head.
    """
    return _measured(heads, cells, size, torch.get_num_threads())


@cache
@torch.inference_mode()
def _measured(heads: int, cells: int, size: int, _threads: int) -> Way:
    """Once a process, in some hundredths of a second."""
    if not torch.cpu._is_avx512_bf16_supported():  # emulated it may take a hundred times as long
        return fused
    hidden = torch.ones(1, heads, cells, size)
    return min((fused, halved), key=lambda way: least_seconds([partial(_of_itself, way)], hidden))


def _of_itself(way: Way, hidden: torch.Tensor) -> torch.Tensor:
    return way(hidden, hidden, hidden)
