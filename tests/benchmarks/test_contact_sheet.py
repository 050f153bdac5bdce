"""The contact sheet, with parts whose answers are known."""

from pathlib import Path

import pytest
from fakes import FakeCaptioner, FakeMapper
from PIL import Image

from benchmarks import captions
from captag import Pipeline


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def build(_settings: object) -> Pipeline:
        return Pipeline(FakeCaptioner(), FakeMapper())

    monkeypatch.setattr(captions, "build_pipeline", build)
    photos = tmp_path / "<b>photos"
    photos.mkdir()
    Image.new("RGB", (900, 600), "red").save(photos / "a dog.jpg")
    (photos / "broken.jpg").write_bytes(b"no photo")
    return photos


def test_the_sheet_shows_every_photo_and_says_which_cannot_be_read(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sheet.html"
    captions.main(folder, out)
    html = out.read_text()
    assert "a dog on a beach" in html
    assert "#dog #beach" in html
    assert "broken.jpg" in html
    assert html.count("<img ") == 1
    assert "2 photos in" in capsys.readouterr().out


def test_the_sheet_needs_nothing_beside_it_and_no_name_becomes_markup(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "sheet.html"
    captions.main(folder, out)
    html = out.read_text()
    assert "http" not in html
    assert "<b>photos" not in html
    assert 'src="data:image/jpeg;base64,' in html
    assert len(html) < 60_000  # a thumbnail, not the photo
