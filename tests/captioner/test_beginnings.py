"""Captions that end before they do."""

import pytest
import torch
from checkpoints import random_model

from captioner.backbone import Sight
from captioner.beams import Found
from captioner.beginnings import Beginnings
from captioner.engine import Engine
from captioner.search import Begun, Search, search

PIECES = "[SEP] a white dog holding stick of plate food clock tower cat ##fish ' s".split()
VOCABULARY = {piece: token for token, piece in enumerate(PIECES)}
NOUNS = "dog stick plate food clock tower cat".split()
THREE_BEAMS = Search(num_beams=3, max_new_tokens=8, early_stopping=True)


def tokens(text: str) -> tuple[int, ...]:
    return tuple(VOCABULARY[piece] for piece in text.split())


def found(text: str, ends: tuple[float, ...] | None = None) -> Found:
    ids = tokens(text)
    own = tuple(-0.1 * at for at in range(1, len(ids) + 1))
    return Found(ids, own, sum(own) / len(own), ends or (-3.0,) * len(ids))


def beginnings() -> Beginnings:
    return Beginnings.of([VOCABULARY[noun] for noun in NOUNS], VOCABULARY, VOCABULARY["[SEP]"])


def among(*captions: Found) -> list[str]:
    return [" ".join(PIECES[id_] for id_ in one.tokens) for one in beginnings().among(captions)]


def test_a_caption_may_end_with_each_of_its_nouns() -> None:
    assert among(found("a white dog holding a stick holding a cat [SEP]")) == [
        "a white dog holding a stick holding a cat [SEP]",
        "a white dog [SEP]",
        "a white dog holding a stick [SEP]",
    ]


@pytest.mark.parametrize(
    "caption",
    ["a plate of food [SEP]", "a clock tower [SEP]", "a cat ##fish [SEP]", "a dog ' s [SEP]"],
)
def test_what_belongs_together_is_not_cut_in_two(caption: str) -> None:
    assert among(found(caption)) == [caption]


def test_a_caption_that_was_cut_short_has_beginnings_too() -> None:
    assert among(found("a dog holding a")) == ["a dog holding a", "a dog [SEP]"]


def test_none_comes_twice() -> None:
    both = found("a dog [SEP]"), found("a dog holding a cat [SEP]")
    assert among(*both) == ["a dog [SEP]", "a dog holding a cat [SEP]"]
    assert beginnings().among(both)[0] is both[0]


def test_a_beginning_scores_as_if_the_search_had_ended_it_there() -> None:
    whole = found("a dog holding a cat [SEP]", ends=(-9.0, -8.0, -1.2, -7.0, -6.0, -0.6))
    _, beginning = beginnings().among([whole])
    assert beginning.log_probabilities == pytest.approx((-0.1, -0.2, -1.2))
    assert beginning.score == pytest.approx(-0.5)


def test_what_a_greedy_search_finds_has_none() -> None:
    greedy = Found(tokens("a dog holding a cat [SEP]"), (-0.1,) * 6, -0.1)
    assert beginnings().among([greedy]) == [greedy]


@torch.no_grad()
def test_the_search_knows_what_it_would_cost_to_end_anywhere() -> None:
    model = random_model()
    maps = torch.rand(1, 81, 1515)
    begun = model.begin(Sight(maps, torch.zeros(1, 1000), maps.mean(1), maps.mean(1)), None, [])
    decoder = Engine(model).decoder
    (captions,) = search(decoder, begun, THREE_BEAMS)
    for one in captions:
        assert len(one.ends) == len(one.tokens)
        for length in range(len(one.tokens)):
            prompt = torch.cat([begun.prompt, torch.tensor([one.tokens[:length]]).long()], 1)
            again = Begun(begun.encoded, prompt)
            _, logits = decoder.begin(again.encoded, again.prompt, None, 1)
            expected = logits.log_softmax(-1)[0, decoder.end]
            assert one.ends[length] == pytest.approx(expected.item(), abs=1e-4)


@torch.no_grad()
def test_an_engine_chooses_among_beginnings_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    class Shortest:
        def best(self, found: list[Found], _: object) -> object:
            return min(found, key=lambda one: len(one.tokens))

    engine = Engine(random_model())
    monkeypatch.setattr(engine.model, "consensus", Shortest())
    whole = found("a dog holding a cat [SEP]")
    assert engine._chosen([(whole,)], [None]) == [whole]  # type: ignore[list-item]
    monkeypatch.setattr(engine.model, "beginnings", beginnings())
    (chosen,) = engine._chosen([(whole,)], [None])  # type: ignore[list-item]
    assert chosen.tokens == tokens("a dog [SEP]")  # type: ignore[attr-defined]
