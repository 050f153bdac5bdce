"""A pupil that reads once learns what a teacher says who reads twice."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import torch
from checkpoints import one_batch, random_model

from captioner.training.distilling import Distillation, divergence
from captioner.training.loop import Recipe, train

QUIET = Recipe(steps=60, rate=5e-3, feature_dropout=0.0)


def test_who_says_the_same_does_not_diverge_and_who_says_else_does() -> None:
    logits = torch.randn(5, 8)
    taught = logits.log_softmax(-1)
    assert divergence(logits, taught).item() == pytest.approx(0, abs=1e-6)
    assert divergence(logits + 3, taught).item() == pytest.approx(0, abs=1e-6)
    assert divergence(-logits, taught).item() > 0.1


def test_a_pupil_comes_to_say_what_its_teacher_says(tmp_path: Path) -> None:
    teacher, pupil = random_model(), random_model()
    loss, batch = Distillation(teacher), one_batch()
    before = loss(pupil, batch, QUIET).item()
    train(pupil, (batch for _ in count()), QUIET, tmp_path / "c.pt", loss_of=loss)
    assert loss(pupil.eval(), batch, QUIET).item() < 0.7 * before


def test_the_teacher_is_not_trained(tmp_path: Path) -> None:
    teacher, pupil = random_model(), random_model()
    before = [weight.clone() for weight in teacher.parameters()]
    train(
        pupil,
        (one_batch() for _ in count()),
        QUIET,
        tmp_path / "c.pt",
        loss_of=Distillation(teacher),
    )
    assert all(torch.equal(*pair) for pair in zip(before, teacher.parameters(), strict=True))


def test_of_each_photo_s_rows_the_first_is_what_is_to_be_written() -> None:
    pupil, batch = random_model(), one_batch()
    loss = Distillation(random_model())
    given = loss(pupil, batch, QUIET).item()

    def with_other_target(row: int) -> float:
        targets = batch.photos.targets.clone()
        targets[row, 2] = 50  # what is read stays as it is
        photos = replace(batch.photos, targets=targets)
        return loss(pupil, replace(batch, photos=photos), QUIET).item()

    assert with_other_target(1) == pytest.approx(given, abs=1e-6)
    assert with_other_target(2) != pytest.approx(given, abs=1e-3)
