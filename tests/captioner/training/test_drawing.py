"""The drawing of how sure the captions are against how right."""

from pathlib import Path

from captioner.training.drawing import draw_reliability


def test_each_set_of_photos_has_a_line_and_its_name(tmp_path: Path) -> None:
    path = tmp_path / "drawing.svg"
    draw_reliability({"dev": [(0.3, 0.2, 10), (0.9, 0.95, 90)], "ours": [(0.5, 0.5, 7)]}, path)
    drawn = path.read_text(encoding="utf-8")
    assert "dev (100 photos)" in drawn
    assert "ours (7 photos)" in drawn


def test_the_same_figures_give_the_same_file(tmp_path: Path) -> None:
    paths = [tmp_path / "one.svg", tmp_path / "other.svg"]
    for path in paths:
        draw_reliability({"dev": [(0.3, 0.2, 10)]}, path)
    first, second = (path.read_bytes() for path in paths)
    assert first == second
