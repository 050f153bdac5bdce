"""Photos changed by chance."""

import torch

from captioner.training.augmentation import augmented, unchanged
from captioner.training.features import normalised

SIDE = 32


def photos(count: int = 64) -> torch.Tensor:
    """Bytes: dark on the left, bright on the right."""
    ramp = torch.linspace(40, 200, SIDE).to(torch.uint8)
    return ramp.expand(count, 3, SIDE, SIDE).contiguous()


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_photo_of_the_right_size_stays_as_the_cnn_takes_it() -> None:
    own = photos(1)
    expected = normalised([own[0].permute(1, 2, 0).numpy()])
    torch.testing.assert_close(unchanged(own, SIDE), expected)


def test_a_larger_photo_becomes_as_large_as_asked() -> None:
    assert unchanged(photos(2), 20).shape == augmented(photos(2), 20, chance()).shape


def test_half_of_the_photos_are_mirrored() -> None:
    changed = augmented(photos(), SIDE, chance())
    rises = changed[..., -8:].mean((1, 2, 3)) > changed[..., :8].mean((1, 2, 3))
    assert 0.3 < rises.float().mean() < 0.7


def test_no_two_photos_change_alike_and_all_stay_in_range() -> None:
    changed = augmented(photos(), SIDE, chance())
    assert len({float(own.mean()) for own in changed}) == len(changed)
    assert changed.abs().max() <= 1


def test_the_same_chance_changes_photos_alike() -> None:
    one, again, other = (augmented(photos(), SIDE, chance(seed)) for seed in (0, 0, 1))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
