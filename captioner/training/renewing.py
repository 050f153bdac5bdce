"""Fits what is expected of photos anew, where the words that can be are to stay.

Photos that these were found in may be lost, or be too many to be looked at again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import torch

from captioner.training.agreement import (
    FOLDS,
    consensus_beside,
    expectable_of,
    expectation,
    tuned,
)
from captioner.training.data import pairs
from captioner.training.run import load
from captioner.training.sets import CAPTIONS, photo_set, write_things

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from captioner.compact import CompactBlipConfig
    from captioner.consensus import Consensus
    from captioner.training.batches import Photo


@dataclass(frozen=True, slots=True)
class Anew:
    """What is fitted to.

    Attributes:
        tuned: Of N photos, as `captioner.backbone.Sight` has it.
        wanted: What its captions say, of the K tokens that can be expected, shape ``(N, K)``.
    """

    tuned: torch.Tensor
    wanted: torch.Tensor

    @classmethod
    def of(cls, before: Consensus, photos: Sequence[Photo]) -> Anew:
        """Look at photos with captions."""
        return cls(tuned(photos), expectable_of(photos, before))


def renew(before: Consensus, anew: Anew) -> Consensus:
    """Fit the regression."""
    return replace(before, described=expectation(anew.tuned, anew.wanted))


def expected_by_others(before: Consensus, anew: Anew, sizes: Sequence[int]) -> list[list[int]]:
    """The things that a fit to other photos expects of each, as `Consensus.things` gives them.

    Photos side by side, which may be of one site, are left out together.

    Args:
        before: As `renew` takes it.
        anew: Likewise.
        sizes: How many photos are of each set; they stand one set after the other.
    """
    found: list[list[int]] = [[]] * sum(sizes)
    sets = torch.arange(sum(sizes)).split([*sizes])
    for own in map(torch.cat, zip(*(rows.tensor_split(FOLDS) for rows in sets), strict=True)):
        others = torch.ones(len(found), dtype=torch.bool)
        others[own] = False
        fitted = renew(before, Anew(anew.tuned[others], anew.wanted[others]))
        for i, expected in zip(own.tolist(), fitted.expected(anew.tuned[own]), strict=True):
            found[i] = fitted.things(expected)
    return found


def renew_beside(model: Path, folders: Sequence[Path]) -> None:
    """Renew what lies beside a model, and write ``expected.tsv`` into each prepared folder.

    Args:
        model: Folder of a finished model with a consensus.
        folders: Prepared folders of photos that people have described.

    Raises:
        ValueError: The model has no consensus.
    """
    before = consensus_beside(model, "there is nothing to renew")
    network, tokenizer = load(model)
    config = cast("CompactBlipConfig", network.config)
    photos = [photo for folder in folders for photo in photo_set(folder, tokenizer, config)]
    anew = Anew.of(before, photos)
    names = [(folder, pairs(folder / CAPTIONS)) for folder in folders]
    sizes = [len(own) for _, own in names]
    write_things(names, expected_by_others(before, anew, sizes), tokenizer)
    renew(before, anew).save(model)
