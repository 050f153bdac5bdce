"""Where the README's tables of figures stand."""

from __future__ import annotations

from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def write_between(readme: Path, begin: str, end: str, text: str) -> None:
    """Put a text between two marks in the README, in place of what is there."""
    whole = readme.read_text("utf-8")
    before, _, rest = whole.partition(begin)
    _, _, after = rest.partition(end)
    readme.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
