"""The words and noun phrases of a caption; the only file that imports nltk."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from tagmapper.plurals import SINGULARS
from tagmapper.tags import Keyword

# A possessive 's stands alone, a hyphen joins, and every other mark is a token of its own.
_TOKENS = r"\w+(?=['\u2019]s\b)|['\u2019]s\b|\w+(?:-\w+)*|[^\w\s]"
_PHRASES = "NP: {<ADJ|NOUN|PROPN>*<NOUN|PROPN>}"
_CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ"})
# Stems of words that stand in every caption and say nothing of what the photo shows. By part of
# speech, because "a fruit stand" says something and "a man stands" does not.


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EMPTY: Mapping[str, frozenset[str]] = {
    "NOUN": _set(
        "area background bit bunch camera close-up closeup corner edg end foreground front "
        "group half imag kind lot middl number object pair part peopl person photo photograph "
        "pictur piec place row seri set shot side someon someth sort thing top up variet "
        "varieti view way"
    ),
    "VERB": _set(
        "appear are be been can carri come contain cover do does done fill find get give go "
        "goe gone had has have hold is keep laid lay lean let lie line locat look made make "
        "mount pictur place point pose prepar put reach rest sat saw see seen set show shown "
        "sit stand stare stood surround take taken tri turn use wait was watch wear were will "
        "wore"
    ),
    "ADJ": _set(
        "all another away back big certain close different double few first front full "
        "great high huge larg last left littl long low main many much multipl near nearbi "
        "next old open other own right same second several short singl small such tall top "
        "up variou whole"
    ),
}

_PEOPLE = frozenset({"people", "person", "persons"})

# How a captioner begins and ends that says little: to the encoder a view of a room is a journey.
_MANNER = re.compile(
    r"\s*(?:there (?:is|are) )?(?:an? |the )?"
    r"(?:(?:(?:close[- ]?up|wide|close) )?view|close[- ]?up|photo|picture|image|shot)"
    r" of (?=\S)"
    r"|\s*there (?:is|are) (?=.* in this (?:photo|picture|image)\W*$)",
    re.IGNORECASE,
)
_IN_THIS_PHOTO = re.compile(r" in this (?:photo|picture|image)\W*$", re.IGNORECASE)

_Token = tuple[tuple[int, int], str]  # ((start, end), universal part of speech)


def extract_keywords(caption: str) -> tuple[Keyword, ...]:
    """Return the words and noun phrases that say what a photo shows.

    Returns:
        In the caption's order, a phrase before its own words; each text once, at its first place.
        People are said where there is nothing else to say.
    """
    tokens = _joined(caption, _tag(caption))
    found = [*_words(caption, tokens), *_phrases(caption, tokens)] or [*_people(caption, tokens)]
    found.sort(key=lambda keyword: (keyword.start, -keyword.end))
    return tuple({keyword.text.casefold(): keyword for keyword in reversed(found)}.values())[::-1]


def subject(caption: str) -> tuple[int, int]:
    """Return where in a caption it says what the photo shows: without "a view of" before it."""
    manner = _MANNER.match(caption)
    start = manner.end() if manner else len(caption) - len(caption.lstrip())
    end = len(caption.rstrip())
    found = _IN_THIS_PHOTO.search(caption, start, end)
    return start, found.start() if found else end


@lru_cache(maxsize=8192)  # a fortieth of a millisecond each, and captions share their words
def stem(word: str) -> str:
    """Return the stem that a word shares with its plural and its other forms."""
    return str(_stemmer().stem(SINGULARS.get(word, word)))


def averaged_perceptron(parameters: Mapping[str, Any] | None = None) -> Any:
    """Return nltk's PerceptronTagger: empty, or with what ``train_tagger`` wrote."""
    from nltk.tag.perceptron import PerceptronTagger

    tagger = PerceptronTagger(load=False)
    if parameters:
        tagger.model.weights = parameters["weights"]
        tagger.tagdict = parameters["tagdict"]
        tagger.classes = tagger.model.classes = set(parameters["classes"])
    return tagger


# nltk takes a second to import, so each of its tools is made when it is first used.


@cache
def _tokenizer() -> Any:
    from nltk.tokenize import RegexpTokenizer

    return RegexpTokenizer(_TOKENS)


@cache
def _chunker() -> Any:
    from nltk.chunk import RegexpParser

    return RegexpParser(_PHRASES)


@cache
def _stemmer() -> Any:
    from nltk.stem import SnowballStemmer

    return SnowballStemmer("english")


@cache
def _tagger() -> Any:
    path = files("captag_data") / "tagger.json"
    return averaged_perceptron(json.loads(path.read_text("utf-8")))


def _tag(caption: str) -> list[_Token]:
    """Return the place and the part of speech of every token; captions are read in lower case."""
    spans = list(_tokenizer().span_tokenize(caption))
    tagged = _tagger().tag([caption[start:end].lower() for start, end in spans])
    return [(span, pos) for span, (_, pos) in zip(spans, tagged, strict=True)]


def _joined(caption: str, tokens: Iterable[_Token]) -> list[_Token]:
    """Make one noun of two words that are one thing: a fire hydrant is no fire."""
    joined: list[_Token] = []
    for (start, end), pos in tokens:
        begin = joined[-1][0][0] if joined else start
        if _stems(caption[begin:end]) in _compounds():
            joined[-1] = (begin, end), "NOUN"
        else:
            joined.append(((start, end), pos))
    return joined


@cache
def _compounds() -> frozenset[tuple[str, ...]]:
    lines = (files("captag_data") / "compounds.txt").read_text("utf-8").splitlines()
    return frozenset(_stems(line) for line in lines if not line.startswith("#"))


def _stems(words: str) -> tuple[str, ...]:
    return tuple(map(stem, words.casefold().split()))


def _words(caption: str, tokens: Iterable[_Token]) -> Iterator[Keyword]:
    for (start, end), pos in tokens:
        if _says_something(caption[start:end], pos) and not _only_counts(caption, start, end):
            yield Keyword(caption[start:end], start, end, pos)


def _people(caption: str, tokens: Iterable[_Token]) -> Iterator[Keyword]:
    for (start, end), pos in tokens:
        if caption[start:end].casefold() in _PEOPLE:
            yield Keyword(caption[start:end], start, end, pos)


def _only_counts(caption: str, start: int, end: int) -> bool:
    """Whether a couple is two of what follows: two pizzas are no couple."""
    return caption[start:end].casefold() == "couple" and caption[end:].split()[:1] == ["of"]


def _phrases(caption: str, tokens: list[_Token]) -> Iterator[Keyword]:
    """Yield noun phrases of two words or more, without the empty words they begin with."""
    for chunk in _chunker().parse(tokens).subtrees(lambda tree: tree.label() == "NP"):
        leaves = list(chunk)
        while leaves and not _is_full(caption, leaves[0]):
            leaves.pop(0)
        if len(leaves) > 1 and _is_full(caption, leaves[-1]):
            (start, _), (_, end) = leaves[0][0], leaves[-1][0]
            yield Keyword(caption[start:end], start, end, "NOUN")


def _is_full(caption: str, token: _Token) -> bool:
    (start, end), pos = token
    return _says_something(caption[start:end], pos)


def _says_something(word: str, pos: str) -> bool:
    return pos in _CONTENT and word[0].isalpha() and stem(word) not in _EMPTY.get(pos, ())
