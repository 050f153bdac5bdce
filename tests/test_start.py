"""What a start costs: which modules, and how long their import takes.

The limits are generous, for a machine that does other things too.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

MOST_SECONDS = 10
# `-X importtime`: self [us] | cumulative | indented name
LINE = re.compile(r"^import time:\s+(\d+) \|\s+(\d+) \|\s*(\S+)$", re.MULTILINE)
DOG = Path(__file__).parents[1] / "data" / "photos" / "dog.jpg"

COMMAND = """
import sys
from captag.cli import main
try:
    main(sys.argv[1:])
finally:
    print(*sys.modules)
"""
FIRST_PAGE = """
import sys
from captag import Settings, build_pipeline
from web.serve import bind, server
with bind("127.0.0.1", 0) as listener:
    server(Settings(), build_pipeline(Settings()), listener)
    print(*sys.modules)
"""
# What makes captions and hashtags, and what these libraries import in vain.
MODELS = {"torch", "transformers", "sentence_transformers", "nltk"}
IN_VAIN = {
    *("scipy", "sklearn", "sympy", "pandas", "matplotlib", "torchvision"),
    *("torch._dynamo", "torch._inductor", "torch.distributed.tensor", "torch.distributed.fsdp"),
}


def start(code: str, *arguments: str) -> tuple[set[str], float]:
    """Run a program; tell which modules it has in the end, and the seconds their import took."""
    command = [sys.executable, "-X", "importtime", "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = sum(int(own) / 1e6 for own, _, _ in LINE.findall(done.stderr))
    return set(done.stdout.splitlines()[-1].split()), seconds


@pytest.fixture(scope="module")
def tagged() -> tuple[set[str], float]:
    return start(COMMAND, "tag", str(DOG))


def test_what_tagging_a_photo_imports_is_imported_quickly(tagged: tuple[set[str], float]) -> None:
    modules, seconds = tagged
    assert modules >= MODELS
    assert seconds < MOST_SECONDS


def test_tagging_a_photo_imports_nothing_in_vain(tagged: tuple[set[str], float]) -> None:
    modules, _ = tagged
    assert modules & IN_VAIN == set()


def test_help_imports_no_model_and_no_page() -> None:
    modules, _ = start(COMMAND, "--help")
    assert modules & {*MODELS, *IN_VAIN, "flask", "numpy", "PIL"} == set()


def test_the_page_is_served_before_anything_of_the_models_is_imported() -> None:
    modules, _ = start(FIRST_PAGE)
    assert "flask" in modules
    assert modules & {*MODELS, *IN_VAIN} == set()
