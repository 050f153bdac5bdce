"""What came of each photo or caption that a form posted; one failing never stops the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from captioner import ImageTooLarge, UnreadableImage
from web.errors import sentence_of
from web.outcome import Outcome
from web.pictures import is_picture_url, picture_url
from web.posted import (
    checked_caption,
    is_given_up,
    posted_limit,
    posted_photos,
    posted_ranking,
    read_photo,
)
from web.service import service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from captag import Suggestion


def posted_outcomes() -> tuple[Outcome, ...]:
    """Caption the posted photos, or match the captions that were edited.

    A photo alone that cannot be read is refused; beside others, its refusal is its outcome.

    Raises:
        RequestRefused: There is neither photo nor caption, or a field cannot be used.
        UnreadableImage: The only photo is none.
        ImageTooLarge: The only photo has too many pixels.
        NotReady: The models are not loaded within the time that the settings allow.
    """
    if "again" in request.form:
        return tuple(_again())
    photos = posted_photos()
    if len(photos) == 1:
        return (_suggested(*photos[0]),)
    return tuple(_suggested_or_refused(name, data) for name, data in photos)


def _suggested(name: str, data: bytes) -> Outcome:
    image = read_photo(data)
    limit, ranking = posted_limit(), posted_ranking()
    parts = service()
    parts.pipeline.wait(parts.settings.max_wait_seconds)
    suggestion = parts.pipeline.suggest(
        image, photo=name, limit=limit, ranking=ranking, is_cancelled=is_given_up()
    )
    return _outcome(suggestion, picture_url(image))


def _suggested_or_refused(name: str, data: bytes) -> Outcome:
    try:
        return _suggested(name, data)
    except (UnreadableImage, ImageTooLarge) as error:
        return Outcome(photo=name, refusal=sentence_of(error))


def _outcome(suggestion: Suggestion, picture: str) -> Outcome:
    caption = suggestion.caption
    return Outcome(
        photo=suggestion.photo,
        picture=picture,
        caption=caption.text,
        is_guess=caption.is_guess,
        model=caption.model,
        seconds=caption.seconds,
        hashtags=suggestion.hashtags,
    )


def _again() -> Iterator[Outcome]:
    """Match each posted caption; its picture comes back with it, as nothing was kept here."""
    limit, ranking = posted_limit(), posted_ranking()
    parts = service()
    parts.pipeline.wait(parts.settings.max_wait_seconds)
    form = request.form
    for name, picture, text in zip(
        form.getlist("name"), form.getlist("picture"), form.getlist("caption"), strict=False
    ):
        caption = checked_caption(text)
        yield Outcome(
            photo=name,
            picture=picture if is_picture_url(picture) else "",
            caption=caption,
            hashtags=parts.pipeline.match(caption, limit, ranking=ranking),
        )
