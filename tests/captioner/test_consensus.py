"""Choosing among captions by what people are expected to write."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from checkpoints import BOS, SEP, WORDS, random_model
from safetensors import SafetensorError
from safetensors.torch import save_file

from captioner.backbone import Sight
from captioner.beams import Found
from captioner.consensus import (
    CAUTION,
    EACH_NOUN,
    FAMILIAR,
    FILE,
    FLUENCY,
    LEAST_EXPECTED,
    MOST_THINGS,
    OF_THE_FAMILIAR,
    READILY,
    RELUCTANCE,
    Consensus,
    Expectation,
    weighed,
)
from captioner.engine import NUM_BEAMS, Engine
from captioner.regression import Regression
from captioner.search import Search

CPU = torch.device("cpu")
A, DOG, CAT = 5, 6, 7
UNFAMILIAR = FAMILIAR / 2
RARITY = torch.tensor([0.0] * 5 + [0.1, 2.0, 2.0, 0.0])


def regression(words: list[float]) -> Regression:
    """Expects so much more of each word for each step that the only channel is above 1."""
    channel = torch.tensor([1.0])
    return Regression(channel, channel[None], torch.tensor([words]), torch.tensor([0.5, 0.5]))


def consensus() -> Consensus:
    """Expects a dog of photos whose only channel is bright, else a cat; never "a"."""
    return Consensus(
        described=regression([0.5, -0.5]),
        is_expectable=torch.tensor([0.0] * 6 + [1.0, 1.0, 0.0]),
        rarity=RARITY,
        is_noun=torch.tensor([0.0] * 6 + [1.0, 1.0, 0.0]),
    )


def found(*tokens: int, score: float = -0.1) -> Found:
    return Found(tokens, (score,) * len(tokens), score)


def expects(dog: float, cat: float, familiarity: float = 1.0) -> Expectation:
    words = torch.zeros(len(RARITY))
    words[DOG], words[CAT] = dog, cat
    return Expectation(words, familiarity=familiarity)


def photo(brightness: float) -> torch.Tensor:
    return torch.tensor([[brightness]])


def test_the_caption_is_taken_that_says_what_is_expected_of_the_photo() -> None:
    captions, of = [found(A, CAT, SEP), found(A, DOG, SEP)], consensus()
    assert of.best(captions, of.expected(photo(2.0))[0]) is captions[1]
    assert of.best(captions, of.expected(photo(0.0))[0]) is captions[0]


def test_nouns_are_written_the_more_reluctantly_the_less_they_are_expected() -> None:
    reluctance = consensus().reluctance([expects(dog=READILY, cat=READILY / 4), expects(-0.1, 1)])
    assert reluctance[:, [DOG, CAT]].tolist() == [[0, 0.75 * RELUCTANCE], [RELUCTANCE, 0]]


def test_other_words_are_written_readily_though_nobody_expects_them() -> None:
    reluctance = consensus().reluctance([expects(dog=0.0, cat=0.0)])
    assert reluctance[0, A] == 0


def test_a_captions_nouns_come_in_order_with_how_much_they_are_expected() -> None:
    nouns = consensus().nouns([A, CAT, A, DOG, SEP], expects(dog=0.5, cat=0.25))
    assert nouns == [(CAT, 0.25), (DOG, 0.5)]


def test_of_a_word_that_nothing_is_known_of_nothing_is_expected() -> None:
    (expected,) = consensus().expected(photo(2.0))
    assert expected.words[[DOG, CAT]].tolist() == pytest.approx([1.0, 0.0])
    assert expected.words[A] == 0


def test_of_an_unfamiliar_photo_no_noun_is_said_that_is_expected_but_a_little() -> None:
    captions, of = [found(DOG, CAT, SEP), found(DOG, SEP)], consensus()
    little = 3 * CAUTION, 2 * CAUTION
    assert of.best(captions, expects(*little)) is captions[0]
    assert of.best(captions, expects(*little, UNFAMILIAR)) is captions[1]
    assert of.best(captions, expects(9 * CAUTION, 6 * CAUTION, UNFAMILIAR)) is captions[0]


@pytest.mark.parametrize("is_noun", [0.0, 1.0])
def test_a_word_that_nobody_expects_does_not_hide_a_noun_that_few_expect(is_noun: float) -> None:
    of = replace(
        consensus(),
        is_expectable=torch.tensor([0.0] * 6 + [0.0, 1.0, 0.0]),
        is_noun=torch.tensor([0.0] * 6 + [is_noun, 1.0, 0.0]),
    )
    captions = [found(DOG, CAT, SEP), found(CAT, SEP)]
    assert of.best(captions, expects(0.0, CAUTION, UNFAMILIAR)) is captions[1]


def test_of_equals_the_first_is_taken() -> None:
    captions, of = [found(A, CAT, SEP), found(A, DOG, SEP)], consensus()
    assert of.best(captions, of.expected(photo(1.0))[0]) is captions[0]


def test_of_two_that_agree_alike_the_likelier_is_taken() -> None:
    captions, of = [found(A, CAT, SEP, score=-0.9), found(A, DOG, SEP)], consensus()
    assert of.best(captions, expects(0.3, 0.3)) is captions[1]
    assert of.best(captions, expects(0.1, 0.3)) is captions[0]


def test_a_noun_that_adds_hardly_anything_is_not_said() -> None:
    captions, of = [found(DOG, CAT, SEP), found(DOG, SEP)], consensus()
    alone, both = 0.3, 0.3 * 2**0.5  # of two words of equal weight each counts so much less
    hardly = both - alone + EACH_NOUN
    assert of.best(captions, expects(alone, hardly)) is captions[1]
    assert of.best(captions, expects(2 * alone, 2 * hardly)) is captions[0]


def test_more_words_than_are_expected_cost_something() -> None:
    captions, of = [found(DOG, CAT, SEP), found(DOG, SEP)], consensus()
    assert of.best(captions, of.expected(photo(2.0))[0]) is captions[1]


def test_to_say_a_word_again_gains_nothing() -> None:
    captions, of = [found(DOG, DOG, A, SEP), found(DOG, A, SEP)], consensus()
    assert of.best(captions, of.expected(photo(2.0))[0]) is captions[1]


def test_what_names_a_thing_twice_is_taken_only_if_all_do() -> None:
    once, twice, of = found(A, CAT, SEP), found(DOG, DOG, SEP), consensus()
    expected = of.expected(photo(2.0))[0]  # a dog
    assert of.best([twice, once], expected) is once
    assert of.best([twice], expected) is twice


def test_an_end_or_a_control_code_is_no_word() -> None:
    assert weighed([BOS, DOG, SEP], RARITY).tolist() == weighed([DOG], RARITY).tolist()


def test_the_nouns_expected_most_come_first_and_those_hardly_expected_not_at_all() -> None:
    of = consensus()
    assert of.things(expects(0.3, 0.2)) == [DOG, CAT]
    assert of.things(expects(0.2, 0.3)) == [CAT, DOG]
    assert of.things(expects(LEAST_EXPECTED - 0.01, 0.3)) == [CAT]
    assert of.things(expects(0.0, -1.0)) == []


def test_what_is_expected_but_no_noun_is_no_thing() -> None:
    of = replace(consensus(), is_noun=torch.tensor([0.0] * 6 + [0.0, 1.0, 0.0]))
    assert of.things(expects(0.3, 0.2)) == [CAT]


def test_of_many_things_the_surest_few_are_taken() -> None:
    many = torch.arange(9) / 9
    of = replace(consensus(), is_expectable=torch.ones(9), is_noun=torch.ones(9))
    assert of.things(Expectation(many)) == [8, 7, 6][:MOST_THINGS]


def test_of_a_familiar_photo_the_likelier_wording_counts_for_more() -> None:
    likely, expected = found(A, CAT, SEP), found(A, DOG, SEP, score=-1.0)
    between = (FLUENCY + OF_THE_FAMILIAR) / 2 * 0.9  # what the likelier one is likelier by
    of = replace(consensus(), rarity=torch.tensor([0.0] * 5 + [0.0, 2.0, 2.0, 0.0]))
    assert of.best([likely, expected], expects(0.3 + between, 0.3)) is likely
    cautious = 0.3 + 2 * CAUTION  # of both words, so that nothing else differs
    unfamiliar = expects(cautious + between, cautious, UNFAMILIAR)
    assert of.best([likely, expected], unfamiliar) is expected


def test_a_caption_without_words_agrees_with_nothing() -> None:
    captions, of = [found(SEP), found(A, DOG)], consensus()
    assert weighed([SEP], RARITY).tolist() == [0.0] * len(RARITY)
    assert of.best(captions, of.expected(photo(2.0))[0]) is captions[1]


def test_it_is_kept_beside_a_checkpoint(tmp_path: Path) -> None:
    consensus().save(tmp_path)
    again = Consensus.beside(str(tmp_path), CPU)
    assert again is not None
    [restored], [own] = again.expected(photo(2.0)), consensus().expected(photo(2.0))
    torch.testing.assert_close(restored.words, own.words, rtol=0.01, atol=0.001)
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
    maps = torch.rand(1, 81, 1515)
    sight = Sight(maps, torch.zeros(1, 1000), maps.mean(1), maps.mean(1))
    nothing = Regression(
        torch.zeros(1515), torch.zeros(1515, 1), torch.zeros(1, WORDS), torch.zeros(WORDS)
    )
    usual = Consensus(
        described=nothing,
        is_expectable=torch.ones(WORDS),
        rarity=torch.ones(WORDS),
        is_noun=torch.zeros(WORDS),
    )

    def written(own: Consensus | None) -> list[int]:
        model = random_model()
        model.look = lambda _: sight  # type: ignore[method-assign]
        model.consensus = own
        (draft,) = Engine(model).write(torch.empty(1), None, how)
        return draft.tokens

    best = written(None)
    assert written(usual) == best  # nothing is expected: the first, too
    others = torch.ones(WORDS)
    others[best] = -1  # people would write anything but that
    of_all = replace(nothing, usual_words=others)
    assert written(replace(usual, described=of_all)) != best


def test_more_captions_are_looked_for_where_one_is_chosen_among_them() -> None:
    assert Engine(random_model()).num_beams == NUM_BEAMS
    model = random_model()
    model.consensus = consensus()
    assert Engine(model).num_beams > NUM_BEAMS
