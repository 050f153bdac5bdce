"""Fitting how familiar photos are."""

from pathlib import Path

import numpy as np
import pytest
import torch

from captioner.training.familiarizing import (
    Seen,
    fit_described,
    fit_people,
    photos_of,
    seen_in,
)
from captioner.training.sets import CAPTIONS, UNCHANGED, write_captions

COUNT = 30


def around(*centre: float) -> torch.Tensor:
    rng = torch.Generator().manual_seed(int(10 * sum(centre)))
    return torch.tensor(centre) + 0.2 * torch.randn(COUNT, len(centre), generator=rng)


def test_photos_like_those_learnt_from_are_familiar_and_those_like_others_are_not() -> None:
    fitted = fit_people(Seen(around(1.0, 0.0), around(0.0, 1.0), around(0.0, 0.8)))
    familiar, other = fitted.of(torch.tensor([[[1.0, 0.0]], [[0.0, 1.0]]]))
    assert familiar > 0.9
    assert other < 0.1


def test_of_any_photos_those_that_people_have_described_are_familiar() -> None:
    fitted = fit_described(Seen(around(1.0, 0.0), around(1.0, 1.0), around(0.0, 0.5)))
    most, other, posted = fitted.of(torch.tensor([[[1.0, 0.0]], [[1.0, 1.0]], [[0.0, 0.5]]]))
    assert min(most, other) > 0.9
    assert posted < 0.1


def test_a_channel_that_never_changes_is_no_sign() -> None:
    parts = (around(1.0), around(0.0), around(0.1))
    with_constant = [torch.cat([part, torch.ones(COUNT, 1)], 1) for part in parts]
    assert torch.isfinite(fit_people(Seen(*with_constant)).weights).all()


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    names = ["men.jpg", "one_says.jpg", "dog.jpg", "alone.jpg", "no_caption.jpg"]
    features = tmp_path / UNCHANGED
    features.mkdir(parents=True)
    (features / "names.txt").write_text("\n".join(names), "utf-8")
    np.save(features / "maps.npy", np.eye(5, dtype=np.float16)[:, None].repeat(81, 1))
    np.save(features / "probabilities.npy", np.zeros((5, 1000), np.float32))
    captions = {
        "men.jpg": ["two men", "Men on a boat", "a boat"],
        "one_says.jpg": ["a dog", "a dog and a man", "a dog"],
        "dog.jpg": ["a dog", "a dog"],
        "alone.jpg": ["a woman"],  # its only caption
    }
    write_captions(tmp_path / CAPTIONS, captions)
    return tmp_path


def test_photos_count_in_which_people_see_people(prepared: Path) -> None:
    assert photos_of(prepared, of_people=True).argmax(1).tolist() == [0, 3]


def test_or_all_that_have_captions(prepared: Path) -> None:
    assert photos_of(prepared, of_people=False).argmax(1).tolist() == [0, 1, 2, 3]


def test_all_are_put_together_by_where_they_come_from(prepared: Path) -> None:
    seen = seen_in(prepared, [prepared, prepared], [prepared], of_people=True)
    assert [len(part) for part in (seen.most, seen.others, seen.everyday)] == [2, 4, 2]
