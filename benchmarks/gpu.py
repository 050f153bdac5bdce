"""The same captions on a GPU: stock and captag in float32 and half precision, batches of 1 to 64.

``python -m benchmarks.speed --device cuda`` keeps the figures in
``benchmarks/results/speed-cuda.json``, labelled with the device, and writes the README's table.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from benchmarks.contestants import Ours, Stock
from benchmarks.tables import publish
from benchmarks.timing import Timing, machine, measure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BATCHES = (1, 4, 16, 64)
RESULTS = Path(__file__).parent / "results" / "speed-cuda.json"
BEGIN, END = "<!-- gpu: python -m benchmarks.speed --device cuda -->", "<!-- end of gpu -->"
BASELINE = "stock, float32"


def run(device: str, rounds: int) -> dict[str, Any]:
    """Measure everything on a GPU; what is kept of it."""
    every: dict[str, Stock | Ours] = {
        BASELINE: Stock(torch.float32, device),
        "stock, bfloat16": Stock(torch.bfloat16, device),
        "stock, float16": Stock(torch.float16, device),
        "captag, float32": Ours("float32", device),
        "captag, bfloat16": Ours("bfloat16", device),
    }
    things: dict[str, Callable[[], object]] = {  # their lists of tokens wait for the GPU
        _name(who, photos): partial(each.tokens, photos)
        for photos in BATCHES
        for who, each in every.items()
    }
    timings = measure(things, rounds)
    exact, stock = every["captag, float32"], every[BASELINE]
    return {
        "machine": machine(("torch", "transformers")),
        "device": torch.cuda.get_device_name(device),
        "rounds": rounds,
        "same tokens": all(exact.tokens(photos) == stock.tokens(photos) for photos in BATCHES),
        "seconds": {name: timing.seconds for name, timing in timings.items()},
    }


def table(kept: Mapping[str, Any]) -> str:
    """What is kept, as Markdown: milliseconds a photo, and how many times faster."""
    timings = {name: Timing(tuple(seconds)) for name, seconds in kept["seconds"].items()}
    who = list(dict.fromkeys(name.rpartition(", ")[0] for name in timings))
    rows = [f"| photos at once | {' | '.join(who)} |", f"|{'---|' * (1 + len(who))}"]
    for photos in BATCHES:
        cells = [_cell(timings, each, photos) for each in who]
        rows.append(f"| {photos} | {' | '.join(cells)} |")
    about = kept["machine"]
    same = "the same as" if kept["same tokens"] else "NOT the same as"
    return "\n".join(
        [
            *rows,
            "",
            f"{kept['device']}, torch {about['torch']}, transformers {about['transformers']};"
            f" medians of {kept['rounds']} rounds after one to warm up, milliseconds a photo, and"
            f" how many times faster than {BASELINE}. Tokens of captag's float32: {same} stock's,"
            " at each number of photos.",
        ]
    )


def _cell(timings: Mapping[str, Timing], who: str, photos: int) -> str:
    timing, baseline = timings[_name(who, photos)], timings[_name(BASELINE, photos)]
    told = f"{1000 * timing.median / photos:.1f} ms"
    return told if who == BASELINE else f"{told}, {timing.times_faster_than(baseline)[0]:.1f}x"


def _name(who: str, photos: int) -> str:
    return f"{who}, {photos} photos"


def main(device: str, rounds: int, *, table_only: bool) -> None:
    """Measure, print and keep the figures, and write the README's table from them."""
    publish(RESULTS, None if table_only else run(device, rounds), table, (BEGIN, END))
