"""What a captioner takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image


@dataclass(frozen=True, slots=True)
class Caption:
    """One sentence on one photo, with how it came about.

    Attributes:
        text: The sentence.
        model: The model that wrote it.
        log_probability: Natural logarithm, mean over the tokens: at most 0, higher is surer.
        seconds: Wall-clock time spent on this photo.
        labels: What the classifier names, surest first; none for models without one.
    """

    text: str
    model: str
    log_probability: float
    seconds: float
    labels: tuple[str, ...] = ()


class Captioner(Protocol):
    """Anything that writes captions: a model, or a fake with answers known beforehand."""

    @property
    def model(self) -> str:
        """The name of the model, as each `Caption` carries it."""
        ...

    def load(self) -> None:
        """Load and warm the model; again is harmless, from any thread.

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
