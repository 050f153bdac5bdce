"""Photos of which no more is known than what they show."""

from pathlib import Path

import numpy as np
import pytest

from captioner.training.shown import photos_shown, read_shown, write_shown

VOCABULARY = {"food": 1, "plate": 2, "dog": 3, "tree": 4}


def prepared(folder: Path, nouns: dict[str, list[str]]) -> Path:
    features = folder / "features"
    features.mkdir(parents=True)
    (features / "names.txt").write_text("\n".join(nouns))
    maps = np.arange(len(nouns), dtype=np.float16)[:, None, None].repeat(81, 1).repeat(5, 2)
    np.save(features / "maps.npy", maps)
    np.save(features / "probabilities.npy", np.zeros((len(nouns), 1000), np.float32))
    for name in ("pooled", "tuned"):
        np.save(features / f"{name}.npy", maps[:, 0])
    write_shown(folder, nouns)
    return folder


def test_what_is_written_is_read(tmp_path: Path) -> None:
    folder = prepared(tmp_path, {"one.jpg": ["dog"], "two.jpg": [], "three.jpg": ["food", "pie"]})
    assert photos_shown(folder) == {
        "one.jpg": ("dog",),
        "two.jpg": (),
        "three.jpg": ("food", "pie"),
    }
    one, two, three = read_shown([folder], VOCABULARY)
    assert (one.nouns, two.nouns, three.nouns) == ((3,), (), (1,))  # "pie" is no single token
    assert three.tuned.tolist() == [2.0] * 5


def test_a_folder_that_nobody_has_labelled_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"shown\.tsv"):
        photos_shown(tmp_path)
