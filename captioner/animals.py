"""Which animal is in a photo, as its classifier says and people would.

ImageNet tells 398 animals apart and is seldom wrong about them; a regression that has seen few
people describe a lizard expects a rock of it. So where the classifier is sure, what it says is
expected as well, by the word that most people have for such an animal ("dog" for a beagle), and
the other animals less.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch

from captioner.confidence import ANIMALS
from captioner.entry_level import SURE

if TYPE_CHECKING:
    from captioner.confidence import Things
    from captioner.consensus import Consensus, Expectation

EXPECTED = 0.25  # of an animal that is surely there; of a dog in Flickr8k 0.1 to 0.4 is
BREEDS = 100  # labels: people who know a dog seldom know which of 118 it is
MOST = 118  # labels that one common word is for; more are any animals


@dataclass(frozen=True, slots=True)
class Animals:
    """What people call the animals that the classifier knows, by A words.

    Attributes:
        tokens: The words, shape ``(A,)``.
        kinds: Which labels are such an animal, 1 or 0, shape ``(ANIMALS, A)``.
        names: By which of them people call each label, likewise.
    """

    tokens: torch.Tensor
    kinds: torch.Tensor
    names: torch.Tensor

    @classmethod
    def of(cls, things: Things, consensus: Consensus) -> Animals | None:
        """Of words that name animals alone; None where there are none.

        A beagle is a dog, an owl a bird or an owl, a lizard a lizard or an animal: each label is
        called by the commonest word of its kind, or by one for all animals where that is the only
        common one, and by the closest unless that tells a breed.
        """
        labels = {token: own for token, own in things.labels.items() if own and max(own) < ANIMALS}
        if not labels:
            return None
        rarity = consensus.rarity
        tokens = torch.tensor([*labels], device=rarity.device)
        kinds = rarity.new_zeros(ANIMALS, len(tokens))
        for place, own in enumerate(labels.values()):
            kinds[[*own], place] = 1
        sizes = kinds.sum(0)
        worth = torch.where(consensus.is_expectable[tokens] > 0, -rarity[tokens], -torch.inf)
        common = _best(kinds, worth.where(sizes <= MOST, -torch.inf))
        any_animal = _best(kinds, worth.where(sizes > MOST, -torch.inf))
        close = _best(kinds, -sizes)
        size = (common @ sizes)[:, None]
        names = common + any_animal * (size == 0) + close * (size < BREEDS)
        return cls(tokens, kinds, names.clamp(max=1))

    def expected(self, before: Expectation, probabilities: torch.Tensor) -> Expectation:
        """What is expected of a photo of which the classifier has been asked, too.

        Args:
            before: What is expected of it so far.
            probabilities: The classifier's, shape ``(1000,)``.
        """
        seen = probabilities[:ANIMALS].to(self.kinds)
        named = seen @ self.names
        is_sure = named >= SURE
        if not is_sure.any():
            return before
        others = seen.sum() - seen @ self.kinds
        words = before.words.clone()
        own = words[self.tokens] * torch.where(others >= SURE, 1 - others, 1)
        words[self.tokens] = torch.maximum(own, EXPECTED * named * is_sure)
        return replace(before, words=words)


def _best(kinds: torch.Tensor, worth: torch.Tensor) -> torch.Tensor:
    """For each label the word of most worth that it is a kind of, as `Animals.names` has it."""
    of_each = torch.where(kinds > 0, worth, -torch.inf)
    best = of_each.max(1)
    names = torch.zeros_like(kinds)
    names[torch.arange(len(kinds)), best.indices] = (best.values > -torch.inf).to(names)
    return names
