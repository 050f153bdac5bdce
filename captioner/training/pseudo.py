"""What a finished model writes of photos, for another to learn from: pseudo-captions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tqdm import tqdm

from captioner.blip import read_checkpoint
from captioner.engine import Engine
from captioner.training.features import Features
from captioner.training.sets import UNCHANGED, WRITTEN, write_captions
from captioner.writing import search_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BATCH = 16


def caption_sets(folders: Sequence[Path], model: Path) -> int:
    """Write into each prepared set what a finished compact BLIP says of its photos.

    Args:
        folders: What `prepare` wrote.
        model: Folder of the model.

    Returns:
        How many captions there are.
    """
    processor, network = read_checkpoint(str(model), "auto")
    engine, count = Engine(network), 0
    for folder in folders:
        features, found = Features.load(folder / UNCHANGED), {}
        for start in tqdm(range(0, len(features.names), BATCH), desc=folder.name):
            part = slice(start, start + BATCH)
            sight = features.sight(part, engine.device)
            drafts = engine.write_from_sight(sight, None, search_for(engine))
            for name, draft in zip(features.names[part], drafts, strict=True):
                words = [token for token in draft.tokens if token != engine.decoder.end]
                found[name] = [processor.decode(words)]  # its control code with it
        write_captions(folder / WRITTEN, found)
        count += len(found)
    return count
