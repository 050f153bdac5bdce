"""Figures that are kept, and the README's tables of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

README = Path(__file__).parents[1] / "README.md"


def write_between(readme: Path, begin: str, end: str, text: str) -> None:
    """Put a text between two marks in the README, in place of what is there."""
    whole = readme.read_text("utf-8")
    before, _, rest = whole.partition(begin)
    _, _, after = rest.partition(end)
    readme.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def publish(
    results: Path,
    measured: Mapping[str, Any] | None,
    table: Callable[[Mapping[str, Any]], str],
    marks: tuple[str, str],
) -> None:
    """Print a table of figures and write it into the README.

    Args:
        results: Where the figures are kept.
        measured: To be kept there; None for those that are.
        table: Makes Markdown of them.
        marks: Between which it stands.
    """
    if measured is not None:
        results.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    text = table(json.loads(results.read_text("utf-8")))
    typer.echo(text)
    write_between(README, *marks, text)
