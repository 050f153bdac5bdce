"""Choosing among captions by what people are expected to write."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from checkpoints import BOS, SEP, WORDS, random_model
from safetensors import SafetensorError
from safetensors.torch import save_file

from captioner.beams import Found
from captioner.consensus import FILE, Consensus, weighed
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
    )

    def written(own: Consensus | None) -> list[int]:
        model = random_model()
        model.look = lambda _: (maps, probabilities)  # type: ignore[method-assign]
        (draft,) = Engine(model, consensus=own).write(torch.empty(1), None, how)
        return draft.tokens

    best = written(None)
    assert written(usual) == best  # nothing is expected: the first, too
    others = torch.ones(WORDS)
    others[best] = -1  # people would write anything but that
    assert written(replace(usual, usual_words=others)) != best


def test_more_captions_are_looked_for_where_one_is_chosen_among_them() -> None:
    assert Engine(random_model()).num_beams == NUM_BEAMS
    assert Engine(random_model(), consensus=consensus()).num_beams > NUM_BEAMS
