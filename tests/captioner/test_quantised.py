"""Weights in fewer bits."""

import pytest
import torch

from captioner.quantised import quantised

ROWS = torch.randn(5, 400, generator=torch.Generator().manual_seed(0)) * torch.tensor(
    [[1.0], [1e-3], [100.0], [0.5], [0.0]]
)


@pytest.mark.parametrize(("most", "error"), [(127, 0.01), (7, 0.15)])
def test_levels_times_scale_are_near_to_what_they_stand_for(most: int, error: float) -> None:
    levels, scale = quantised(ROWS, most)
    near = levels * scale[:, None]
    assert levels.abs().max() <= most
    assert torch.equal(levels, levels.round())
    assert torch.all((near - ROWS).norm(dim=1) <= error * ROWS.norm(dim=1))


def test_the_scale_survives_float16() -> None:
    _, scale = quantised(ROWS, 7)
    assert torch.equal(scale.half().float(), scale)


def test_a_few_great_values_do_not_make_the_others_nothing() -> None:
    row = torch.full((1, 1000), 0.1)
    row[0, ::2] *= -1
    row[0, 0] = 1.2
    levels, _ = quantised(row, 7)
    assert levels[0, 1:].abs().min() > 0
