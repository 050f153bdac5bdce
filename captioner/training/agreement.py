"""Fits what `captioner.consensus` expects people to write of a photo."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from captioner.consensus import FILE, Consensus, weighed
from captioner.training.ridge import regression

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from captioner.regression import Regression
    from captioner.training.batches import Photo
    from captioner.training.shown import Shown

RANK = 256
DAMPING = 1.0  # of the ridge; found on Flickr8k dev, COCO and everyday photos of other sites
FOLDS = 5
OFTEN = 10  # photos that must hold a token for it to be expected of others
RAREST = 3  # photos: a token in fewer counts as if it were in these


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of the tokens.

    Attributes:
        size: How many there are.
        no_words: Those that do not count: special ones and punctuation.
        nouns: Those that name a thing or people.
    """

    size: int
    no_words: Collection[int]
    nouns: Collection[int]


@dataclass(frozen=True, slots=True)
class Material:
    """What is fitted to.

    Attributes:
        described: Photos with captions that people wrote; only the first view is looked at.
        labelled: Photos of which no more is known than what they show: what that is can be
            expected, too.
        lexicon: Of the tokens that all is made of.
    """

    described: Sequence[Photo]
    labelled: Sequence[Shown]
    lexicon: Lexicon

    def without(self, fold: int) -> Material:
        """All but every `FOLDS`-th photo of both kinds."""
        return Material(
            [self.described[i] for i in _others(len(self.described), fold)],
            [self.labelled[i] for i in _others(len(self.labelled), fold)],
            self.lexicon,
        )


def fit(material: Material) -> Consensus:
    """Fit the regression to the described photos.

    Raises:
        ValueError: There are fewer than two of them.
    """
    if len(material.described) < 2:  # noqa: PLR2004 - of one there is no telling what is usual
        raise ValueError("at least two described photos are needed")
    rarity, is_expectable, is_noun = _tokens(material)
    kept = is_expectable.nonzero().flatten()
    wanted = written_of(material.described, rarity, kept)
    described = expectation(tuned(material.described), wanted)
    return Consensus(described, is_expectable.float(), rarity, is_noun)


def expectation(seen: torch.Tensor, wanted: torch.Tensor) -> Regression:
    """Fit what is expected of photos; see `captioner.training.ridge.regression`."""
    return regression(seen, wanted, RANK, damping=DAMPING)


def consensus_beside(model: Path, without: str) -> Consensus:
    """That of a finished model, which may have been fitted to photos that are lost.

    Args:
        model: Its folder.
        without: What cannot be done if it has none.

    Raises:
        ValueError: The model has no consensus.
    """
    consensus = Consensus.beside(str(model), torch.device("cpu"))
    if consensus is None:
        raise ValueError(f"{model} has no {FILE}, which `agree` fits: {without}")
    return consensus


def expected_by_others(material: Material) -> tuple[list[list[int]], list[list[int]]]:
    """The things that a fit to other photos expects of each, as `Consensus.things` gives them.

    So they are as often wrong as they will be of photos that nobody has described.

    Returns:
        Those of the described photos and of the labelled ones, in order.
    """
    described = tuned(material.described)
    shown = [photo.tuned for photo in material.labelled]
    of_described: list[list[int]] = [[]] * len(described)
    of_labelled: list[list[int]] = [[]] * len(shown)
    for fold in range(FOLDS):
        own = fit(material.without(fold))
        for photos, things in ((described, of_described), (shown, of_labelled)):
            for i in range(fold, len(photos), FOLDS):
                things[i] = own.things(*own.expected(photos[i][None]))
    return of_described, of_labelled


def _others(count: int, fold: int) -> list[int]:
    """All of so many photos but every `FOLDS`-th."""
    return [i for i in range(count) if i % FOLDS != fold]


def _tokens(material: Material) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Rarity of each token, whether it can be expected, whether it is a noun: ``(V,)`` each."""
    lexicon = material.lexicon
    counts = _counts([set().union(*photo.captions) for photo in material.described], lexicon)
    shown = _counts([photo.nouns for photo in material.labelled], lexicon)
    rarity = math.log(len(material.described)) - counts.clamp(min=RAREST).log()
    rarity[[*lexicon.no_words]] = 0
    is_noun = torch.zeros(lexicon.size)
    is_noun[[*lexicon.nouns]] = 1
    return rarity, ((counts >= OFTEN) | (shown >= OFTEN)) & (rarity > 0), is_noun


def _counts(tokens: Sequence[Collection[int]], lexicon: Lexicon) -> torch.Tensor:
    """In how many photos each token is, shape ``(V,)``."""
    found = Counter(token for own in tokens for token in own)
    return torch.tensor([float(found[token]) for token in range(lexicon.size)])


def tuned(photos: Sequence[Photo]) -> torch.Tensor:
    """Of each photo, as `captioner.backbone.Sight` has it, shape ``(N, C)``."""
    seen = [features.tuned[row] for features, row in (p.views[0] for p in photos)]
    return torch.from_numpy(np.stack(seen)).float()


def written_of(photos: Sequence[Photo], rarity: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    """The mean over each photo's captions of `weighed`, of the kept tokens, shape ``(N, K)``."""
    return torch.stack([_mean_caption(photo, rarity)[kept] for photo in photos])


def expectable_of(photos: Sequence[Photo], consensus: Consensus) -> torch.Tensor:
    """`written_of` the tokens that a consensus can expect, rare as it knows them."""
    return written_of(photos, consensus.rarity, consensus.is_expectable.nonzero().flatten())


def _mean_caption(photo: Photo, rarity: torch.Tensor) -> torch.Tensor:
    return torch.stack([weighed(ids, rarity) for ids in photo.captions]).mean(0)
