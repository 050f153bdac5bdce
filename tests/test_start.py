"""What a start costs: which modules, and how long their import takes.

The limits are generous, for a machine that does other things too.
"""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

MOST_SECONDS = 10
# `-X importtime`: self [us] | cumulative | indented name
LINE = re.compile(r"^import time:\s+(\d+) \|\s+(\d+) \|\s*(\S+)$", re.MULTILINE)

START = """
from captag import Settings, build_pipeline
from captioner.engine import Engine
from captioner.blip import BlipCaptioner
pipeline = build_pipeline(Settings())
"""


def import_seconds(code: str) -> dict[str, float]:
    """Seconds that each module took by itself."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, check=True
    )
    return {name: int(own) / 1e6 for own, _, name in LINE.findall(done.stderr)}


@pytest.fixture(scope="module")
def imported() -> dict[str, float]:
    return import_seconds(START)


def test_what_a_start_imports_is_imported_quickly(imported: dict[str, float]) -> None:
    assert "torch" in imported
    assert sum(imported.values()) < MOST_SECONDS


@pytest.mark.parametrize(
    "unused",
    ["torchvision", "scipy", "sklearn", "pandas", "matplotlib", "torch._inductor"],
)
def test_nothing_is_imported_that_a_start_does_not_use(
    imported: dict[str, float], unused: str
) -> None:
    assert unused not in imported
