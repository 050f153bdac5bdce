"""What tests of more than one package begin with."""

from __future__ import annotations

import os
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from fakes import FakeCaptioner, FakeMapper
from PIL import Image

from captag import Pipeline

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name in os.environ:
        if name.startswith("CAPTAG_") or name == "PORT":
            monkeypatch.delenv(name)
    # What was tuned on this machine is its own affair, and no test may write there.
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))


@pytest.fixture
def pipeline() -> Pipeline:
    """Both stages faked: see `fakes.py` for what they answer."""
    return Pipeline(FakeCaptioner(), FakeMapper())


@pytest.fixture
def png() -> Callable[[int, int], bytes]:
    """Encode an orange PNG of any size."""

    def encode(width: int, height: int) -> bytes:
        stream = BytesIO()
        Image.new("RGB", (width, height), "orange").save(stream, "PNG")
        return stream.getvalue()

    return encode
