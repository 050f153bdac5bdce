"""Choosing among captions by what people are expected to write."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from checkpoints import BOS, SEP, WORDS, random_model
from safetensors import SafetensorError
from safetensors.torch import save_file

from captioner.beams import Found
from captioner.consensus import FILE, LEAST_EXPECTED, MOST_THINGS, Consensus, weighed
from captioner.engine import NUM_BEAMS, Engine
from captioner.search import Search

CPU = torch.device("cpu")
A, DOG, CAT = 5, 6, 7
RARITY = torch.tensor([0.0] * 5 + [0.1, 2.0, 2.0, 0.0])


def consensus() -> Consensus:
    """Expects a dog of photos whose only channel is bright, else a cat; never "a"."""
    return Consensus(
        usual_photo=torch.tensor([1.0]),
        projection=torch.tensor([[1.0]]),
        words=torch.tensor([[0.5, -0.5]]),
        usual_words=torch.tensor([0.5, 0.5]),
        is_expectable=torch.tensor([0.0] * 6 + [1.0, 1.0, 0.0]),
        rarity=RARITY,
        is_noun=torch.tensor([0.0] * 6 + [1.0, 1.0, 0.0]),
    )


def found(*tokens: int) -> Found:
    return Found(tokens, (-0.1,) * len(tokens), -0.1)


def photo(brightness: float) -> torch.Tensor:
    return torch.full((1, 4, 1), brightness)


def test_the_caption_is_taken_that_says_what_is_expected_of_the_photo() -> None:
    captions, of = [found(A, CAT, SEP), found(A, DOG, SEP)], consensus()
    assert of.best(captions, of.expected(photo(2.0))[0]) is captions[1]
    assert of.best(captions, of.expected(photo(0.0))[0]) is captions[0]


def test_of_equals_the_first_is_taken() -> None:
    captions, of = [found(A, CAT, SEP), found(A, DOG, SEP)], consensus()
    assert of.best(captions, of.expected(photo(1.0))[0]) is captions[0]


def test_more_words_than_are_expected_cost_something() -> None:
    captions, of = [found(DOG, CAT, SEP), found(DOG, SEP)], consensus()
    assert of.best(captions, of.expected(photo(2.0))[0]) is captions[1]


def test_to_say_a_word_again_gains_nothing() -> None:
    captions, of = [found(DOG, DOG, A, SEP), found(DOG, A, SEP)], consensus()
    assert of.best(captions, of.expected(photo(2.0))[0]) is captions[1]


def test_an_end_or_a_control_code_is_no_word() -> None:
    assert weighed([BOS, DOG, SEP], RARITY).tolist() == weighed([DOG], RARITY).tolist()


def test_the_nouns_expected_most_come_first_and_those_hardly_expected_not_at_all() -> None:
    of = consensus()
    assert of.things(torch.tensor([0.3, 0.2])) == [DOG, CAT]
    assert of.things(torch.tensor([0.2, 0.3])) == [CAT, DOG]
    assert of.things(torch.tensor([LEAST_EXPECTED - 0.01, 0.3])) == [CAT]
    assert of.things(torch.tensor([0.0, -1.0])) == []


def test_what_is_expected_but_no_noun_is_no_thing() -> None:
    of = replace(consensus(), is_noun=torch.tensor([0.0] * 6 + [0.0, 1.0, 0.0]))
    assert of.things(torch.tensor([0.3, 0.2])) == [CAT]


def test_of_many_things_the_surest_few_are_taken() -> None:
    many = torch.arange(9) / 9
    of = replace(consensus(), is_expectable=torch.ones(9), is_noun=torch.ones(9))
    assert of.things(many) == [8, 7, 6][:MOST_THINGS]


def test_a_caption_without_words_agrees_with_nothing() -> None:
    captions, of = [found(SEP), found(A, DOG)], consensus()
    assert weighed([SEP], RARITY).tolist() == [0.0] * len(RARITY)
    assert of.best(captions, of.expected(photo(2.0))[0]) is captions[1]


def test_it_is_kept_beside_a_checkpoint(tmp_path: Path) -> None:
    consensus().save(tmp_path)
    again = Consensus.beside(str(tmp_path), CPU)
    assert again is not None
    assert again.expected(photo(2.0)).tolist() == consensus().expected(photo(2.0)).tolist()
    assert again.is_expectable.tolist() == consensus().is_expectable.tolist()
    assert again.is_noun.tolist() == consensus().is_noun.tolist()


@pytest.mark.parametrize("checkpoint", ["Salesforce/blip-image-captioning-base", "no/such/folder"])
def test_a_model_on_the_hub_has_none(checkpoint: str) -> None:
    assert Consensus.beside(checkpoint, CPU) is None


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not tensors")
    with pytest.raises(SafetensorError):
        Consensus.beside(str(tmp_path), CPU)


def test_a_file_of_something_else_is_refused_with_what_it_holds(tmp_path: Path) -> None:
    save_file({"weight": torch.zeros(1)}, tmp_path / FILE)
    with pytest.raises(ValueError, match=r"consensus\.safetensors holds \['weight'\], not "):
        Consensus.beside(str(tmp_path), CPU)


def test_an_engine_without_one_takes_what_the_search_finds_best() -> None:
    how = Search(num_beams=3, max_new_tokens=8)
    maps, probabilities = torch.rand(1, 81, 1515), torch.zeros(1, 1000)
    usual = Consensus(
        usual_photo=torch.zeros(1515),
        projection=torch.zeros(1515, 1),
        words=torch.zeros(1, WORDS),
        usual_words=torch.zeros(WORDS),
        is_expectable=torch.ones(WORDS),
        rarity=torch.ones(WORDS),
        is_noun=torch.zeros(WORDS),
    )

    def written(own: Consensus | None) -> list[int]:
        model = random_model()
        model.look = lambda _: (maps, probabilities)  # type: ignore[method-assign]
        model.consensus = own
        (draft,) = Engine(model).write(torch.empty(1), None, how)
        return draft.tokens

    best = written(None)
    assert written(usual) == best  # nothing is expected: the first, too
    others = torch.ones(WORDS)
    others[best] = -1  # people would write anything but that
    assert written(replace(usual, usual_words=others)) != best


def test_more_captions_are_looked_for_where_one_is_chosen_among_them() -> None:
    assert Engine(random_model()).num_beams == NUM_BEAMS
    model = random_model()
    model.consensus = consensus()
    assert Engine(model).num_beams > NUM_BEAMS
