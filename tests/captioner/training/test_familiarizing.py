"""Fitting how familiar photos are."""

from pathlib import Path

import numpy as np
import pytest
import torch

from captioner.training.familiarizing import Seen, fit, seen_in
from captioner.training.sets import CAPTIONS, SMALL, UNCHANGED, write_captions

COUNT = 30


def around(*centre: float) -> torch.Tensor:
    rng = torch.Generator().manual_seed(int(10 * sum(centre)))
    return torch.tensor(centre) + 0.2 * torch.randn(COUNT, len(centre), generator=rng)


def test_photos_like_those_that_people_have_described_are_familiar() -> None:
    fitted = fit(Seen(around(1.0, 0.0), around(1.0, 1.0), around(0.0, 0.5)))
    most, other, posted = fitted.of(torch.tensor([[1.0, 0.0], [1.0, 1.0], [0.0, 0.5]]))
    assert min(most, other) > 0.9
    assert posted < 0.1


def test_a_channel_that_never_changes_is_no_sign() -> None:
    parts = (around(1.0), around(0.9), around(0.1))
    with_constant = [torch.cat([part, torch.ones(COUNT, 1)], 1) for part in parts]
    assert torch.isfinite(fit(Seen(*with_constant)).weights).all()


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """Three photos, one without captions; their small copies are bright in other channels."""
    names = ["men.jpg", "dog.jpg", "no_caption.jpg"]
    for view, shift in ((UNCHANGED, 0), (SMALL, 3)):
        features = tmp_path / view
        features.mkdir(parents=True)
        (features / "names.txt").write_text("\n".join(names), "utf-8")
        seen = np.roll(np.eye(3, 6, dtype=np.float16), shift, 1)
        np.save(features / "maps.npy", seen[:, None].repeat(81, 1))
        np.save(features / "probabilities.npy", np.zeros((3, 1000), np.float32))
        for name in ("pooled", "tuned"):
            np.save(features / f"{name}.npy", seen)
    write_captions(tmp_path / CAPTIONS, {"men.jpg": ["two men"], "dog.jpg": ["a dog", "a dog"]})
    return tmp_path


def test_everyday_photos_count_as_they_are_and_as_small_copies(prepared: Path) -> None:
    seen = seen_in(prepared, [prepared, prepared], [prepared])
    assert [len(part) for part in (seen.most, seen.others, seen.everyday)] == [2, 4, 4]
    assert seen.everyday[:, :6].argmax(1).tolist() == [0, 1, 3, 4]
    assert seen.everyday[:, 6:].argmax(1).tolist() == [0, 1, 3, 4]  # as the tuned stages see it
