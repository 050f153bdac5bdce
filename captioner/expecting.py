"""What is expected of a photo, by all that knows something of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from captioner.animals import Animals
    from captioner.backbone import Sight
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

    def expected(self, sight: Sight) -> list[Expectation]:
        """What is expected of each photo."""
        expected, seen_both = self.consensus.expected(sight.tuned), sight.both
        if self.categories is not None:
            seen = zip(expected, self.categories.seen(seen_both), strict=True)
            expected = [replace(of, categories=own) for of, own in seen]
        if self.familiarity is not None:
            alike = zip(expected, self.familiarity.of(seen_both), strict=True)
            expected = [replace(of, familiarity=own) for of, own in alike]
        if self.animals is None:
            return expected
        both = zip(expected, sight.probabilities, strict=True)
        return [self.animals.expected(before, seen) for before, seen in both]
