"""Which of several captions comes nearest to what people would write.

Consensus reranking (Devlin et al. 2015, "Exploring Nearest Neighbor Approaches for Image
Captioning"), with a regression in place of the captions of the nearest photos: it expects the words
that people would use from what the CNN sees, and the caption that agrees best with them is taken.
That is minimum Bayes risk (Kumar and Byrne 2004) under CIDEr's measure of single words.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file, save_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from captioner.beams import Found

FILE = "consensus.safetensors"  # beside a checkpoint's weights
MOST_THINGS = 3
LEAST_EXPECTED = 0.05  # of the main thing 0.1 or more is expected in half of all photos


@dataclass(frozen=True, slots=True)
class Consensus:
    """A regression of rank R from C channels to K of the V tokens.

    Attributes:
        usual_photo: Its channels, shape ``(C,)``.
        projection: Shape ``(C, R)``.
        words: Shape ``(R, K)``.
        usual_words: What is expected of the usual photo, shape ``(K,)``.
        is_expectable: 1 for each of the K tokens, 0 for the others, shape ``(V,)``.
        rarity: Inverse document frequency of each token, shape ``(V,)``; 0 for tokens that are no
            words, which do not count.
        is_noun: 1 for each of the V tokens that names a thing or people, 0 for the others.
    """

    usual_photo: torch.Tensor
    projection: torch.Tensor
    words: torch.Tensor
    usual_words: torch.Tensor
    is_expectable: torch.Tensor
    rarity: torch.Tensor
    is_noun: torch.Tensor

    @classmethod
    def beside(cls, checkpoint: str, device: torch.device) -> Consensus | None:
        """That of a checkpoint, or None if it has none.

        Args:
            checkpoint: A folder; a name on the hub has none.
            device: Where to compute.

        Raises:
            SafetensorError: The file is not whole.
            ValueError: It holds other tensors.
        """
        path = Path(checkpoint) / FILE
        if not path.is_file():
            return None
        parts = load_file(path, str(device))
        wanted = {field.name for field in fields(cls)}
        if parts.keys() != wanted:
            raise ValueError(f"{path} holds {sorted(parts)}, not {sorted(wanted)}")
        return cls(**{name: part.float() for name, part in parts.items()})

    def save(self, folder: Path) -> None:
        """Write it beside a checkpoint, in float16."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        save_file({name: part.half().contiguous() for name, part in parts.items()}, folder / FILE)

    def expected(self, feature_maps: torch.Tensor) -> torch.Tensor:
        """What is expected of photos.

        Args:
            feature_maps: Of B photos, as the CNN gives them, shape ``(B, cells, C)``.

        Returns:
            The mean over people of `weighed`, of K tokens, shape ``(B, K)``.
        """
        unusual = feature_maps.mean(1) - self.usual_photo
        return unusual @ self.projection @ self.words + self.usual_words

    def things(self, expected: torch.Tensor) -> list[int]:
        """The tokens of the nouns that are expected most of a photo, surest first.

        Args:
            expected: Of one photo, shape ``(K,)``.

        Returns:
            At most `MOST_THINGS`, each expected with at least `LEAST_EXPECTED`.
        """
        tokens = self.is_expectable.nonzero().flatten()
        weights, places = (expected * self.is_noun[tokens]).sort(descending=True, stable=True)
        surest = places[weights >= LEAST_EXPECTED][:MOST_THINGS]
        return [int(token) for token in tokens[surest]]

    def best(self, found: Sequence[Found], expected: torch.Tensor) -> Found:
        """The caption that agrees best with what is expected of its photo, shape ``(K,)``."""
        said_once = torch.stack([clipped(one.tokens, self.rarity) for one in found])
        agreement = said_once[:, self.is_expectable > 0] @ expected
        return found[int(agreement.argmax())]


def weighed(tokens: Sequence[int], rarity: torch.Tensor) -> torch.Tensor:
    """A caption's tf-idf weights.

    Args:
        tokens: The caption's.
        rarity: As `Consensus` has it.

    Returns:
        Shape ``(V,)``, of length 1; zeros for a caption without words.
    """
    weights = _counts(tokens, rarity) * rarity
    unit: torch.Tensor = weights / weights.norm().clamp(min=1e-6)
    return unit


def clipped(tokens: Sequence[int], rarity: torch.Tensor) -> torch.Tensor:
    """`weighed`, but that a word counts once: to say it again only makes the caption longer.

    As CIDEr-D clips (Vedantam et al. 2015); else "a brown dog and a brown dog" would gain.
    """
    return weighed(tokens, rarity) / _counts(tokens, rarity).clamp(min=1)


def _counts(tokens: Sequence[int], rarity: torch.Tensor) -> torch.Tensor:
    ids = torch.tensor(tokens, dtype=torch.long, device=rarity.device)
    return torch.bincount(ids, minlength=len(rarity))
