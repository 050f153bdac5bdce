"""A tag that may be offered, and what those that were chosen have taken from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagmapper.diversity import marginal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagmapper.index import Index
    from tagmapper.ranking import Floats, Ints
    from tagmapper.taken import Taken
    from tagmapper.wording import Ceilings

SAID = 0.3  # wording from which a generic tag is about this photo: #hair where the caption says it
_SAME_WORD = 0.5  # left of a tag when another form of its word is chosen: #dog, then #dogstagram
_UNSAID = 0.2  # left of a tag that says more than the caption: #alarmclock for a clock
_NONE = -1


@dataclass(slots=True)
class Candidate:
    """A tag of which all is known but what is chosen before it.

    Attributes:
        at: Index into ``index.hashtags``.
        wording: What the caption says of it, in ``[0, 1]``.
        support: What posts say of it, in ``[0, 1]``.
        vector: Of its first meaning, shape ``(D,)``.
        part: The part of the caption that it is nearest to, from 0; -1 for a generic tag.
        is_form: Whether a form of its word is chosen already.
        is_doubted: Whether it says more than the caption does.
    """

    at: int
    wording: float
    support: float
    vector: Floats
    part: int
    is_form: bool = False
    is_doubted: bool = False
    _redundancy: float = 0.0
    _covered: int = 0
    _compared: int = 0  # with so many of those that are chosen

    def score(self, shares: tuple[float, float]) -> float:
        """Return what it scores, in ``[0, 1]``, whatever is chosen.

        Args:
            shares: What wording and support count, see `tagmapper.ranking.shares`.
        """
        score = shares[0] * self.wording + shares[1] * self.support
        if self.is_form:
            score *= _SAME_WORD
        return score * _UNSAID if self.is_doubted else score

    def adds(self, score: float, taken: Taken, diversity: float) -> float:
        """Return what is left of a score beside what was chosen, see `marginal`."""
        since, self._compared = self._compared, len(taken)
        if since < self._compared:
            self._redundancy = max(self._redundancy, taken.redundancy(self.vector, since))
            self._covered += taken.covered(self.part, since)
        return marginal(score, self._redundancy, self._covered, diversity)


class Candidates:
    """Tags that were looked at, each of which is made a candidate when it is asked for.

    Args:
        index: What can be offered.
        wording: What the caption says of the ``N`` tags.
        support: What posts say of each, shape ``(N,)`` in ``[0, 1]``.
        tags: Their indices, at least one.

    Attributes:
        tags: The indices.
        wording: What the caption says of each, exactly.
        support: What posts say of each.
        is_generic: Which of them go with everything, and are not what the caption says.
    """

    def __init__(self, index: Index, wording: Ceilings, support: Floats, tags: Ints) -> None:
        self.tags, self.support = tags, support[tags]
        self.wording, self._vectors, self._parts = wording.settle(tags)
        self.is_generic = index.generic[tags] & (self.wording < SAID)
        self._made: dict[int, Candidate] = {}

    def __iter__(self) -> Iterator[Candidate]:
        return map(self.__getitem__, range(len(self.tags)))

    def __getitem__(self, row: int) -> Candidate:
        made = self._made.get(row)
        if made is None:
            made = self._made[row] = Candidate(
                at=int(self.tags[row]),
                wording=float(self.wording[row]),
                support=float(self.support[row]),
                vector=self._vectors[row],
                part=_NONE if self.is_generic[row] else int(self._parts[row]),
            )
        return made
