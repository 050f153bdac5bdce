"""Untrusted bytes -> an upright RGB image, or a refusal that says what to do.

The plugin that fits the first bytes is called by itself, not through `Image.open`: only the formats
that are meant are ever tried, the size is known before any other check could refuse it, a photo
of a malformed multi-picture JPEG is its first picture, and nothing is registered for the process.
Colour profiles are not applied: a caption does not depend on them.
"""

from __future__ import annotations

import re
import struct
import threading
import warnings
import zlib
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, cast

from PIL import ExifTags, Image

from captioner.errors import ImageTooLarge, UnreadableImage
from captioner.formats import HEAD_BYTES, READABLE, Format, describe, recognise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.ImageFile import ImageFile

_DAMAGE = (
    OSError,  # most decoders; UnidentifiedImageError is one
    SyntaxError,  # Pillow's "not identified by this driver"
    ValueError,  # Pillow#9814; UnicodeDecodeError is one
    RuntimeError,  # libheif and libavif
    LookupError,  # tables in the file that point outside themselves
    TypeError,  # tags of an unexpected type
    ArithmeticError,  # rationals over 0, sizes that overflow
    EOFError,
    MemoryError,  # a strip or tile that declares gigabytes
    struct.error,
    zlib.error,
)

_TURNS = {  # EXIF orientation -> what makes it upright; 1 is upright already
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_WHITE_8_BIT = 255
_WHITE_16_BIT = 65_535
_FULL_SCALES = {  # what white may be, by mode; 16-bit modes say it by their name
    "I": (_WHITE_8_BIT, _WHITE_16_BIT),
    "F": (1, _WHITE_8_BIT, _WHITE_16_BIT),
}

# The box that says at what size a HEIC is coded; its crop and its turn are said elsewhere.
_HEIC_CODED_SIZE = re.compile(rb"ispe\0{4}(.{8})", re.DOTALL)
_HEIC_PADDING = 63  # what an encoder may add to fill its last blocks, and crops off again

_one_at_a_time = threading.Lock()


def read_image(
    stream: BinaryIO, *, max_pixels: int = 64_000_000, enough_pixels_a_side: int = 0
) -> Image.Image:
    """Read one photo from bytes that anybody may have sent.

    Of a file with several pictures the first counts (of a HEIC the one marked primary). What is
    transparent becomes white. Safe to call from several threads; they decode one at a time.

    Args:
        stream: Read from where it stands to its end; need not be seekable, is not closed.
        max_pixels: The most that width times height may be, checked before decoding.
        enough_pixels_a_side: A JPEG is decoded at a half, a quarter or an eighth of its size where
            both sides keep so many, which takes a fraction of the time; 0 for the whole size.

    Returns:
        The photo in mode RGB, turned upright, with nothing of the file's metadata.

    Raises:
        UnreadableImage: Not a photo in a known format, or damaged, or cut short.
        ImageTooLarge: More pixels than `max_pixels`.
    """
    data = stream.read()
    kind = recognise(data[:HEAD_BYTES])
    if kind is None:
        raise UnreadableImage(f"The file is {describe(data[:HEAD_BYTES])}: choose {READABLE}.")
    if kind.name == "HEIC":
        _check_coded_sizes(data, max_pixels)
    with _damage_refused(kind), _careful_pillow(), _open(kind, data) as image:
        _check_size(image.size, max_pixels)
        if enough_pixels_a_side and kind.name == "JPEG":
            image.draft("RGB", (enough_pixels_a_side, enough_pixels_a_side))
        image.load()
        return _upright(_to_rgb(image), _orientation(image))


@contextmanager
def _damage_refused(kind: Format) -> Iterator[None]:
    """Translate whatever a decoder lets out."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableImage(  # met by a plugin on its own, before it tells the size
            f"The {kind.name} photo declares more pixels than can be decoded safely:"
            " make it smaller and try again."
        ) from error
    except _DAMAGE as error:
        raise UnreadableImage(
            f"The {kind.name} photo is damaged or cut short: save or download it again,"
            " or choose another."
        ) from error


@contextmanager
def _careful_pillow() -> Iterator[None]:
    """Keep Pillow's warnings about odd metadata to itself; make the one about bombs an error.

    `warnings.catch_warnings` changes the whole process, hence the lock, which also means that only
    one photo at a time takes its hundreds of megabytes; and hence filters that name Pillow alone.
    """
    with _one_at_a_time, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _open(kind: Format, data: bytes) -> ImageFile:
    plugin = getattr(import_module(kind.plugin_module), kind.plugin_class)
    return cast("ImageFile", plugin(BytesIO(data)))


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width * height > max_pixels:
        raise ImageTooLarge(width, height, max_pixels)


def _check_coded_sizes(heic: bytes, max_pixels: int) -> None:
    """Refuse a HEIC that is small only because it is cropped once it has been decoded."""
    for box in _HEIC_CODED_SIZE.finditer(heic):
        width, height = struct.unpack(">II", box[1])
        if max(width - _HEIC_PADDING, 0) * max(height - _HEIC_PADDING, 0) > max_pixels:
            raise ImageTooLarge(width, height, max_pixels)


def _to_rgb(image: Image.Image) -> Image.Image:
    """Any mode that a decoder gives -> a new RGB image without metadata."""
    if image.mode[0] in "IF":
        image = _to_8_bit(image)
    rgb = _on_white(image) if image.has_transparency_data else image.convert("RGB")
    rgb.info = {}  # it would hold the EXIF data: who took the photo, where and when
    return rgb


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "La":  # Pillow knows only this way out of premultiplied grey
        image = image.convert("LA")
    rgba = image.convert("RGBA")
    white = Image.new("RGB", rgba.size, "white")
    white.paste(rgba, mask=rgba)
    return white


def _to_8_bit(image: Image.Image) -> Image.Image:
    """Scale grey of 16 or 32 bits, whole or real numbers, to 8; Pillow itself would clip it."""
    image.info.pop("transparency", None)  # a 16-bit shade, without meaning once scaled
    full_scales = _FULL_SCALES.get(image.mode, (_WHITE_16_BIT,))
    numbers = _finite(image) if image.mode == "F" else image.convert("I").convert("F")
    black, white = _black_and_white(numbers, full_scales)
    scale = _WHITE_8_BIT / (white - black)
    offset = 0.5 - black * scale  # the half rounds: convert() drops the fraction
    return numbers.point(lambda number: number * scale + offset).convert("L")


def _finite(image: Image.Image) -> Image.Image:
    """Black in place of what is not a number."""
    import numpy as np  # here alone, and hardly ever

    return Image.fromarray(np.nan_to_num(np.asarray(image), posinf=0, neginf=0))


def _black_and_white(image: Image.Image, full_scales: tuple[int, ...]) -> tuple[float, float]:
    """The values that mean black and white: the first scale that fits, else the extremes."""
    darkest, lightest = cast("tuple[float, float]", image.getextrema())
    for white in full_scales:
        if darkest >= 0 and lightest <= white:
            return 0, white
    return darkest, max(lightest, darkest + 1)


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where there is none, or none that can be understood."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _DAMAGE:  # the picture itself is whole
        return 1
    return orientation if orientation in _TURNS else 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)
