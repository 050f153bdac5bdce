"""What a photo makes one expect, by linear regression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch

from captioner.quantised import in_bytes, restored

_MATRICES, _VECTORS = ("projection", "words"), ("usual_photo", "usual_words")
# What `Regression.packed` gives.
PACKED = (*_VECTORS, *(name + part for name in _MATRICES for part in ("", "_scale")))


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

    def packed(self) -> dict[str, torch.Tensor]:
        """Its tensors in few bytes: of the matrices each of the R directions by itself."""
        parts = {name: getattr(self, name).half() for name in _VECTORS}
        for name, rows in zip(_MATRICES, (self.projection.T, self.words), strict=True):
            parts[name], parts[f"{name}_scale"] = in_bytes(rows)
        return parts

    @classmethod
    def unpacked(cls, parts: Mapping[str, torch.Tensor]) -> Regression:
        """What `packed` gave, in float32."""
        projection, words = (restored(parts[name], parts[f"{name}_scale"]) for name in _MATRICES)
        usual_photo, usual_words = (parts[name].float() for name in _VECTORS)
        return cls(usual_photo, projection.T.contiguous(), words, usual_words)
