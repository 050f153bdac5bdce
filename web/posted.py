"""What a request carries: read and checked, or refused with one sentence for people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, cast

from flask import request

from captag import LANGUAGES, ranking_of
from captioner import read_image
from web.errors import RequestRefused
from web.service import service

if TYPE_CHECKING:
    from PIL import Image

    from tagmapper import Ranking
    from tagmapper.tags import Language

MAX_CAPTION_LENGTH = 2_200  # what Instagram allows
_LONGEST_NAME = 200
_MIX_REFUSED = "mix must be a number from 0 to 1."


def posted_photo() -> tuple[str, Image.Image]:
    """Return the name and the image of the posted photo.

    Raises:
        RequestRefused: There is none.
        UnreadableImage: It is not an image that can be read.
        ImageTooLarge: It has too many pixels.
    """
    file = request.files.get("photo")
    if file is None or not file.filename:
        raise RequestRefused("Choose a photo first.")
    name = file.filename.replace("\\", "/").rpartition("/")[2][-_LONGEST_NAME:]
    return name, read_image(cast("BinaryIO", file.stream), max_pixels=service().settings.max_pixels)


def posted_limit() -> int:
    """Return how many hashtags the form asks for; without the field, as many as usual."""
    text = request.form.get("limit", "").strip()
    if not text:
        return service().settings.limit
    return checked_limit(int(text) if text.isascii() and text.isdigit() else text)


def posted_ranking() -> Ranking:
    """Return how the form wants the hashtags ordered; without its fields, as usual.

    Raises:
        RequestRefused: ``mix`` is no number in the range, or ``language`` is not known.
    """
    mix = request.form.get("mix", "").strip()
    try:
        number = float(mix) if mix else None
    except ValueError as error:
        raise RequestRefused(_MIX_REFUSED) from error
    return checked_ranking(number, request.form.get("language") or None)


def posted_json() -> tuple[str, int, Ranking]:
    """Return the caption, the limit and the ranking of a JSON request.

    Raises:
        RequestRefused: The body is no JSON object, or one of its fields cannot be used.
    """
    body = request.get_json()
    if not isinstance(body, dict):
        raise RequestRefused('Send a JSON object: {"caption": "a dog on a beach"}.')
    limit = body.get("limit")
    return (
        _caption(body.get("caption")),
        service().settings.limit if limit is None else checked_limit(limit),
        checked_ranking(body.get("mix"), body.get("language")),
    )


def checked_limit(limit: object) -> int:
    """Return a limit that can be used, whatever was sent.

    Raises:
        RequestRefused: It is not a whole number in the range.
    """
    most = service().settings.max_limit
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= most:
        raise RequestRefused(f"limit must be a whole number from 1 to {most}.")
    return limit


def checked_ranking(mix: object, language: object) -> Ranking:
    """Return the ranking of the settings, with what was sent in its place.

    Raises:
        RequestRefused: ``mix`` is no number in the range, or ``language`` is not known.
    """
    ranking = ranking_of(service().settings)
    if mix is not None:
        if not isinstance(mix, int | float) or isinstance(mix, bool) or not 0 <= mix <= 1:
            raise RequestRefused(_MIX_REFUSED)
        ranking = replace(ranking, mix=float(mix))
    if language is not None:
        if language not in LANGUAGES:
            raise RequestRefused(f"language must be one of {', '.join(LANGUAGES)}.")
        ranking = replace(ranking, language=cast("Language", language))
    return ranking


def _caption(caption: object) -> str:
    if not isinstance(caption, str) or not caption.strip():
        raise RequestRefused("caption must be a sentence.")
    if len(caption) > MAX_CAPTION_LENGTH:
        raise RequestRefused(f"caption must have at most {MAX_CAPTION_LENGTH:,} characters.")
    return caption.strip()
