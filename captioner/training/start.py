"""The compact BLIP before its first step: MiniLM's BERT with room for a photo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from transformers import BertModel

from captioner.compact import CompactBlipConfig, CompactBlipForConditionalGeneration
from captioner.training.tokens import BOS, PROMPT_END, SEPARATOR, encode
from captioner.training.words import label_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from transformers import BertTokenizer

WIDTH = 384
MAX_POSITIONS = 64  # the longest prompt and caption, twice over
DROPOUT = 0.1


def new_config(tokenizer: BertTokenizer) -> CompactBlipConfig:
    """Sizes of the compact BLIP, and the label words as the tokenizer cuts them."""
    special: Any = tokenizer.convert_tokens_to_ids
    text = {
        "vocab_size": len(tokenizer),
        "hidden_size": WIDTH,
        "encoder_hidden_size": WIDTH,
        "intermediate_size": 4 * WIDTH,
        "num_hidden_layers": 6,
        "num_attention_heads": 12,
        "max_position_embeddings": MAX_POSITIONS,
        "hidden_dropout_prob": DROPOUT,
        "bos_token_id": special(BOS),
        "sep_token_id": special("[SEP]"),
        "eos_token_id": special("[SEP]"),
        "pad_token_id": special("[PAD]"),
    }
    vision = {
        "hidden_size": WIDTH,
        "intermediate_size": 4 * WIDTH,
        "num_hidden_layers": 2,
        "num_attention_heads": 6,
        "image_size": 260,
        "initializer_range": 0.02,
    }
    return CompactBlipConfig(
        text_config=text,
        vision_config=vision,
        label_token_ids=[encode(tokenizer, name) for name in label_names()],
        separator_token_ids=encode(tokenizer, SEPARATOR),
        prompt_end_token_id=special(PROMPT_END),
    )


def new_model(
    tokenizer: BertTokenizer, kept: Sequence[int], minilm: Path
) -> CompactBlipForConditionalGeneration:
    """The model at step 0; cross-attention, photo side and own tokens are new, the rest MiniLM's.

    Args:
        tokenizer: The pruned one.
        kept: MiniLM's id of each of its ids, without `BOS` and control codes.
        minilm: The folder of all-MiniLM-L6-v2.
    """
    model = CompactBlipForConditionalGeneration(new_config(tokenizer))
    theirs = BertModel.from_pretrained(minilm).state_dict()
    ours = model.text_decoder.bert.state_dict()
    for name, weights in theirs.items():
        if name in ours and ours[name].shape == weights.shape:
            ours[name] = weights
    words = "embeddings.word_embeddings.weight"
    ours[words][: len(kept)] = theirs[words][torch.tensor(kept)]
    ours[words][len(kept) :] = theirs[words].mean(0)
    places = "embeddings.position_embeddings.weight"
    ours[places] = theirs[places][:MAX_POSITIONS]
    model.text_decoder.bert.load_state_dict(ours)
    model.tie_weights()
    torch.nn.init.normal_(model.vision_model.no_photo, std=0.02)
    return model
