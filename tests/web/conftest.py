"""The application around faked stages that are loaded already."""

from __future__ import annotations

import threading
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from captag import Pipeline, Settings
from web import create_app
from web.serve import bind, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient


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
        threading.Thread(target=run, args=[settings, pipeline, listener], daemon=True).start()
        return int(listener.getsockname()[1])

    return start
