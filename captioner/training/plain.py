"""What people call a thing in a caption: a bird, where a classifier says bee eater."""

from __future__ import annotations

from typing import TYPE_CHECKING

from captioner.training.words import captions_with, nouns_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from captioner.training.words import WordNet

COMMON = 300  # captions of some 150,000
MOST_STEPS = 9  # up WordNet's tree
# True of nearly everything, or of what nobody would call so (hay is food to WordNet).
_TOO_PLAIN = frozenset(
    "thing object unit structure equipment matter part material piece set device entity whole"
    " group way article substance area region location covering arm container food pair".split()
)
_PREPOSITIONS = frozenset(("at", "by", "in", "of", "on", "with"))  # what it is stands before them


def common_words(texts: Sequence[str]) -> frozenset[str]:
    """The words that people often use in captions."""
    return frozenset(word for word, count in captions_with(texts).items() if count >= COMMON)


def plain_noun(
    label: str, synset: str | None, common: Collection[str], wordnet: WordNet
) -> str | None:
    """The common noun nearest to a class; None if there is none.

    Args:
        label: What it is called ("bamboo forest").
        synset: Its offset in WordNet 3.0, where it is known ("01828970").
        common: The words to choose from.
        wordnet: Says what is a noun, and what is a kind of what.
    """
    words = label.split()
    end = next((i for i, word in enumerate(words) if word in _PREPOSITIONS), len(words))
    nearest, *others = [*words[:end][::-1], *words[end:]]
    kinds = _kinds(synset, wordnet) if synset else []
    for noun in (nearest, *kinds, *others):
        if noun in common and noun not in _TOO_PLAIN and nouns_of(noun, wordnet.nouns):
            return noun
    return None


def _kinds(synset: str, wordnet: WordNet) -> list[str]:
    """The words of a synset and of what it is a kind of, nearest first."""
    steps = wordnet.kinds_above(synset, MOST_STEPS)
    return sorted(steps, key=lambda word: (steps[word], word))
