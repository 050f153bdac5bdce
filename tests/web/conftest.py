"""The application around faked stages that are loaded already."""

from __future__ import annotations

import os
import re
import shutil
import threading
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import make_server

from captag import Pipeline, Settings
from web import create_app
from web.serve import bind
from web.serve import server as new_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, Page

_REFUSAL = re.compile("with a status of 4(00|09|22) ")  # which the page shows itself
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture
def settings() -> Settings:
    return Settings(max_pixels=10_000, max_upload_bytes=100_000, max_wait_seconds=1)


@pytest.fixture
def loaded(pipeline: Pipeline) -> Pipeline:
    pipeline.load()
    return pipeline


@pytest.fixture
def client(settings: Settings, loaded: Pipeline) -> FlaskClient:
    return create_app(settings, loaded).test_client()


@pytest.fixture
def form(png: Callable[[int, int], bytes]) -> Callable[..., dict[str, Any]]:
    """Fill in the form with a photo: 20 x 10 pixels, unless other bytes are given."""

    def fill(data: bytes = png(20, 10), name: str = "dog.png", **fields: str) -> dict[str, Any]:
        return {"photo": (BytesIO(data), name), **fields}

    return fill


@pytest.fixture
def serve() -> Callable[[Settings, Pipeline], int]:
    """Serve on a free port, in a thread that ends with the tests; tell which port it is."""

    def start(settings: Settings, pipeline: Pipeline) -> int:
        listener = bind("127.0.0.1", 0)
        threading.Thread(target=new_server(settings, pipeline, listener).run, daemon=True).start()
        return int(listener.getsockname()[1])

    return start


@pytest.fixture
def serve_app() -> Iterator[Callable[[Flask], str]]:
    """Serve an application of one's own until the test ends; tell its address."""
    servers = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


# The page in a real browser: Debian's `chromium`, driven by Playwright


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None and "CI" not in os.environ:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page of its own; nothing may go wrong on it in silence."""
    contexts = []
    complaints: list[object] = []

    def complain(message: object) -> None:
        if not _REFUSAL.search(str(message)):
            complaints.append(message)

    def open_one(**options: object) -> Page:
        permissions = ["clipboard-read", "clipboard-write"]
        context = browser.new_context(permissions=permissions, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", complain)
        page.on("console", lambda message: complain(message.text))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def address(serve: Callable[[Settings, Pipeline], int], loaded: Pipeline) -> str:
    return f"http://127.0.0.1:{serve(Settings(), loaded)}/"


@pytest.fixture
def photos(tmp_path: Path, png: Callable[[int, int], bytes]) -> Callable[..., list[Path]]:
    """Write photos by what the faked captioner sees in them: `dog`, `cat`, `pizza`, or nothing."""
    sizes = {"dog": (640, 480), "cat": (480, 640), "pizza": (480, 480)}

    def write(*names: str) -> list[Path]:
        paths = [tmp_path / f"{name}.png" for name in names]
        for path in paths:
            path.write_bytes(png(*sizes[path.stem]) if path.stem in sizes else b"no photo")
        return paths

    return write
