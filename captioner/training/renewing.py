"""Fits what is expected of photos anew, and keeps a share of what was expected before.

Photos that a fit was made of may be lost, or be too many to be looked at again; what was learnt of
them is in the fit. The mean of two regressions is one, as the mean of two models' weights is a
model (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import torch

from captioner.consensus import FILE, Consensus
from captioner.training.agreement import FOLDS, LABELLED_RANK, RANK, pooled, written_of
from captioner.training.data import pairs
from captioner.training.ridge import regression
from captioner.training.run import load
from captioner.training.sets import CAPTIONS, photo_set, write_things

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from captioner.compact import CompactBlipConfig
    from captioner.training.batches import Photo

# Found on everyday photos of other sites, Flickr8k dev and COCO.
KEPT, DAMPING = 0.3, 0.5
# How much an everyday photo counts, a described one 1: in what is expected of photos like those
# that people describe, and in what is expected of strange ones.
OF_DESCRIBED, OF_STRANGE = 4.0, 10.0


@dataclass(frozen=True, slots=True)
class Anew:
    """What is fitted to.

    Attributes:
        seen: The mean of each photo's cells, shape ``(N, C)``.
        wanted: What its captions say, of the K tokens that can be expected, shape ``(N, K)``.
        is_everyday: Which photos are such as are posted, shape ``(N,)``.
    """

    seen: torch.Tensor
    wanted: torch.Tensor
    is_everyday: torch.Tensor

    @classmethod
    def of(cls, before: Consensus, described: Sequence[Photo], everyday: Sequence[Photo]) -> Anew:
        """Look at photos with captions, the described ones first."""
        photos = [*described, *everyday]
        kept = before.is_expectable.nonzero().flatten()
        is_everyday = torch.arange(len(photos)) >= len(described)
        return cls(pooled(photos), written_of(photos, before.rarity, kept), is_everyday)


def renew(before: Consensus, anew: Anew) -> Consensus:
    """Fit both regressions; the gate between them stays."""
    described, labelled = (
        regression(
            anew.seen,
            anew.wanted,
            rank,
            torch.where(anew.is_everyday, counts, 1.0),
            DAMPING,
            (earlier, KEPT),
        )
        for earlier, rank, counts in (
            (before.described, RANK, OF_DESCRIBED),
            (before.labelled, LABELLED_RANK, OF_STRANGE),
        )
    )
    return replace(before, described=described, labelled=labelled)


def expected_by_others(before: Consensus, anew: Anew) -> list[list[int]]:
    """The things that a fit to other photos expects of each, as `Consensus.things` gives them.

    Photos side by side, which may be of one site, are left out together.
    """
    found: list[list[int]] = [[]] * len(anew.seen)
    parts = [
        part.nonzero().flatten().tensor_split(FOLDS)
        for part in (~anew.is_everyday, anew.is_everyday)
    ]
    for own in map(torch.cat, zip(*parts, strict=True)):
        others = torch.ones(len(anew.seen), dtype=torch.bool)
        others[own] = False
        fitted = renew(
            before, Anew(anew.seen[others], anew.wanted[others], anew.is_everyday[others])
        )
        for i, expected in zip(own.tolist(), fitted.expected(anew.seen[own][:, None]), strict=True):
            found[i] = fitted.things(expected)
    return found


def renew_beside(model: Path, described: Sequence[Path], everyday: Sequence[Path]) -> None:
    """Renew what lies beside a model, and write ``expected.tsv`` into each prepared folder.

    Args:
        model: Folder of a finished model with a consensus.
        described: Prepared folders of photos that people have described.
        everyday: Those of photos such as are posted.

    Raises:
        ValueError: The model has no consensus.
    """
    before = Consensus.beside(str(model), torch.device("cpu"))
    if before is None:
        raise ValueError(f"{model} has no {FILE}, which `agree` fits: there is nothing to renew")
    network, tokenizer = load(model)
    config = cast("CompactBlipConfig", network.config)
    sets = {folder: photo_set(folder, tokenizer, config) for folder in (*described, *everyday)}
    photos = (
        [photo for folder in part for photo in sets[folder]] for part in (described, everyday)
    )
    anew = Anew.of(before, *photos)
    names = [(folder, pairs(folder / CAPTIONS)) for folder in (*described, *everyday)]
    write_things(names, expected_by_others(before, anew), tokenizer)
    renew(before, anew).save(model)
