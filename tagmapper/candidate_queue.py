"""Candidates by what they are worth at most, of which few are ever looked at."""

from __future__ import annotations

import heapq
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagmapper.candidate import Candidate, Candidates
    from tagmapper.ranking import Floats, Ints

_AT_ONCE = 64  # many are looked at in hardly more time than one

_Entry = tuple[float, int, "Candidates", int]  # ceiling below 0, tag, and where its candidate is


class CandidateQueue:
    """The highest ceiling first, equals in the vocabulary's order.

    Args:
        look: Looks at some tags; returns them with what each is worth at most, shape ``(R,)``.
    """

    def __init__(self, look: Callable[[Ints], tuple[Candidates, Floats]]) -> None:
        self._look = look
        self._seen: list[_Entry] = []  # a heap
        self._aside: list[_Entry] = []
        self._unseen = np.empty(0, np.int64)
        self._ceilings = np.empty(0, np.float32)  # of the unseen, falling

    def extend(self, tags: Ints, ceilings: Floats) -> None:
        """Add tags that nobody has looked at; both of shape ``(R,)``."""
        tags = np.concatenate([self._unseen, tags])
        ceilings = np.concatenate([self._ceilings, ceilings])
        order = np.lexsort((tags, -ceilings))
        self._unseen, self._ceilings = tags[order], ceilings[order]

    def add(self, candidates: Candidates, rows: Ints, ceilings: Floats) -> None:
        """Add some of the candidates that were looked at; both of shape ``(R,)``."""
        tags = candidates.tags[rows].tolist()
        self._seen.extend(
            zip((-ceilings).tolist(), tags, repeat(candidates), rows.tolist(), strict=False)
        )
        heapq.heapify(self._seen)

    def first(self) -> tuple[float, Candidate | None]:
        """Return the highest ceiling and whose it is; -1 and None where nothing is left."""
        while len(self._unseen) and (not self._seen or self._ceilings[0] >= -self._seen[0][0]):
            candidates, ceilings = self._look(self._unseen[:_AT_ONCE])
            self._unseen, self._ceilings = self._unseen[_AT_ONCE:], self._ceilings[_AT_ONCE:]
            self.add(candidates, np.arange(len(ceilings)), ceilings)
        if not self._seen:
            return -1.0, None
        ceiling, _, candidates, row = self._seen[0]
        return -ceiling, candidates[row]

    def lower(self, ceiling: float) -> None:
        """Let the first be worth less."""
        heapq.heapreplace(self._seen, (-ceiling, *self._seen[0][1:]))

    def drop(self) -> None:
        """Lose the first."""
        heapq.heappop(self._seen)

    def set_aside(self) -> None:
        """Lose the first until `resume`."""
        self._aside.append(heapq.heappop(self._seen))

    def resume(self) -> None:
        """Take back what was set aside."""
        while self._aside:
            heapq.heappush(self._seen, self._aside.pop())
