"""What a photo makes one expect, by linear regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Regression:
    """A linear regression of rank R from C channels to K words.

    Attributes:
        usual_photo: Its channels, shape ``(C,)``.
        projection: Shape ``(C, R)``.
        words: Shape ``(R, K)``.
        usual_words: What is expected of the usual photo, shape ``(K,)``.
    """

    usual_photo: torch.Tensor
    projection: torch.Tensor
    words: torch.Tensor
    usual_words: torch.Tensor

    def expected(self, seen: torch.Tensor) -> torch.Tensor:
        """What is expected of B photos, shape ``(B, K)``.

        Args:
            seen: The mean of each photo's cells, shape ``(B, C)``.
        """
        return (seen - self.usual_photo) @ self.projection @ self.words + self.usual_words
