"""How long maps take here, to choose by."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ROUNDS = 3


def least_seconds(maps: Sequence[Callable[[torch.Tensor], object]], hidden: torch.Tensor) -> float:
    """The least time that all take, one after the other, in seconds.

    Args:
        maps: Each takes `hidden`.
        hidden: Shape ``(..., in)``.
    """
    least = float("inf")
    for _ in range(_ROUNDS):
        _wait_for(hidden.device)
        start = time.perf_counter()
        for each in maps:
            each(hidden)
        _wait_for(hidden.device)
        least = min(least, time.perf_counter() - start)
    return least


def _wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
