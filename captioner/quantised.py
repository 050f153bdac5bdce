"""Weights in fewer bits: whole levels, and one scale for each row of them.

Uniform, symmetric, by channel (Krishnamoorthi 2018, "Quantizing deep convolutional networks for
efficient inference").
"""

from __future__ import annotations

import torch

_MOST_OF_A_BYTE = 127  # levels are -127 to 127
_CLIPPED = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # of the greatest of a row, what the levels reach to


def quantised(rows: torch.Tensor, most: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Of each row the levels and the scale that come nearest to it, of those tried.

    Args:
        rows: Shape ``(R, N)``.
        most: The levels are ``-most`` to `most`.

    Returns:
        The levels, whole numbers of shape ``(R, N)``, and the scale, shape ``(R,)``, which float16
        holds: their product is near to the rows.
    """
    greatest = rows.abs().amax(1)
    scale, least = torch.zeros_like(greatest), torch.full_like(greatest, torch.inf)
    for share in _CLIPPED:
        tried = (greatest * share / most).half().float()
        error = (_levels(rows, tried, most) * tried[:, None] - rows).square().sum(1)
        scale = torch.where(error < least, tried, scale)
        least = torch.minimum(error, least)
    return _levels(rows, scale, most), scale


def in_bytes(rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The same with levels of a byte, as they are kept: int8, and the scale float16."""
    levels, scale = quantised(rows, _MOST_OF_A_BYTE)
    return levels.to(torch.int8).contiguous(), scale.half()


def restored(levels: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """The rows that levels and scale stand for, float32, shape ``(R, N)``."""
    return levels.float() * scale.float()[:, None]


def _levels(rows: torch.Tensor, scale: torch.Tensor, most: int) -> torch.Tensor:
    return (rows / scale[:, None].clamp(min=1e-12)).round().clamp(-most, most)
