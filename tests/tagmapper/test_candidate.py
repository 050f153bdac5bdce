"""What is left of a tag beside those that were chosen, and which of many is looked at."""

import numpy as np
import pytest
from letters import LetterEmbedder

from tagmapper import Hashtag, Vocabulary
from tagmapper.candidate import Candidate, Candidates
from tagmapper.candidate_queue import CandidateQueue
from tagmapper.index import Index
from tagmapper.posts import Posts
from tagmapper.ranking import Floats, Ints
from tagmapper.taken import Taken
from tagmapper.wording import Settled

EAST, NORTH = np.eye(2, dtype=np.float32)
COUNT = 200


def candidate() -> Candidate:
    return Candidate(at=7, wording=0.5, support=0.25, vector=EAST, part=0)


def test_a_score_is_of_what_is_said_and_of_what_posts_carry() -> None:
    assert candidate().score((0.6, 0.4)) == pytest.approx(0.4)


def test_a_form_of_a_word_that_is_said_and_what_says_more_score_less() -> None:
    form, doubted = candidate(), candidate()
    form.is_form, doubted.is_doubted = True, True
    assert form.score((0.6, 0.4)) == pytest.approx(0.2)
    assert doubted.score((0.6, 0.4)) == pytest.approx(0.08)


def test_whatever_is_chosen_only_takes_from_what_a_candidate_adds() -> None:
    taken, one = Taken(), candidate()
    assert one.adds(0.8, taken, 0.2) == pytest.approx(0.8)
    taken.add(NORTH, -1, "love")
    assert one.adds(0.8, taken, 0.2) == pytest.approx(0.8)
    taken.add(EAST, 0, "dog")
    assert one.adds(0.8, taken, 0.2) == pytest.approx(0.8 * 0.8 * 0.9)
    assert one.adds(0.8, taken, 0.2) == pytest.approx(0.8 * 0.8 * 0.9)  # asked again, no less
    taken.add(NORTH, 0, "walk")
    assert one.adds(0.8, taken, 0.2) == pytest.approx(0.8 * 0.8 * 0.9**2)


class Worth:
    """Tags that are worth what they say, and seem to be worth more; notes which are looked at."""

    def __init__(self, worth: Floats) -> None:
        hashtags = tuple(Hashtag(f"t{at}", f"word {at}") for at in range(COUNT))
        self.index = Index.build(Vocabulary(hashtags), Posts.none(), LetterEmbedder(), None)
        self.ceiling = worth * np.float32(1.1)
        self.worth = worth
        self.looked_at: list[int] = []

    def settle(self, tags: Ints) -> Settled:
        self.looked_at += tags.tolist()
        none = np.zeros(len(tags), np.int64)
        return Settled(self.worth[tags], np.zeros((len(tags), 2), np.float32), none)

    def look(self, tags: Ints) -> tuple[Candidates, Floats]:
        return Candidates(self.index, self, np.zeros(COUNT, np.float32), tags), self.worth[tags]


@pytest.fixture
def worth() -> Worth:
    return Worth(np.random.default_rng(0).permutation(np.linspace(0.1, 1, COUNT, dtype=np.float32)))


@pytest.fixture
def queue(worth: Worth) -> CandidateQueue:
    made = CandidateQueue(worth.look)
    made.extend(np.arange(COUNT), worth.ceiling)
    return made


def first(queue: CandidateQueue) -> int:
    _, found = queue.first()
    assert found is not None
    return found.at


def test_candidates_come_in_the_order_of_what_they_are_worth(
    queue: CandidateQueue, worth: Worth
) -> None:
    order = []
    for _ in range(COUNT):
        order.append(first(queue))
        queue.drop()
    assert order == np.argsort(-worth.worth).tolist()
    assert queue.first() == (-1, None)


def test_only_those_are_looked_at_that_may_be_the_first(
    queue: CandidateQueue, worth: Worth
) -> None:
    assert first(queue) == worth.worth.argmax()
    assert len(worth.looked_at) == 64
    assert set(worth.looked_at) == set(np.argsort(-worth.ceiling)[:64].tolist())


def test_the_first_is_another_when_it_is_lowered_and_comes_again_in_its_turn(
    queue: CandidateQueue, worth: Worth
) -> None:
    best, second, third = np.argsort(-worth.worth)[:3].tolist()
    assert first(queue) == best
    queue.lower(float(worth.worth[[second, third]].mean()))
    assert first(queue) == second
    queue.drop()
    assert first(queue) == best


def test_what_is_set_aside_comes_when_it_may(queue: CandidateQueue, worth: Worth) -> None:
    best, second = np.argsort(-worth.worth)[:2].tolist()
    assert first(queue) == best
    queue.set_aside()
    assert first(queue) == second
    queue.resume()
    assert first(queue) == best


def test_of_equals_the_first_in_the_vocabulary_comes_first() -> None:
    worth = Worth(np.full(COUNT, 0.5, np.float32))
    queue = CandidateQueue(worth.look)
    queue.extend(np.arange(100, COUNT), worth.ceiling[100:])
    queue.extend(np.arange(100), worth.ceiling[:100])
    assert first(queue) == 0
