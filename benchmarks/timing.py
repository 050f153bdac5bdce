"""Times of several things in turn, so that a slow minute of the machine hits all of them."""

from __future__ import annotations

import os
import platform
import statistics
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one thing, one a round.

    Attributes:
        seconds: In the order of the rounds; the warm-up is not among them.
    """

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return statistics.median(self.seconds)

    def times_faster_than(self, other: Timing) -> tuple[float, float, float]:
        """How many times the other's seconds are this one's: of the medians, and least and most.

        The least and the most are those of the rounds, each of which timed both.
        """
        rounds = [theirs / own for theirs, own in zip(other.seconds, self.seconds, strict=True)]
        return other.median / self.median, min(rounds), max(rounds)


def measure(things: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Timing]:
    """Time each thing once a round, in turn (A B A B), after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in things}
    for counted in [False, *[True] * rounds]:
        for name, thing in things.items():
            start = time.perf_counter()
            thing()
            if counted:
                seconds[name].append(time.perf_counter() - start)
    return {name: Timing(tuple(each)) for name, each in seconds.items()}


def machine(packages: Sequence[str]) -> dict[str, str]:
    """What figures were measured on."""
    import torch

    return {
        "processor": _processor(),
        "processors": str(os.cpu_count()),
        "threads": str(torch.get_num_threads()),
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "load before": " ".join(f"{load:.1f}" for load in os.getloadavg()),
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
