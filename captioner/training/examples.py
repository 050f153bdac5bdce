"""What the CNN's last stages are tuned to: photos, and what captions say of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from tqdm import tqdm

from captioner.training.agreement import consensus_beside, expectable_of
from captioner.training.batches import Photo
from captioner.training.features import pixels_of, whole
from captioner.training.run import load
from captioner.training.sets import read_captions
from captioner.training.tokens import encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

KEPT_SIDE = 288  # pixels of a photo in memory: a little more than are looked at


@dataclass(frozen=True, slots=True)
class Examples:
    """N photos and what is written of them.

    Attributes:
        pixels: Bytes, shape ``(N, 3, 288, 288)``.
        wanted: What captions say of each, of K words, as `written_of` gives it, ``(N, K)``.
        shares: How often each is drawn, as a multiple of the others, shape ``(N,)``.
    """

    pixels: torch.Tensor
    wanted: torch.Tensor
    shares: torch.Tensor


def examples_of(model: Path, sets: Iterable[tuple[Path, Path, float]]) -> Examples:
    """Photos as a model's consensus counts words.

    Args:
        model: Folder of a finished model with a consensus.
        sets: Each a folder of photos, their captions as `read_captions` takes them, and how often
            each of them is drawn.

    Raises:
        ValueError: The model has no consensus.
    """
    consensus = consensus_beside(model, "no word can be expected")
    _, tokenizer = load(model)
    paths: list[Path] = []
    photos: list[Photo] = []
    shares: list[float] = []
    for folder, captions, share in sets:
        for name, own in read_captions(captions, None).items():
            paths.append(folder / name)
            photos.append(Photo((), (), tuple(encode(tokenizer, text) for text in own)))
            shares.append(share)
    wanted = expectable_of(photos, consensus)
    return Examples(read_pixels(paths), wanted, torch.tensor(shares))


def read_pixels(paths: Sequence[Path]) -> torch.Tensor:
    """Photos as `Examples` has them."""
    with ThreadPoolExecutor() as threads:
        seen = threads.map(lambda path: pixels_of(path, whole, KEPT_SIDE), paths)
        read = list(tqdm(seen, total=len(paths), desc="photos"))
    return torch.from_numpy(np.stack(read)).permute(0, 3, 1, 2)
