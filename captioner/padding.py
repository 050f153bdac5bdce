"""Prompts of different length in one batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence


def left_padded(
    rows: Sequence[Sequence[int]], pad: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """B rows of tokens, their ends in one column, and the mask of what is no padding.

    Args:
        rows: Tokens, none of them `pad`.
        pad: The token to fill up with.
        device: Where to put both, shape ``(B, T)`` each.
    """
    width = max(map(len, rows))
    padded = torch.tensor([[pad] * (width - len(row)) + [*row] for row in rows], device=device)
    return padded, (padded != pad).long()
