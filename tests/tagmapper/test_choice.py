from dataclasses import replace

import numpy as np
import pytest
from letters import LetterEmbedder

from tagmapper import Hashtag, Ranking, Vocabulary
from tagmapper.choice import Chosen, choose
from tagmapper.index import Index
from tagmapper.posts import Posts
from tagmapper.ranking import Ints
from tagmapper.wording import Settled

PLAIN = Ranking(mix=0, diversity=0, floor=0)
WORDS = [Hashtag(word, word) for word in ("ant", "bee", "cow", "dog", "eel", "fox", "gnu")]


class Exact:
    """What a caption says of each tag, known beforehand; it has one part."""

    def __init__(self, of: Index, wording: list[float]) -> None:
        self.index = of
        self.exact = self.ceiling = np.array(wording, np.float32)

    def settle(self, tags: Ints) -> Settled:
        vectors = self.index.corpus.embeddings(self.index.rows[self.index.starts[tags]])
        return Settled(self.exact[tags], vectors, np.zeros(len(tags), np.int64))


def index(*hashtags: Hashtag, generic: tuple[str, ...] = ()) -> Index:
    plain = Index.build(Vocabulary(hashtags), Posts.none(), LetterEmbedder(), None)
    return replace(plain, generic=np.array([tag.tag in generic for tag in hashtags], bool))


def found(
    of: Index, wording: list[float], support: list[float], ranking: Ranking, limit: int = 10
) -> list[Chosen]:
    return choose(of, Exact(of, wording), np.array(support, np.float32), ranking, limit)


def tags(
    of: Index, wording: list[float], support: list[float], ranking: Ranking, limit: int = 10
) -> list[str]:
    return [of.hashtags[at].tag for at, _ in found(of, wording, support, ranking, limit)]


def test_the_best_comes_first_and_equals_keep_their_order() -> None:
    wording = [0.1, 0.7, 0.3, 0.7, 0.2, 0.6, 0.5]
    expected = ["bee", "dog", "fox", "gnu", "cow", "eel", "ant"]
    assert tags(index(*WORDS), wording, [0] * 7, PLAIN) == expected


def test_what_posts_carry_fades_from_place_to_place_behind_what_the_caption_says() -> None:
    # weights 0.15 / 1.15 for words and 1 / 1.15 for votes, and 0.82 of the votes a place later
    of = index(*WORDS[:3])
    even = Ranking(diversity=0, floor=0)
    assert tags(of, [1, 0, 0], [0, 0.2, 0.16], even) == ["bee", "ant", "cow"]
    scores = [score for _, score in found(of, [1, 0, 0], [0, 0.2, 0.16], even)]
    expected = [0.2 / 1.15, 0.15 / 1.15, 0.16 * 0.82**2 / 1.15]
    assert np.square(scores) == pytest.approx(expected)


def test_the_floor_is_that_of_the_score_that_is_shown() -> None:
    wording = [0.25, 0.24, 0.26, 0, 0, 0, 0]  # the score is the root
    assert tags(index(*WORDS), wording, [0] * 7, replace(PLAIN, floor=0.5)) == ["cow", "ant"]


@pytest.mark.parametrize("twins", [False, True])
def test_twins_are_offered_only_when_they_are_wished(twins: bool) -> None:
    of = index(Hashtag("dog", "dog"), Hashtag("dogs", "dogs"), Hashtag("개", "dog"))
    ranking = replace(PLAIN, twins=twins)
    expected = ["dog", "dogs", "개"] if twins else ["dog"]
    assert tags(of, [0.9, 0.8, 0.7], [0, 0, 0], ranking) == expected


def test_no_two_of_the_first_five_say_the_same_word_and_the_other_form_waits() -> None:
    of = index(*WORDS, Hashtag("antstagram", "ant"))
    wording = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.89]
    expected = ["ant", "bee", "cow", "dog", "eel", "antstagram", "fox", "gnu"]
    assert tags(of, wording, [0] * 8, PLAIN) == expected


def test_a_tag_that_had_to_wait_scores_no_more_than_those_before_it() -> None:
    of = index(*WORDS, Hashtag("antstagram", "ant"))
    wording = [0.9, 0.04, 0.04, 0.04, 0.04, 0.04, 0.04, 0.89]
    scores = [score for _, score in found(of, wording, [0] * 8, PLAIN)]
    assert scores == sorted(scores, reverse=True)


def test_generic_tags_are_only_among_the_last_three_of_ten() -> None:
    more = [Hashtag(word, word) for word in ("hen", "jay", "kid", "love", "mood")]
    of = index(*WORDS, *more, generic=("love", "mood"))
    support = [0.5] * 10 + [0.9, 0.8]
    ranking = Ranking(mix=1, diversity=0, floor=0)
    assert tags(of, [0] * 12, support, ranking)[7:] == ["love", "mood", "hen"]
    assert "love" not in tags(of, [0] * 12, support, ranking, limit=7)


def test_after_the_first_five_a_generic_tag_is_better_than_one_that_is_hardly_worth_it() -> None:
    of = index(*WORDS, Hashtag("love", "love"), Hashtag("mood", "mood"), generic=("love", "mood"))
    worth = [0.8, 0.7, 0.6, 0.01, 0.01, 0.01, 0.03, 0, 0]  # the score is the root
    support = [0] * 7 + [0.9, 0.8]
    ranking = replace(PLAIN, penalty=0.25)
    found = tags(of, worth, support, ranking)
    assert found == ["ant", "bee", "cow", "gnu", "dog", "love", "mood", "eel", "fox"]


def test_and_where_no_generic_tag_is_left_it_is_offered_after_all() -> None:
    worth = [0.8, 0.7, 0.6, 0.5, 0.4, 0.01, 0.01]
    assert tags(index(*WORDS), worth, [0] * 7, PLAIN)[5:] == ["fox", "gnu"]


def test_a_generic_tag_that_the_caption_says_is_not_generic() -> None:
    of = index(*WORDS, generic=("bee",))
    assert tags(of, [0, 0.9, 0.5, 0.4, 0, 0, 0], [0] * 7, PLAIN)[0] == "bee"


def test_without_a_penalty_generic_tags_may_come_first() -> None:
    of = index(*WORDS, generic=("bee",))
    ranking = Ranking(mix=1, diversity=0, floor=0, penalty=0)
    assert tags(of, [0] * 7, [0.1, 0.9, 0, 0, 0, 0, 0], ranking)[0] == "bee"


def test_a_repetition_adds_less_where_diversity_is_wished() -> None:
    of = index(Hashtag("ab", "ab"), Hashtag("ba", "abb"), Hashtag("cd", "cd"))
    assert tags(of, [0.9, 0.8, 0.7], [0, 0, 0], PLAIN) == ["ab", "ba", "cd"]
    assert tags(of, [0.9, 0.8, 0.7], [0, 0, 0], replace(PLAIN, diversity=0.2)) == ["ab", "cd", "ba"]


class Long(Exact):
    """Vectors as half precision may round them."""

    def settle(self, tags: Ints) -> Settled:
        settled = super().settle(tags)
        return settled._replace(vectors=settled.vectors * np.float32(1.0004))


def test_a_mere_repetition_adds_nothing_and_no_less() -> None:
    of = index(Hashtag("dog", "dog"), Hashtag("hound", "dog"))
    ranking = replace(PLAIN, diversity=1, twins=True)
    chosen = choose(of, Long(of, [0.9, 0.8]), np.zeros(2, np.float32), ranking, 10)
    assert [of.hashtags[at].tag for at, _ in chosen] == ["dog", "hound"]
    assert chosen[1][1] == 0


def test_what_is_wrong_is_not_offered_unless_it_is_pinned() -> None:
    of = index(Hashtag("cat", "cat"), Hashtag("dog", "dog"), Hashtag("pug", "pug", state="pinned"))
    wording, support = Exact(of, [0.9, 0.8, 0.1]), np.zeros(3, np.float32)
    chosen = choose(of, wording, support, PLAIN, 10, lambda tag: tag.tag != "cat")
    assert [of.hashtags[at].tag for at, _ in chosen] == ["pug", "cat"]


def test_where_nearly_all_are_wrong_the_right_ones_are_found_however_far_down_they_are() -> None:
    of = index(*[Hashtag(f"t{at}", f"word {at}") for at in range(2000)])
    wording, support = Exact(of, np.linspace(1, 0.1, 2000).tolist()), np.zeros(2000, np.float32)
    right = {"t700", "t1999"}
    chosen = choose(of, wording, support, PLAIN, 2, lambda tag: tag.tag not in right)
    assert [of.hashtags[at].tag for at, _ in chosen] == ["t700", "t1999"]


def test_what_votes_bring_first_and_what_words_bring_last_are_both_looked_at() -> None:
    # 900 tags have votes that fade; the word of one outlasts them, and is not among the first
    of = index(*[Hashtag(f"t{at}", f"word {at}") for at in range(901)])
    wording, support = [0.0] * 900 + [0.9], [0.9 * 0.15 / 0.82**2.5] * 900 + [0]
    chosen = tags(of, wording, support, Ranking(twins=True, diversity=0), limit=10)
    assert chosen == ["t0", "t1", "t2", "t900", "t3", "t4", "t5", "t6", "t7", "t8"]


def doubted(support: list[float], *tags: Hashtag) -> list[str]:
    of = index(*tags)
    wording = Exact(of, [0.9, 0.5][: len(tags)])
    votes = np.array(support, np.float32)
    chosen = choose(of, wording, votes, PLAIN, 10, says_more=lambda tag: tag.tag == "alarmclock")
    return [of.hashtags[at].tag for at, _ in chosen]


def test_what_says_more_than_the_caption_waits_for_what_does_not() -> None:
    tags = Hashtag("alarmclock", "alarm clock"), Hashtag("time", "time")
    assert doubted([0, 0], *tags) == ["time", "alarmclock"]


def test_what_posts_of_this_kind_carry_may_say_more() -> None:
    tags = Hashtag("alarmclock", "alarm clock"), Hashtag("time", "time")
    assert doubted([0.4, 0], *tags) == ["alarmclock", "time"]


def test_what_says_more_is_offered_where_it_is_pinned_and_where_nothing_else_is() -> None:
    pinned = Hashtag("alarmclock", "alarm clock", state="pinned")
    assert doubted([0, 0], pinned, Hashtag("time", "time")) == ["alarmclock", "time"]
    assert doubted([0], Hashtag("alarmclock", "alarm clock")) == ["alarmclock"]


def test_every_third_tag_is_korean_where_both_languages_are_wished() -> None:
    english = [Hashtag(word, word, language="en") for word in ("ant", "bee", "cow", "dog")]
    korean = [Hashtag("여우", "fox", language="ko"), Hashtag("장어", "eel", language="ko")]
    wording = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]
    of = index(*english, *korean)
    ranking = replace(PLAIN, language="all")
    assert tags(of, wording, [0] * 6, ranking) == ["ant", "bee", "여우", "cow", "dog", "장어"]
    scores = [score for _, score in found(of, wording, [0] * 6, ranking)]
    assert np.square(scores) == pytest.approx([0.9, 0.8, 0.5, 0.5, 0.5, 0.4])


class Rough(Exact):
    """Ceilings that are too high by up to a third until they are settled."""

    def __init__(self, of: Index, wording: list[float]) -> None:
        super().__init__(of, wording)
        self.ceiling = self.exact * (1 + np.arange(len(wording)) % 7 / 20).astype(np.float32)
        self.settled = np.zeros(len(wording), bool)

    def settle(self, tags: Ints) -> Settled:
        self.settled[tags] = True
        return super().settle(tags)


@pytest.mark.parametrize("mix", [0, 0.5])
@pytest.mark.parametrize("floor", [0, 0.05, 0.8])
def test_only_ceilings_that_matter_are_settled_and_the_choice_is_the_same(
    mix: float, floor: float
) -> None:
    generator = np.random.default_rng(3)
    of = index(*[Hashtag(f"t{at}", f"word {at}") for at in range(3000)])
    wording = (generator.random(3000) ** 4).tolist()
    support = (generator.random(3000) ** 40).astype(np.float32)
    ranking = Ranking(mix=mix, floor=floor, twins=True, diversity=0)
    rough = Rough(of, wording)
    chosen = choose(of, rough, support, ranking, 3)
    assert chosen == choose(of, Exact(of, wording), support, ranking, 3)
    assert rough.settled.sum() < 1000


def test_where_nothing_else_is_left_generic_tags_step_in() -> None:
    of = index(*WORDS[:3], generic=("bee", "cow"))
    ranking = Ranking(mix=0.5, diversity=0, floor=0.05)
    assert tags(of, [0.1, 0, 0], [0.1, 0.9, 0.8], ranking) == ["ant", "bee", "cow"]
