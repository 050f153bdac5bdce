"""Fitting what kind of thing a photo shows."""

from pathlib import Path

import numpy as np
import pytest
import torch

from captioner.categories import Categories, Lexicon
from captioner.training.categorizing import categorize_beside, examples, fit
from captioner.training.sets import CAPTIONS, UNCHANGED, write_captions
from captioner.training.shown import write_shown

ROOM, BEDROOM, ANIMAL, DOG = range(4)
LINES = (
    "a room\ta room\troom\na room\ta bedroom\tbedroom\n"
    "an animal\tan animal\tanimal\nan animal\ta dog\tdog\n"
)
COUNT = 20


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    path = tmp_path / "words.tsv"
    path.write_text(LINES, "utf-8")
    return Lexicon.read(path)


def prepared(folder: Path, names: list[str]) -> Path:
    """Photos of which each is bright in a channel of its own."""
    features = folder / UNCHANGED
    features.mkdir(parents=True)
    (features / "names.txt").write_text("\n".join(names), "utf-8")
    maps = np.eye(len(names), dtype=np.float16)[:, None].repeat(81, 1)
    np.save(features / "maps.npy", maps)
    np.save(features / "probabilities.npy", np.zeros((len(names), 1000), np.float32))
    np.save(features / "pooled.npy", maps[:, 0])
    np.save(features / "tuned.npy", 2 * maps[:, 0])
    return folder


def test_a_described_photo_is_of_what_its_captions_name_first(
    tmp_path: Path, lexicon: Lexicon
) -> None:
    folder = prepared(tmp_path / "described", ["dog.jpg", "other.jpg"])
    captions = {"dog.jpg": ["a dog in a room", "a room with a dog"], "other.jpg": ["a hat"]}
    write_captions(folder / CAPTIONS, captions)
    seen, wanted = examples([folder], [], lexicon)
    assert seen.tolist() == [[1, 0, 2, 0]]  # the other's captions name nothing that is known
    assert wanted.tolist() == [[0.5, 0, 0, 0.5]]


def test_a_photo_of_a_known_class_is_of_its_closest_category(
    tmp_path: Path, lexicon: Lexicon
) -> None:
    folder = prepared(tmp_path / "labelled", ["a.jpg", "b.jpg", "c.jpg", "d.jpg"])
    write_shown(
        folder,
        {
            "a.jpg": ("room", "bedroom"),
            "b.jpg": ("animal", "bedroom"),  # what it is says the first
            "c.jpg": ("room",),
            "d.jpg": ("hat",),
        },
    )
    _, wanted = examples([], [folder], lexicon)
    assert wanted.argmax(1).tolist() == [BEDROOM, ANIMAL, ROOM]


def test_photos_are_of_the_category_of_those_they_look_like(lexicon: Lexicon) -> None:
    rng = torch.Generator().manual_seed(0)
    wanted = torch.eye(4)[[BEDROOM, DOG]].repeat(COUNT, 1)
    seen = wanted[:, [BEDROOM, DOG]] + 0.1 * torch.randn(2 * COUNT, 2, generator=rng)
    categories = Categories(lexicon, {}, *fit(seen, wanted))
    bedroom, dog = categories.seen(torch.eye(2))
    assert bedroom[BEDROOM] > 0.7 < dog[DOG]


def test_a_channel_that_never_changes_is_no_sign(lexicon: Lexicon) -> None:
    wanted = torch.eye(4)[[BEDROOM, DOG]].repeat(COUNT, 1)
    seen = torch.cat([wanted[:, [BEDROOM, DOG]], torch.ones(2 * COUNT, 1)], 1)
    weights, bias = fit(seen, wanted)
    assert weights.isfinite().all()
    assert bias.isfinite().all()


def test_a_kind_with_few_photos_is_not_forgotten(lexicon: Lexicon) -> None:
    few, many = 4, 400
    wanted = torch.eye(4)[[BEDROOM] * few + [DOG] * many]
    seen = wanted[:, [BEDROOM, DOG]] + 0.3 * torch.randn(
        few + many, 2, generator=torch.Generator().manual_seed(0)
    )
    categories = Categories(lexicon, {}, *fit(seen, wanted))
    (bedroom,) = categories.seen(torch.tensor([[1.0, 0.0]]))
    assert bedroom[BEDROOM] > bedroom[DOG]


def photos_of(*kinds: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Of each kind some, bright in the channel of its number."""
    wanted = torch.eye(4)[[*kinds]].repeat(COUNT, 1)
    return wanted + 0.3 * torch.randn(wanted.shape, generator=torch.manual_seed(0)), wanted


def test_what_was_learnt_of_photos_that_are_gone_stays(lexicon: Lexicon) -> None:
    before = fit(*photos_of(BEDROOM, DOG))
    with_it, without = (fit(*photos_of(ANIMAL, DOG), start) for start in (before, None))
    bedroom, animal = torch.eye(4)[[BEDROOM, ANIMAL]].split(1)
    renewed, anew = (Categories(lexicon, {}, *found) for found in (with_it, without))
    assert renewed.seen(bedroom)[0][BEDROOM] > 0.3 > 0.1 > anew.seen(bedroom)[0][BEDROOM]
    assert renewed.seen(animal)[0][ANIMAL] > 0.5


def test_where_there_is_nothing_to_renew_it_is_said(tmp_path: Path, lexicon: Lexicon) -> None:
    (tmp_path / "categories.tsv").write_text(LINES, "utf-8")
    with pytest.raises(ValueError, match="nothing to renew"):
        categorize_beside(tmp_path, [], [], renew=True)
