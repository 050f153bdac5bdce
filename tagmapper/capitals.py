"""Tags with a capital where a word begins, so that a screen reader says words, not letters."""

import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[a-z0-9_]+")
_WORD = re.compile(r"[a-z0-9]+")
_SHORTEST_WORD = 3  # a shorter one is found by chance within another
# What tags are made of beside the words of their meaning.
_PARTS = (
    "addict all and daily day everyday everything family for from girl girls goals good gram grams"
    " inspiration inspo insta instagram instagramers is life lover lovers love mood my of on in"
    " obsessed photographer photography pic porn stagram style the time to today with world your"
).split()


def pascal_case(tag: str, meaning: str) -> str:
    """Return a tag with a capital at the start of each word: ``goldenhour`` is ``GoldenHour``.

    The words are those of its meaning and a few that many tags have; what is left between two of
    them is taken for one word. A tag that has capitals, or letters other than a-z, says itself
    where its words begin and is returned as it is.

    Args:
        tag: A hashtag without ``#``.
        meaning: Its plain words.
    """
    if not _PLAIN.fullmatch(tag):
        return tag
    words = sorted(set(_WORD.findall(meaning.casefold())), key=len, reverse=True)
    return "_".join(_capitalised(_split(part, words)) for part in tag.split("_"))


def _split(letters: str, words: list[str]) -> list[str]:
    """Split into known words where these make up all letters, else around the longest of them."""
    if exact := _cover(letters, words) or _cover(letters, [*words, *_PARTS]):
        return exact
    for word in words:
        if len(word) >= _SHORTEST_WORD and word in letters:
            before, _, after = letters.partition(word)
            if len(after) < _SHORTEST_WORD and after not in words:
                word, after = word + after, ""  # the s of dogs is no word
            return [*_split(before, words), word, *_split(after, words)]
    return [letters]


def _cover(letters: str, words: list[str]) -> list[str]:
    """Return the fewest words that make up all letters, in order; nothing where none do."""
    ways: dict[int, list[str]] = {0: []}
    for at in range(len(letters)):
        for word in words if at in ways else ():
            if letters.startswith(word, at):
                end, way = at + len(word), [*ways[at], word]
                ways[end] = min(ways.get(end, way), way, key=len)
    return ways.get(len(letters), [])


def _capitalised(words: Iterable[str]) -> str:
    return "".join(word[:1].upper() + word[1:] for word in words)
