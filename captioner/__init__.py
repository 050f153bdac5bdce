"""A photo in, its caption out."""

from captioner.caption import Caption, Captioner
from captioner.errors import (
    CaptionerError,
    CaptionModelError,
    ImageTooLarge,
    UnreadableImage,
)
from captioner.images import read_image

__all__ = [
    "Caption",
    "CaptionModelError",
    "Captioner",
    "CaptionerError",
    "ImageTooLarge",
    "UnreadableImage",
    "read_image",
]
