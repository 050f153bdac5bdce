"""Linear regression with a weight for each row."""

import pytest
import torch

from captioner.training.ridge import regression

SEEN = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
WANTED = SEEN @ torch.tensor([[2.0, 0.0, 1.0], [0.0, -1.0, 1.0]]) + 0.5


def test_what_is_linear_is_found() -> None:
    own = regression(SEEN, WANTED, rank=2)
    assert own.expected(SEEN).flatten().tolist() == pytest.approx(WANTED.flatten(), abs=0.05)


def test_a_lower_rank_keeps_what_varies_most() -> None:
    own = regression(SEEN, WANTED, rank=1)
    assert own.projection.shape == (2, 1)
    error = (own.expected(SEEN) - WANTED).abs().mean(0)
    assert error[0] < error[1]  # the first word varies more than the second


def test_a_row_of_weight_two_counts_as_two_rows() -> None:
    rng = torch.Generator().manual_seed(0)
    seen, wanted = torch.randn(9, 2, generator=rng), torch.randn(9, 1, generator=rng)
    twice = regression(torch.cat([seen, seen[:1]]), torch.cat([wanted, wanted[:1]]), rank=1)
    weighed = regression(seen, wanted, 1, torch.tensor([2.0] + [1.0] * 8))
    assert weighed.expected(seen).flatten().tolist() == pytest.approx(
        twice.expected(seen).flatten(), abs=1e-4
    )


def test_a_row_of_no_weight_does_not_count() -> None:
    with_nonsense = regression(
        torch.cat([SEEN, torch.ones(1, 2)]),
        torch.cat([WANTED, torch.full((1, 3), 1e3)]),
        2,
        torch.tensor([1.0] * 4 + [0.0]),
    )
    assert with_nonsense.expected(SEEN).flatten().tolist() == pytest.approx(
        WANTED.flatten(), abs=0.05
    )


def test_more_damping_expects_what_is_usual() -> None:
    own = regression(SEEN, WANTED, rank=3, damping=1e6)
    usual = WANTED.mean(0).expand(4, -1)
    assert own.expected(SEEN).flatten().tolist() == pytest.approx(usual.flatten(), abs=0.01)
