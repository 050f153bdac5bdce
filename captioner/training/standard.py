"""Channels standardised for a regression, and that folded back into what was fitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_LEAST_SPREAD = 1e-4  # of a channel; one that never changes says nothing


@dataclass(frozen=True, slots=True)
class Standard:
    """What is usual of C channels.

    Attributes:
        mean: Shape ``(C,)``.
        spread: Their standard deviations, shape ``(C,)``, above 0.
    """

    mean: torch.Tensor
    spread: torch.Tensor

    @classmethod
    def of(cls, seen: torch.Tensor) -> Standard:
        """That of N photos, shape ``(N, C)``."""
        return cls(seen.mean(0), seen.std(0).clamp(min=_LEAST_SPREAD))

    def standardised(self, seen: torch.Tensor) -> torch.Tensor:
        """Of mean 0 and spread 1 where the photos are the usual ones, shape ``(N, C)``."""
        return (seen - self.mean) / self.spread

    def folded(
        self, weights: torch.Tensor, bias: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Weights and bias for channels as they are, from those for standardised ones.

        Args:
            weights: Shape ``(C, K)``.
            bias: Shape ``(K,)``.
        """
        own = weights / self.spread[:, None]
        return own, bias - self.mean @ own

    def unfolded(
        self, weights: torch.Tensor, bias: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The reverse of `folded`."""
        return weights * self.spread[:, None], bias + self.mean @ weights
