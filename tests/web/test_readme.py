"""The README's examples for programs, run as they stand there against a real server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from captag import Pipeline, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    Serve = Callable[[Settings, Pipeline], int]

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
PHOTO = Path(str(files("captag_data"))) / "photos" / "dog.jpg"


def example(language: str, mark: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    (found,) = [block for block in blocks if mark in block]
    return str(found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the examples are run: with a photo."""
    shutil.copy(PHOTO, tmp_path / "photo.jpg")
    return tmp_path


@pytest.fixture
def at_the_server(serve: Serve, loaded: Pipeline, tmp_path: Path) -> Callable[[str], str]:
    """Put the address of a real server in the place of the usual one."""
    port = serve(Settings(data_folder=tmp_path / "data"), loaded)
    return lambda text: text.replace("127.0.0.1:5000", f"127.0.0.1:{port}")


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_client_does_what_it_says(
    folder: Path, at_the_server: Callable[[str], str]
) -> None:
    code = at_the_server(example("python", "import requests"))
    suggested, changed = run([sys.executable, "-c", code], folder).splitlines()
    assert suggested.startswith("a dog on a beach ['dog', 'beach'")
    assert "'in_use': True" in changed
    assert re.search(r"\ndog,.*,blocked,", (folder / "data" / "hashtags.csv").read_text("utf-8"))


@pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl")
def test_the_curl_commands_do_what_they_say(
    folder: Path, at_the_server: Callable[[str], str]
) -> None:
    commands = at_the_server(example("sh", "curl -F")).replace("curl ", "curl -sS --fail ")
    out = run(["/bin/sh", "-ec", commands], folder)
    answers = [json.loads(line) for line in out.splitlines()]
    assert answers[0]["caption"] == "a dog on a beach"
    assert answers[1]["hashtags"][0]["tag"] == "dog"
    assert answers[2]["in_use"] is True
    assert re.search(r"\ndog,.*,pinned,", (folder / "hashtags.csv").read_text("utf-8"))
