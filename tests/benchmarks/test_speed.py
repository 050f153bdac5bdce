"""The arithmetic of the speed benchmark; what it measures is measured by `make bench`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import gpu
from benchmarks.speed import BATCHED, BEGIN, COMPACT, END, ONE_BY_ONE, STOCK, table
from benchmarks.tables import write_between
from benchmarks.timing import Timing, measure


def test_things_take_turns_and_the_first_round_does_not_count() -> None:
    calls: list[str] = []
    timings = measure({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=2)
    assert calls == ["a", "b"] * 3
    assert [len(timing.seconds) for timing in timings.values()] == [2, 2]


def test_a_ratio_is_of_the_medians_and_its_spread_of_the_rounds() -> None:
    stock, ours = Timing((4.0, 6.0, 5.0)), Timing((1.0, 2.0, 2.5))
    assert ours.times_faster_than(stock) == (2.5, 2.0, 4.0)


@pytest.fixture
def kept() -> dict[str, Any]:
    return {
        "machine": {
            "processor": "Abacus",
            "threads": "2",
            "instructions": "AVX2",
            "load before": "0.1 0.2 0.3",
            "torch": "2.13.0",
            "transformers": "5.23.0",
        },
        "rounds": 2,
        "chosen": {"BLIP-base": "int8", "compact": "float32"},
        "same tokens": True,
        "skipped": {"stock in bfloat16": "skipped: emulated"},
        "share of the roofline": {STOCK: 0.5},
        "seconds": {STOCK: [4, 4], ONE_BY_ONE: [9, 9], BATCHED: [3, 3], COMPACT: [0.5, 0.25]},
    }


def test_the_table_holds_each_against_what_it_is_compared_with(kept: dict[str, Any]) -> None:
    rows = table(kept).splitlines()
    assert f"| {STOCK} | 4.000 s | 4.000 - 4.000 s |  | 50% |" in rows
    assert f"| {BATCHED} | 3.000 s | 3.000 - 3.000 s | 3.0x (3.0 to 3.0) |  |" in rows
    assert f"| {COMPACT} | 0.375 s | 0.250 - 0.500 s | 10.7x (8.0 to 16.0) |  |" in rows
    assert "| stock in bfloat16 | skipped: emulated | | | |" in rows
    assert "Tokens of captag's float32: the same as stock's." in rows[-1]


def test_tokens_that_differ_are_not_passed_over(kept: dict[str, Any]) -> None:
    assert "NOT the same" in table(kept | {"same tokens": False})


def test_the_table_is_put_between_its_marks(kept: dict[str, Any], tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    write_between(readme, BEGIN, END, table(json.loads(json.dumps(kept))))
    assert readme.read_text() == f"before\n{BEGIN}\n{table(kept)}\n{END}\nafter\n"


def test_the_gpu_s_table_tells_the_time_of_a_photo_and_how_many_times_faster() -> None:
    seconds = {
        f"{who}, {photos} photos": [photos * each] * 3
        for photos in gpu.BATCHES
        for who, each in ((gpu.BASELINE, 0.3), ("captag, float32", 0.1))
    }
    about = {"torch": "2.13.0", "transformers": "5.23.0"}
    kept = {"machine": about, "device": "A GPU", "rounds": 3, "seconds": seconds}
    head, _, first, *_, told = gpu.table(kept | {"same tokens": False}).splitlines()
    assert head == "| photos at once | stock, float32 | captag, float32 |"
    assert first == "| 1 | 300.0 ms | 100.0 ms, 3.0x |"
    assert told.startswith("A GPU, torch 2.13.0")
    assert "NOT the same as stock's" in told
