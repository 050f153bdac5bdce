"""The values that travel through tagmapper: keyword, hashtag, match."""

from dataclasses import dataclass
from typing import Literal

State = Literal["", "blocked", "pinned"]
Language = Literal["en", "ko", "all"]


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word or noun phrase of a caption, with the place where it stands.

    Attributes:
        text: The words as they stand in the caption: ``caption[start:end]``.
        start: First character, counted from 0.
        end: One past the last character.
        pos: Universal part of speech of its head: ``NOUN``, ``PROPN``, ``VERB``, ``ADJ``, or
            ``CAPTION`` where the whole caption stands in for a keyword.
    """

    text: str
    start: int
    end: int
    pos: str


@dataclass(frozen=True, slots=True)
class Hashtag:
    """One line of a vocabulary.

    Attributes:
        tag: The hashtag without ``#``, as its owner writes it.
        meaning: Plain words that are embedded; several meanings are separated by ``;``.
        posts: How many posts were seen to carry it; 0 where nobody counted.
        language: ISO 639-1 code of the tag itself, such as ``en`` or ``ko``; may be empty.
        state: ``blocked`` is never offered, ``pinned`` always, empty is ranked.
        group: What kind of tag it is, such as ``pets`` or ``food``, to find it by; may be empty.
    """

    tag: str
    meaning: str
    posts: int = 0
    language: str = ""
    state: State = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class HashtagMatch:
    """A hashtag offered for a caption, and why.

    Attributes:
        tag: The hashtag without ``#``.
        score: How much it adds to those before it, in ``[0, 1]``, higher is better; not rounded. It
            never rises from place to place, but for pinned tags, which stand first regardless.
        keyword: The part of the caption that brought it.
        similarity: Cosine of the keyword to the nearest meaning of the tag, in ``[-1, 1]``.
        meaning: The plain words that the keyword was compared with, as in the vocabulary.
        posts: How many posts were seen to carry the tag; 0 where nobody counted.
    """

    tag: str
    score: float
    keyword: Keyword
    similarity: float
    meaning: str
    posts: int
