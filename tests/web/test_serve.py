"""The served page with both stages faked; the real ones are in `tests/captag`."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from fakes import FakeMapper, HeldCaptioner
from PIL import Image

from captag import Pipeline, Settings
from captag.cli import main
from web.serve import ServeError, address_of, bind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Serve = Callable[[Settings, Pipeline], int]
    Connect = Callable[[Settings, Pipeline], http.client.HTTPConnection]

BOUNDARY = "photo-boundary"


@pytest.fixture
def connect(serve: Serve) -> Iterator[Connect]:
    """Serve and connect; the connection is closed at the end."""
    with ExitStack() as stack:
        yield lambda settings, pipeline: stack.enter_context(
            closing(http.client.HTTPConnection("127.0.0.1", serve(settings, pipeline), timeout=30))
        )


def post_photo(connection: http.client.HTTPConnection, data: bytes) -> http.client.HTTPResponse:
    head = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data;"
        ' name="photo"; filename="noise.png"\r\n\r\n'
    )
    body = head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    connection.request("POST", "/api/v1/suggestions", body, headers)
    return connection.getresponse()


def noise(side: int) -> bytes:
    """Make a photo that cannot be compressed: three bytes a pixel."""
    stream = BytesIO()
    Image.effect_noise((side, side), 100).convert("RGB").save(stream, "BMP")
    return stream.getvalue()


def test_a_large_photo_is_answered_without_touching_the_disk(
    connect: Connect, pipeline: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "no such folder"))
    pipeline.load()
    photo = noise(1000)
    assert len(photo) > 3_000_000
    connection = connect(Settings(), pipeline)
    answer = post_photo(connection, photo)
    assert answer.status == 200
    assert json.load(answer)["caption"] == "a pizza"


def test_an_upload_over_the_limit_is_refused_in_words(connect: Connect, pipeline: Pipeline) -> None:
    connection = connect(Settings(max_upload_bytes=200_000), pipeline)
    answer = post_photo(connection, noise(300))
    assert answer.status == 413
    assert json.load(answer)["detail"] == "That is more than 0.2 MB. Choose a smaller file."


def test_an_upload_far_over_the_limit_is_not_even_read(
    connect: Connect, pipeline: Pipeline
) -> None:
    connection = connect(Settings(max_upload_bytes=200_000), pipeline)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", "400001")
    connection.endheaders()
    assert connection.getresponse().status == 413


def test_the_first_visitor_does_not_wait_for_templates_to_be_compiled(
    connect: Connect, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connect(Settings(), pipeline)
    monkeypatch.delattr("jinja2.Environment.compile")
    connection.request("GET", "/")
    assert connection.getresponse().status == 200


def test_the_server_does_not_name_itself(connect: Connect, pipeline: Pipeline) -> None:
    connection = connect(Settings(), pipeline)
    connection.request("GET", "/healthz")
    assert connection.getresponse().getheader("Server") is None


# Who may tune


@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        (Settings(), 0),
        (Settings(host="192.0.2.7"), 1),
        (Settings(host="192.0.2.7", admin_token="x"), 0),
        (Settings(proxies=1), 1),
    ],
)
def test_the_log_says_where_tuning_is_off(
    settings: Settings,
    lines: int,
    connect: Connect,
    pipeline: Pipeline,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "captag")
    connection = connect(settings, pipeline)
    connection.request("GET", "/healthz")
    connection.getresponse()
    assert caplog.text.count("tuning is off at this address; CAPTAG_ADMIN_TOKEN") == lines


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_a_visitor_of_a_proxy_on_this_machine_is_told_from_the_machine_itself(
    connect: Connect, pipeline: Pipeline, header: str
) -> None:
    connection = connect(Settings(), pipeline)
    may_tune = []
    for headers in ({}, {header: "for=192.0.2.9"}):
        connection.request("GET", "/api/v1/vocabulary/status", headers=headers)
        may_tune.append(json.load(connection.getresponse())["may_tune"])
    assert may_tune == [True, False]


# The address


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:"),
        ("localhost", "http://127.0.0.1:"),
        ("0.0.0.0", "http://127.0.0.1:"),
        ("::1", "http://[::1]:"),
    ],
)
def test_the_address_is_one_that_a_browser_takes(host: str, address: str) -> None:
    if ":" in host and not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with bind(host, 0) as listener:
        assert address_of(listener) == f"{address}{listener.getsockname()[1]}"


def test_a_port_in_use_is_refused_with_what_to_do() -> None:
    with bind("127.0.0.1", 0) as other:
        port = other.getsockname()[1]
        with pytest.raises(ServeError, match=f"Port {port} of 127.0.0.1 is in use.*--port"):
            bind("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "::g"])
def test_an_address_that_is_not_ours_is_refused(host: str) -> None:
    with pytest.raises(ServeError, match="Cannot serve on port 0 of"):
        bind(host, 0)


def test_the_command_refuses_a_port_in_use_with_status_2(
    pipeline: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    with bind("127.0.0.1", 0) as other:
        port = other.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            main(["serve", "--port", str(port)], lambda _settings: pipeline)
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"captag: Port {port} of 127.0.0.1 is in use;")
    assert len(err.splitlines()) == 1


def test_the_command_refuses_a_port_that_is_none() -> None:
    code = "from captag.cli import main; main(['serve', '--port', '70000'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 2


def test_a_photo_whose_sender_has_gone_is_not_captioned(serve: Serve) -> None:
    captioner = HeldCaptioner()
    pipeline = Pipeline(captioner, FakeMapper())
    captioner.go.set()
    pipeline.load()
    captioner.hold()
    port = serve(Settings(), pipeline)
    first, gone = (http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(2))
    with closing(first), ThreadPoolExecutor(1) as pool:
        answer = pool.submit(post_photo, first, noise(10))
        assert captioner.begun.wait(10)
        gone.timeout = 0.5
        with closing(gone), pytest.raises(TimeoutError):
            post_photo(gone, noise(10))
        time.sleep(0.5)  # until the server has seen it go
        captioner.go.set()
        assert answer.result().status == 200
    time.sleep(0.2)
    assert captioner.batches == [1]
