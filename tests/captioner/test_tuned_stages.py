"""The CNN's last stages, tuned."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import SafetensorError

from captioner.backbone import TUNED_SHARE, EfficientNetLite2, folded, imagenet
from captioner.tuning import FILE, FIRST_BLOCK, Tuning

PHOTOS = torch.rand(2, 3, 260, 260, generator=torch.Generator().manual_seed(0)) * 2 - 1


def changed() -> Any:
    """The network after some training: each weight of its last stages a little off."""
    network, chance = imagenet(), torch.Generator().manual_seed(1)
    for stage in (*network._blocks[FIRST_BLOCK:], network._conv_head):
        for weights in stage.parameters():
            step = torch.randn(weights.shape, generator=chance)
            weights += 0.05 * weights.std(correction=0) * step
    return folded(network)


@cache
def tuning() -> Tuning:
    return Tuning.between(folded(imagenet()), changed())


def test_a_tuned_network_is_near_to_the_one_that_was_trained() -> None:
    before, after = folded(imagenet()), changed()
    ours, theirs, start = (
        torch.cat([part.flatten() for part in own.parameters()])
        for own in (tuning().tuned(before), after, before)
    )
    assert (ours - theirs).norm() < 0.15 * (start - theirs).norm()


def test_the_first_blocks_and_the_classifier_stay() -> None:
    before = folded(imagenet())
    tuned = tuning().tuned(before)
    for own, was in (
        (tuned._blocks[:FIRST_BLOCK], before._blocks[:FIRST_BLOCK]),
        (tuned._conv_stem, before._conv_stem),
        (tuned._fc, before._fc),
    ):
        assert all(map(torch.equal, own.state_dict().values(), was.state_dict().values()))
    assert not torch.equal(tuned._conv_head.weight, before._conv_head.weight)


def test_what_is_tuned_looks_beside_what_is_not() -> None:
    plain, both = EfficientNetLite2()(PHOTOS), EfficientNetLite2(tuning())(PHOTOS)
    assert torch.equal(both.probabilities, plain.probabilities)
    assert torch.equal(plain.tuned, plain.pooled)
    assert both.tuned.shape == both.pooled.shape
    assert not torch.allclose(both.tuned, both.pooled, atol=0.01)


def test_what_is_read_is_a_mixture_of_both() -> None:
    plain, both = EfficientNetLite2()(PHOTOS), EfficientNetLite2(tuning())(PHOTOS)
    torch.testing.assert_close(both.pooled, plain.pooled)
    mixed = both.pooled.lerp(both.tuned, TUNED_SHARE)
    torch.testing.assert_close(both.maps.mean(1), mixed)
    torch.testing.assert_close(plain.maps.mean(1), plain.pooled)


def test_it_sees_what_the_whole_network_would_see_so_tuned() -> None:
    whole = EfficientNetLite2()
    whole.__dict__["_network"] = tuning().tuned(folded(imagenet()))
    expected = whole(PHOTOS).pooled
    torch.testing.assert_close(EfficientNetLite2(tuning())(PHOTOS).tuned, expected)


def test_saved_and_read_again_it_is_the_same(tmp_path: Path) -> None:
    assert Tuning.beside(str(tmp_path)) is None
    tuning().save(tmp_path)
    again = Tuning.beside(str(tmp_path))
    assert again is not None
    assert all(torch.equal(again.parts[name], part) for name, part in tuning().parts.items())
    assert (tmp_path / FILE).stat().st_size < 2_500_000


def test_a_file_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    tuning().save(tmp_path)
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(SafetensorError):
        Tuning.beside(str(tmp_path))


def test_the_tuning_of_another_network_is_refused() -> None:
    parts = {name: part for name, part in tuning().parts.items() if "_conv_head" not in name}
    with pytest.raises(ValueError, match=r"tuning\.safetensors is of another network"):
        Tuning(parts).tuned(folded(imagenet()))
