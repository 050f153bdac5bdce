import pytest
from pycocoevalcap.cider.cider import Cider

from captioner.training.reward import CiderReward

A, RED, DOG, RUNS, CAT, SLEEPS, ON, SOFA, COMMA, END = range(10)
PHOTOS = [
    [[A, RED, DOG, RUNS, END], [A, DOG, RUNS, ON, A, SOFA, END]],
    [[A, CAT, SLEEPS, ON, A, SOFA, END], [CAT, SLEEPS, END]],
    [[A, DOG, SLEEPS, END], [RED, DOG, ON, A, CAT, END]],
]
WRITTEN = [[A, RED, DOG, SLEEPS, END], [A, CAT, A, CAT, A, CAT, END], [SOFA, RUNS]]


def words(ids: list[int]) -> str:
    return " ".join(f"w{id_}" for id_ in ids)


def test_the_reward_is_the_cider_of_pycocoevalcap() -> None:
    references = {place: [words(ids) for ids in captions] for place, captions in enumerate(PHOTOS)}
    given = {place: [words(ids)] for place, ids in enumerate(WRITTEN)}
    _, theirs = Cider().compute_score(references, given)
    reward = CiderReward(PHOTOS)
    ours = [reward([ids], captions)[0] for ids, captions in zip(WRITTEN, PHOTOS, strict=True)]
    assert ours == pytest.approx(theirs.tolist())
    assert ours[0] > 0


def test_a_caption_that_breaks_off_is_worth_less_than_one_that_ends() -> None:
    ended, broken = CiderReward(PHOTOS)([[A, RED, DOG, RUNS, END], [A, RED, DOG, RUNS]], PHOTOS[0])
    assert ended > broken > 0


def test_punctuation_changes_nothing() -> None:
    reward = CiderReward(PHOTOS, {COMMA})
    plain, punctuated = reward([[A, DOG, RUNS], [A, COMMA, DOG, RUNS, COMMA]], PHOTOS[0])
    assert plain == punctuated > 0


def test_words_of_every_photo_are_worth_nothing() -> None:
    assert CiderReward([[[A]], [[A]]])([[A]], [[A]]) == [0.0]


def test_an_empty_caption_is_worth_nothing() -> None:
    assert CiderReward(PHOTOS)([[]], PHOTOS[0]) == [0.0]
