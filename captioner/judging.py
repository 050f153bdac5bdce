"""How far a caption can be believed, for models whose confidence was calibrated."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from captioner.caption import Caption


def judged(caption: Caption, config: Any, prompt: str = "") -> Caption:
    """Say how sure a caption is; one that is not sure enough gives way to the label words.

    Args:
        caption: As the model wrote it.
        config: The model's; see `CompactBlipConfig` for ``calibration`` and ``min_confidence``.
        prompt: Words that a person gave; their caption is marked, never replaced.
    """
    calibration = getattr(config, "calibration", None)
    if not calibration:
        return caption
    confidence = calibrated(caption.log_probability, *calibration)
    is_guess = confidence < config.min_confidence
    text = ", ".join(caption.labels) if is_guess and caption.labels and not prompt else caption.text
    return replace(caption, text=text, confidence=confidence, is_guess=is_guess)


def calibrated(log_probability: float, slope: float, intercept: float) -> float:
    """Platt scaling (Platt 1999): how often captions this sure are right, in [0, 1]."""
    return 1 / (1 + math.exp(-(slope * log_probability + intercept)))
