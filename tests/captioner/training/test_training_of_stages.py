"""Tuning the CNN's last stages to captions, for a few steps."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import captioner.training.tuning as tuning_of
from captioner.backbone import EfficientNetLite2
from captioner.training.examples import KEPT_SIDE, Examples, read_pixels
from captioner.training.features import SIDE
from captioner.training.tuning import Run, tune

COUNT = 12


@pytest.fixture
def examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Examples:
    """Noise, stripes: each of two kinds of photos has a word of its own."""
    monkeypatch.setattr(tuning_of, "BATCH", 4)
    monkeypatch.setattr(tuning_of, "RANK", 2)
    chance = np.random.default_rng(0)
    paths = []
    for i in range(COUNT):
        pixels = chance.integers(0, 255, (80, 100, 3)).astype(np.uint8)
        if i % 2:
            pixels[::8] = 0
        paths.append(tmp_path / f"{i}.png")
        Image.fromarray(pixels).save(paths[-1])
    wanted = torch.zeros(COUNT, 3)
    wanted[::2, 0] = 1
    wanted[1::2, 1] = 1
    return Examples(read_pixels(paths), wanted, torch.ones(COUNT))


def test_photos_are_read_as_bytes_of_one_size(examples: Examples) -> None:
    assert examples.pixels.shape == (COUNT, 3, KEPT_SIDE, KEPT_SIDE)
    assert examples.pixels.dtype == torch.uint8


def test_the_last_stages_move_and_the_mean_of_two_trainings_is_between_them(
    examples: Examples,
) -> None:
    photos = torch.zeros(1, 3, SIDE, SIDE)
    runs = [Run(2, 1e-3, 0), Run(2, 1e-3, 1)]
    one, two, both = (
        EfficientNetLite2(tune(examples, own))(photos) for own in (runs[:1], runs[1:], runs)
    )
    assert not torch.allclose(one.tuned, one.pooled, atol=1e-3)
    assert not torch.equal(one.tuned, two.tuned)
    apart = (one.tuned - two.tuned).norm()
    assert (both.tuned - one.tuned).norm() < apart
    assert (both.tuned - two.tuned).norm() < apart
