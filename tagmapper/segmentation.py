"""Compound tags to plain words; the only file that imports wordsegment.

``doglover`` is "dog lover", ``dogsofinstagram`` is "dogs". The forms that only hashtags have
(``...stagram``, ``insta...``, ``...oftheday``) are taken off first, because a language model of
ordinary text reads ``catstagram`` as "cats tag ram" and ``doglover`` as "do glover".
"""

import re
from functools import cache

import wordsegment

# Whole tags whose plain words cannot be seen in their letters; own work.
_MEANINGS = {
    "bff": "best friends",
    "blackandwhite": "black and white",
    "bnw": "black and white",
    "bts": "behind the scenes",
    "bw": "black and white",
    "diy": "do it yourself",
    "foodporn": "delicious food",
    "fotd": "face of the day",
    "gtr": "sports car",
    "igers": "instagram photographers",
    "instagram": "instagram",
    "instagramers": "instagram people",
    "instagrammers": "instagram people",
    "instagood": "good photo",
    "instadaily": "daily life",
    "instamood": "mood",
    "iphoneography": "phone photography",
    "jdm": "japanese sports car",
    "mua": "makeup artist",
    "nofilter": "natural photo",
    "ootd": "outfit of the day",
    "ootn": "outfit of the night",
    "potd": "photo of the day",
    "tbt": "memories",
    "wcw": "woman",
    "wip": "work in progress",
    "wiw": "outfit",
}
# What people hang on to a word, the longest first; the second form goes back to the word.
_ENDINGS = (
    ("ofinstagram", ""),
    ("ofinsta", ""),
    ("ofig", ""),
    ("oninstagram", ""),
    ("oftheday", " of the day"),
    ("ofday", " of the day"),
    ("instagram", ""),
    ("instagood", ""),
    ("stagrammers", ""),
    ("stagramers", ""),
    ("stagrammer", ""),
    ("stagramer", ""),
    ("stagraming", ""),
    ("stagrams", ""),
    ("stagram", ""),
    ("sagram", ""),
    ("agram", ""),
    ("grammers", ""),
    ("gramers", ""),
    ("grammer", ""),
    ("gramer", ""),
    ("grams", ""),
    ("gram", ""),
    ("photography", " photography"),
    ("photographer", " photographer"),
    ("addicts", " addict"),
    ("addict", " addict"),
    ("lovers", " lover"),
    ("lover", " lover"),
    ("goals", " goals"),
    ("inspiration", " inspiration"),
    ("inspo", " inspiration"),
    ("porn", ""),
    ("life", " life"),
    ("love", " love"),
)
_BEGINNINGS = (("instagram", ""), ("insta", ""), ("ilove", "love "), ("ig", ""))
_SHORTEST_REST = 3
_COMMON = 1e6  # times in the 10^12 words that wordsegment counted; "corgi" is just above
_LONGEST_CRUMB = 2
_SHORT_WORDS = re.compile(
    "a|am|an|as|at|be|bw|by|do|dj|dr|ex|fx|go|he|hi|i|if|in|is|it|la|le|me|mr|ms|my|no|of|oh|ok|"
    "on|or|os|pc|pt|re|so|st|tv|uk|up|us|vs|vw|we|xo"
)
# What people write as one word today and the corpus, of 2006, mostly as two.
_JOINED = re.compile(r"\b(make (?=up\b)|i (?=phones?\b)|up (?=do\b)|mirror (?=less\b))")
_ASCII_WORD = re.compile(r"[a-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|_+|(?<=\D)(?=\d)|(?<=\d)(?=\D)")


def meaning_of(tag: str) -> str:
    """Return the plain words of a tag: its letters, split where words meet.

    A tag in capitals or with underscores says itself where its words meet; one in letters other
    than a-z is its own meaning.
    """
    known = _MEANINGS.get(tag.casefold())
    return known or " ".join(filter(None, map(_plain_words, _CAMEL.split(tag)))) or tag


def _plain_words(part: str) -> str:
    part = part.casefold()
    if not _ASCII_WORD.fullmatch(part) or is_word(part):
        return part
    return _without_ending(part) or _without_beginning(part) or split(part)


def _without_ending(part: str) -> str:
    for ending, words in _ENDINGS:
        rest = part.removesuffix(ending)
        if rest != part and _stands_alone(rest):
            return _without_beginning(rest) or split(rest) + words
    return ""


def _without_beginning(part: str) -> str:
    for beginning, words in _BEGINNINGS:
        rest = part.removeprefix(beginning)
        if rest != part and _stands_alone(rest):
            return words + split(rest)
    return ""


def _stands_alone(rest: str) -> bool:
    """Whether what is left is made of words of its own, not of the crumbs of one."""
    return len(rest) >= _SHORTEST_REST and all(is_word(word) for word in split(rest).split())


def is_word(text: str) -> bool:
    """Whether a text is one ordinary word that must not be split."""
    return text in _frequencies() and split(text) == text


def split(letters: str) -> str:
    """Return letters with a space where words meet, by how often words follow each other.

    Args:
        letters: Only a-z.

    Returns:
        The most probable split under a bigram model (Norvig, "Natural Language Corpus Data", in
        Beautiful Data, 2009); the letters as they are where it leaves crumbs, as it does with
        names and words of other languages.
    """
    _frequencies()
    words = wordsegment.segment(letters)
    if any(map(_is_crumb, words)):
        return letters
    return _JOINED.sub(lambda found: found[0].rstrip(), " ".join(words))


def _is_crumb(word: str) -> bool:
    return len(word) <= _LONGEST_CRUMB and not _SHORT_WORDS.fullmatch(word)


@cache
def _frequencies() -> dict[str, float]:
    """Return how often a word stands in a large corpus; read from disk once, in 0.7 seconds."""
    wordsegment.load()
    return dict(wordsegment.UNIGRAMS)


def is_known(meaning: str) -> bool:
    """Whether all words of a meaning are common in English text, so not a name or a fragment."""
    frequencies = _frequencies()
    return all(frequencies.get(word, 0) >= _COMMON for word in meaning.casefold().split())
