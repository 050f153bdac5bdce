from letters import LetterEmbedder

from tagmapper import Hashtag, Vocabulary
from tagmapper.compile_vocabulary import grouped
from tagmapper.grouping import groups_of


def test_a_meaning_gets_the_group_of_its_neighbours() -> None:
    known = {"dog": "pets", "god": "pets", "ham": "food"}
    assert groups_of(["dogs", "mash"], known, LetterEmbedder()) == ("pets", "food")


def test_a_meaning_whose_neighbours_do_not_agree_gets_none() -> None:
    assert groups_of(["ab"], {"a": "pets", "b": "food"}, LetterEmbedder()) == ("",)


def test_a_known_meaning_keeps_its_group_among_many_of_another() -> None:
    known = {"dog": "pets", "god": "food", "dgo": "food", "odg": "food"}
    assert groups_of(["dog"], known, LetterEmbedder()) == ("pets",)


def test_a_group_given_by_hand_stays_and_an_undetermined_language_gets_none() -> None:
    vocabulary = Vocabulary(
        (
            Hashtag("dog", "dog", language="en"),
            Hashtag("개", "dog", language="ko"),
            Hashtag("perro", "dog", language="und"),
        )
    )
    found = grouped(vocabulary, {"개": "pets"}, LetterEmbedder())
    assert [tag.group for tag in found] == ["pets", "pets", ""]
