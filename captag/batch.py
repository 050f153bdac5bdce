"""Many photos, one after the other: one that fails never stops the next."""

from __future__ import annotations

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from captag.errors import PhotoNotFound
from captag.pipeline import ENOUGH_PIXELS_A_SIDE
from captioner import ImageTooLarge, UnreadableImage, read_image

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from PIL import Image

    from captag.pipeline import Pipeline, Suggestion

STANDARD_INPUT = "-"
# Which files of a folder are taken for photos; a file given by name is read whatever its name.
PHOTO_SUFFIXES = (
    *(".avif", ".bmp", ".gif", ".heic", ".heif", ".jfif"),
    *(".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """A photo that gave nothing.

    Attributes:
        photo: The name of the photo, as the person gave it.
        message: Why, in one sentence for people.
    """

    photo: str
    message: str


def find_photos(names: Iterable[str]) -> Iterator[str]:
    """Replace each folder by the photos in it and below, in the order of their names.

    Hidden files and folders are left alone, and a folder without photos stays as it is, so
    that it is reported and not passed over in silence.
    """
    for name in names:
        folder = Path(name)
        photos = _photos_below(folder) if name != STANDARD_INPUT and folder.is_dir() else []
        yield from photos or [name]


def suggest_all(
    pipeline: Pipeline, photos: Iterable[str], *, limit: int, max_pixels: int
) -> Iterator[Suggestion | Failure]:
    """Suggest hashtags for each photo as soon as it is asked for, in order.

    Raises:
        CaptionModelError: The caption model cannot be used; no photo would fare better.
        EmbeddingModelError: The sentence encoder cannot be used.
    """
    for photo, image in _one_ahead(photos, max_pixels):
        if isinstance(image, Failure):
            yield image
        else:
            yield pipeline.suggest(image, photo=photo, limit=limit)


def _one_ahead(
    photos: Iterable[str], max_pixels: int
) -> Iterator[tuple[str, Image.Image | Failure]]:
    """Read each photo in a thread of its own while the one before it is captioned."""
    with ThreadPoolExecutor(1) as reader:
        before: tuple[str, Future[Image.Image | Failure]] | None = None
        for photo in photos:
            begun = (photo, reader.submit(_image_or_failure, photo, max_pixels))
            if before is not None:
                yield before[0], before[1].result()
            before = begun
        if before is not None:
            yield before[0], before[1].result()


def _image_or_failure(photo: str, max_pixels: int) -> Image.Image | Failure:
    try:
        return _read(photo, max_pixels)
    except (PhotoNotFound, UnreadableImage, ImageTooLarge) as error:
        return Failure(photo, str(error))


def _photos_below(folder: Path) -> list[str]:
    return [
        str(path)
        for path in sorted(folder.rglob("*"))
        if path.name.lower().endswith(PHOTO_SUFFIXES)
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def _read(photo: str, max_pixels: int) -> Image.Image:
    try:
        stream = _open(photo)
    except FileNotFoundError as error:
        raise PhotoNotFound("There is no such file.") from error
    except IsADirectoryError as error:
        raise PhotoNotFound("There is no photo in this folder.") from error
    except (OSError, ValueError) as error:  # ValueError: a name with a zero character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise PhotoNotFound(f"The file cannot be opened: {reason}.") from error
    with stream:
        return read_image(stream, max_pixels=max_pixels, enough_pixels_a_side=ENOUGH_PIXELS_A_SIDE)


def _open(photo: str) -> BinaryIO:
    """Open a photo; standard input is read to its end, as a pipe cannot be rewound."""
    if photo == STANDARD_INPUT:
        return BytesIO(sys.stdin.buffer.read())
    return Path(photo).open("rb")
