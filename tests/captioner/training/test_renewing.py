"""Fitting what is expected anew."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from captioner.consensus import Consensus
from captioner.regression import Regression
from captioner.training.batches import Photo
from captioner.training.features import Features
from captioner.training.renewing import Anew, expected_by_others, renew, renew_beside

DOG, CAT, CHANNELS, COUNT = 1, 2, 4, 40
NOTHING = Regression(
    torch.zeros(CHANNELS), torch.zeros(CHANNELS, 1), torch.zeros(1, 2), torch.zeros(2)
)
BEFORE = Consensus(
    described=NOTHING,
    is_expectable=torch.tensor([0.0, 1, 1]),
    rarity=torch.tensor([0.0, 1, 1]),
    is_noun=torch.tensor([0.0, 1, 1]),
)


def photos(bright: int, thing: int, count: int = COUNT) -> list[Photo]:
    maps = np.random.default_rng(bright).normal(0, 0.1, (count, 9, CHANNELS)).astype(np.float16)
    maps[..., bright] += 1
    names = tuple(map(str, range(count)))
    nothing, pooled = np.zeros((count, 1000), np.float32), maps.mean(1)
    features = Features(names, maps, nothing, pooled, pooled)
    return [Photo(((features, at),), (), ([0, thing],)) for at in range(count)]


def seen(bright: int) -> torch.Tensor:
    return torch.eye(CHANNELS)[bright][None]


def test_what_both_kinds_of_photos_hold_is_expected_of_those_like_them() -> None:
    own = renew(BEFORE, Anew.of(BEFORE, [*photos(0, DOG), *photos(1, CAT)]))
    dog, cat = own.expected(torch.cat([seen(0), seen(1)]))
    assert own.things(dog)[0] == DOG
    assert own.things(cat)[0] == CAT


def test_of_a_photo_others_tell_what_is_expected() -> None:
    described = photos(0, DOG)
    described[3] = replace(described[3], captions=([0, CAT],))  # looks like the dogs beside it
    things = expected_by_others(
        BEFORE, Anew.of(BEFORE, [*described, *photos(1, CAT)]), [COUNT, COUNT]
    )
    assert [own[0] for own in things] == [DOG] * COUNT + [CAT] * COUNT


def test_a_model_without_a_consensus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing to renew"):
        renew_beside(tmp_path, [])
