"""The book-keeping of a beam search: which sequences run, which are finished, what they score."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from captioner.search import Search

_IMPOSSIBLE = -1.0e9  # the score of what is not to be chosen; transformers' own


@dataclass(frozen=True, slots=True)
class Found:
    """A caption that was found.

    Attributes:
        tokens: After the prompt, the end with them if it was reached.
        log_probabilities: The decoder's, one a token, at most 0.
        score: Their sum; of a finished one divided by the length, as the search says.
        ends: The log-probability of ending in place of each token; none of a greedy search.
    """

    tokens: tuple[int, ...]
    log_probabilities: tuple[float, ...]
    score: float
    ends: tuple[float, ...] = ()


class PhotoBeams:
    """The running and the finished sequences of one photo.

    Attributes:
        running: Those to go on from, likeliest first.
        finished: Those that have ended, best first; at most ``how.num_beams``.
        is_over: Whether the search is.
    """

    def __init__(self, how: Search, end: int) -> None:
        self._how = how
        self._end = end
        # The first step has one beam, so that no two are alike.
        self.running = [
            Found((), (), 0.0 if beam == 0 else _IMPOSSIBLE) for beam in range(how.num_beams)
        ]
        self.finished: list[Found] = []
        self.is_over = False

    def step(
        self,
        parents: Sequence[int],
        tokens: Sequence[int],
        log_probabilities: Sequence[float],
        scores: Sequence[float],
        ends: Sequence[float],
    ) -> list[int]:
        """Take the next token of each sequence.

        Args:
            parents: The beam that each of the ``2 * num_beams`` likeliest goes on from, likeliest
                first: enough to go on if the first half has ended.
            tokens: Their tokens.
            log_probabilities: Of those.
            scores: Sums of all their log-probabilities.
            ends: Of each running sequence, the log-probability that it ends here.

        Returns:
            The beam that each running sequence comes from.
        """
        beams = self._how.num_beams
        if self.is_over:  # and waits for others in its batch
            return [*range(beams)]
        length = len(self.running[0].tokens) + 1
        at_end = length == self._how.max_new_tokens
        nexts = zip(parents, tokens, log_probabilities, scores, strict=True)
        longer = [
            _longer(self.running[parent], token, own, score, ends[parent])
            for parent, token, own, score in nexts
        ]
        ended = [at_end or token == self._end for token in tokens]
        going = [place for place in range(2 * beams) if not ended[place]][:beams]
        # The second half is only there to go on from.
        self._finish([longer[place] for place in range(beams) if ended[place]])
        if not at_end:
            self.running = [longer[place] for place in going]
        self.is_over = at_end or not self._goes_on(length)
        return [parents[place] for place in going] or [*range(beams)]

    def _finish(self, ended: Sequence[Found]) -> None:
        """Keep the best of what was finished before and of what has just ended."""
        each = [replace(one, score=self._average(one.score, len(one.tokens))) for one in ended]
        best = sorted([*self.finished, *each], key=lambda one: -one.score)
        self.finished = best[: self._how.num_beams]

    def _goes_on(self, length: int) -> bool:
        """Whether a running sequence may still beat a finished one."""
        how = self._how
        if len(self.finished) < how.num_beams:
            return True
        if how.early_stopping is True:
            return False
        hopeful = how.early_stopping == "never" and how.length_penalty > 0
        best = self._average(self.running[0].score, how.max_new_tokens if hopeful else length)
        return best > self.finished[-1].score

    def _average(self, score: float, length: int) -> float:
        """In float32, as transformers divides: what is equal there is equal here."""
        return float(np.float32(score) / np.float32(length**self._how.length_penalty))


def _longer(before: Found, token: int, log_probability: float, score: float, end: float) -> Found:
    own = (*before.log_probabilities, log_probability)
    return Found((*before.tokens, token), own, score, (*before.ends, end))


class Beams:
    """The sequences of a search.

    Each step follows `GenerationMixin._beam_search` of transformers 5, with the same operations on
    the same numbers, so that what is equal is ordered as there.

    Args:
        photos: How many.
        how: To search.
        end: The token that ends a caption.
        device: Where the scores are.

    Attributes:
        photos: Those that are still read, as numbered at first.
    """

    def __init__(self, photos: int, how: Search, end: int, device: torch.device) -> None:
        self._beams = how.num_beams
        self._end = end
        self._device = device
        self._every = [PhotoBeams(how, end) for _ in range(photos)]
        self.photos = list(range(photos))

    def step(self, scores: torch.Tensor) -> torch.Tensor:
        """Take the next token of each sequence.

        Args:
            scores: Log-probabilities of each next token, shape ``(B * K, vocabulary)``.

        Returns:
            The beam that each running sequence comes from, shape ``(B, K)``.
        """
        words = scores.shape[-1]
        each = scores.view(-1, self._beams * words)
        before = [[one.score for one in self._every[photo].running] for photo in self.photos]
        totals = scores.view(-1, self._beams, words) + self._tensor(before)[:, :, None]
        best, places = totals.flatten(1).topk(2 * self._beams)
        own = each.gather(1, places).tolist()
        ends = scores[:, self._end].view(-1, self._beams).tolist()
        rows = zip(self.photos, places.tolist(), own, best.tolist(), ends, strict=True)
        parents = []
        for photo, at, log_probabilities, sums, of_end in rows:
            beams, tokens = zip(*(divmod(place, words) for place in at), strict=True)
            comes_from = self._every[photo].step(beams, tokens, log_probabilities, sums, of_end)
            parents.append(comes_from)
        return self._tensor(parents)

    def going(self) -> list[int]:
        """The photos whose search is not over, as places among `photos`."""
        return [at for at, photo in enumerate(self.photos) if not self._every[photo].is_over]

    def keep(self, places: Sequence[int]) -> None:
        """Go on with these photos alone."""
        self.photos = [self.photos[place] for place in places]

    def photo_of_row(self) -> list[int]:
        """Each row's photo, as numbered at first."""
        return [photo for photo in self.photos for _ in range(self._beams)]

    def written(self) -> list[tuple[int, ...]]:
        """Each running sequence's tokens."""
        return [one.tokens for photo in self.photos for one in self._every[photo].running]

    def last_tokens(self) -> torch.Tensor:
        """Shape ``(B, K)``."""
        return self._tensor(
            [[one.tokens[-1] for one in self._every[photo].running] for photo in self.photos]
        )

    def results(self) -> list[tuple[Found, ...]]:
        """Each photo's finished sequences, in order, the best first."""
        return [tuple(photo.finished) for photo in self._every]

    def _tensor(self, rows: Sequence[Sequence[float]]) -> torch.Tensor:
        return torch.tensor(rows, device=self._device)
