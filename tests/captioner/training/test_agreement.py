"""Fitting what people are expected to write."""

import numpy as np
import pytest
import torch

from captioner.consensus import weighed
from captioner.training.agreement import (
    FOLDS,
    OFTEN,
    Lexicon,
    Material,
    expected_by_others,
    fit,
)
from captioner.training.batches import Photo
from captioner.training.features import Features
from captioner.training.shown import Shown

SEP, A, DOG, CAT, PIE, RARE = 0, 1, 2, 3, 4, 5
COUNT = 40
LEXICON = Lexicon(6, [SEP], [DOG, CAT, PIE])


def photos() -> list[Photo]:
    """Dogs are bright in the first channel, cats in the second; one photo has a rare word."""
    rng = np.random.default_rng(0)
    maps = rng.normal(0, 0.1, (COUNT, 81, 6)).astype(np.float16)
    maps[::2, :, 0] += 1
    maps[1::2, :, 1] += 1
    names, nothing = tuple(map(str, range(COUNT))), np.zeros((COUNT, 1000), np.float32)
    features = Features(names, maps, nothing, maps.mean(1), maps.mean(1))
    found = [
        Photo(((features, at),), (), ([A, CAT if at % 2 else DOG], [CAT if at % 2 else DOG]))
        for at in range(COUNT)
    ]
    found[0] = Photo(found[0].views, (), ([A, DOG, RARE],))
    return found


def pies() -> list[Shown]:
    """As bright in the first channel as dogs are, but also in the third."""
    rng = torch.Generator().manual_seed(0)
    bright = torch.tensor([1.0, 0, 1, 0, 0, 0])
    return [Shown(bright + 0.01 * torch.randn(6, generator=rng), (PIE,)) for _ in range(COUNT)]


MATERIAL = Material(photos(), pies(), LEXICON)


def seen(*channels: int) -> torch.Tensor:
    """A photo that is bright in some channels."""
    tuned = torch.zeros(1, 6)
    tuned[:, [*channels]] = 1
    return tuned


def test_the_words_of_each_kind_of_photo_are_expected_of_it() -> None:
    own = fit(MATERIAL)
    dog, cat = (of.words for of in own.expected(torch.cat([seen(0), seen(1)])))
    kept = own.is_expectable.nonzero().flatten().tolist()
    assert kept == [DOG, CAT, PIE]
    assert dog[DOG] > 0.8 > 0.2 > dog[CAT]
    assert cat[CAT] > 0.8 > 0.2 > cat[DOG]


def test_rarer_words_weigh_more_and_those_that_all_use_or_that_are_none_nothing() -> None:
    own = fit(MATERIAL)
    assert own.rarity[RARE] > own.rarity[DOG] > own.rarity[A] == own.rarity[SEP] == 0
    assert weighed([DOG], own.rarity).norm().item() == pytest.approx(1)


def test_a_word_of_few_photos_is_expected_of_none() -> None:
    assert fit(MATERIAL).is_expectable[RARE] == 0
    assert OFTEN > 1


def test_one_photo_is_too_few() -> None:
    with pytest.raises(ValueError, match="at least two described photos"):
        fit(Material(photos()[:1], pies(), LEXICON))


def test_the_nouns_are_marked() -> None:
    assert fit(MATERIAL).is_noun.tolist() == [0, 0, 1, 1, 1, 0]


def test_each_photo_is_told_by_others_what_is_in_it() -> None:
    described, labelled = expected_by_others(MATERIAL)
    assert [things[0] for things in described] == [DOG, CAT] * (COUNT // 2)
    assert {things[0] for things in labelled} == {DOG}  # as which they look


def test_a_photo_is_not_told_by_its_own_captions() -> None:
    wrong = photos()
    wrong[FOLDS] = Photo(wrong[FOLDS].views, (), ([DOG],))  # a cat, called a dog
    described, _ = expected_by_others(Material(wrong, pies(), LEXICON))
    assert described[FOLDS][0] == CAT
