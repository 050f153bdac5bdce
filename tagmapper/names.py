"""Tags that a caption's noun names, whatever the encoder makes of what they mean.

To it "train on tracks", which explains the name of ``train``, is nearer to other words than to
"train", and "donuts" is no nearer to "donut" than food is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagmapper.ranking import cosine_similarity, strongest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagmapper.index import Index
    from tagmapper.ranking import Floats, Ints
    from tagmapper.tags import Hashtag, Keyword

_NAMES = frozenset({"NOUN", "PROPN"})  # "training" is a verb's form, and no train
_SHORTEST_PLURAL = 4  # letters: a bus is not several


def names_of(hashtags: Sequence[Hashtag]) -> dict[str, int]:
    """Return the name of each tag that is what it is called, and the tag's place.

    Args:
        hashtags: In their order.
    """
    return {hashtag.tag: at for at, hashtag in enumerate(hashtags) if _is_what_it_says(hashtag)}


def _is_what_it_says(hashtag: Hashtag) -> bool:
    """Whether the name is a word of its meaning, or all of it."""
    tag, meaning = hashtag.tag, hashtag.meaning
    if tag not in meaning:  # quickly told, and there may be a hundred thousand
        return False
    return tag in meaning.replace(";", " ; ").split()


def named_meanings(
    index: Index, keywords: Sequence[Keyword], vectors: Floats, weights: Floats
) -> tuple[Ints, Floats]:
    """Return the texts that a caption says by a tag's name, and how near each is by that.

    Of a tag with several meanings that is the nearest: "a ring on a finger" is no boxing ring.

    Args:
        index: The tags.
        keywords: The whole caption first, then its words and phrases.
        vectors: Theirs, shape ``(Q, D)``.
        weights: Theirs, shape ``(Q,)`` in ``(0, 1]``.

    Returns:
        Rows of the corpus and values in ``(0, 1]``, one each.
    """
    found = _named(keywords, weights, index.names)
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    rows, starts = index.meanings(np.array([*found], np.int64))
    nearness = strongest(cosine_similarity(vectors, index.corpus.embeddings(rows)), weights)
    best = [part.argmax() for part in np.split(nearness, starts[1:])]
    chosen = starts + np.array(best, np.int64)
    said = np.array([*found.values()], np.float32)
    return rows[chosen], np.maximum(nearness[chosen], said)


def _named(
    keywords: Sequence[Keyword], weights: Floats, names: Mapping[str, int]
) -> dict[int, float]:
    """The tags that a caption names, and how much each is said."""
    found: dict[int, float] = {}
    for keyword, weight in zip(keywords[1:], weights[1:].tolist(), strict=True):
        forms = _forms(keyword) if keyword.pos in _NAMES else ()
        name = next((form for form in forms if form in names), None)
        if name is not None:
            found[names[name]] = max(weight, found.get(names[name], 0.0))
    return found


def _forms(keyword: Keyword) -> tuple[str, ...]:
    """A word, and the other of one and several, which it says where it is no name itself."""
    text = keyword.text.casefold()
    if text.endswith("s") and not text.endswith("ss") and len(text) >= _SHORTEST_PLURAL:
        return text, text[:-1]
    return text, f"{text}s"
