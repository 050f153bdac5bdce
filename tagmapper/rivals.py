"""Things that are not each other: a caption that names a cat rules out ``#dog``.

To a sentence encoder a cat and a dog are near, and posts with cats carry ``#dog`` too; only a list
knows that who says one means not the other.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Self

Kind = tuple[int, int]  # family, kind within it

_WORD = re.compile(r"\w+")


class Rivals:
    """Families of things, each a tuple of kinds, each kind some words.

    Args:
        families: For each family the words of each of its kinds; a word stands for its plural too.
    """

    def __init__(self, families: Iterable[Sequence[Iterable[str]]]) -> None:
        self._kinds: dict[str, set[Kind]] = {}
        for family, kinds in enumerate(families):
            for kind, words in enumerate(kinds):
                for form in (form for word in words for form in _forms(word)):
                    self._kinds.setdefault(form, set()).add((family, kind))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one family a line: kinds apart by ``|``, words by spaces; ``#`` begins a comment."""
        lines = (line for line in text.splitlines() if line and not line.startswith("#"))
        return cls([kind.split() for kind in line.split("|")] for line in lines)

    @classmethod
    def default(cls) -> "Rivals":
        """Return those that are shipped with captag."""
        return _shipped()

    def named(self, text: str) -> frozenset[Kind]:
        """Return each kind of thing that a text names."""
        words = _WORD.findall(text.casefold())
        return frozenset(kind for word in words for kind in self._kinds.get(word, ()))

    def contradict(self, named: frozenset[Kind], meaning: str) -> bool:
        """Whether a meaning names a rival of what a caption names, which it does not name too."""
        families = {family for family, _ in named}
        return any(kind[0] in families for kind in self.named(meaning) - named)


def _forms(word: str) -> tuple[str, ...]:
    if word.endswith("y") and word[-2] not in "aeiou":
        return word, f"{word[:-1]}ies"
    return word, f"{word}s", f"{word}es", _IRREGULAR.get(word, word)


_IRREGULAR = {"man": "men", "woman": "women", "goose": "geese", "mouse": "mice", "wolf": "wolves"}


@cache
def _shipped() -> Rivals:
    return Rivals.parse((files("captag_data") / "rivals.txt").read_text("utf-8"))
