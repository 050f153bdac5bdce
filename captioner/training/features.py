"""What the frozen CNN sees in a folder of photos, computed once and kept on disk."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image, ImageOps
from tqdm import tqdm

from captioner.backbone import DETAIL_CHANNELS, GRID, MAP_CHANNELS, EfficientNetLite2, Sight

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from captioner.tuning import Tuning

SIDE, SMALL_SIDE = 260, 224
BATCH = 4  # larger ones leave the processor's cache
_VECTORS = ("probabilities", "pooled", "tuned")
_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


View = Callable[[Image.Image, str], Image.Image]


def whole(image: Image.Image, _name: str) -> Image.Image:
    """The photo as it is."""
    return image


def mirrored(image: Image.Image, _name: str) -> Image.Image:
    """The photo, left and right exchanged."""
    return ImageOps.mirror(image)


def cropped(image: Image.Image, name: str) -> Image.Image:
    """Half to all of the photo's area, perhaps mirrored; always the same for the same name."""
    rng = random.Random(f"crop-{name}")  # noqa: S311 - augmentation, not secrets
    width, height = (round(side * rng.uniform(0.71, 1.0)) for side in image.size)
    left, top = rng.randint(0, image.width - width), rng.randint(0, image.height - height)
    part = image.crop((left, top, left + width, top + height))
    return ImageOps.mirror(part) if rng.random() < 0.5 else part  # noqa: PLR2004 - a coin


def small(image: Image.Image, _name: str) -> Image.Image:
    """A small square copy, as those of Flickr8k that go round are."""
    file = io.BytesIO()
    image.resize((SMALL_SIDE, SMALL_SIDE), Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)
    return Image.open(file)


@dataclass(frozen=True, slots=True)
class Features:
    """The CNN's view of N photos.

    Attributes:
        names: The photos, relative to their folder.
        maps: Shape ``(N, 81, 1515)``, float16.
        probabilities: Shape ``(N, 1000)``, float32, rows add up to 1.
        pooled: Shape ``(N, 1515)``, float32, as `captioner.backbone.Sight` has it.
        tuned: Likewise.
    """

    names: tuple[str, ...]
    maps: Any
    probabilities: Any
    pooled: Any
    tuned: Any

    @classmethod
    def load(cls, folder: Path) -> Features:
        """Read what `extract` wrote."""
        names = (folder / "names.txt").read_text(encoding="utf-8").splitlines()
        maps = np.load(folder / "maps.npy")  # whole: random rows from disk starve the training
        return cls(tuple(names), maps, *(np.load(folder / f"{name}.npy") for name in _VECTORS))

    def sight(self, part: slice, device: torch.device) -> Sight:
        """What the CNN sees in some of the photos."""
        every = self.maps, self.probabilities, self.pooled, self.tuned
        return Sight(*(torch.from_numpy(own[part]).float().to(device) for own in every))

    def places(self) -> dict[str, int]:
        """Photo name -> its row."""
        return {name: row for row, name in enumerate(self.names)}

    def both(self, row: int) -> torch.Tensor:
        """Of a photo, as `captioner.backbone.Sight` has it, shape ``(3030,)``."""
        return torch.from_numpy(np.concatenate([self.pooled[row], self.tuned[row]])).float()


def extract(
    photos: Path,
    out: Path,
    names: Sequence[str] | None = None,
    view: View = whole,
    tuning: Tuning | None = None,
) -> None:
    """Run the CNN over photos and write `Features` into the folder `out`.

    Args:
        photos: The folder the names are relative to.
        out: Made when missing.
        names: The photos; None takes every photo below the folder, sorted.
        view: What is looked at in each, for augmentation.
        tuning: Of the CNN's last stages; None for none.
    """
    if names is None:
        found = (path for path in photos.rglob("*") if path.suffix.lower() in _SUFFIXES)
        names = sorted(str(path.relative_to(photos)) for path in found)
    out.mkdir(parents=True, exist_ok=True)
    shape = (len(names), GRID**2, MAP_CHANNELS + DETAIL_CHANNELS)
    maps = np.lib.format.open_memmap(out / "maps.npy", "w+", np.float16, shape)
    network, vectors = EfficientNetLite2(tuning), []
    start = 0
    for pixels in tqdm(_batches(photos, names, view), total=-(-len(names) // BATCH)):
        sight = network(pixels)
        maps[start : start + len(pixels)] = sight.maps.half().numpy()
        vectors.append([getattr(sight, name).numpy() for name in _VECTORS])
        start += len(pixels)
    for name, parts in zip(_VECTORS, zip(*vectors, strict=True), strict=True):
        np.save(out / f"{name}.npy", np.concatenate(parts))
    (out / "names.txt").write_text("\n".join(names), encoding="utf-8")


def _batches(photos: Path, names: Sequence[str], view: View) -> Iterator[torch.Tensor]:
    with ThreadPoolExecutor() as threads:
        for start in range(0, len(names), BATCH):
            paths = [photos / name for name in names[start : start + BATCH]]
            yield normalised(list(threads.map(pixels_of, paths, [view] * len(paths))))


def pixels_of(path: Path, view: View, side: int = SIDE) -> np.ndarray[Any, Any]:
    """Bytes of what is looked at in a photo, shape ``(side, side, 3)``."""
    with Image.open(path) as image:
        seen = view(ImageOps.exif_transpose(image).convert("RGB"), path.name)
    return np.asarray(seen.resize((side, side), Image.Resampling.BICUBIC))


def normalised(pixels: Sequence[np.ndarray[Any, Any]]) -> torch.Tensor:
    """Stack ``(260, 260, 3)`` bytes as ``(B, 3, 260, 260)``, ``(x - 127) / 128``."""
    stacked = torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2)
    return scaled(stacked)


def scaled(pixels: torch.Tensor) -> torch.Tensor:
    """Bytes as the CNN takes them."""
    return (pixels.float() - 127) / 128
