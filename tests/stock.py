"""captag's search held against transformers' own `generate`, on random photos and prompts."""

from __future__ import annotations

from copy import deepcopy

import pytest
import torch
from checkpoints import SMALL_TEXT, SMALL_VISION
from transformers import BlipConfig, BlipForConditionalGeneration

from captioner.engine import Engine
from captioner.search import Search

WORDS = 2000
GREEDY = Search(num_beams=1)
THREE_BEAMS = Search(num_beams=3, no_repeat_ngram_size=3)


def small_blip(*, end_bias: float = 0.0) -> BlipForConditionalGeneration:
    """A BLIP with random weights; the more bias, the sooner its captions end."""
    torch.manual_seed(0)
    text = SMALL_TEXT | {"initializer_range": 0.3, "vocab_size": WORDS, "bos_token_id": WORDS - 1}
    model = BlipForConditionalGeneration(
        BlipConfig(text_config=text, vision_config=SMALL_VISION)
    ).eval()
    head = model.text_decoder.cls.predictions.decoder
    with torch.no_grad():
        head.bias[model.config.text_config.sep_token_id] += end_bias
    return model


def as_generate_is_told(how: Search) -> dict[str, object]:
    told = {
        "num_beams": how.num_beams,
        "max_new_tokens": how.max_new_tokens,
        "min_new_tokens": how.min_new_tokens,
        "no_repeat_ngram_size": how.no_repeat_ngram_size,
    }
    if how.num_beams == 1:
        return told
    ranking = {"length_penalty": how.length_penalty, "early_stopping": how.early_stopping}
    return told | ranking | {"return_dict_in_generate": True, "output_scores": True}


def generator_of(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def photos_of(model: BlipForConditionalGeneration, count: int, seed: int) -> torch.Tensor:
    side = model.config.vision_config.image_size
    return torch.randn(count, 3, side, side, generator=generator_of(seed))


def prompts_of(count: int, length: int, seed: int) -> torch.Tensor | None:
    """Random words between [CLS] and [SEP], as a processor gives them; none of no length."""
    if length == 0:
        return None
    words = torch.randint(200, WORDS, (count, length), generator=generator_of(seed))
    ends = torch.full((count, 1), 102)
    return torch.cat([torch.full((count, 1), 101), words, ends], 1)


@torch.no_grad()
def check_equal(
    model: BlipForConditionalGeneration,
    how: Search,
    *,
    count: int = 1,
    prompt_length: int = 0,
    seed: int = 0,
) -> None:
    pixels, prompts = photos_of(model, count, seed), prompts_of(count, prompt_length, seed)
    pixels = pixels.to(model.device)
    prompts = None if prompts is None else prompts.to(model.device)
    text = {} if prompts is None else {"input_ids": prompts.clone()}
    mask = {} if prompts is None else {"attention_mask": torch.ones_like(prompts)}
    stock = model.generate(pixels, **text, **mask, **as_generate_is_told(how))
    sequences = stock if how.num_beams == 1 else stock.sequences
    drafts = Engine(deepcopy(model)).write(pixels, prompts, how)  # which takes its model over
    filler = {model.config.text_config.sep_token_id, model.config.text_config.pad_token_id}
    for draft, expected in zip(drafts, sequences.tolist(), strict=True):
        assert draft.tokens == expected[: len(draft.tokens)]
        assert set(expected[len(draft.tokens) :]) <= filler
    if how.num_beams > 1:
        scores = [draft.score for draft in drafts]
        assert scores == pytest.approx(stock.sequences_scores.tolist(), rel=1e-5, abs=1e-5)
