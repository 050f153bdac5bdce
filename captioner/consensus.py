"""Which of several captions comes nearest to what people would write.

Consensus reranking (Devlin et al. 2015, "Exploring Nearest Neighbor Approaches for Image
Captioning"), with a regression in place of the captions of the nearest photos: it expects the words
that people would use from what the CNN sees, and the caption that agrees best with them is taken.
That is minimum Bayes risk (Kumar and Byrne 2004) under CIDEr's measure of single words.

Of photos unlike those that people have described it expects things that are not there; of these a
word must be expected more than a little to be worth saying, and a noun twice as much.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import torch
from safetensors.torch import save_file

from captioner.beside import tensors_beside
from captioner.regression import PACKED, Regression

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from captioner.beams import Found

FILE = "consensus.safetensors"  # beside a checkpoint's weights
MOST_THINGS = 3
# A noun that is expected less than this is written reluctantly: of its log-probability it loses as
# large a share of this as it lacks.
READILY, RELUCTANCE = 0.03, 1.0
# How like photos that people have described one must be for all that is written of it to be
# believed: as high as CIDEr of Flickr8k and COCO allows.
FAMILIAR = 0.75
CAUTION = 0.1  # what a word must be expected to be worth saying of any other photo
EACH_NOUN = 0.008  # what each must add to be worth saying: a dog, or a dog on a beach
# Of the search's score, which knows what people say ("the ocean", not "a ocean"), and of a familiar
# photo also what they add.
FLUENCY, OF_THE_FAMILIAR = 0.07, 0.14
LEAST_EXPECTED = 0.05  # of the main thing 0.1 or more is expected in half of all photos


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of one photo.

    Attributes:
        words: The mean over people of `weighed`, of V tokens, shape ``(V,)``; 0 for those that
            nothing is known of.
        categories: How likely each is, as `captioner.categories` has them; none where it has none.
        familiarity: How like photos that people have described, in ``[0, 1]``, see
            `captioner.familiarity`; 1 where nothing is known.
    """

    words: torch.Tensor
    categories: tuple[float, ...] = ()
    familiarity: float = 1.0

    @property
    def is_familiar(self) -> bool:
        """Whether all that is written of the photo may be said."""
        return self.familiarity >= FAMILIAR


@dataclass(frozen=True, slots=True)
class Consensus:
    """What is expected from C channels of K of the V tokens.

    Attributes:
        described: Fitted to photos that people have described, as the tuned stages see them.
        is_expectable: 1 for each of the K tokens, 0 for the others, shape ``(V,)``.
        rarity: Inverse document frequency of each token, shape ``(V,)``; 0 for tokens that are no
            words, which do not count.
        is_noun: 1 for each of the V tokens that names a thing or people, 0 for the others.
    """

    described: Regression
    is_expectable: torch.Tensor
    rarity: torch.Tensor
    is_noun: torch.Tensor

    @classmethod
    def beside(cls, checkpoint: str, device: torch.device) -> Consensus | None:
        """That of a checkpoint, or None if it has none; see `captioner.beside`."""
        parts = tensors_beside(checkpoint, FILE, _NAMES, device)
        return None if parts is None else _from_parts(parts)

    def save(self, folder: Path) -> None:
        """Write it beside a checkpoint, in float16 and the matrices in bytes."""
        parts = {name: getattr(self, name).half() for name in _OWN}
        parts |= {_DESCRIBED + name: part for name, part in self.described.packed().items()}
        save_file({name: part.contiguous() for name, part in parts.items()}, folder / FILE)

    def expected(self, tuned: torch.Tensor) -> list[Expectation]:
        """What is expected of each photo.

        Args:
            tuned: Of B photos, as `captioner.backbone.Sight` has it.
        """
        words = self.described.expected(tuned)
        every = words.new_zeros(len(words), len(self.rarity))
        every[:, self.is_expectable > 0] = words
        return [Expectation(own) for own in every]

    def things(self, expected: Expectation) -> list[int]:
        """The tokens of the nouns that are expected most of a photo, surest first.

        Returns:
            At most `MOST_THINGS`, each expected with at least `LEAST_EXPECTED`.
        """
        weights = expected.words * self.is_noun
        tokens = (weights >= LEAST_EXPECTED).nonzero().flatten()
        surest = weights[tokens].sort(descending=True, stable=True).indices[:MOST_THINGS]
        return [int(token) for token in tokens[surest]]

    def reluctance(self, expected: Sequence[Expectation]) -> torch.Tensor:
        """What each token loses of its log-probability while captions are searched for.

        Shallow fusion (Gülçehre et al. 2015): what knows words but not sentences has a say at each
        step. Among captions that were all written in its ignorance the best may be a wrong one.

        Returns:
            Shape ``(B, V)``, in ``[0, RELUCTANCE]``; 0 for all but nouns.
        """
        words = torch.stack([own.words for own in expected])
        return RELUCTANCE * (1 - words / READILY).clamp(0, 1) * self.is_noun

    def nouns(self, tokens: Sequence[int], expected: Expectation) -> list[tuple[int, float]]:
        """The nouns of a caption, in order, each with how much it is expected of its photo."""
        return [(own, float(expected.words[own])) for own in tokens if self.is_noun[own]]

    def best(self, found: Sequence[Found], expected: Expectation) -> Found:
        """The caption that agrees best with what is expected of its photo.

        Of those that name nothing twice, as long as there is one: a house has no garage and a
        garage. Where two agree alike, fewer nouns and the likelier wording win.
        """
        counts = torch.stack([_counts(one.tokens, self.rarity) for one in found])
        # A word counts once, as CIDEr-D clips (Vedantam et al. 2015): to say it again only makes
        # the caption longer. Else "a brown dog and a brown dog" would gain.
        said_once = _units(counts * self.rarity) / counts.clamp(min=1)
        agreement = said_once @ expected.words
        nouns = counts * self.is_noun
        worth = agreement - EACH_NOUN * (nouns > 0).sum(1)
        if not expected.is_familiar:
            worth -= CAUTION * (said_once @ (1 + self.is_noun))
        fluency = OF_THE_FAMILIAR if expected.is_familiar else FLUENCY
        worth += fluency * torch.tensor([one.score for one in found], device=worth.device)
        worth -= (nouns > 1).any(1).float()  # any two are worth more alike than by 1
        return found[int(worth.argmax())]


def weighed(tokens: Sequence[int], rarity: torch.Tensor) -> torch.Tensor:
    """A caption's tf-idf weights.

    Args:
        tokens: The caption's.
        rarity: As `Consensus` has it.

    Returns:
        Shape ``(V,)``, of length 1; zeros for a caption without words.
    """
    return _units(_counts(tokens, rarity) * rarity)


def _units(weights: torch.Tensor) -> torch.Tensor:
    unit: torch.Tensor = weights / weights.norm(dim=-1, keepdim=True).clamp(min=1e-6)
    return unit


def _counts(tokens: Sequence[int], rarity: torch.Tensor) -> torch.Tensor:
    ids = torch.tensor(tokens, dtype=torch.long, device=rarity.device)
    return torch.bincount(ids, minlength=len(rarity))


_DESCRIBED = "described."  # before the names of the regression's tensors in a file
_OWN = tuple(field.name for field in fields(Consensus) if field.name != "described")
_NAMES = {*_OWN, *(_DESCRIBED + name for name in PACKED)}


def _from_parts(parts: dict[str, torch.Tensor]) -> Consensus:
    described = {name: parts[_DESCRIBED + name] for name in PACKED}
    own = {name: parts[name] for name in _OWN}
    return Consensus(described=Regression.unpacked(described), **own)
