"""The same captions on a GPU: stock and captag in float32 and half precision, batches of 1 to 64.

``python -m benchmarks.speed --device cuda`` keeps the figures in
``benchmarks/results/speed-cuda.json``, labelled with the device.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import typer

from benchmarks.contestants import Ours, Stock
from benchmarks.timing import machine, measure

if TYPE_CHECKING:
    from collections.abc import Callable

BATCHES = (1, 4, 16, 64)
RESULTS = Path(__file__).parent / "results" / "speed-cuda.json"


def main(device: str, rounds: int) -> None:
    """Measure, print and keep."""
    stock = {
        "float32": Stock(torch.float32, device),
        "bfloat16": Stock(torch.bfloat16, device),
        "float16": Stock(torch.float16, device),
    }
    ours = {"float32": Ours("float32", device), "bfloat16": Ours("bfloat16", device)}
    kept: dict[str, Any] = {
        "machine": machine(("torch", "transformers")),
        "device": torch.cuda.get_device_name(device),
        "same tokens": ours["float32"].tokens() == stock["float32"].tokens(),
        "seconds": {},
    }
    for batch in BATCHES:
        things: dict[str, Callable[[], object]] = {
            f"{who}, {precision}, {batch} photos": partial(
                each.tokens, batch
            )  # its list waits for the GPU
            for who, both in (("stock", stock), ("captag", ours))
            for precision, each in both.items()
        }
        for name, timing in measure(things, rounds).items():
            kept["seconds"][name] = timing.seconds
            typer.echo(f"{name}: {timing.median:.4f} s")
    RESULTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
