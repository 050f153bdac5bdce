"""Which of several captions comes nearest to what people would write.

Consensus reranking (Devlin et al. 2015, "Exploring Nearest Neighbor Approaches for Image
Captioning"), with a regression in place of the captions of the nearest photos: it expects the words
that people would use from what the CNN sees, and the caption that agrees best with them is taken.
That is minimum Bayes risk (Kumar and Byrne 2004) under CIDEr's measure of single words.

Of photos unlike all that people have described, a regression fitted to those expects what is not
there. A second one, fitted to photos whose class alone is known, expects little more than their
main thing; a gate says how far to go by it, as in a mixture of experts (Jacobs et al. 1991). As far
as a photo is strange, a word must also be expected more than a little to be worth saying, and a
noun twice as much.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import torch
from safetensors.torch import save_file

from captioner.beside import tensors_beside
from captioner.regression import Regression

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from captioner.beams import Found

FILE = "consensus.safetensors"  # beside a checkpoint's weights
MOST_THINGS = 3
# A noun that is expected less than this is written reluctantly: of its log-probability it loses as
# large a share of this as it lacks.
READILY, RELUCTANCE = 0.03, 1.0
CAUTION = 0.12  # what a word must be expected to be worth saying of the strangest photo
EACH_NOUN = 0.008  # what each must add to be worth saying: a dog, or a dog on a beach
# Of the search's score, which knows what people say ("the ocean", not "a ocean"): at least, and of
# a photo like most of those that people have described, where it knows what they add.
FLUENCY, OF_THE_FAMILIAR = 0.07, 0.14
# Of a caption worth saying: of 223 everyday photos 18 of the 21 whose best is below were called
# something that they are not.
LEAST_TRUST = -0.26
SCORE_IN_TRUST = 0.1  # of the search's score, which knows where it had to guess
LEAST_EXPECTED = 0.05  # of the main thing 0.1 or more is expected in half of all photos


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of one photo.

    Attributes:
        words: The mean over people of `weighed`, of V tokens, shape ``(V,)``; 0 for those that
            nothing is known of.
        strangeness: How unlike the photos it is that people have described, in ``[0, 1]``.
        categories: How likely each is, as `captioner.categories` has them; none where it has none.
        familiarity: Of a photo of people, see `captioner.familiarity`; 1 where nothing is known.
        described: How like photos that people have described; likewise.
    """

    words: torch.Tensor
    strangeness: float
    categories: tuple[float, ...] = ()
    familiarity: float = 1.0
    described: float = 1.0


@dataclass(frozen=True, slots=True)
class Chosen:
    """A caption and what speaks for it.

    Attributes:
        found: The caption.
        agreement: With what is expected of its photo, in ``[-0.4, 1]``: less than 0 where more is
            said than is expected.
    """

    found: Found
    agreement: float

    @property
    def is_expected(self) -> bool:
        """Whether it agrees enough to be worth saying, and was likely enough to be written."""
        return self.agreement + SCORE_IN_TRUST * self.found.score >= LEAST_TRUST


@dataclass(frozen=True, slots=True)
class Consensus:
    """What is expected from C channels of K of the V tokens.

    Attributes:
        described: Fitted to photos that people have described.
        labelled: Fitted to photos of a known class as well, and expecting no more than that of
            them.
        strangeness: How each channel tells photos of the second kind from those of the first,
            shape ``(C,)``.
        familiar: Its product with a photo that is as near to both, shape ``(1,)``.
        is_expectable: 1 for each of the K tokens, 0 for the others, shape ``(V,)``.
        rarity: Inverse document frequency of each token, shape ``(V,)``; 0 for tokens that are no
            words, which do not count.
        is_noun: 1 for each of the V tokens that names a thing or people, 0 for the others.
    """

    described: Regression
    labelled: Regression
    strangeness: torch.Tensor
    familiar: torch.Tensor
    is_expectable: torch.Tensor
    rarity: torch.Tensor
    is_noun: torch.Tensor

    @classmethod
    def beside(cls, checkpoint: str, device: torch.device) -> Consensus | None:
        """That of a checkpoint, or None if it has none; see `captioner.beside`."""
        parts = tensors_beside(checkpoint, FILE, _names(), device)
        return None if parts is None else _from_parts(parts)

    def save(self, folder: Path) -> None:
        """Write it beside a checkpoint, in float16."""
        parts = {name: _part(self, name).half().contiguous() for name in _names()}
        save_file(parts, folder / FILE)

    def expected(self, feature_maps: torch.Tensor) -> list[Expectation]:
        """What is expected of each photo.

        Args:
            feature_maps: Of B photos, as the CNN gives them, shape ``(B, cells, C)``.
        """
        seen = feature_maps.mean(1)
        strange = (seen @ self.strangeness - self.familiar).sigmoid()
        words = torch.lerp(
            self.described.expected(seen), self.labelled.expected(seen), strange[:, None]
        )
        every = words.new_zeros(len(words), len(self.rarity))
        every[:, self.is_expectable > 0] = words
        return [Expectation(*own) for own in zip(every, strange.tolist(), strict=True)]

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

    def best(self, found: Sequence[Found], expected: Expectation) -> Chosen:
        """The caption that agrees best with what is expected of its photo.

        Of those that name nothing twice, as long as there is one: a house has no garage and a
        garage. Where two agree alike, fewer nouns and the likelier wording win.
        """
        counts = torch.stack([_counts(one.tokens, self.rarity) for one in found])
        # A word counts once, as CIDEr-D clips (Vedantam et al. 2015): to say it again only makes
        # the caption longer. Else "a brown dog and a brown dog" would gain.
        said_once = _units(counts * self.rarity) / counts.clamp(min=1)
        agreement = said_once @ expected.words
        agreement -= CAUTION * expected.strangeness * (said_once @ (1 + self.is_noun))
        nouns = counts * self.is_noun
        worth = agreement - EACH_NOUN * (nouns > 0).sum(1)
        familiar = (1 - expected.strangeness) * expected.familiarity
        fluency = FLUENCY + familiar * (OF_THE_FAMILIAR - FLUENCY)
        worth += fluency * torch.tensor([one.score for one in found], device=worth.device)
        worth -= (nouns > 1).any(1).float()  # any two are worth more alike than by 1
        best = int(worth.argmax())
        return Chosen(found[best], float(agreement[best]))


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


_EXPERTS = ("described", "labelled")


def _names() -> set[str]:
    """Of the tensors in a file: ``rarity``, ``described.words`` ..."""
    own = {field.name for field in fields(Consensus)} - {*_EXPERTS}
    return own | {f"{name}.{field.name}" for name in _EXPERTS for field in fields(Regression)}


def _part(consensus: Consensus, name: str) -> torch.Tensor:
    expert, _, tensor = name.rpartition(".")
    part: torch.Tensor = getattr(getattr(consensus, expert) if expert else consensus, tensor)
    return part


def _from_parts(parts: dict[str, torch.Tensor]) -> Consensus:
    described, labelled = (
        Regression(**{own.name: parts[f"{expert}.{own.name}"] for own in fields(Regression)})
        for expert in _EXPERTS
    )
    own = {name: part for name, part in parts.items() if "." not in name}
    return Consensus(described, labelled, **own)
