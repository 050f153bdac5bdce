"""How like the photos it is that captions were learnt from, by what the CNN sees.

Of others, such as are posted, the first thing is mostly right and the rest mostly made up: then a
caption says no more than is evident (`captioner.brevity`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safetensors.torch import save_file

from captioner.beside import tensors_beside

if TYPE_CHECKING:
    from pathlib import Path

    import torch

FILE = "familiarity.safetensors"  # beside a checkpoint's weights


@dataclass(frozen=True, slots=True)
class Familiarity:
    """A logistic regression on C channels.

    Attributes:
        weights: Shape ``(C,)``.
        bias: Shape ``(1,)``.
    """

    weights: torch.Tensor
    bias: torch.Tensor

    @classmethod
    def beside(cls, checkpoint: str, device: torch.device) -> Familiarity | None:
        """That of a checkpoint, or None if it has none; see `captioner.beside`."""
        parts = tensors_beside(checkpoint, FILE, ("weights", "bias"), device)
        return None if parts is None else cls(**parts)

    def save(self, folder: Path) -> None:
        """Write it beside a checkpoint."""
        save_file({"weights": self.weights, "bias": self.bias}, folder / FILE)

    def of(self, both: torch.Tensor) -> list[float]:
        """How familiar each photo is, in [0, 1].

        Args:
            both: Of B photos, as `captioner.backbone.Sight` has it, shape ``(B, C)``.
        """
        likely: list[float] = (both @ self.weights + self.bias).sigmoid().tolist()
        return likely
