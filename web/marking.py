"""Which words of a caption brought which hashtags, as colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagmapper import HashtagMatch, Keyword

HUES = 6  # told apart at a glance; more keywords than that share colours


class Piece(NamedTuple):
    """A part of a caption; `hue` and `key` are those of its keyword, 0 and empty without one."""

    text: str
    hue: int
    key: str


def key_of(keyword: Keyword) -> str:
    """Name the place of a keyword, the same for all hashtags that it brought."""
    return f"{keyword.start}-{keyword.end}"


def hues(matches: Sequence[HashtagMatch]) -> dict[Keyword, int]:
    """Give each keyword a colour, from 1, by the first hashtag that it brought.

    The whole caption is no keyword: it has colour 0, grey.
    """
    keywords = dict.fromkeys(m.keyword for m in matches if m.keyword.pos != "CAPTION")
    colours = {keyword: at % HUES + 1 for at, keyword in enumerate(keywords)}
    return dict.fromkeys((match.keyword for match in matches), 0) | colours


def marked(caption: str, matches: Sequence[HashtagMatch]) -> Iterator[Piece]:
    """Cut a caption where its keywords begin and end; all pieces together are the caption."""
    done = 0
    colours = {keyword: hue for keyword, hue in hues(matches).items() if hue}
    for keyword in sorted(colours, key=lambda keyword: (keyword.start, keyword.end)):
        if keyword.start > done:
            yield Piece(caption[done : keyword.start], 0, "")
        if keyword.end > (start := max(keyword.start, done)):
            yield Piece(caption[start : keyword.end], colours[keyword], key_of(keyword))
            done = keyword.end
    if caption[done:]:
        yield Piece(caption[done:], 0, "")
