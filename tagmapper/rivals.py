"""Things that are not each other: a caption that names a cat rules out ``#dog``.

To a sentence encoder a cat and a dog are near, and posts with cats carry ``#dog`` too; only a list
knows that who says one means not the other. And some things are not guessed where nothing hints at
them: who says "a child" has not said a girl.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Self

from tagmapper.plurals import PLURALS

Kind = tuple[int, int]  # family, kind within it

_WORD = re.compile(r"\w+")
_ANY = "*"  # a kind that every caption names
_HINTS = "<"  # what follows names a kind in captions alone


class Rivals:
    """Families of things, each a tuple of kinds, each kind some words.

    Args:
        families: For each family the words of each of its kinds; a word stands for its plural too.
            Words after ``<`` name a kind in captions alone. Of a family with a kind ``*`` no other
            is offered unless it is named.
    """

    def __init__(self, families: Iterable[Sequence[Iterable[str]]]) -> None:
        self._kinds: dict[str, set[Kind]] = {}
        self._hints: dict[str, set[Kind]] = {}
        self._guarded: set[int] = set()
        for family, kinds in enumerate(families):
            for kind, words in enumerate(map(list, kinds)):
                if words == [_ANY]:
                    self._guarded.add(family)
                    continue
                end = words.index(_HINTS) if _HINTS in words else len(words)
                _learn(self._kinds, words[:end], (family, kind))
                _learn(self._hints, words[end + 1 :], (family, kind))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one family a line: kinds apart by ``|``, words by spaces; ``#`` begins a comment."""
        lines = (line for line in text.splitlines() if line and not line.startswith("#"))
        return cls([kind.split() for kind in line.split("|")] for line in lines)

    @classmethod
    def default(cls) -> "Rivals":
        """Return those that are shipped with captag."""
        return _shipped()

    def named(self, caption: str) -> frozenset[Kind]:
        """Return each kind of thing that a caption names or hints at."""
        return _found(self._kinds, caption) | _found(self._hints, caption)

    def contradict(self, named: frozenset[Kind], meaning: str) -> bool:
        """Whether a meaning names a rival of what a caption names, or guesses what it does not.

        Of several meanings, apart by ``;``, one that does neither is enough.
        """
        return all(
            any(self._rules_out(kind, named) for kind in _found(self._kinds, part) - named)
            for part in meaning.split(";")
        )

    def _rules_out(self, kind: Kind, named: frozenset[Kind]) -> bool:
        return kind[0] in self._guarded or any(kind[0] == family for family, _ in named)


def _learn(kinds: dict[str, set[Kind]], words: Iterable[str], kind: Kind) -> None:
    for form in (form for word in words for form in _forms(word)):
        kinds.setdefault(form, set()).add(kind)


def _found(kinds: Mapping[str, set[Kind]], text: str) -> frozenset[Kind]:
    words = _WORD.findall(text.casefold())
    return frozenset(kind for word in words for kind in kinds.get(word, ()))


def _forms(word: str) -> tuple[str, ...]:
    if word.endswith("y") and word[-2] not in "aeiou":
        return word, f"{word[:-1]}ies"
    return word, f"{word}s", f"{word}es", PLURALS.get(word, word)


@cache
def _shipped() -> Rivals:
    return Rivals.parse((files("captag_data") / "rivals.txt").read_text("utf-8"))
