"""Sets of photos and texts as the training loop wants them: cut into tokens, labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps
from tqdm import tqdm

from captioner.training import data
from captioner.training.batches import MAX_CAPTION_TOKENS, Ids, Photo, Prompting, Text
from captioner.training.detector import names_of
from captioner.training.features import Features
from captioner.training.teacher import Teacher
from captioner.training.tokens import BOS, PROMPT_END, SEPARATOR, encode
from captioner.training.words import WordNet, label_names, nouns_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from transformers import BertTokenizer

    from captioner.compact import CompactBlipConfig
    from captioner.training.detector import Yolox

CAPTIONS = "captions.tsv"
VIEWS = ("features", "mirrored")
LABEL_FLOOR = 0.05  # for the teacher: lower than for a prompt, it weighs them
SURENESS_GAIN = 1.3
SURELY_THERE = 0.55


def read_captions(captions: Path, names: Collection[str] | None) -> dict[str, list[str]]:
    """Photo name -> its captions, for the names given or for all.

    Args:
        captions: Flickr8k's ``.csv``, COCO's ``.json``, or ``.tsv`` of photo and caption.
        names: The photos to take.
    """
    found = data.flickr8k(captions) if captions.suffix == ".csv" else data.photos(captions)
    return {name: own for name, own in found.items() if names is None or name in names}


def write_captions(out: Path, captions: Mapping[str, Sequence[str]]) -> None:
    """Write lines of ``photo<TAB>caption``."""
    pairs = (f"{name}\t{caption}" for name, own in captions.items() for caption in own)
    out.write_text("\n".join(pairs), encoding="utf-8")


def teach_set(folder: Path, photos: Path, texts: Path, detector: Yolox, wordnet: WordNet) -> int:
    """Write captions for the photos of a prepared folder, as `Teacher` chooses them.

    A photo that has captions already keeps them and gets the teacher's besides.

    Returns:
        How many photos have captions now.
    """
    features = Features.load(folder / VIEWS[0])
    teacher = Teacher(data.lines(texts), wordnet)
    found = data.pairs(folder / CAPTIONS) if (folder / CAPTIONS).exists() else {}
    for name, probabilities in zip(tqdm(features.names), features.probabilities, strict=True):
        with Image.open(photos / name) as image:
            things = detector(ImageOps.exif_transpose(image).convert("RGB"))
        labels = np.flatnonzero(probabilities > LABEL_FLOOR)
        evidence = teacher.label_evidence({int(i): float(probabilities[i]) for i in labels})
        for thing, sure in things.items():
            for noun in names_of(thing):
                evidence[noun] = max(evidence.get(noun, 0.0), min(1.0, SURENESS_GAIN * sure))
        expected = [names_of(thing) for thing, sure in things.items() if sure > SURELY_THERE]
        if chosen := teacher.captions(evidence, expected):
            found.setdefault(name, []).extend(chosen)
    write_captions(folder / CAPTIONS, found)
    return len(found)


def photo_set(folder: Path, tokenizer: BertTokenizer, config: CompactBlipConfig) -> list[Photo]:
    """The photos of a prepared folder that have captions.

    Args:
        folder: Holds ``captions.tsv``, ``features/`` and perhaps ``mirrored/``.
        tokenizer: Cuts the captions.
        config: Says which labels are named.
    """
    views = [Features.load(folder / view) for view in VIEWS if (folder / view).exists()]
    places = [{name: i for i, name in enumerate(view.names)} for view in views]
    found = []
    for name, captions in data.pairs(folder / CAPTIONS).items():
        labels = _labels(views[0].probabilities[places[0][name]], config)
        seen = tuple((view, place[name]) for view, place in zip(views, places, strict=True))
        found.append(Photo(seen, labels, tuple(_ids(tokenizer, text) for text in captions)))
    return found


def _labels(probabilities: np.ndarray[Any, Any], config: CompactBlipConfig) -> tuple[Ids, ...]:
    surest = np.argsort(-probabilities)[: config.max_labels]
    names = config.label_token_ids or []
    return tuple(names[i] for i in surest if probabilities[i] > config.min_label_probability)


def _ids(tokenizer: BertTokenizer, text: str) -> Ids:
    return encode(tokenizer, text)[:MAX_CAPTION_TOKENS]


def text_set(texts: Iterable[str], tokenizer: BertTokenizer, wordnet: WordNet) -> list[Text]:
    """The texts that have a noun to stand in for a label."""
    with_nouns = ((text, nouns_of(text, wordnet.nouns)) for text in texts)
    return [Text(_ids(tokenizer, text), tuple(nouns)) for text, nouns in with_nouns if nouns]


def prompting(texts: Sequence[Text], tokenizer: BertTokenizer, wordnet: WordNet) -> Prompting:
    """How the prompts of these texts and of photos are written."""
    words = {noun for text in texts for noun in text.nouns}
    special = tokenizer.convert_tokens_to_ids
    return Prompting(
        names=[encode(tokenizer, name) for name in label_names()],
        words={word: encode(tokenizer, word) for word in words},
        kinds=wordnet.kinds(),
        separator=encode(tokenizer, SEPARATOR),
        end=special(PROMPT_END),
        bos=special(BOS),
        sep=special("[SEP]"),
        pad=special("[PAD]"),
    )
