"""Fits what `captioner.consensus` expects people to write of a photo."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from captioner.consensus import Consensus, weighed
from captioner.training.ridge import regression

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from captioner.training.batches import Photo
    from captioner.training.shown import Shown

RANK, LABELLED_RANK = 320, 128
FOLDS = 5
OFTEN = 10  # photos that must hold a token for it to be expected of others
RAREST = 3  # photos: a token in fewer counts as if it were in these
SHOWN = 0.35  # expected of what a photo shows; of a dog in Flickr8k 0.1 to 0.4 is
SHARPNESS = 8.0  # of the gate: from 0.1 to 0.9 within the middle half between both kinds


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
        labelled: Photos of which no more is known than what they show.
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
    """Fit both regressions and the gate between them.

    Raises:
        ValueError: There are fewer than two photos of a kind.
    """
    return _fit(material, pooled(material.described))


def _fit(material: Material, seen: torch.Tensor) -> Consensus:
    """Fit; `seen` is what `pooled` makes of the described photos."""
    fewest = min(len(material.described), len(material.labelled))
    if fewest < 2:  # noqa: PLR2004 - of one there is no telling what is usual
        raise ValueError(f"at least two photos of each kind are needed, there are {fewest}")
    rarity, is_expectable, is_noun = _tokens(material)
    kept = is_expectable.nonzero().flatten()
    shown = torch.stack([photo.seen for photo in material.labelled])
    wanted = written_of(material.described, rarity, kept)
    described = regression(seen, wanted, RANK)
    modest = _modest(described.expected(shown), _names(material, kept), is_noun[kept] > 0)
    weights = torch.tensor([photo.weight for photo in material.labelled])
    weights *= len(weights) / weights.sum()
    labelled = regression(
        torch.cat([seen, shown]),
        torch.cat([wanted, modest]),
        LABELLED_RANK,
        torch.cat([torch.ones(len(seen)), weights]),
    )
    gate = _gate(seen, shown[[photo.is_strange for photo in material.labelled]])
    return Consensus(described, labelled, *gate, is_expectable.float(), rarity, is_noun)


def expected_by_others(material: Material) -> tuple[list[list[int]], list[list[int]]]:
    """The things that a fit to other photos expects of each, as `Consensus.things` gives them.

    So they are as often wrong as they will be of photos that nobody has described.

    Returns:
        Those of the described photos and of the labelled ones, in order.
    """
    seen = pooled(material.described)
    shown = [photo.seen for photo in material.labelled]
    of_described: list[list[int]] = [[]] * len(seen)
    of_labelled: list[list[int]] = [[]] * len(shown)
    for fold in range(FOLDS):
        own = _fit(material.without(fold), seen[_others(len(seen), fold)])
        for photos, things in ((seen, of_described), (shown, of_labelled)):
            for i in range(fold, len(photos), FOLDS):
                things[i] = own.things(*own.expected(photos[i][None, None]))
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


def _modest(expected: torch.Tensor, named: torch.Tensor, is_noun: torch.Tensor) -> torch.Tensor:
    """What to expect of photos that show what is `named` and perhaps nothing else.

    Args:
        expected: By the fit to described photos, shape ``(N, K)``.
        named: Whether a photo shows what a token names, shape ``(N, K)``.
        is_noun: Whether a token is a noun, shape ``(K,)``.
    """
    without_others = torch.where(is_noun, expected.clamp(max=0), expected)
    return torch.where(named, expected.clamp(min=SHOWN), without_others)


def _names(material: Material, kept: torch.Tensor) -> torch.Tensor:
    named = torch.zeros(len(material.labelled), material.lexicon.size, dtype=torch.bool)
    for row, photo in zip(named, material.labelled, strict=True):
        row[[*photo.nouns]] = True
    return named[:, kept]


def _gate(seen: torch.Tensor, strange: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """How to tell described photos from strange ones: ``(C,)`` and ``(1,)``."""
    is_strange = torch.cat([torch.zeros(len(seen), 1), torch.ones(len(strange), 1)])
    own = regression(torch.cat([seen, strange]), is_strange, 1)
    direction = (own.projection @ own.words)[:, 0]
    familiar = own.usual_photo @ direction - own.usual_words + 0.5
    return SHARPNESS * direction, SHARPNESS * familiar


def _counts(tokens: Sequence[Collection[int]], lexicon: Lexicon) -> torch.Tensor:
    """In how many photos each token is, shape ``(V,)``."""
    found = Counter(token for own in tokens for token in own)
    return torch.tensor([float(found[token]) for token in range(lexicon.size)])


def pooled(photos: Sequence[Photo]) -> torch.Tensor:
    """The mean of each photo's cells, shape ``(N, C)``."""
    return torch.stack([features.pooled(row) for features, row in (p.views[0] for p in photos)])


def written_of(photos: Sequence[Photo], rarity: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    """The mean over each photo's captions of `weighed`, of the kept tokens, shape ``(N, K)``."""
    return torch.stack([_mean_caption(photo, rarity)[kept] for photo in photos])


def _mean_caption(photo: Photo, rarity: torch.Tensor) -> torch.Tensor:
    return torch.stack([weighed(ids, rarity) for ids in photo.captions]).mean(0)
