"""The tokenizer of the compact BLIP: MiniLM's WordPiece without the pieces nobody uses."""

from __future__ import annotations

import string
from collections import Counter
from typing import TYPE_CHECKING

from transformers import BertTokenizer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

BOS = "[DEC]"
CONTROL_CODES = {"flickr": "[FLICKR]", "coco": "[COCO]"}
PROMPT_END = ":"
SEPARATOR = ","
MIN_USES = 3
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def minilm_tokenizer(folder: Path) -> BertTokenizer:
    """MiniLM's own tokenizer, 30,522 word pieces."""
    tokenizer: BertTokenizer = BertTokenizer.from_pretrained(folder)
    return tokenizer


def pruned_tokenizer(
    full: BertTokenizer, texts: Iterable[str], names: Iterable[str]
) -> tuple[BertTokenizer, list[int]]:
    """Keep the word pieces that are used, and letters and digits to spell the rest.

    Args:
        full: The tokenizer to take from.
        texts: A piece is kept when it comes at least `MIN_USES` times here,
        names: or once here.

    Returns:
        The tokenizer, and for each of its ids the id in `full`; the last, `BOS` and
        `CONTROL_CODES`, are new and have none.
    """
    vocabulary = full.get_vocab()
    uses = Counter(
        id_ for ids in full([*texts], add_special_tokens=False)["input_ids"] for id_ in ids
    )
    used = {piece for piece, id_ in vocabulary.items() if uses[id_] >= MIN_USES}
    used |= {piece for name in names for piece in full.tokenize(name)}
    used |= {c for c in string.printable if c in vocabulary}
    used |= {f"##{c}" for c in string.ascii_lowercase + string.digits}
    kept = [*_SPECIAL, *sorted(used - set(_SPECIAL), key=vocabulary.__getitem__)]
    codes = [*CONTROL_CODES.values()]
    pieces = {piece: i for i, piece in enumerate([*kept, BOS, *codes])}
    tokenizer = BertTokenizer(
        vocab=pieces, do_lower_case=True, bos_token=BOS, extra_special_tokens=codes
    )
    return tokenizer, [vocabulary[piece] for piece in kept]


def control_code(source: Path) -> str:
    """The token before each caption of a set: people describe Flickr8k and COCO differently.

    A control code (Keskar et al. 2019) that the model writes itself, so that it chooses the
    manner that goes with the photo.

    Args:
        source: A set's folder or a file of captions; ``flickr...`` is Flickr's, all else COCO's.
    """
    return CONTROL_CODES["flickr" if source.name.startswith("flickr") else "coco"]


def encode(tokenizer: BertTokenizer, text: str) -> list[int]:
    """Token ids of the text alone, without [CLS] and [SEP]."""
    return tokenizer(text, add_special_tokens=False)["input_ids"]  # type: ignore[no-any-return]


def no_words(tokenizer: BertTokenizer) -> list[int]:
    """The tokens that are no words: special ones, control codes and punctuation."""
    vocabulary: dict[str, int] = tokenizer.get_vocab()
    marks = {*string.punctuation}
    return [id_ for piece, id_ in vocabulary.items() if piece[0] == "[" or piece in marks]
