"""The photo as the page shows it: upright, small, and nowhere but in the page itself."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

_LONGEST_SIDE = 1_280  # sharp on a screen, small in a page
_JPEG_QUALITY = 85
_PICTURE_URL = re.compile(r"data:image/jpeg;base64,[A-Za-z0-9+/]+={0,2}")


def picture_url(image: Image.Image) -> str:
    """Put a photo, scaled down and without its metadata, into a ``data:`` URL."""
    small = image.copy()
    small.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    stream = BytesIO()
    small.save(stream, "JPEG", quality=_JPEG_QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(stream.getvalue()).decode()}"


def is_picture_url(text: str) -> bool:
    """Whether a text that was posted can be shown as a picture, and as nothing else."""
    return _PICTURE_URL.fullmatch(text) is not None
