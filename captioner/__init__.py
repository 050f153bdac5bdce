"""A photo in, its caption out."""

from captioner.blip import BlipCaptioner
from captioner.caption import Caption, Captioner
from captioner.errors import (
    CaptionerError,
    CaptionModelError,
    ImageTooLarge,
    UnreadableImage,
)
from captioner.images import read_image
from captioner.models import Choice, KnownModel, known_models

__all__ = [
    "BlipCaptioner",
    "Caption",
    "CaptionModelError",
    "Captioner",
    "CaptionerError",
    "Choice",
    "ImageTooLarge",
    "KnownModel",
    "UnreadableImage",
    "known_models",
    "read_image",
]
