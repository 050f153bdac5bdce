"""Fitting what people are expected to write."""

import numpy as np
import pytest
import torch

from captioner.consensus import weighed
from captioner.training.agreement import FOLDS, OFTEN, Lexicon, expected_by_others, fit
from captioner.training.batches import Photo
from captioner.training.features import Features

SEP, A, DOG, CAT, RARE = 0, 1, 2, 3, 4
COUNT = 40
LEXICON = Lexicon(5, [SEP], [DOG, CAT])


def photos() -> list[Photo]:
    """Dogs are bright in the first channel, cats in the second; one photo has a rare word."""
    rng = np.random.default_rng(0)
    maps = rng.normal(0, 0.1, (COUNT, 81, 6)).astype(np.float16)
    maps[::2, :, 0] += 1
    maps[1::2, :, 1] += 1
    features = Features(tuple(map(str, range(COUNT))), maps, np.zeros((COUNT, 1000), np.float32))
    found = [
        Photo(((features, at),), (), ([A, CAT if at % 2 else DOG], [CAT if at % 2 else DOG]))
        for at in range(COUNT)
    ]
    found[0] = Photo(found[0].views, (), ([A, DOG, RARE],))
    return found


def test_the_words_of_each_kind_of_photo_are_expected_of_it() -> None:
    own = fit(photos(), LEXICON)
    maps = torch.zeros(2, 81, 6)
    maps[0, :, 0], maps[1, :, 1] = 1, 1
    dog, cat = own.expected(maps)
    kept = own.is_expectable.nonzero().flatten().tolist()
    assert kept == [DOG, CAT]
    assert dog[kept.index(DOG)] > 0.8 > 0.2 > dog[kept.index(CAT)]
    assert cat[kept.index(CAT)] > 0.8 > 0.2 > cat[kept.index(DOG)]


def test_rarer_words_weigh_more_and_those_that_all_use_or_that_are_none_nothing() -> None:
    own = fit(photos(), LEXICON)
    assert own.rarity[RARE] > own.rarity[DOG] > own.rarity[A] == own.rarity[SEP] == 0
    assert weighed([DOG], own.rarity).norm().item() == pytest.approx(1)


def test_a_word_of_few_photos_is_expected_of_none() -> None:
    assert fit(photos(), LEXICON).is_expectable[RARE] == 0
    assert OFTEN > 1


def test_one_photo_is_too_few() -> None:
    with pytest.raises(ValueError, match="at least two photos"):
        fit(photos()[:1], LEXICON)


def test_the_nouns_are_marked() -> None:
    assert fit(photos(), LEXICON).is_noun.tolist() == [0, 0, 1, 1, 0]


def test_each_photo_is_told_by_others_what_is_in_it() -> None:
    assert expected_by_others(photos(), LEXICON) == [[DOG], [CAT]] * (COUNT // 2)


def test_a_photo_is_not_told_by_its_own_captions() -> None:
    wrong = photos()
    wrong[FOLDS] = Photo(wrong[FOLDS].views, (), ([DOG],))  # a cat, called a dog
    assert expected_by_others(wrong, LEXICON)[FOLDS] == [CAT]
