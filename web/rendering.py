"""The page as HTML, from what is known at the moment."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import TYPE_CHECKING

from flask import render_template

from web.service import service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

    from captag import Suggestion
    from tagmapper import HashtagMatch

_LONGEST_SIDE = 1_280  # sharp on a screen, small in a page
_JPEG_QUALITY = 85


def render_page(
    *,
    suggestion: Suggestion | None = None,
    picture: str = "",
    refusal: str = "",
) -> str:
    """Render the page: empty, with a suggestion and its picture, or with a refusal."""
    parts = service()
    return render_template(
        "page.html",
        settings=parts.settings,
        status=parts.status,
        suggestion=suggestion,
        caption=list(marked_caption(suggestion)) if suggestion else [],
        picture=picture,
        refusal=refusal,
    )


def picture_url(image: Image.Image) -> str:
    """Put a photo, scaled down and without its metadata, into a ``data:`` URL."""
    small = image.copy()
    small.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    stream = BytesIO()
    small.save(stream, "JPEG", quality=_JPEG_QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(stream.getvalue()).decode()}"


def marked_caption(suggestion: Suggestion) -> Iterator[tuple[str, bool]]:
    """Cut a caption where its keywords begin and end.

    Yields:
        Each piece, and whether it is part of a keyword that brought a hashtag; all pieces
        together are the caption.
    """
    text, done = suggestion.caption.text, 0
    for start, end in _spans(suggestion.hashtags):
        if start > done:
            yield text[done:start], False
        if end > (start := max(start, done)):
            yield text[start:end], True
            done = end
    if text[done:]:
        yield text[done:], False


def _spans(hashtags: tuple[HashtagMatch, ...]) -> list[tuple[int, int]]:
    """List where the keywords stand, from the left; the whole caption is no keyword."""
    keywords = {match.keyword for match in hashtags if match.keyword.pos != "CAPTION"}
    return sorted((keyword.start, keyword.end) for keyword in keywords)
