"""How familiar photos are."""

from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from captioner.familiarity import FILE, Familiarity

CPU = torch.device("cpu")
BRIGHT = Familiarity(torch.tensor([2.0]), torch.tensor([-2.0]))  # at a brightness of 1 it is even


def photos(*brightness: float) -> torch.Tensor:
    return torch.tensor(brightness)[:, None]


def test_each_photo_is_as_familiar_as_what_the_cnn_sees_of_it() -> None:
    assert BRIGHT.of(photos(1.0, 9.0, -9.0)) == pytest.approx([0.5, 1.0, 0.0], abs=1e-6)


def test_what_is_saved_beside_a_checkpoint_is_read_again(tmp_path: Path) -> None:
    BRIGHT.save(tmp_path)
    again = Familiarity.beside(str(tmp_path), CPU)
    assert again is not None
    assert again.of(photos(0.3)) == BRIGHT.of(photos(0.3))


def test_a_checkpoint_may_have_none(tmp_path: Path) -> None:
    assert Familiarity.beside(str(tmp_path), CPU) is None


def test_a_file_of_other_tensors_is_refused(tmp_path: Path) -> None:
    save_file({"weights": torch.zeros(1)}, tmp_path / FILE)
    with pytest.raises(ValueError, match=r"holds \['weights'\], not \['bias', 'weights'\]"):
        Familiarity.beside(str(tmp_path), CPU)


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / FILE
    BRIGHT.save(tmp_path)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(SafetensorError):
        Familiarity.beside(str(tmp_path), CPU)
