"""How much memory `captag serve` holds after many photos: it must not grow.

``python -m benchmarks.memory`` serves on a free port, posts photos of many sizes to the API, and
writes what the process holds into ``benchmarks/results/memory.json`` (Linux: from ``/proc``).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import requests
import typer
from PIL import Image
from tqdm import tqdm

from benchmarks.timing import machine

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = Path(__file__).parent / "results" / "memory.json"
READINGS = 10
LONGEST = 4000  # pixels, of the longer side
LOADING_SECONDS = 300
PACKAGES = ("torch", "transformers", "sentence-transformers")


def main(photos: int = 1000) -> None:
    """Serve, post, and print what is held after each tenth of the photos."""
    environment = os.environ | {
        "CAPTAG_PORT": "0",
        "CAPTAG_PHOTOS_PER_MINUTE": "100000",
        "CAPTAG_REQUESTS_PER_MINUTE": "100000",
    }
    command = [sys.executable, "-c", "from captag.cli import main; main()", "serve"]
    with subprocess.Popen(  # noqa: S603 - this very Python
        command, stdout=subprocess.PIPE, text=True, env=environment
    ) as server:
        try:
            held = _post(_address(server), server.pid, photos)
        finally:
            server.terminate()
    for count, size in held.items():
        typer.echo(f"{count} photos: {size / 1e6:.0f} MB")
    kept = {"machine": machine(PACKAGES), "bytes after photos": held}
    RESULTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def _address(server: subprocess.Popen[str]) -> str:
    """Where it serves, as it says itself."""
    assert server.stdout is not None  # noqa: S101 - a pipe was asked for
    for line in server.stdout:
        found = re.search(r"http://[\w.:]+", line)
        if found:
            return found.group()
    raise typer.BadParameter(f"the server ended with {server.wait()} before it served.")


def _post(address: str, process: int, photos: int) -> dict[int, int]:
    """Post photos one after the other; what the process holds after each tenth of them."""
    held = {}
    with requests.Session() as client:
        _wait_until_loaded(client, address)
        for count, photo in enumerate(tqdm(_photos(photos), total=photos), start=1):
            answer = client.post(f"{address}/api/v1/suggestions", files={"photo": photo})
            answer.raise_for_status()
            if count == 1 or count % max(photos // READINGS, 1) == 0:
                held[count] = resident(process)
    return held


def _wait_until_loaded(client: requests.Session, address: str) -> None:
    end = time.monotonic() + LOADING_SECONDS
    while time.monotonic() < end:
        if client.get(f"{address}/healthz").ok:
            return
        time.sleep(1)
    raise typer.BadParameter(f"the models were not loaded within {LOADING_SECONDS} seconds.")


def _photos(count: int) -> Iterator[bytes]:
    """The shipped photos as JPEG, over and over, each time in another size."""
    shipped = sorted((files("captag_data") / "photos").iterdir(), key=lambda path: path.name)
    images = [Image.open(BytesIO(path.read_bytes())).convert("RGB") for path in shipped]
    for number in range(count):
        image = images[number % len(images)]
        longest = 200 + number * 37 % (LONGEST - 200)
        scale = longest / max(image.size)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        stream = BytesIO()
        image.resize(size).save(stream, "JPEG")
        yield stream.getvalue()


def resident(process: int) -> int:
    """Bytes of a process in memory, mapped files among them."""
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    typer.run(main)
