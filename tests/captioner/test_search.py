"""The fast decoder's tokens, held against transformers' own `generate`."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest
import torch
from checkpoints import COLON, SEP, random_model
from stock import (
    GREEDY,
    THREE_BEAMS,
    as_generate_is_told,
    check_equal,
    generator_of,
    photos_of,
    small_blip,
)

from benchmarks.contestants import random_blip_base
from captioner.backbone import Sight
from captioner.compact import CompactBlipForConditionalGeneration
from captioner.engine import Engine
from captioner.search import Begun, Search, search

SEARCHES = [
    GREEDY,
    THREE_BEAMS,
    Search(num_beams=1, no_repeat_ngram_size=2),
    Search(num_beams=3),
    Search(num_beams=5, no_repeat_ngram_size=2),
    Search(num_beams=2, max_new_tokens=7),
    Search(num_beams=3, min_new_tokens=6),
    Search(num_beams=1, min_new_tokens=6),
    Search(num_beams=3, length_penalty=0.0),
    Search(num_beams=3, length_penalty=2.0, early_stopping="never"),
    Search(num_beams=3, length_penalty=-1.0, early_stopping="never"),
    Search(num_beams=4, early_stopping=True),
    Search(num_beams=3, max_new_tokens=1),
]


@pytest.mark.parametrize("how", SEARCHES, ids=str)
@pytest.mark.parametrize("end_bias", [0.0, 5.0, 6.0], ids=["long", "middling", "short"])
def test_each_way_to_search_finds_what_transformers_finds(how: Search, end_bias: float) -> None:
    model = small_blip(end_bias=end_bias)
    for seed in range(3):
        check_equal(model, how, count=1 + 2 * seed, prompt_length=seed, seed=seed)


@torch.no_grad()
@pytest.mark.parametrize("early_stopping", [True, False])
def test_all_that_it_finds_is_all_that_transformers_finds(early_stopping: bool) -> None:
    how = Search(num_beams=4, no_repeat_ngram_size=3, early_stopping=early_stopping)
    for seed in range(5):
        model, pixels = small_blip(end_bias=5.0), photos_of(small_blip(), 1, seed)
        told = as_generate_is_told(how)
        stock = model.generate(pixels, num_return_sequences=4, **told).sequences.tolist()
        engine = Engine(deepcopy(model))
        first = torch.full((1, 1), model.config.text_config.bos_token_id)
        encoded = engine.model.vision_model(pixels)[0]
        (found,) = search(engine.decoder, Begun(encoded, first), how)
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
        for one, expected in zip(found, stock, strict=True):
            assert list(one.tokens) == expected[1 : 1 + len(one.tokens)]
            assert len(one.tokens) == len(one.log_probabilities)


def test_the_captions_of_these_models_end_early_at_different_lengths() -> None:
    model = small_blip(end_bias=6.0)
    drafts = Engine(model).write(photos_of(model, 8, 0), None, THREE_BEAMS)
    assert len({len(draft.tokens) for draft in drafts}) > 2


@pytest.mark.parametrize("how", [GREEDY, THREE_BEAMS], ids=["greedy", "3 beams"])
def test_200_random_photos_and_prompts_give_the_tokens_of_transformers(how: Search) -> None:
    model = small_blip(end_bias=5.5)
    for seed in range(50):
        check_equal(model, how, count=4, prompt_length=seed % 4, seed=seed)


@pytest.mark.slow
@pytest.mark.parametrize("how", [GREEDY, THREE_BEAMS], ids=["greedy", "3 beams"])
def test_200_random_photos_and_prompts_do_so_with_a_model_of_the_size_of_blip_base(
    how: Search,
) -> None:
    model = random_blip_base()
    for seed in range(50):
        check_equal(model, how, count=4, prompt_length=seed % 4, seed=seed)


@torch.no_grad()
def check_compact(model: CompactBlipForConditionalGeneration, how: Search, seed: int) -> None:
    """What the CNN sees is random too: it is frozen, the same for both, and takes long."""
    generator = generator_of(seed)
    count = 4
    maps = torch.rand(count, 81, 1515, generator=generator)
    probabilities = torch.rand(count, 1000, generator=generator) ** 40  # about two labels each
    sight = Sight(maps, probabilities, maps.mean(1), maps.mean(1))
    model.look = lambda _: sight  # type: ignore[method-assign]
    text = torch.randint(5, 60, (count, seed % 3), generator=generator) if seed % 3 else None
    prompts = None if text is None else torch.nn.functional.pad(text, (1, 1))
    stock = model.generate_from_sight(sight, text, **as_generate_is_told(how))
    sequences = stock if how.num_beams == 1 else stock.sequences
    drafts = Engine(deepcopy(model)).write(torch.empty(count), prompts, how)
    for row, (draft, expected) in enumerate(zip(drafts, sequences.tolist(), strict=True)):
        assert draft.tokens == expected[: len(draft.tokens)]
        assert set(expected[len(draft.tokens) :]) <= {0, SEP}
        if how.num_beams > 1:
            assert draft.score == pytest.approx(stock.sequences_scores[row].item(), abs=1e-4)
            assert draft.signs == pytest.approx(stock.signs[row], abs=1e-4)
            assert draft.labels == stock.labels[row]
            assert [model.config.label_token_ids[one] for one in draft.classes] == draft.labels


@pytest.mark.parametrize("how", [GREEDY, THREE_BEAMS], ids=["greedy", "3 beams"])
def test_200_random_photos_and_prompts_do_so_with_the_compact_model(how: Search) -> None:
    model = random_model(person_token_ids=[*range(8, 60)])
    with torch.no_grad():
        model.text_decoder.cls.predictions.decoder.bias[SEP] += 4
    for seed in range(50):
        check_compact(model, how, seed)


@pytest.mark.parametrize("how", [GREEDY, THREE_BEAMS], ids=["greedy", "3 beams"])
def test_what_is_written_reluctantly_is_so_by_both(how: Search) -> None:
    model = random_model(person_token_ids=[*range(8, 60)])
    begin, photos = model.begin, 4
    words = model.config.text_config.vocab_size
    reluctance = 9 * torch.rand(photos, words, generator=generator_of(0)).round()

    def reluctant(*seen: object) -> Begun:
        return replace(begin(*seen), reluctance=reluctance)

    model.begin = reluctant
    for seed in range(5):
        check_compact(model, how, seed)


@torch.no_grad()
def test_what_is_written_reluctantly_is_written_less() -> None:
    model = random_model()
    engine = Engine(deepcopy(model))
    maps = torch.rand(1, 81, 1515)
    begun = model.begin(Sight(maps, torch.zeros(1, 1000), maps.mean(1), maps.mean(1)), None, [])
    (likely, *_), *_ = search(engine.decoder, begun, THREE_BEAMS)
    reluctance = torch.zeros(1, model.config.text_config.vocab_size)
    reluctance[0, likely.tokens[0]] = 100
    ((other, *_),) = search(engine.decoder, replace(begun, reluctance=reluctance), THREE_BEAMS)
    assert likely.tokens[0] not in other.tokens


def test_label_words_are_no_part_of_a_draft() -> None:
    (draft,) = Engine(random_model()).write(torch.zeros(1, 3, 260, 260), None, THREE_BEAMS)
    assert COLON not in draft.tokens[:1]
    assert 0 < len(draft.tokens) <= THREE_BEAMS.max_new_tokens
