"""What kind of thing a photo shows: a bedroom, or at least a room.

A softmax regression over basic-level categories ("a bedroom", "a dog"), each under a superordinate
one ("a room", "an animal"), as people sort things (Rosch et al. 1976, "Basic Objects in Natural
Categories"). It tells how likely the thing is there that a caption names, and what could be said
instead: see `captioner.hedging`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import save_file

from captioner.beside import tensors_beside
from captioner.confidence import LEAST
from captioner.quantised import in_bytes, restored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WORDS_FILE, WEIGHTS_FILE = "categories.tsv", "categories.safetensors"  # beside a checkpoint's
NAMELESS = "-"  # in place of a name
PERSON = "a person"  # the name of the category of people


@dataclass(frozen=True, slots=True)
class Lexicon:
    """K categories and the words for what is of them.

    Attributes:
        names: As a caption says them ("a bedroom"); None for what has no name in common.
        parents: Of each, its superordinate category; that one's own is itself.
        of_word: Word -> its category.
    """

    names: tuple[str | None, ...]
    parents: tuple[int, ...]
    of_word: Mapping[str, int]

    @classmethod
    def read(cls, path: Path) -> Lexicon:
        """From lines of ``superordinate name<TAB>name<TAB>words``, each superordinate one first.

        Raises:
            ValueError: A line is not of that form, a word stands twice, or a superordinate
                category has no line of its own before it is used.
        """
        names: list[str | None] = []
        parents: list[int] = []
        of_word: dict[str, int] = {}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            fields = line.split("\t")
            if len(fields) != 3:  # noqa: PLR2004 - as said above
                raise ValueError(f"{path}, line {number}: {len(fields)} columns, not 3")
            above, name = (None if field == NAMELESS else field for field in fields[:2])
            words = fields[2].split()
            names.append(name)
            if above not in names:
                raise ValueError(
                    f"{path}, line {number}: {fields[0]!r} has no line of its own before"
                )
            if twice := sorted(of_word.keys() & words):
                raise ValueError(f"{path}, line {number}: {twice[0]!r} stands there twice")
            of_word.update(dict.fromkeys(words, len(parents)))
            parents.append(names.index(above))
        return cls(tuple(names), tuple(parents), of_word)

    def first(self, text: str) -> int | None:
        """The category of what a text in lower case names first; None if it names nothing.

        Of words side by side the last says what it is ("street sign") unless that says less
        ("living room").
        """
        found: int | None = None
        for category in self.each(text):
            if found is None:
                found = category
            elif category is None:
                return found
            elif category != self.parents[found]:
                found = category
        return found

    def each(self, text: str) -> list[int | None]:
        """The category of each word; None for words without one."""
        return [self.of_word.get(word) for word in re.findall("[a-z]+", text)]


@dataclass(frozen=True, slots=True)
class Categories:
    """How likely each of K categories is, from C channels.

    Attributes:
        lexicon: What they are.
        pieces: Token -> the word piece it stands for; further pieces of a word begin with "##".
        weights: Shape ``(C, K)``.
        bias: Shape ``(K,)``.
    """

    lexicon: Lexicon
    pieces: Mapping[int, str]
    weights: torch.Tensor
    bias: torch.Tensor

    @classmethod
    def beside(
        cls, checkpoint: str, vocabulary: Mapping[str, int], device: torch.device
    ) -> Categories | None:
        """Those of a checkpoint, or None if it has none.

        Args:
            checkpoint: A folder; a name on the hub has none.
            vocabulary: Word piece -> token.
            device: Where to compute.

        Raises:
            OSError: One of both files is not there.
            SafetensorError: That of the weights is not whole.
            ValueError: One of both is not as it should be.
        """
        parts = tensors_beside(checkpoint, WEIGHTS_FILE, ("levels", "scale", "bias"), device)
        if parts is None:
            return None
        weights = restored(parts["levels"], parts["scale"]).T.contiguous()
        lexicon = Lexicon.read(Path(checkpoint) / WORDS_FILE)
        if len(parts["bias"]) != len(lexicon.names):
            path = Path(checkpoint) / WEIGHTS_FILE
            raise ValueError(f"{path} does not hold weights and bias of {len(lexicon.names)}")
        pieces = {token: piece for piece, token in vocabulary.items()}
        return cls(lexicon, pieces, weights, parts["bias"])

    def save(self, folder: Path) -> None:
        """Write the weights beside a checkpoint, a byte each; the words are there already."""
        levels, scale = in_bytes(self.weights.T)
        parts = {"levels": levels, "scale": scale, "bias": self.bias.half()}
        save_file(parts, folder / WEIGHTS_FILE)

    def seen(self, both: torch.Tensor) -> list[tuple[float, ...]]:
        """How likely each category is in each photo: the thing that people would name first.

        Args:
            both: Of B photos, as `captioner.backbone.Sight` has it, shape ``(B, C)``.

        Returns:
            B times K probabilities that add up to 1.
        """
        logits = both @ self.weights + self.bias
        return [tuple(row) for row in logits.softmax(1).tolist()]

    def general(self, seen: Sequence[float]) -> dict[int, float]:
        """Each superordinate category -> how likely it or one below it is.

        Args:
            seen: Of one photo, as `seen` gives it.
        """
        found = dict.fromkeys(self.lexicon.parents, 0.0)
        for parent, probability in zip(self.lexicon.parents, seen, strict=True):
            found[parent] += probability
        return found

    def named(self, tokens: Sequence[int]) -> int:
        """The category of the first thing that a caption names.

        What has none of its own is of the one without a name.

        Args:
            tokens: The caption's.
        """
        text = " ".join(self.pieces[token] for token in tokens).replace(" ##", "")
        found = self.lexicon.first(text)
        return self.lexicon.names.index(None) if found is None else found

    def signs(self, tokens: Sequence[int], seen: Sequence[float]) -> tuple[float, float]:
        """What tells a right caption from a wrong one, as `captioner.confidence` has it.

        Args:
            tokens: The caption's.
            seen: Of its photo, as `seen` gives it.

        Returns:
            The logarithms of how likely the category is that it names, and the superordinate one.
        """
        named = self.named(tokens)
        chances = seen[named], self.general(seen)[self.lexicon.parents[named]]
        own, general = (math.log(LEAST + chance) for chance in chances)
        return own, general
