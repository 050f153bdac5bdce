"""What can go wrong between a photo and its caption.

CaptionerError
├── UnreadableImage      not an image that can be read; the person: another file
├── ImageTooLarge        too many pixels to decode safely; the person: a smaller photo
└── CaptionModelError    the caption model cannot be loaded or used; the operator
"""


class CaptionerError(Exception):
    """Base of every error that `captioner` raises on purpose."""


class UnreadableImage(CaptionerError):
    """The bytes are not a photo that can be read; the message says what they are instead."""


class ImageTooLarge(CaptionerError):
    """A photo with more pixels than allowed, refused by its header before it is decoded.

    Attributes:
        width: Pixels across, as the file declares them.
        height: Pixels down, as the file declares them.
        max_pixels: The most that width times height may be.
    """

    def __init__(self, width: int, height: int, max_pixels: int) -> None:
        self.width = width
        self.height = height
        self.max_pixels = max_pixels
        super().__init__(width, height, max_pixels)  # all three, so that it can be pickled

    def __str__(self) -> str:
        return (
            f"The photo is {self.width:,} x {self.height:,} pixels, more than the"
            f" {self.max_pixels:,} allowed in all: make it smaller and try again."
        )


class CaptionModelError(CaptionerError):
    """The caption model cannot be loaded or used; the message says what to do about it."""
