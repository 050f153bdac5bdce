"""Sets of photos and texts as the training loop wants them: cut into tokens, labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from captioner.training import data
from captioner.training.batches import MAX_CAPTION_TOKENS, Ids, Photo, Prompting, Text
from captioner.training.features import Features, cropped, mirrored, whole
from captioner.training.tokens import BOS, PROMPT_END, SEPARATOR, control_code, encode
from captioner.training.words import WordNet, label_names, nouns_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from transformers import BertTokenizer

    from captioner.compact import CompactBlipConfig

CAPTIONS = "captions.tsv"
EXPECTED = "expected.tsv"
WRITTEN = "written.tsv"
UNCHANGED, SMALL = "features", "small"
VIEWS = {UNCHANGED: whole, "mirrored": mirrored, "cropped": cropped}


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


def photo_set(folder: Path, tokenizer: BertTokenizer, config: CompactBlipConfig) -> list[Photo]:
    """The photos of a prepared folder that have captions.

    Args:
        folder: Holds ``captions.tsv``, ``features/`` and perhaps ``mirrored/``, ``cropped/``,
            ``expected.tsv`` and ``written.tsv``; its name says whose manner the captions are in,
            see `control_code`.
        tokenizer: Cuts the captions.
        config: Says which labels are named.
    """
    views = [Features.load(folder / view) for view in VIEWS if (folder / view).exists()]
    places = [view.places() for view in views]
    code = control_code(folder)
    expected, written = read_expected(folder), _read_written(folder, tokenizer)
    found = []
    for name, captions in data.pairs(folder / CAPTIONS).items():
        labels = _labels(views[0].probabilities[places[0][name]], config)
        things = [encode(tokenizer, word) for word in expected.get(name, ())]
        labels += tuple(thing for thing in things if thing not in labels)
        seen = tuple((view, place[name]) for view, place in zip(views, places, strict=True))
        told = tuple(_ids(tokenizer, code, text) for text in captions)
        found.append(Photo(seen, labels, told, written.get(name)))
    return found


def _read_written(folder: Path, tokenizer: BertTokenizer) -> dict[str, Ids]:
    """Photo name -> what a finished model wrote of it, control code and all."""
    path = folder / WRITTEN
    if not path.exists():
        return {}
    rows = (line.split("\t", 1) for line in path.read_text(encoding="utf-8").splitlines())
    return {name: encode(tokenizer, text) for name, text in rows}


def read_expected(folder: Path) -> dict[str, list[str]]:
    """Photo name -> the things expected of it; of none where nobody has looked."""
    path = folder / EXPECTED
    return data.read_words(path) if path.exists() else {}


def write_expected(folder: Path, things: Mapping[str, Sequence[str]]) -> None:
    """Write what `read_expected` reads."""
    data.write_words(folder / EXPECTED, things)


def write_things(
    photos: Iterable[tuple[Path, Iterable[str]]],
    things: Iterable[list[int]],
    tokenizer: BertTokenizer,
) -> None:
    """Write into each folder which things are expected of its photos.

    Args:
        photos: Each folder with its photos' names; one that comes twice is looked at twice.
        things: Of each photo of all folders, in that order, the tokens.
        tokenizer: Knows them.
    """
    each = iter(things)
    for folder, names in photos:
        words = {name: tokenizer.convert_ids_to_tokens(next(each)) for name in names}
        write_expected(folder, words)


def _labels(probabilities: np.ndarray[Any, Any], config: CompactBlipConfig) -> tuple[Ids, ...]:
    surest = np.argsort(-probabilities)[: config.max_labels]
    names = config.label_token_ids or []
    return tuple(names[i] for i in surest if probabilities[i] > config.min_label_probability)


def _ids(tokenizer: BertTokenizer, code: str, text: str) -> Ids:
    return encode(tokenizer, f"{code} {text}")[:MAX_CAPTION_TOKENS]


def text_set(source: Path, tokenizer: BertTokenizer, wordnet: WordNet) -> list[Text]:
    """The captions of a file, one a line, that have a noun to stand in for a label."""
    code = control_code(source)
    with_nouns = ((text, nouns_of(text, wordnet.nouns)) for text in data.lines(source))
    return [Text(_ids(tokenizer, code, text), tuple(nouns)) for text, nouns in with_nouns if nouns]


def prompting_of(texts: Sequence[Text], tokenizer: BertTokenizer, wordnet: WordNet) -> Prompting:
    """How the prompts of these texts and of photos are written."""
    words = {noun for text in texts for noun in text.nouns}
    special: Any = tokenizer.convert_tokens_to_ids
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
