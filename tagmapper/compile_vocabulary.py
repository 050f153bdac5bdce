"""Compile the shipped vocabulary and the posts that vote, from named sources.

::

    python -m tagmapper.compile_vocabulary --posts hashtag_posts.jsonl --words ram_tag_list.txt \
        --korean data/korean.csv --meanings data/meanings.csv --blocklist data/blocklist.txt \
        --noise data/noise.txt --names data/names.txt --out data/hashtags.csv \
        --posts-out data/posts.npz
"""

import argparse
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tagmapper.embedding import Embedder, SentenceTransformerEmbedder
from tagmapper.grouping import groups_of
from tagmapper.posts import Posts
from tagmapper.segmentation import is_known, meaning_of
from tagmapper.sources import (
    Post,
    owners,
    read_groups,
    read_meanings,
    read_names,
    read_patterns,
    read_posts,
    read_words,
    tags_of_posts,
)
from tagmapper.tags import Hashtag
from tagmapper.vocabulary import Vocabulary

_UNDETERMINED = "und"  # ISO 639-2: words of a language that is neither English nor Korean


def compile_vocabulary(
    posts: Iterable[Post],
    words: Mapping[str, str],
    korean: Mapping[str, str],
    meanings: Mapping[str, str],
    blocked: re.Pattern[str],
    noise: re.Pattern[str],
) -> Vocabulary:
    """Join the sources: tags of posts first, the commonest first, then words, then Korean.

    Args:
        posts: Real posts.
        words: Visible words as tags, with their meaning.
        korean: Korean tags, with their meaning in English.
        meanings: Meanings that letters alone do not tell.
        blocked: Matches tags that must not be offered.
        noise: Matches tags of posts that are left out.
    """
    counts = {tag: n for tag, n in tags_of_posts(list(posts)) if not noise.match(tag)}
    english = {tag: meanings.get(tag) or words.get(tag) or meaning_of(tag) for tag in counts}
    english |= {tag: meanings.get(tag, word) for tag, word in words.items()}
    english |= {tag: meaning for tag, meaning in meanings.items() if tag not in english}
    known = {*words, *meanings}
    return Vocabulary(
        tuple(
            Hashtag(
                tag,
                meaning,
                counts.get(tag, 0),
                _language(tag, meaning, known, korean),
                "blocked" if blocked.match(tag) else "",
            )
            for tag, meaning in {**english, **korean}.items()
        )
    )


def _language(tag: str, meaning: str, known: set[str], korean: Mapping[str, str]) -> str:
    if tag in korean:
        return "ko"
    return "en" if tag in known or is_known(meaning) else _UNDETERMINED


def grouped(vocabulary: Vocabulary, given: Mapping[str, str], embedder: Embedder) -> Vocabulary:
    """Give each tag a group: that which stands beside it, else that of tags of like meaning.

    Args:
        vocabulary: Tags without groups.
        given: Groups of some of them, by tag.
        embedder: Says which meanings are alike.
    """
    by_hand = [tag for tag in vocabulary if tag.tag in given]
    known = {_first(tag): given[tag.tag] for tag in reversed(by_hand)}  # the first of equals wins
    found = groups_of([_first(tag) for tag in vocabulary], known, embedder)
    return Vocabulary(
        tuple(
            replace(tag, group="" if tag.language == _UNDETERMINED else given.get(tag.tag, group))
            for tag, group in zip(vocabulary, found, strict=True)
        )
    )


def _first(hashtag: Hashtag) -> str:
    return hashtag.meaning.partition(";")[0].strip()


def compile_posts(
    posts: Sequence[Post], vocabulary: Vocabulary, names: frozenset[str] = frozenset()
) -> Posts:
    """Keep of each post the tags that may be offered and that another post carries too.

    Args:
        posts: Real posts.
        vocabulary: Says what each tag means.
        names: Words of places and makes. A tag with one is left out: nobody votes for it.
    """
    meanings = {
        hashtag.tag: _first(hashtag)
        for hashtag in vocabulary
        if hashtag.posts > 1
        and hashtag.state != "blocked"
        and not names.intersection(_first(hashtag).casefold().split())
    }
    pairs = [(post.category, post.hashtags) for post in posts]
    return Posts.of(pairs, meanings, hands=owners(posts))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compile the shipped vocabulary.")
    for name in (
        "posts",
        "words",
        "korean",
        "meanings",
        "blocklist",
        "noise",
        "names",
        "out",
        "posts-out",
    ):
        parser.add_argument(f"--{name}", type=Path, required=True)
    return parser.parse_args()


def main() -> None:
    """Read the sources, write the vocabulary and the posts."""
    arguments = _arguments()
    posts = read_posts(arguments.posts)
    vocabulary = compile_vocabulary(
        posts,
        read_words(arguments.words),
        read_meanings(arguments.korean),
        read_meanings(arguments.meanings),
        read_patterns(arguments.blocklist),
        read_patterns(arguments.noise),
    )
    groups = read_groups(arguments.korean)
    vocabulary = grouped(vocabulary, groups, SentenceTransformerEmbedder())
    vocabulary.save(arguments.out)
    compile_posts(posts, vocabulary, read_names(arguments.names)).save(arguments.posts_out)
    print(f"{len(vocabulary):,} hashtags in {arguments.out}")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
