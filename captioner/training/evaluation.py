"""How near the captions come to those people wrote: CIDEr on photos with references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import torch
from pycocoevalcap.cider.cider import Cider
from tqdm import tqdm

from captioner.blip import MAX_NEW_TOKENS, NO_REPEAT_NGRAM, NUM_BEAMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from captioner.training.features import Features

BATCH = 32


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


def caption_all(
    model: Any, tokenizer: Any, features: Features, names: Sequence[str]
) -> dict[str, str]:
    """Caption photos from their features, decoding as the product does.

    Args:
        model: A `CompactBlipForConditionalGeneration`.
        tokenizer: Its tokenizer.
        features: Of at least these photos.
        names: The photos.

    Returns:
        Photo -> caption.
    """
    place = {name: i for i, name in enumerate(features.names)}
    captions: dict[str, str] = {}
    for start in tqdm(range(0, len(names), BATCH)):
        chosen = names[start : start + BATCH]
        rows = [place[name] for name in chosen]
        sequences = model.generate_from_map(
            torch.from_numpy(features.maps[rows]).float(),
            torch.from_numpy(features.probabilities[rows]),
            num_beams=NUM_BEAMS,
            max_new_tokens=MAX_NEW_TOKENS,
            no_repeat_ngram_size=NO_REPEAT_NGRAM,
        )
        texts = tokenizer.batch_decode(sequences, skip_special_tokens=True)
        captions |= dict(zip(chosen, texts, strict=True))
    return captions
