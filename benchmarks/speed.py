"""How fast captions and hashtags are: medians and ratios, all in one run, in turn.

``python -m benchmarks.speed`` (`make bench`) measures, prints, and keeps the figures in
``benchmarks/results/speed-cpu.json`` (with ``--device cuda`` those of `benchmarks.gpu` beside it);
``python -m benchmarks.speed --table-only`` writes the README's table from what is kept.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import typer

from benchmarks.runtimes import DECODER, ENCODER, RUNTIME
from benchmarks.tables import publish
from benchmarks.timing import Timing, machine, measure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.contestants import Ours

ROUNDS = 5
PHOTOS = 16
RESULTS = Path(__file__).parent / "results" / "speed-cpu.json"
BEGIN, END = "<!-- speed: python -m benchmarks.speed -->", "<!-- end of speed -->"
PACKAGES = ("torch", "transformers", "sentence-transformers")

STOCK = "stock BLIP-base, float32"
STOCK_BF16 = "stock BLIP-base, bfloat16"
RUNTIMES = "ONNX Runtime and OpenVINO"
EXACT = "captag, BLIP-base, float32: the same tokens"
FAST = "captag, BLIP-base, as chosen"
ONE_BY_ONE = f"captag, BLIP-base, {PHOTOS} photos one by one"
BATCHED = f"captag, BLIP-base, {PHOTOS} photos batched"
COMPACT = "captag, default model: photo bytes to ten hashtags"
MATCH = "captag: caption to ten hashtags"
PARTS = {
    "exact encoder": "photo encoder, float32",
    "exact decoder": "decoder, float32",
    "fast encoder": "photo encoder, as chosen",
    "fast decoder": "decoder, as chosen",
}
PRODUCT, COPY = "a matrix product", "a memory copy"
BESIDE = {part: f"captag, {part}, as chosen, beside these" for part in (ENCODER, DECODER)}
BASELINES = {  # what each is held against
    **dict.fromkeys((STOCK_BF16, EXACT, FAST, COMPACT), STOCK),
    BATCHED: ONE_BY_ONE,
    **BESIDE,
}


def run(rounds: int) -> dict[str, Any]:
    """Measure everything on the processor; what is kept of it."""
    import torch

    from benchmarks import contestants, roofline, runtimes

    about = machine(PACKAGES)
    product = contestants.product()
    stock = contestants.Stock(torch.float32, "cpu")
    exact, fast = contestants.Ours("float32", "cpu"), contestants.Ours("auto", "cpu")
    things: dict[str, Callable[[], object]] = {
        STOCK: stock.tokens,
        EXACT: exact.tokens,
        FAST: fast.tokens,
        ONE_BY_ONE: lambda: fast.one_by_one(PHOTOS),
        BATCHED: lambda: fast.batched(PHOTOS),
        COMPACT: product.whole,
        MATCH: product.match,
        PARTS["exact encoder"]: exact.encode,
        PARTS["exact decoder"]: exact.decode,
        PARTS["fast encoder"]: fast.encode,
        PARTS["fast decoder"]: fast.decode,
        PRODUCT: roofline.product(),
        COPY: roofline.copy(),
    }
    skipped = {STOCK_BF16: contestants.why_no_bfloat16(), RUNTIMES: runtimes.why_missing()}
    if not skipped[STOCK_BF16]:
        things[STOCK_BF16] = contestants.Stock(torch.bfloat16, "cpu").tokens
    timings = measure(things, rounds)
    if not skipped[RUNTIMES]:
        beside = {BESIDE[ENCODER]: fast.encode, BESIDE[DECODER]: fast.decode}
        with TemporaryDirectory() as folder:  # last: their threads slow down whoever comes after
            timings |= measure(beside | runtimes.contestants(folder), rounds)
    return {
        "machine": about,
        "rounds": rounds,
        "chosen": {"BLIP-base": fast.choice.precision, "compact": product.choice.precision},
        "why": {"BLIP-base": fast.choice.reason, "compact": product.choice.reason},
        "same tokens": exact.tokens() == stock.tokens(),
        "skipped": {name: why for name, why in skipped.items() if why},
        "share of the roofline": _shares(timings, {"exact": exact, "fast": fast}),
        "seconds": {name: timing.seconds for name, timing in timings.items()},
    }


def _shares(timings: Mapping[str, Timing], engines: Mapping[str, Ours]) -> dict[str, float]:
    """How near the parts come to the machine's own speed: name -> share."""
    from benchmarks import contestants, roofline

    product = roofline.product_rate(timings[PRODUCT].median)
    copy = roofline.copy_rate(timings[COPY].median)
    found = {}
    for name, ours in engines.items():
        encoder, decoder = PARTS[f"{name} encoder"], PARTS[f"{name} decoder"]
        operations = roofline.encoder_operations(ours)
        read = roofline.decoder_bytes(ours, contestants.TOKENS)
        found[encoder] = operations / timings[encoder].median / product
        found[decoder] = read / timings[decoder].median / copy
    return found


def table(kept: Mapping[str, Any]) -> str:
    """What is kept, as Markdown."""
    timings = {name: Timing(tuple(seconds)) for name, seconds in kept["seconds"].items()}
    rows = ["| | median | least - most | times faster | of the roofline |", "|---|---|---|---|---|"]
    for name, timing in timings.items():
        spread = f"{min(timing.seconds):.3f} - {max(timing.seconds):.3f} s"
        share = kept["share of the roofline"].get(name)
        told = "" if share is None else f"{share:.0%}"
        rows.append(
            f"| {name} | {timing.median:.3f} s | {spread} | {_ratio(name, timings)} | {told} |"
        )
    rows += [f"| {name} | {why} | | | |" for name, why in kept["skipped"].items()]
    return "\n".join([*rows, "", _legend(kept)])


def _ratio(name: str, timings: Mapping[str, Timing]) -> str:
    baseline = BASELINES.get(name.split(", ")[1] if RUNTIME.match(name) else name)
    if baseline is None:
        return ""
    ratio, least, most = timings[name].times_faster_than(timings[baseline])
    return f"{ratio:.1f}x ({least:.1f} to {most:.1f})"


def _legend(kept: Mapping[str, Any]) -> str:
    about, chosen = kept["machine"], kept["chosen"]
    same = "the same as" if kept["same tokens"] else "NOT the same as"
    return (
        f"{about['processor']}, {about['threads']} threads, {about['instructions']}, torch"
        f" {about['torch']}, transformers {about['transformers']}; {kept['rounds']} rounds after"
        f" one to warm up, load before them {about['load before'].split()[0]}. Chosen:"
        f" {chosen['BLIP-base']} for BLIP-base, {chosen['compact']} for the default model. Times"
        f" faster: than stock float32, for the batch than one by one, for other runtimes than"
        f" captag's part as chosen, with the least and the most of a round. Tokens of captag's"
        f" float32: {same} stock's. The roofline of the photo encoder is a float32 matrix product,"
        " that of the decoder a memory copy."
    )


def main(rounds: int = ROUNDS, device: str = "cpu", table_only: bool = False) -> None:
    """Measure, print and keep the figures, and write the README's table from them."""
    if device != "cpu":
        from benchmarks.gpu import main as on_a_gpu

        on_a_gpu(device, rounds, table_only=table_only)
        return
    publish(RESULTS, None if table_only else run(rounds), table, (BEGIN, END))


if __name__ == "__main__":
    typer.run(main)
