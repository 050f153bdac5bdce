"""How fast a photo becomes ten hashtags: medians and ratios, all in one run, in turn.

Stock BLIP-base is transformers as people call it, float32 and 3 beams, with random weights: the
arithmetic does not depend on the weights, and 990 MB need not be fetched. It writes 20 tokens.
"""

from __future__ import annotations

import json
import platform
import statistics
import time
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROUNDS = 5
RESULTS = Path(__file__).parent / "results" / "speed.json"
STOCK = "stock BLIP-base, caption alone"
COMPACT = "captag, photo bytes to ten hashtags"
MATCH = "captag, caption to ten hashtags"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one thing over the rounds: median and extremes."""

    median: float
    least: float
    most: float


def measure(things: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Timing]:
    """Time each thing once a round, in turn (A B A B), after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in things}
    for counted in [False, *[True] * rounds]:
        for name, thing in things.items():
            start = time.perf_counter()
            thing()
            if counted:
                seconds[name].append(time.perf_counter() - start)
    return {name: _timing(each) for name, each in seconds.items()}


def _timing(seconds: Sequence[float]) -> Timing:
    return Timing(statistics.median(seconds), min(seconds), max(seconds))


def stock_blip_base() -> Callable[[], object]:
    """Caption one photo with BLIP-base as its model card says, random weights."""
    import torch
    from PIL import Image
    from transformers import BlipConfig, BlipForConditionalGeneration, BlipImageProcessorPil

    torch.manual_seed(0)
    config = BlipConfig(text_config={"num_attention_heads": 12})
    model: Any = BlipForConditionalGeneration(config).eval()
    pixels = BlipImageProcessorPil(size={"height": 384, "width": 384})
    photo = Image.open(BytesIO(sample_photo())).convert("RGB")

    def caption() -> object:
        inputs = pixels(images=photo, return_tensors="pt")
        return model.generate(**inputs, num_beams=3, max_new_tokens=20, min_new_tokens=20)

    return caption


def captag_pipeline() -> tuple[Callable[[], object], Callable[[], object]]:
    """From photo bytes, and from a caption, to ten hashtags with default settings."""
    from captag import Settings, build_pipeline
    from captioner import read_image

    pipeline = build_pipeline(Settings())
    pipeline.load()
    data = sample_photo()

    def whole() -> object:
        return pipeline.suggest(read_image(BytesIO(data)), photo="dog.jpg", limit=10)

    def match() -> object:
        return pipeline.match("a dog is running through the grass", 10)

    return whole, match


def sample_photo() -> bytes:
    """A shipped photo, as it lies on disk."""
    return (files("captag_data") / "photos" / "dog.jpg").read_bytes()


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    import torch

    return {
        "processor": platform.processor() or platform.machine(),
        "threads": str(torch.get_num_threads()),
        "python": platform.python_version(),
        **{name: version(name) for name in ("torch", "transformers", "sentence-transformers")},
    }


def table(timings: Mapping[str, Timing]) -> str:
    """The timings as Markdown, each beside stock BLIP-base."""
    rows = ["| | median | least - most | stock / this |", "|---|---|---|---|"]
    for name, timing in timings.items():
        ratio = timings[STOCK].median / timing.median
        spread = f"{timing.least:.3f} - {timing.most:.3f} s"
        rows.append(f"| {name} | {timing.median:.3f} s | {spread} | {ratio:.1f}x |")
    return "\n".join(rows)


def main(rounds: int = ROUNDS) -> None:
    """Measure, print the table and keep the figures under ``benchmarks/results/``."""
    whole, match = captag_pipeline()
    timings = measure({STOCK: stock_blip_base(), COMPACT: whole, MATCH: match}, rounds)
    typer.echo(table(timings))
    RESULTS.parent.mkdir(exist_ok=True)
    seconds = {name: [t.median, t.least, t.most] for name, t in timings.items()}
    kept = {"machine": machine(), "rounds": rounds, "seconds": seconds}
    RESULTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
