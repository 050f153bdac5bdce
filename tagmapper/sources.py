"""What the shipped vocabulary is compiled from: posts, visible words, own lists."""

import csv
import fnmatch
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tagmapper.segmentation import is_known, meaning_of

_SHORTEST_TAG = 3
_SAME_HAND = 0.4  # posts that share so much of their tags (Jaccard) are one person's
_FRAGMENT = re.compile(r"(.)\1{3}|^(www|http)|(com|net)$")
_NOT_IN_TAGS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Post:
    """A real post: the kind of photo it was found under, and its tags without ``#``."""

    category: str
    hashtags: tuple[str, ...]


def read_posts(path: Path) -> list[Post]:
    """Read ``{"category", "hashtags"}`` lines."""
    lines = map(json.loads, path.read_text("utf-8").splitlines())
    return [Post(line["category"], tuple(dict.fromkeys(line["hashtags"]))) for line in lines]


def read_words(path: Path) -> dict[str, str]:
    """Read visible words, one a line, as tags with their meaning: ``goldenretriever``."""
    words = path.read_text("utf-8").splitlines()
    return {_NOT_IN_TAGS.sub("", word.casefold()): word.strip() for word in words if word.strip()}


def read_meanings(path: Path) -> dict[str, str]:
    """Read ``hashtag,meaning`` lines, the second of two equal hashtags refused.

    Raises:
        ValueError: A hashtag stands there twice, or one has no meaning.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [(row["hashtag"], row["meaning"]) for row in csv.DictReader(stream)]
    twice = [tag for tag, count in Counter(tag for tag, _ in rows).items() if count > 1]
    empty = [tag for tag, meaning in rows if not meaning]
    if twice or empty:
        raise ValueError(f"{path}: twice {twice}, without a meaning {empty}")
    return dict(rows)


def read_groups(path: Path) -> dict[str, str]:
    """Read the groups of ``hashtag,meaning,group`` lines: by hashtag."""
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["hashtag"]: row["group"] for row in csv.DictReader(stream)}


def read_patterns(path: Path) -> re.Pattern[str]:
    """Read tags and patterns, one a line, as one expression that matches a whole tag."""
    lines = map(str.strip, path.read_text("utf-8").splitlines())
    patterns = [fnmatch.translate(line) for line in lines if line and not line.startswith("#")]
    return re.compile("|".join(patterns))


def read_names(path: Path) -> frozenset[str]:
    """Read words, one a line, that name a place or a make; ``#`` begins a comment."""
    lines = map(str.strip, path.read_text("utf-8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


def tags_of_posts(posts: Sequence[Post]) -> Iterator[tuple[str, int]]:
    """Yield the tags worth keeping and how many posts carry them, the commonest first.

    A tag is kept when two posts carry it and either its words are English or two different people
    use it; a tag of a single post when it is a form that only Instagram has, of a word that
    others use too. The rest are names, advertisements and fragments.
    """
    counts = Counter(tag for post in posts for tag in post.hashtags)
    hands = _hands(posts)
    for tag, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if len(tag) < _SHORTEST_TAG or _FRAGMENT.search(tag):
            continue
        shared = count > 1 and (len(hands[tag]) > 1 or is_known(meaning_of(tag)))
        if shared or (count == 1 and _is_form(tag, counts)):
            yield tag, count


def _is_form(tag: str, counts: Counter[str]) -> bool:
    """Whether a tag is ``corgisofinstagram`` or ``corgilover``, and others say ``corgi``."""
    meaning = meaning_of(tag)
    words = meaning.split()
    return len(words) <= _LONGEST_FORM and is_known(meaning) and all(counts[w] > 1 for w in words)


_LONGEST_FORM = 2


def _hands(posts: Sequence[Post]) -> dict[str, set[int]]:
    """Return who carries each tag, where posts with much the same tags are one person's."""
    owner = owners(posts)
    hands: dict[str, set[int]] = {}
    for at, post in enumerate(posts):
        for tag in post.hashtags:
            hands.setdefault(tag, set()).add(owner[at])
    return hands


def owners(posts: Sequence[Post]) -> list[int]:
    """Number people, by linking every two posts that share ``_SAME_HAND`` of their tags."""
    owner = list(range(len(posts)))
    for one, other in _pairs(posts):
        old, new = owner[other], owner[one]
        owner = [new if who == old else who for who in owner]
    return owner


def _pairs(posts: Sequence[Post]) -> Iterable[tuple[int, int]]:
    tags = sorted({tag for post in posts for tag in post.hashtags})
    index = {tag: at for at, tag in enumerate(tags)}
    carried = np.zeros((len(posts), len(tags)), np.float32)
    for at, post in enumerate(posts):
        carried[at, [index[tag] for tag in post.hashtags]] = 1
    both = carried @ carried.T
    sizes = carried.sum(axis=1)
    either = np.maximum(sizes[:, None] + sizes[None, :] - both, 1)
    first, second = np.nonzero(np.triu(both / either >= _SAME_HAND, k=1))
    return zip(first.tolist(), second.tolist(), strict=True)
