"""What the command line prints: one line of JSON an answer, or text for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from captag.answers import Answer
    from captioner import KnownModel
    from tagmapper import Vocabulary

BYTES_IN_A_MEGABYTE = 1_000_000
GUESS = "(a guess: captag is not sure what this photo shows)"


def printable(name: str) -> str:
    """Make the name of a file safe for any terminal: no escape sequences, no broken Unicode."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name
    )


def json_line(answer: Answer) -> str:
    """Put one answer on one line; hashtags in any script stay readable."""
    return json.dumps(answer | {"photo": printable(answer["photo"])}, ensure_ascii=False)


def suggestion_text(answer: Answer) -> str:
    """Show the photo, its caption, each hashtag with its reason, and all of them to copy."""
    heading = [printable(answer["photo"])] if answer["photo"] else []
    caption = [answer["caption"], *([GUESS] if answer["is_guess"] else [])]
    return "\n".join([*heading, *caption, "", *_reasons(answer), "", _to_copy(answer), ""])


def models_text(models: Sequence[KnownModel]) -> str:
    """Show the caption models that have a short name, as a table."""
    rows = [("NAME", "SIZE", "HERE", "LICENCE", "WHERE")]
    for model in models:
        size = f"{model.size_bytes / BYTES_IN_A_MEGABYTE:,.0f} MB"
        here = "yes" if model.is_here else "no"
        rows.append((model.alias, size, here, model.licence, model.location))
    return _table(rows)


def vocabulary_text(name: str, vocabulary: Vocabulary) -> str:
    """Say that a vocabulary can be used, and what is in it."""
    states = [hashtag.state for hashtag in vocabulary]
    return (
        f"{name}: {len(vocabulary):,} hashtags, {states.count('blocked'):,} of them blocked and"
        f" {states.count('pinned'):,} pinned. Nothing to mend."
    )


def _reasons(answer: Answer) -> list[str]:
    rows = [
        (f"#{each['tag']}", f"{each['score']:.2f}", each["keyword"]) for each in answer["hashtags"]
    ]
    return [f"  {line}" for line in _table(rows).splitlines()] or ["  No hashtag is near enough."]


def _to_copy(answer: Answer) -> str:
    return " ".join(f"#{each['tag']}" for each in answer["hashtags"])


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    """Align the columns to the left; the last one is left as it is."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
