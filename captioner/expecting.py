"""What is expected of a photo, by all that knows something of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from captioner.animals import Animals
    from captioner.categories import Categories
    from captioner.consensus import Consensus, Expectation
    from captioner.familiarity import Familiarity


@dataclass(frozen=True, slots=True)
class Knowing:
    """Who is asked: what people write, what kinds of things there are, animals, what is new."""

    consensus: Consensus
    categories: Categories | None
    animals: Animals | None
    familiarity: Familiarity | None
    described: Familiarity | None

    def expected(
        self, feature_maps: torch.Tensor, probabilities: torch.Tensor
    ) -> list[Expectation]:
        """What is expected of each of B photos.

        Args:
            feature_maps: As the CNN gives them, shape ``(B, cells, C)``.
            probabilities: The classifier's, shape ``(B, 1000)``.
        """
        expected = self.consensus.expected(feature_maps)
        if self.categories is not None:
            each = zip(expected, self.categories.seen(feature_maps), strict=True)
            expected = [replace(of, categories=own) for of, own in each]
        alike = (_of(known, feature_maps) for known in (self.familiarity, self.described))
        expected = [
            replace(of, familiarity=familiarity, described=described)
            for of, familiarity, described in zip(expected, *alike, strict=True)
        ]
        if self.animals is None:
            return expected
        both = zip(expected, probabilities, strict=True)
        return [self.animals.expected(before, seen) for before, seen in both]


def _of(known: Familiarity | None, feature_maps: torch.Tensor) -> list[float]:
    """How familiar each photo is; wholly where nothing is known."""
    return [1.0] * len(feature_maps) if known is None else known.of(feature_maps)
