"""What a file is, told from its first bytes; its name and what the sender says are not believed."""

from __future__ import annotations

from dataclasses import dataclass

HEAD_BYTES = 512
"""How much of a file the functions here need to see."""

READABLE = "a JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or AVIF photo"
"""The formats below, as a refusal names them."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can be read.

    Attributes:
        name: As people call it.
        plugin_module: Where its Pillow plugin lives; imported when the first such file comes.
        plugin_class: The plugin, called with a binary stream.
    """

    name: str
    plugin_module: str
    plugin_class: str


_AVIF = Format("AVIF", "PIL.AvifImagePlugin", "AvifImageFile")
_BMP = Format("BMP", "PIL.BmpImagePlugin", "BmpImageFile")
_GIF = Format("GIF", "PIL.GifImagePlugin", "GifImageFile")
_HEIC = Format("HEIC", "pillow_heif", "HeifImageFile")
_JPEG = Format("JPEG", "PIL.JpegImagePlugin", "JpegImageFile")
_PNG = Format("PNG", "PIL.PngImagePlugin", "PngImageFile")
_TIFF = Format("TIFF", "PIL.TiffImagePlugin", "TiffImageFile")
_WEBP = Format("WebP", "PIL.WebPImagePlugin", "WebPImageFile")

_SIGNATURES = {
    b"\xff\xd8\xff": _JPEG,
    b"\x89PNG\r\n\x1a\n": _PNG,
    b"GIF87a": _GIF,
    b"GIF89a": _GIF,
    b"BM": _BMP,
    b"II*\0": _TIFF,
    b"MM\0*": _TIFF,
    b"II+\0": _TIFF,  # BigTIFF
    b"MM\0+": _TIFF,
}

# A HEIC, an AVIF and an MP4 are the same kind of container; the brands in its first box tell them
# apart. AVIF files often name the general brands too, so AVIF is looked for first.
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset({
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1",
})  # fmt: skip

# Only to say what was found instead; a file of any other kind is refused just as well.
_OTHERS = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"Rar!": "a RAR archive",
    b"8BPS": "a Photoshop document",
    b"\xff\x0a": "a JPEG XL photo",
    b"\0\0\0\x0cJXL ": "a JPEG XL photo",
    b"\0\0\0\x0cjP  ": "a JPEG 2000 photo",
    b"\0\0\x01\0": "an icon",
    b"\x1aE\xdf\xa3": "a video",
    b"ID3": "a sound file",
    b"MZ": "a program",
    b"\x7fELF": "a program",
}


def recognise(head: bytes) -> Format | None:
    """Find the format that a file begins like; None when it is none of those that can be read."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _WEBP
    if head[4:8] == b"ftyp":
        return _by_brand(_brands(head))
    return next((known for start, known in _SIGNATURES.items() if head.startswith(start)), None)


def describe(head: bytes) -> str:
    """Say what an unreadable file seems to be, to end the sentence "The file is ..."."""
    if not head:
        return "empty"
    if head[4:8] == b"ftyp":
        return "a video or a photo of another kind"
    for start, name in _OTHERS.items():
        if head.startswith(start):
            return name
    return _describe_text(head)


def _by_brand(brands: frozenset[bytes]) -> Format | None:
    if brands & _AVIF_BRANDS:
        return _AVIF
    return _HEIC if brands & _HEIC_BRANDS else None


def _brands(head: bytes) -> frozenset[bytes]:
    """Read the major brand and the compatible ones from an ``ftyp`` box."""
    box = head[8 : int.from_bytes(head[:4], "big")]
    words = [box[start : start + 4] for start in range(0, len(box), 4)]
    return frozenset(words[:1] + words[2:])  # the second word is a version


def _describe_text(head: bytes) -> str:
    if b"\0" in head:
        return "of an unknown kind"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"<svg" in start:
        return "an SVG drawing"
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    try:
        start.decode()
    except UnicodeDecodeError as error:
        if error.end < len(start):  # at the very end it is a letter cut in two
            return "of an unknown kind"
    return "text"
