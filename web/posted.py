"""What a request carries: read and checked, or refused with one sentence for people."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, cast

from flask import request
from werkzeug.datastructures import FileStorage

from captag import LANGUAGES, ranking_of
from captag.gathering import never
from captag.pipeline import ENOUGH_PIXELS_A_SIDE
from captioner import read_image
from web.api_models import MAX_CAPTION_LENGTH
from web.fields import refused
from web.service import service

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

    from tagmapper import Ranking
    from tagmapper.tags import Language

_LONGEST_NAME = 200


def posted_photos() -> list[tuple[str, bytes]]:
    """Return the names and the bytes of all photos that a form posted.

    Raises:
        FieldsRefused: There is none.
    """
    files = [file for file in request.files.getlist("photo") if file.filename]
    if not files:
        raise refused("photo")
    return [(_name(file), file.stream.read()) for file in files]


def read_photo(data: bytes) -> Image.Image:
    """Return the image of a photo; see `captioner.read_image` for what is refused."""
    return _read(BytesIO(data))


def named_photo(file: FileStorage | None) -> tuple[str, Image.Image]:
    """Return the name and the image of an uploaded photo.

    Raises:
        FieldsRefused: There is none.
        UnreadableImage: It is not an image that can be read.
        ImageTooLarge: It has too many pixels.
    """
    if file is None or not isinstance(file, FileStorage) or not file.filename:
        raise refused("photo")
    return _name(file), _read(cast("BinaryIO", file.stream))


def _read(stream: BinaryIO) -> Image.Image:
    return read_image(
        stream,
        max_pixels=service().settings.max_pixels,
        enough_pixels_a_side=ENOUGH_PIXELS_A_SIDE,
    )


def is_given_up() -> Callable[[], bool]:
    """Return what tells whether whoever sent this request has gone meanwhile."""
    return cast("Callable[[], bool]", request.environ.get("waitress.client_disconnected", never))


def posted_limit() -> int:
    """Return how many hashtags the form asks for; without the field, as many as usual."""
    text = request.form.get("limit", "").strip()
    if not text:
        return service().settings.limit
    return checked_limit(int(text) if text.isascii() and text.isdigit() else text)


def posted_ranking() -> Ranking:
    """Return how the form wants the hashtags ordered; without its fields, as usual.

    Raises:
        FieldsRefused: ``mix`` is no number in the range, or ``language`` is not known.
    """
    mix = request.form.get("mix", "").strip()
    try:
        number = float(mix) if mix else None
    except ValueError as error:
        raise refused("mix") from error
    return checked_ranking(number, request.form.get("language") or None)


def checked_limit(limit: object) -> int:
    """Return a limit that can be used, whatever was sent; for None, as many as usual.

    Raises:
        FieldsRefused: It is not a whole number in the range.
    """
    if limit is None:
        return service().settings.limit
    most = service().settings.max_limit
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= most:
        raise refused("limit")
    return limit


def checked_ranking(mix: object, language: object) -> Ranking:
    """Return the ranking of the settings, with what was sent in its place.

    Raises:
        FieldsRefused: ``mix`` is no number in the range, or ``language`` is not known.
    """
    ranking = ranking_of(service().settings)
    if mix is not None:
        if not isinstance(mix, int | float) or isinstance(mix, bool) or not 0 <= mix <= 1:
            raise refused("mix")
        ranking = replace(ranking, mix=float(mix))
    if language is not None:
        if language not in LANGUAGES:
            raise refused("language")
        ranking = replace(ranking, language=cast("Language", language))
    return ranking


def _name(file: FileStorage) -> str:
    return (file.filename or "").replace("\\", "/").rpartition("/")[2][-_LONGEST_NAME:]


def checked_caption(caption: object) -> str:
    """Return a caption without the space around it.

    Raises:
        FieldsRefused: It is no text, empty, or too long.
    """
    if not isinstance(caption, str) or not caption.strip() or len(caption) > MAX_CAPTION_LENGTH:
        raise refused("caption")
    return caption.strip()
