"""What a captioner takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from captioner.models import Choice


@dataclass(frozen=True, slots=True)
class Caption:
    """One sentence on one photo, with how it came about.

    Attributes:
        text: The sentence.
        model: The model that wrote it.
        log_probability: Natural logarithm, mean over the tokens: at most 0, higher is surer.
        seconds: Wall-clock time spent on this photo.
        labels: What the classifier names, surest first; none for models without one.
        confidence: Chance in [0, 1] that the text is right: that the first thing a caption names is
            in the photo, as fitted to captions that people wrote and to captions read by eye; None
            for a model whose captions have not been judged.
        is_guess: Whether it is as likely wrong as right. Where what says less is surer, that is the
            text (`captioner.hedging`): the kind of thing, what the classifier names in plain words
            ("dog" for a beagle), or "a photo of something" with a confidence of 0.
    """

    text: str
    model: str
    log_probability: float
    seconds: float
    labels: tuple[str, ...] = ()
    confidence: float | None = None
    is_guess: bool = False


class Captioner(Protocol):
    """Anything that writes captions: a model, or a fake with answers known beforehand."""

    @property
    def model(self) -> str:
        """The name of the model, as each `Caption` carries it."""
        ...

    @property
    def choice(self) -> Choice:
        """What the model computes in, and why; loads it.

        Raises:
            CaptionModelError: The model cannot be loaded.
        """
        ...

    def load(self) -> None:
        """Load the model; again is harmless, from any thread.

        Raises:
            CaptionModelError: The model cannot be loaded.
        """
        ...

    def caption(self, photos: Sequence[Image.Image], *, prompt: str = "") -> tuple[Caption, ...]:
        """Write one caption a photo, in order; no photos give no captions.

        Args:
            photos: Upright RGB images, as `read_image` gives them.
            prompt: Words the captions begin with, for instance "a photo of".

        Raises:
            CaptionModelError: The model cannot be loaded or used.
        """
        ...
