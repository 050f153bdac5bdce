from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import torch
from checkpoints import SEP, one_batch, random_model

from captioner.backbone import Sight
from captioner.compact import CompactBlipForConditionalGeneration
from captioner.training.batches import Batch
from captioner.training.loop import Recipe, multiplies_bfloat16, rate_at, steps_done, train


def endless() -> Iterator[Batch]:
    return (one_batch() for _ in count())


def weights(model: CompactBlipForConditionalGeneration) -> torch.Tensor:
    return torch.cat([weight.flatten() for weight in model.parameters()]).detach()


def trained(
    checkpoint: Path, recipe: Recipe, first_step: int = 0
) -> CompactBlipForConditionalGeneration:
    model = random_model()
    torch.manual_seed(1)
    train(model, endless(), recipe, checkpoint, first_step)
    return model.eval()


def test_the_rate_rises_in_a_line_and_falls_in_a_cosine() -> None:
    assert rate_at(0, 2000) == pytest.approx(1 / 200)
    assert rate_at(199, 2000) == pytest.approx(0.976, abs=1e-3)
    assert rate_at(1000, 2000) == pytest.approx(0.5)
    assert rate_at(2000, 2000) == pytest.approx(0.01)


def test_training_learns_to_write_what_it_is_shown(tmp_path: Path) -> None:
    model = trained(
        tmp_path / "c.pt", Recipe(steps=200, rate=5e-3, no_photo_share=0.0, feature_dropout=0.0)
    )
    maps = one_batch().maps
    sight = Sight(maps, torch.zeros(2, 1000), maps.mean(1), maps.mean(1))
    tokens = model.generate_from_sight(sight, num_beams=3, max_new_tokens=5)
    assert tokens[0, 1:4].tolist() == [31, 32, SEP]


def test_a_run_can_be_gone_on_with_where_it_stopped(tmp_path: Path) -> None:
    checkpoint = tmp_path / "c.pt"
    assert steps_done(checkpoint) == 0
    trained(checkpoint, Recipe(steps=4, save_every=4))
    assert steps_done(checkpoint) == 4
    trained(checkpoint, Recipe(steps=6, save_every=4), first_step=4)
    assert steps_done(checkpoint) == 6


def test_going_on_takes_up_the_weights_of_the_checkpoint(tmp_path: Path) -> None:
    checkpoint = tmp_path / "c.pt"
    done = trained(checkpoint, Recipe(steps=3))
    again = trained(checkpoint, Recipe(steps=3), first_step=3)
    assert torch.equal(weights(done), weights(again))


def test_bfloat16_is_not_used_where_nobody_knows_that_it_gains() -> None:
    assert not multiplies_bfloat16("meta")
