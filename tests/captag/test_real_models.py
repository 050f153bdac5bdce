"""From end to end, as a new user would: the real command, the real models, no network."""

from __future__ import annotations

import http.client
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    Environment = dict[str, str]

CAPTAG = [str(Path(sys.executable).with_name("captag"))]
PHOTOS = Path(str(files("captag_data"))) / "photos"
LOADING_SECONDS = 300  # a first start, beside other work, on a small machine
BOUNDARY = "photo-boundary"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A home folder in which nothing was ever cached, and no hub."""
    home = tmp_path_factory.mktemp("home")
    clean = {name: text for name, text in os.environ.items() if not name.startswith("CAPTAG_")}
    return clean | {
        "HOME": str(home),
        "HF_HUB_OFFLINE": "1",
        "CAPTAG_CACHE_FOLDER": str(home / "cache"),
    }


def captag(environment: Environment, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    command = [*CAPTAG, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, check=False)


def check_answer(answer: dict[str, Any]) -> None:
    tags = [each["tag"] for each in answer["hashtags"]]
    assert answer["error"] is None
    assert answer["model"] == "compact"
    assert len(answer["caption"].split()) > 2
    assert len(tags) == len(set(tags)) == 10
    assert all(each["keyword"] in answer["caption"] for each in answer["hashtags"])
    assert all(-1 <= each["score"] <= 1 for each in answer["hashtags"])


def test_photos_are_captioned_and_tagged_and_a_broken_one_is_reported(
    environment: Environment, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes((PHOTOS / "dog.jpg").read_bytes()[:2000])
    done = captag(environment, "tag", "--json", PHOTOS / "dog.jpg", broken, PHOTOS / "cat.jpg")
    assert done.returncode == 1, done.stderr.decode()
    dog, failed, cat = map(json.loads, done.stdout.splitlines())
    check_answer(dog)
    check_answer(cat)
    assert dog["caption"] != cat["caption"]
    assert "dog" in dog["caption"]
    assert failed["photo"] == str(broken)
    assert failed["error"]


def test_a_photo_from_standard_input_gives_the_same_as_the_file(environment: Environment) -> None:
    photo = PHOTOS / "pizza.jpg"
    with photo.open("rb") as stream:
        piped = subprocess.run(
            [*CAPTAG, "tag", "--json", "-"],
            env=environment,
            stdin=stream,
            capture_output=True,
            check=True,
        )
    named = captag(environment, "tag", "--json", photo)
    assert json.loads(piped.stdout) == {**json.loads(named.stdout), "photo": "-"}


def test_a_caption_alone_gives_ten_hashtags(environment: Environment) -> None:
    done = captag(environment, "match", "--json", "a dog on a beach")
    assert done.returncode == 0, done.stderr.decode()
    tags = [each["tag"] for each in json.loads(done.stdout)["hashtags"]]
    assert len(tags) == 10
    assert "dog" in " ".join(tags).lower()


def test_the_shipped_vocabulary_is_in_order(environment: Environment) -> None:
    done = captag(environment, "vocabulary", "check")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.endswith(b"Nothing to mend.\n")


def test_the_shipped_model_is_here(environment: Environment) -> None:
    table, precision = captag(environment, "models").stdout.decode().split("\n\n")
    here = {line.split()[0]: " yes " in line for line in table.splitlines()[1:]}
    assert here == {"compact": True, "base": False, "large": False}
    assert precision.startswith("compact computes in ")


def test_a_captioner_that_is_not_there_is_a_sentence(environment: Environment) -> None:
    done = captag(environment, "tag", "--captioner", "/no/such/model", PHOTOS / "dog.jpg")
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"captag: " in done.stderr


# captag serve


@pytest.fixture(scope="module")
def address(environment: Environment) -> Iterator[str]:
    """Serve on a free port, with a first start's empty cache, until the tests are done."""
    command = [*CAPTAG, "serve", "--port", "0"]
    with subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_take_ctrl_c,
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("captag: the page is at http://127.0.0.1:")
            yield line.split()[-1].removeprefix("http://")
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
            assert process.stderr is not None
            assert "Traceback" not in process.stderr.read()
        finally:
            process.kill()  # else a test that failed would wait for it for ever


def _take_ctrl_c() -> None:
    """As in a terminal, although a shell has its background jobs ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def ask(
    address: str, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, str]:
    with closing(http.client.HTTPConnection(address, timeout=LOADING_SECONDS)) as connection:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def post_photo(address: str, path: str, photo: Path) -> tuple[int, str]:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photo"; filename="{photo.name}"'
    body = f"{head}\r\n\r\n".encode() + photo.read_bytes() + f"\r\n--{BOUNDARY}--\r\n".encode()
    form = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return ask(address, "POST", path, body, form)


def test_the_page_answers_at_once_and_a_photo_posted_early_waits(address: str) -> None:
    status, html = ask(address, "GET", "/")
    assert status == 200
    assert "fit your" in html
    status, html = post_photo(address, "/", PHOTOS / "dog.jpg")
    assert status == 200
    assert len(re.findall(r'<span class="tag">#\w', html)) == 10
    assert "<mark " in html


def test_a_photo_posted_by_a_program_comes_back_with_ten_hashtags(address: str) -> None:
    deadline = time.monotonic() + LOADING_SECONDS
    while ask(address, "GET", "/healthz")[0] != 200 and time.monotonic() < deadline:
        time.sleep(0.5)
    status, health = ask(address, "GET", "/healthz")
    assert (status, json.loads(health)) == (200, {"status": "ready", "model": "compact"})
    status, answer = post_photo(address, "/api/v1/suggestions", PHOTOS / "dog.jpg")
    assert status == 200
    check_answer(json.loads(answer))


# What the README shows

README = Path(__file__).parents[2] / "README.md"


def printed_in_readme() -> list[tuple[str, str]]:
    """Each command that the README shows with what it printed."""
    blocks = re.findall(r"^```\n(\$ .*?)^```$", README.read_text("utf-8"), re.M | re.S)
    shown = [part for block in blocks for part in re.split(r"^\$ ", block, flags=re.M)[1:]]
    return [(command, printed) for command, _, printed in (each.partition("\n") for each in shown)]


@pytest.mark.parametrize("command", [command for command, _ in printed_in_readme()])
def test_the_readme_shows_what_is_really_printed(environment: Environment, command: str) -> None:
    name, *arguments = shlex.split(command)
    assert name == "captag"
    done = subprocess.run(
        [*CAPTAG, *arguments],
        env={**environment, "CAPTAG_PRECISION": "float32"},  # the last digits of int8 are others
        cwd=README.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == dict(printed_in_readme())[command].strip()
