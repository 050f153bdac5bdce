"""How near the captions come to those people wrote: CIDEr on photos with references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pycocoevalcap.cider.cider import Cider
from tqdm import tqdm

from captioner.blip import BATCH
from captioner.images import read_image

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from PIL import Image

    from captioner.caption import Caption, Captioner


def cider(captions: Mapping[str, str], references: Mapping[str, Sequence[str]]) -> float:
    """CIDEr (Vedantam et al. 2015) as pycocoevalcap computes it, times 100.

    Both sides in lower case, punctuation out; document frequencies are those of the references.

    Args:
        captions: Photo -> the caption to judge.
        references: Photo -> what people wrote; a photo without a caption is an error.

    Returns:
        At least 0, higher is nearer.
    """
    wanted = {photo: [plain(text) for text in texts] for photo, texts in references.items()}
    given = {photo: [plain(captions[photo])] for photo in references}
    score, _ = Cider().compute_score(wanted, given)
    return 100 * float(score)


def plain(text: str) -> str:
    """Lower case, punctuation out, one space between words."""
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split())


def caption_files(captioner: Captioner, photos: Path, wanted: Iterable[str]) -> dict[str, Caption]:
    """Caption the files of a folder, as `captag tag` does.

    Args:
        captioner: With a floor of 0 what the model wrote is judged, else what people are shown,
            which says less where a caption is unsure.
        photos: The folder.
        wanted: The names of the files in it.

    Returns:
        Name -> caption.
    """
    names = list(wanted)
    captions: dict[str, Caption] = {}
    for start in tqdm(range(0, len(names), BATCH)):
        chosen = names[start : start + BATCH]
        images = [read_photo(photos / name) for name in chosen]
        written = captioner.caption(images)
        captions |= dict(zip(chosen, written, strict=True))
    return captions


def read_photo(path: Path) -> Image.Image:
    """Read a file as the product does."""
    with path.open("rb") as stream:
        return read_image(stream)
