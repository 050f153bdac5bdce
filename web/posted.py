"""What a request carries: read and checked, or refused with one sentence for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, cast

from flask import request

from captioner import read_image
from web.errors import RequestRefused
from web.service import service

if TYPE_CHECKING:
    from PIL import Image

MAX_CAPTION_LENGTH = 2_200  # what Instagram allows
_LONGEST_NAME = 200


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


def posted_json() -> tuple[str, int]:
    """Return the caption and the limit of a JSON request.

    Raises:
        RequestRefused: The body is no JSON object, or one of its fields cannot be used.
    """
    body = request.get_json()
    if not isinstance(body, dict):
        raise RequestRefused('Send a JSON object: {"caption": "a dog on a beach"}.')
    limit = body.get("limit")
    return _caption(body.get("caption")), (
        service().settings.limit if limit is None else checked_limit(limit)
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


def _caption(caption: object) -> str:
    if not isinstance(caption, str) or not caption.strip():
        raise RequestRefused("caption must be a sentence.")
    if len(caption) > MAX_CAPTION_LENGTH:
        raise RequestRefused(f"caption must have at most {MAX_CAPTION_LENGTH:,} characters.")
    return caption.strip()
