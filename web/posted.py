"""What a request carries: read and checked, or refused with one sentence for people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, cast

from flask import request
from werkzeug.datastructures import FileStorage

from captag import LANGUAGES, ranking_of
from captioner import read_image
from web.refused import RequestRefused
from web.service import service

if TYPE_CHECKING:
    from PIL import Image

    from tagmapper import Ranking
    from tagmapper.tags import Language

_LONGEST_NAME = 200
_MIX_REFUSED = "mix must be a number from 0 to 1."


def posted_photo() -> tuple[str, Image.Image]:
    """Return the name and the image of the posted photo.

    Raises:
        RequestRefused: There is none.
        UnreadableImage: It is not an image that can be read.
        ImageTooLarge: It has too many pixels.
    """
    return named_photo(request.files.get("photo"))


def named_photo(file: FileStorage | None) -> tuple[str, Image.Image]:
    """Return the name and the image of an uploaded photo; see `posted_photo`."""
    if file is None or not isinstance(file, FileStorage) or not file.filename:
        raise RequestRefused("Choose a photo first.", {"photo": "Choose a photo first."})
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


def checked_limit(limit: object) -> int:
    """Return a limit that can be used, whatever was sent; for None, as many as usual.

    Raises:
        RequestRefused: It is not a whole number in the range.
    """
    if limit is None:
        return service().settings.limit
    most = service().settings.max_limit
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= most:
        sentence = f"limit must be a whole number from 1 to {most}."
        raise RequestRefused(sentence, {"limit": sentence})
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
