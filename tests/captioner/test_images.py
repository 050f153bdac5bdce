"""read_image: every format, every mode, every way up, and every way to be refused.

The files are made here. Their photo has four corners of one colour each, so that what was read can
be checked by eye: red, green / blue, yellow.
"""

from __future__ import annotations

import pickle
import random
import struct
import subprocess
import sys
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pillow_heif
import pytest
from PIL import ExifTags, Image

from captioner import CaptionerError, ImageTooLarge, UnreadableImage, read_image

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH, HEIGHT = 48, 32
COLOURS = {"R": (255, 0, 0), "G": (0, 255, 0), "B": (0, 0, 255), "Y": (255, 255, 0)}
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def four_corners() -> Image.Image:
    photo = Image.new("RGB", (2, 2))
    photo.putdata(list(COLOURS.values()))
    return photo.resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)


def corners(photo: Image.Image) -> str:
    """The colours of the corners, row by row: RGBY when upright."""
    right, bottom = photo.width - 4, photo.height - 4
    return "".join(
        nearest_colour(photo, at) for at in ((3, 3), (right, 3), (3, bottom), (right, bottom))
    )


def nearest_colour(photo: Image.Image, at: tuple[int, int]) -> str:
    pixel = np.array(photo.getpixel(at), int)
    return min(COLOURS, key=lambda name: np.abs(pixel - COLOURS[name]).sum())


def encoded(photo: Image.Image, file_format: str, **options: object) -> bytes:
    buffer = BytesIO()
    if file_format == "HEIC":
        pillow_heif.from_pillow(photo).save(buffer, **options)
    else:
        photo.save(buffer, file_format, **options)
    return buffer.getvalue()


def two_frames(file_format: str) -> bytes:
    second = Image.new("RGB", (WIDTH, HEIGHT), "black")
    return encoded(four_corners(), file_format, save_all=True, append_images=[second])


def read(data: bytes, **options: object) -> Image.Image:
    return read_image(BytesIO(data), **options)


def centre(data: bytes) -> tuple[int, ...]:
    photo = read(data)
    assert photo.mode == "RGB"
    pixel = photo.getpixel((photo.width // 2, photo.height // 2))
    assert isinstance(pixel, tuple)
    return pixel


def grey(value: int) -> tuple[int, int, int]:
    return (value, value, value)


# What is read

FORMATS: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: encoded(four_corners(), "JPEG", quality=95),
    "progressive JPEG": lambda: encoded(four_corners(), "JPEG", quality=95, progressive=True),
    "multi-picture JPEG": lambda: two_frames("MPO"),
    "PNG": lambda: encoded(four_corners(), "PNG"),
    "animated PNG": lambda: two_frames("PNG"),
    "WebP": lambda: encoded(four_corners(), "WEBP"),
    "lossless WebP": lambda: encoded(four_corners(), "WEBP", lossless=True),
    "animated WebP": lambda: two_frames("WEBP"),
    "GIF": lambda: encoded(four_corners(), "GIF"),
    "animated GIF": lambda: two_frames("GIF"),
    "BMP": lambda: encoded(four_corners(), "BMP"),
    "TIFF": lambda: encoded(four_corners(), "TIFF"),
    "LZW TIFF": lambda: encoded(four_corners(), "TIFF", compression="tiff_lzw"),
    "deflated TIFF": lambda: encoded(four_corners(), "TIFF", compression="tiff_deflate"),
    "JPEG TIFF": lambda: encoded(four_corners(), "TIFF", compression="jpeg", quality=95),
    "BigTIFF": lambda: encoded(four_corners(), "TIFF", big_tiff=True),
    "TIFF of two pages": lambda: two_frames("TIFF"),
    "HEIC": lambda: encoded(four_corners(), "HEIC", quality=95),
    "AVIF": lambda: encoded(four_corners(), "AVIF", quality=95),
    "animated AVIF": lambda: two_frames("AVIF"),
}


@pytest.fixture(params=FORMATS)
def photo_file(request: pytest.FixtureRequest) -> bytes:
    return FORMATS[request.param]()


def test_every_format_gives_an_upright_rgb_image_of_its_first_frame(photo_file: bytes) -> None:
    photo = read(photo_file)
    assert (photo.mode, photo.size, corners(photo)) == ("RGB", (WIDTH, HEIGHT), "RGBY")


def test_the_name_of_a_file_is_not_needed_nor_its_beginning_sought() -> None:
    class Pipe:  # standard input cannot seek, tell or be asked for a name
        def read(self) -> bytes:
            return FORMATS["PNG"]()

    assert corners(read_image(Pipe())) == "RGBY"  # type: ignore[arg-type]


def test_the_stream_is_read_from_where_it_stands_and_stays_open() -> None:
    stream = BytesIO(b"skip" + FORMATS["JPEG"]())
    stream.seek(4)
    assert corners(read_image(stream)) == "RGBY"
    assert not stream.closed


def test_the_brand_of_a_heic_may_be_the_general_one() -> None:
    data = FORMATS["HEIC"]().replace(b"ftypheic", b"ftypmif1", 1)
    assert corners(read(data)) == "RGBY"


def test_the_brand_of_an_avif_may_be_the_general_one() -> None:
    data = FORMATS["AVIF"]().replace(b"ftypavif", b"ftypmif1", 1)
    assert corners(read(data)) == "RGBY"


# Modes

ORANGE = (250, 130, 10)


def solid(mode: str, colour: object) -> Image.Image:
    return Image.new(mode, (16, 16), colour)


def palette_photo(**options: object) -> bytes:
    """Colour 0 is orange, colour 1 black; the photo is all colour 0."""
    photo = solid("P", 0)
    photo.putpalette([*ORANGE, *BLACK])
    return encoded(photo, "PNG", **options)


def numbers(values: list[float], dtype: type, file_format: str = "TIFF") -> bytes:
    """A row of grey numbers, each three times high and wide."""
    rows = np.repeat(np.repeat(np.array([values], dtype), 3, axis=0), 3, axis=1)
    return encoded(Image.fromarray(rows), file_format)


def greys(data: bytes) -> list[int]:
    """The middle row of `numbers`, read; it has no colour."""
    row = np.asarray(read(data))[1, 1::3]
    assert (row == row[:, :1]).all()
    return row[:, 0].tolist()


def premultiplied(data: bytes) -> bytes:
    """Declare the alpha of a TIFF associated: ExtraSamples 1 in place of 2."""
    tag = struct.pack("<HHIH", 338, 3, 1, 2)
    assert tag in data
    return data.replace(tag, struct.pack("<HHIH", 338, 3, 1, 1))


def png(colour_type: int, bits: int, pixel: bytes, *chunks: bytes, size: int = 16) -> bytes:
    """A PNG of one colour, for the kinds that Pillow does not write."""
    header = struct.pack(">IIBBBBB", size, size, bits, colour_type, 0, 0, 0)
    rows = zlib.compress((b"\0" + pixel * size) * size)
    parts = (chunk(b"IHDR", header), *chunks, chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


HALF_ORANGE = (252, 192, 132)  # half way from orange to white

MODES: dict[str, tuple[bytes, tuple[int, int, int]]] = {
    "grey": (encoded(solid("L", 90), "PNG"), grey(90)),
    "grey JPEG": (encoded(solid("L", 90), "JPEG"), grey(90)),
    "one bit, white": (encoded(solid("1", 1), "PNG"), WHITE),
    "one bit, black": (encoded(solid("1", 0), "BMP"), BLACK),
    "fax": (encoded(solid("1", 1), "TIFF", compression="group4"), WHITE),
    "grey with alpha": (encoded(solid("LA", (90, 0)), "PNG"), WHITE),
    "grey half there": (encoded(solid("LA", (0, 128)), "PNG"), grey(127)),
    "grey premultiplied": (premultiplied(encoded(solid("LA", (64, 128)), "TIFF")), grey(191)),
    "palette": (palette_photo(), ORANGE),
    "palette, its colour transparent": (palette_photo(transparency=0), WHITE),
    "palette, another transparent": (palette_photo(transparency=1), ORANGE),
    "palette with alphas": (palette_photo(transparency=b"\x80\xff"), HALF_ORANGE),
    "palette GIF, transparent": (encoded(solid("P", 0), "GIF", transparency=0), WHITE),
    "palette and alpha": (encoded(solid("P", 0).convert("PA"), "TIFF"), BLACK),
    "alpha, there": (encoded(solid("RGBA", (*ORANGE, 255)), "PNG"), ORANGE),
    "alpha, half there": (encoded(solid("RGBA", (*ORANGE, 128)), "PNG"), HALF_ORANGE),
    "alpha, not there": (encoded(solid("RGBA", (*ORANGE, 0)), "PNG"), WHITE),
    "alpha WebP": (encoded(solid("RGBA", (*ORANGE, 0)), "WEBP", lossless=True), WHITE),
    "alpha AVIF": (encoded(solid("RGBA", (*ORANGE, 0)), "AVIF"), WHITE),
    "alpha HEIC": (encoded(solid("RGBA", (*ORANGE, 0)), "HEIC"), WHITE),
    "alpha TIFF": (encoded(solid("RGBA", (*ORANGE, 128)), "TIFF"), HALF_ORANGE),
    "alpha premultiplied": (
        premultiplied(encoded(solid("RGBA", (125, 65, 5, 128)), "TIFF")),
        HALF_ORANGE,
    ),
    "one shade of grey transparent": (png(0, 8, b"\x5a", chunk(b"tRNS", b"\0\x5a")), WHITE),
    "one colour transparent": (
        png(2, 8, bytes(ORANGE), chunk(b"tRNS", b"\0\xfa\0\x82\0\x0a")),
        WHITE,
    ),
    "CMYK TIFF": (encoded(solid("CMYK", (0, 255, 255, 0)), "TIFF"), COLOURS["R"]),
    "CMYK JPEG, inverted as Adobe does": (
        encoded(solid("CMYK", (0, 255, 255, 0)), "JPEG", quality=95),
        COLOURS["R"],
    ),
    "YCbCr TIFF": (encoded(solid("RGB", ORANGE).convert("YCbCr"), "TIFF"), ORANGE),
    "Lab TIFF": (encoded(solid("LAB", (255, 128, 128)), "TIFF"), WHITE),
    "16-bit colour": (png(2, 16, b"\xfa\x12\x82\x34\x0a\x56"), ORANGE),
    "16-bit colour and alpha": (png(6, 16, b"\xfa\x12\x82\x34\x0a\x56\x80\x80"), HALF_ORANGE),
    "16-bit grey and alpha": (png(4, 16, b"\x5a\x5a\0\0"), WHITE),
    "16-bit colour, one transparent": (
        png(2, 16, b"\xfa\x12\x82\x34\x0a\x56", chunk(b"tRNS", b"\xfa\x12\x82\x34\x0a\x56")),
        ORANGE,
    ),
    "16-bit grey, one transparent": (
        png(0, 16, b"\x5a\x5a", chunk(b"tRNS", b"\x5a\x5a")),
        grey(90),
    ),
}


@pytest.mark.parametrize(("data", "colour"), MODES.values(), ids=MODES)
def test_every_mode_becomes_rgb_with_white_where_it_is_transparent(
    data: bytes, colour: tuple[int, int, int]
) -> None:
    assert centre(data) == pytest.approx(colour, abs=2)


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_to_eight_not_clipped(file_format: str) -> None:
    data = numbers([0, 257, 32_896, 65_535], np.uint16, file_format)
    assert greys(data) == [0, 1, 128, 255]


def test_sixteen_bits_in_the_other_byte_order_are_scaled_too() -> None:
    assert centre(encoded(solid("I;16B", 32_896), "TIFF")) == grey(128)


def test_a_dark_photo_of_sixteen_bits_stays_dark() -> None:
    assert greys(numbers([0, 257, 514], np.uint16)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 128, 255], [0, 128, 255]),  # a full scale of 8 bits
        ([0, 257, 65_535], [0, 1, 255]),  # of 16 bits
        ([0, 100_000, 200_000], [0, 128, 255]),  # of none: from its darkest to its lightest
        ([-100, 0, 100], [0, 128, 255]),
        ([-7, -7, -7], [0, 0, 0]),
    ],
)
def test_whole_numbers_of_32_bits_are_scaled(values: list[int], expected: list[int]) -> None:
    assert greys(numbers(values, np.int32)) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 128.0, 255.0], [0, 128, 255]),
        ([0.0, 32_896.0, 65_535.0], [0, 128, 255]),
        ([-1.0, 0.0, 1.0], [0, 128, 255]),
        ([0.0, 0.0, 0.0], [0, 0, 0]),
        ([np.nan, 0.5, 1.0], [0, 128, 255]),
        ([np.inf, -np.inf, 1.0], [0, 0, 255]),
    ],
)
def test_real_numbers_are_scaled_and_what_is_no_number_is_black(
    values: list[float], expected: list[int]
) -> None:
    assert greys(numbers(values, np.float32)) == expected


# Which way up

# By the EXIF standard: where the first row and the first column of the file are to be seen.
UPRIGHT = {
    1: "RGBY",  # top, left
    2: "GRYB",  # top, right
    3: "YBGR",  # bottom, right
    4: "BYRG",  # bottom, left
    5: "RBGY",  # left, top
    6: "BRYG",  # right, top: a telephone held upright
    7: "YGBR",  # right, bottom
    8: "GYRB",  # left, bottom
}


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    tags[ExifTags.Base.Make] = "a camera"
    return tags


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF", "HEIC", "AVIF"])
@pytest.mark.parametrize("orientation", UPRIGHT)
def test_a_photo_is_turned_upright_as_its_camera_says(file_format: str, orientation: int) -> None:
    tags = exif(orientation)
    data = encoded(
        four_corners(), file_format, exif=tags.tobytes() if file_format == "HEIC" else tags
    )
    photo = read(data)
    assert corners(photo) == UPRIGHT[orientation]
    assert photo.size == ((WIDTH, HEIGHT) if orientation < 5 else (HEIGHT, WIDTH))


@pytest.mark.parametrize("orientation", [0, 9, 65_535])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation: int) -> None:
    assert corners(read(encoded(four_corners(), "JPEG", exif=exif(orientation)))) == "RGBY"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not tags at all",
        b"II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x03\0\xff\xff\xff\x7f\0\0\0\0",
        b"MM\0*\xff\xff\xff\xff",
        b"II*\0\x08\0\0\0\x01\0\x12\x01\x05\0\x01\0\0\0\x1a\0\0\0\0\0\0\0" + b"\x06\0\0\0\0\0\0\0",
    ],
    ids=["empty", "text", "more tags than bytes", "tags beyond the end", "a fraction over 0"],
)
def test_a_photo_with_damaged_exif_is_still_a_photo(body: bytes) -> None:
    data = encoded(four_corners(), "JPEG", exif=b"Exif\0\0" + body, dpi=(72, 72))
    assert corners(read(data)) == "RGBY"


def test_nothing_of_the_metadata_is_passed_on() -> None:
    tags = exif(6)
    tags.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    photo = read(encoded(four_corners(), "JPEG", exif=tags, comment=b"a secret", dpi=(72, 72)))
    assert photo.info == {}
    assert not photo.getexif()


# What is refused

DAMAGED = "photo is damaged or cut short: save or download it again, or choose another."
CHOOSE = "choose a JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or AVIF photo."

OTHERS = {
    "empty": b"",
    "text": b"Dear all,\n\nplease find the photo attached.\n",
    "text ": "Größe: 30 µm, 25 °C\n".encode(),
    "text  ": ("x" * 511 + "é").encode(),  # the look at its beginning cuts a letter in two
    "a web page": b"<!DOCTYPE html>\n<html><body>404</body></html>",
    "an SVG drawing": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "a ZIP archive or an office document": b"PK\x03\x04\x14\0\0\0",
    "a Photoshop document": b"8BPS\0\x01",
    "a JPEG XL photo": b"\xff\x0a\xfa\x1f",
    "a JPEG 2000 photo": b"\0\0\0\x0cjP  \r\n\x87\n",
    "a video or a photo of another kind": b"\0\0\0\x18ftypisom\0\0\x02\0isommp41",
    "a program": b"\x7fELF\x02\x01\x01\0",
    "of an unknown kind": bytes(range(256)),
    "of an unknown kind ": b"\0" * 1000,
    "of an unknown kind  ": b"caf\xe9 au lait",
}


@pytest.mark.parametrize(("found", "data"), OTHERS.items(), ids=OTHERS)
def test_what_is_no_photo_is_refused_by_what_it_is_and_what_to_choose(
    found: str, data: bytes
) -> None:
    with pytest.raises(UnreadableImage) as refusal:
        read(data)
    assert str(refusal.value) == f"The file is {found.strip()}: {CHOOSE}"


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("JPEG", b"\xff\xd8\xff"),
        ("PNG", b"\x89PNG\r\n\x1a\n"),
        ("GIF", b"GIF89a"),
        ("BMP", b"BM, a letter that begins like a BMP"),
        ("TIFF", b"II*\0"),
        ("WebP", b"RIFF\0\0\0\0WEBP"),
        ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        ("AVIF", b"\0\0\0\x18ftypavif\0\0\0\0mif1avif"),
    ],
)
def test_a_photo_cut_after_its_first_bytes_is_refused_by_its_format(
    name: str, start: bytes
) -> None:
    with pytest.raises(UnreadableImage) as refusal:
        read(start)
    assert str(refusal.value) == f"The {name} {DAMAGED}"
    assert refusal.value.__cause__ is not None


def outcome(data: bytes) -> str:
    """What became of hostile bytes; anything but an image or a refusal fails the test."""
    try:
        photo = read(data, max_pixels=1_000_000)
    except CaptionerError:
        return "refused"
    assert photo.mode == "RGB"
    return "read"


def test_a_photo_cut_short_anywhere_is_an_image_or_a_refusal(photo_file: bytes) -> None:
    some = random.Random(2).sample(range(len(photo_file)), 60)
    outcomes = [outcome(photo_file[:length]) for length in (*range(100), *some)]
    assert outcomes[:16] == ["refused"] * 16


WHOLE_IN_HALF = {"multi-picture JPEG", "TIFF of two pages"}  # their first picture is


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - WHOLE_IN_HALF))
def test_a_photo_cut_in_half_is_refused(name: str) -> None:
    data = FORMATS[name]()
    with pytest.raises(UnreadableImage, match=DAMAGED):
        read(data[: len(data) // 2])


def test_a_photo_with_flipped_bytes_is_an_image_or_a_refusal(photo_file: bytes) -> None:
    chance = random.Random(4)
    outcomes = {outcome(flipped(photo_file, chance)) for _ in range(150)}
    assert "refused" in outcomes


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Up to eight bytes replaced, half of them near the beginning, where the headers are."""
    damaged = bytearray(data)
    for _ in range(chance.choice((1, 2, 8))):
        end = chance.choice((len(data), min(len(data), 200)))
        damaged[chance.randrange(end)] = chance.choice((0, 255, chance.randrange(256)))
    return bytes(damaged)


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_metadata_that_unpacks_to_megabytes_is_not_unpacked(kind: bytes) -> None:
    zeros = zlib.compress(bytes(20_000_000))
    body = {b"zTXt": b"k\0\0", b"iTXt": b"k\0\x01\0\0\0", b"iCCP": b"k\0\0"}[kind] + zeros
    assert outcome(png(2, 8, bytes(ORANGE), chunk(kind, body))) in {"read", "refused"}


def test_a_photo_without_pixels_is_refused() -> None:
    with pytest.raises(UnreadableImage, match=DAMAGED):
        read(png(2, 8, b"", size=0))


# Too many pixels


def header_of_a_png(side: int) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", b"")
    )


def jpeg_that_declares(side: int) -> bytes:
    data = FORMATS["JPEG"]()
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", side, side) + data[at + 4 :]


def gif_that_declares(side: int) -> bytes:
    frame = b"," + struct.pack("<HHHH", 0, 0, side, side) + b"\0\x08\x00;"
    return b"GIF89a" + struct.pack("<HH", side, side) + b"\0\0\0" + frame


def bmp_that_declares(side: int) -> bytes:
    data = FORMATS["BMP"]()
    return data[:18] + struct.pack("<ii", side, side) + data[26:]


def heic_that_declares(side: int) -> bytes:
    data = FORMATS["HEIC"]()
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", side, side) + data[at + 8 :]


def tiff_that_declares(side: int) -> bytes:
    width, height = (struct.pack("<HHII", tag, 4, 1, side) for tag in (256, 257))
    offset = struct.pack("<HHII", 273, 4, 1, 8)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 3) + width + height + offset + b"\0\0\0\0"


@pytest.mark.parametrize(
    "data",
    [
        header_of_a_png(60_000),
        jpeg_that_declares(60_000),
        gif_that_declares(60_000),
        bmp_that_declares(60_000),
        tiff_that_declares(60_000),
        heic_that_declares(60_000),
    ],
    ids=["PNG", "JPEG", "GIF", "BMP", "TIFF", "HEIC"],
)
def test_a_photo_that_declares_billions_of_pixels_is_refused_by_its_header(data: bytes) -> None:
    with pytest.raises(ImageTooLarge) as refusal:
        read(data)
    assert (refusal.value.width, refusal.value.height) == (60_000, 60_000)
    assert str(refusal.value) == (
        "The photo is 60,000 x 60,000 pixels, more than the 64,000,000 allowed in all:"
        " make it smaller and try again."
    )


def test_a_gif_whose_frame_is_larger_than_its_screen_is_refused() -> None:
    data = gif_that_declares(60_000)
    with pytest.raises(UnreadableImage, match="more pixels than can be decoded safely"):
        read(data[:6] + struct.pack("<HH", 5, 5) + data[10:])


def test_a_webp_that_declares_the_most_it_can_is_refused() -> None:
    canvas = b"\0\0\0\0" + b"\xff\x3f\0" * 2  # 16,384 each way
    chunks = b"WEBPVP8X" + struct.pack("<I", 10) + canvas + bytes(20)
    # Pillow 13 measures it before it tells the size; 12 leaves that to us.
    with pytest.raises(CaptionerError, match=r"more.* make it smaller"):
        read(b"RIFF" + struct.pack("<I", len(chunks)) + chunks)


def test_the_pixel_limit_is_the_largest_that_passes(photo_file: bytes) -> None:
    assert read(photo_file, max_pixels=WIDTH * HEIGHT).size == (WIDTH, HEIGHT)
    with pytest.raises(ImageTooLarge) as refusal:
        read(photo_file, max_pixels=WIDTH * HEIGHT - 1)
    assert refusal.value.max_pixels == WIDTH * HEIGHT - 1


def test_pillows_own_limit_does_not_matter_below_ours() -> None:
    data = header_of_a_png(9_600)  # Pillow warns from 89 million pixels on
    with pytest.raises(UnreadableImage, match=DAMAGED):
        read(data, max_pixels=100_000_000)


# Manners


def test_refusals_survive_the_way_to_another_process() -> None:
    refusal = pickle.loads(pickle.dumps(ImageTooLarge(3, 2, 5)))  # noqa: S301 - our own bytes
    assert (refusal.width, refusal.height, refusal.max_pixels) == (3, 2, 5)


def noisy_photos() -> dict[str, bytes]:
    """Whole photos whose odd metadata makes Pillow warn."""
    too_many_tags = b"Exif\0\0II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\xff\xff\0\0\x20\0\0\0"
    return {
        "EXIF": encoded(four_corners(), "JPEG", exif=too_many_tags),
        "animated PNG of no frames": png(2, 8, bytes(ORANGE), chunk(b"acTL", bytes(8))),
        "TIFF with a tag beyond its end": tiff_with_a_lost_tag(),
    }


def tiff_with_a_lost_tag() -> bytes:
    data = encoded(four_corners(), "TIFF", dpi=(72, 72))
    place = data.index(struct.pack("<HHI", 282, 5, 1)) + 8  # XResolution, a fraction elsewhere
    return data[:place] + struct.pack("<I", 0x7FFFFFFF) + data[place + 4 :]


@pytest.mark.parametrize("data", noisy_photos().values(), ids=noisy_photos())
def test_no_warning_leaks_and_the_filters_are_left_as_they_were(data: bytes) -> None:
    assert warnings_of(lambda: Image.open(BytesIO(data)).getexif()) != []  # Pillow's own
    before = list(warnings.filters)
    assert warnings_of(lambda: read(data)) == []
    assert warnings.filters == before


def warnings_of(action: Callable[[], object]) -> list[str]:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        action()
    return [str(warning.message) for warning in heard]


def test_eight_threads_read_what_one_reads() -> None:
    files = [make() for make in FORMATS.values()] + list(noisy_photos().values())
    alone = [read(data).tobytes() for data in files]
    before = list(warnings.filters)
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda data: read(data).tobytes(), files * 8))
    assert together == alone * 8
    assert warnings.filters == before


def test_importing_captioner_loads_no_decoder() -> None:
    code = "import captioner, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    decoders = [name for name in done.stdout.split() if "ImagePlugin" in name or "heif" in name]
    assert decoders == []


# As large as is needed


def jpeg(width: int, height: int, *, orientation: int = 1, mode: str = "RGB") -> BytesIO:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    stream = BytesIO()
    photo = four_corners().resize((width, height), Image.Resampling.NEAREST)
    photo.convert(mode).save(stream, "JPEG", exif=exif)
    stream.seek(0)
    return stream


@pytest.mark.parametrize(
    ("size", "enough", "read"),
    [
        ((800, 640), 80, (100, 80)),  # an eighth
        ((800, 640), 81, (200, 160)),  # a quarter: an eighth would be too small
        ((800, 640), 320, (400, 320)),
        ((800, 640), 321, (800, 640)),
        ((800, 640), 0, (800, 640)),
        ((100, 80), 1000, (100, 80)),  # never made larger
    ],
)
def test_a_large_jpeg_is_decoded_at_the_smallest_size_that_is_enough(
    size: tuple[int, int], enough: int, read: tuple[int, int]
) -> None:
    photo = read_image(jpeg(*size), enough_pixels_a_side=enough)
    assert photo.size == read
    assert corners(photo) == "RGBY"


def test_a_jpeg_decoded_smaller_is_upright_too() -> None:
    photo = read_image(jpeg(800, 640, orientation=6), enough_pixels_a_side=80)
    assert photo.size == (80, 100)
    assert corners(photo) == "BRYG"


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_a_jpeg_of_another_mode_decoded_smaller_is_rgb_too(mode: str) -> None:
    photo = read_image(jpeg(800, 640, mode=mode), enough_pixels_a_side=80)
    assert (photo.mode, photo.size) == ("RGB", (100, 80))


def test_a_jpeg_with_too_many_pixels_is_refused_however_small_it_would_be_decoded() -> None:
    with pytest.raises(ImageTooLarge):
        read_image(jpeg(800, 640), max_pixels=800 * 640 - 1, enough_pixels_a_side=80)
