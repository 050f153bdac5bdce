"""Tags that are the same word twice: plural, spelling, language."""

import re
from functools import lru_cache

from tagmapper.keywords import stem

# Forms that only Instagram has; they name a community, so #dog and #dogsofinstagram are no twins.
_INSTAGRAM_FORM = re.compile(
    r"^insta.|.(of|on)(instagram|insta|ig)$|.(gram|grams|grammers?|gramers?|스타그램|그램|스타|사진)$"
)
_PHOTO_OF = re.compile(r" photo(graphy)?$")  # 여행사진 is 여행스타그램, as people use the two
_SPELLINGS = (
    (re.compile(r"our(?=s?\b)"), "or"),  # colour
    (re.compile(r"\bgrey\b"), "gray"),
    (re.compile(r"(?<=[^l])ll(?=(ing|ed|er|ers)\b)"), "l"),  # travelling
    (re.compile(r"(?<=t)re\b"), "er"),  # centre, theatre
    (re.compile(r"is(?=(e|ed|ing|ation)\b)"), "iz"),  # organise
)
_MAY_BE_SPELLED_OTHERWISE = re.compile(r"our|grey|ll|tre|is")  # most are not: soon told
_FORM = "@"
_WORD = re.compile(r"\w+")
_REMEMBERED = 65_536


@lru_cache(maxsize=_REMEMBERED)
def twin_key(tag: str, meaning: str) -> str:
    """Return what a tag shares with its plural, its other spellings and its translations.

    Only the first meaning counts, because it is the one most people have in mind.
    """
    words = meaning.casefold().partition(";")[0]
    for pattern, spelling in _SPELLINGS if _MAY_BE_SPELLED_OTHERWISE.search(words) else ():
        words = pattern.sub(spelling, words)
    form = _FORM if _INSTAGRAM_FORM.search(tag.casefold()) else ""
    if tag.endswith("사진"):
        words = _PHOTO_OF.sub("", words)
    return form + "".join(map(stem, _WORD.findall(words)))


def bare(key: str) -> str:
    """Return a twin key without its form: ``#dog`` and ``#dogstagram`` say the same word."""
    return key.removeprefix(_FORM)
