"""How like the photos it is that captions were learnt from, by what the CNN sees.

Of others the first thing is mostly right and the rest mostly made up: then a caption says no more
than is evident (`captioner.brevity`). Two answers are asked for: whether a photo of people is like
most of those learnt from, and whether any photo is like those described rather than those posted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safetensors.torch import save_file

from captioner.beside import tensors_beside

if TYPE_CHECKING:
    from pathlib import Path

    import torch

PEOPLE_FILE, DESCRIBED_FILE = "familiarity.safetensors", "described.safetensors"  # beside weights


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
    def beside(cls, checkpoint: str, file: str, device: torch.device) -> Familiarity | None:
        """That of a checkpoint, or None if it has none; see `captioner.beside`."""
        parts = tensors_beside(checkpoint, file, ("weights", "bias"), device)
        return None if parts is None else cls(**parts)

    def save(self, path: Path) -> None:
        """Write it beside a checkpoint."""
        save_file({"weights": self.weights, "bias": self.bias}, path)

    def of(self, feature_maps: torch.Tensor) -> list[float]:
        """How familiar each photo is, in [0, 1].

        Args:
            feature_maps: Of B photos, as the CNN gives them, shape ``(B, cells, C)``.
        """
        likely: list[float] = (feature_maps.mean(1) @ self.weights + self.bias).sigmoid().tolist()
        return likely
