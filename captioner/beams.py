"""The book-keeping of a beam search: which sequences run, which are finished, what they score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from captioner.search import Search

IMPOSSIBLE = -1.0e9  # the score of what is not to be chosen; transformers' own


@dataclass(frozen=True, slots=True)
class Found:
    """A caption that was found.

    Attributes:
        tokens: After the prompt, the end with them if it was reached.
        log_probabilities: The decoder's, one a token, at most 0.
        score: Their sum divided by the length, as the search says.
    """

    tokens: tuple[int, ...]
    log_probabilities: tuple[float, ...]
    score: float


class Sequences:
    """`K` sequences of each of `B` photos.

    Attributes:
        tokens: Shape ``(B, K, most)``.
        log_probabilities: Likewise, one a token.
        scores: Shape ``(B, K)``.
        lengths: Shape ``(B, K)``.
    """

    def __init__(
        self,
        tokens: torch.Tensor,
        log_probabilities: torch.Tensor,
        scores: torch.Tensor,
        lengths: torch.Tensor,
    ) -> None:
        self.tokens = tokens
        self.log_probabilities = log_probabilities
        self.scores = scores
        self.lengths = lengths

    @classmethod
    def empty(cls, photos: int, beams: int, most: int, device: torch.device) -> Sequences:
        """Sequences of no length, that nothing would choose."""
        return cls(
            torch.zeros((photos, beams, most), dtype=torch.long, device=device),
            torch.zeros((photos, beams, most), device=device),
            torch.full((photos, beams), IMPOSSIBLE, device=device),
            torch.zeros((photos, beams), dtype=torch.long, device=device),
        )

    def chosen(self, which: torch.Tensor, scores: torch.Tensor | None = None) -> Sequences:
        """The sequences at these places of each photo, shape ``(B, any)``, with their scores."""
        places = which[:, :, None].expand(-1, -1, self.tokens.shape[-1])
        return Sequences(
            self.tokens.gather(1, places),
            self.log_probabilities.gather(1, places),
            self.scores.gather(1, which) if scores is None else scores,
            self.lengths.gather(1, which),
        )

    def append(self, tokens: torch.Tensor, log_probabilities: torch.Tensor, length: int) -> None:
        """Lengthen all to `length`, in place."""
        self.tokens[:, :, length - 1] = tokens
        self.log_probabilities[:, :, length - 1] = log_probabilities
        self.lengths.fill_(length)

    def beside(self, others: Sequences, scores: torch.Tensor) -> Sequences:
        """These and after them the others, which score so."""
        return Sequences(
            torch.cat([self.tokens, others.tokens], 1),
            torch.cat([self.log_probabilities, others.log_probabilities], 1),
            torch.cat([self.scores, scores], 1),
            torch.cat([self.lengths, others.lengths], 1),
        )

    def of_photos(self, photos: torch.Tensor) -> Sequences:
        """Those of these photos alone."""
        return Sequences(
            self.tokens[photos],
            self.log_probabilities[photos],
            self.scores[photos],
            self.lengths[photos],
        )


class Beams:
    """The running and the finished sequences of a search.

    Each step follows `GenerationMixin._beam_search` of transformers 5, with the same operations on
    the same numbers, so that what is equal is ordered as there.

    Args:
        photos: How many.
        how: To search.
        end: The token that ends a caption.
        device: Where the scores are.
    """

    def __init__(self, photos: int, how: Search, end: int, device: torch.device) -> None:
        self._how = how
        self._end = end
        self.photos = list(range(photos))
        self.length = 0
        self._at_end = False
        beams, most = how.num_beams, how.max_new_tokens
        self._running = Sequences.empty(photos, beams, most, device)
        self._running.scores[:, 0] = 0.0  # the first step has one beam, so that no two are alike
        self._finished = Sequences.empty(photos, beams, most, device)
        self._is_finished = torch.zeros((photos, beams), dtype=torch.bool, device=device)
        self._improvable = torch.ones((photos, 1), dtype=torch.bool, device=device)
        self._put_aside: dict[int, tuple[Found, ...]] = {}

    def step(self, scores: torch.Tensor) -> torch.Tensor:
        """Take the next token of each sequence.

        Args:
            scores: Log-probabilities of each next token, shape ``(B * K, vocabulary)``.

        Returns:
            The row that each running sequence comes from, shape ``(B, K)``.
        """
        beams, words = self._how.num_beams, scores.shape[-1]
        each = scores.view(-1, beams, words)
        totals = (each + self._running.scores[:, :, None]).flatten(1)
        best, places = totals.topk(2 * beams)  # enough to go on if the first half has ended
        parents, tokens = places // words, places % words
        self.length += 1
        longer = self._running.chosen(parents, best)
        longer.append(tokens, each.flatten(1).gather(1, places), self.length)
        at_end = self.length == self._how.max_new_tokens
        ended = torch.ones_like(tokens, dtype=torch.bool) if at_end else tokens == self._end
        going_on = best + ended.float() * IMPOSSIBLE
        going = going_on.topk(beams)[1]
        self._running = longer.chosen(going, going_on.gather(1, going))
        self._finish(longer, ended)
        self._improvable &= self._can_improve()
        self._at_end = at_end
        firsts = torch.arange(len(parents), device=parents.device)[:, None] * beams
        return parents.gather(1, going) + firsts

    def _finish(self, longer: Sequences, ended: torch.Tensor) -> None:
        """Keep the best of what was finished before and of what has just ended."""
        beams = self._how.num_beams
        ended = ended.clone()
        ended[:, beams:] = False  # the second half is only there to go on from
        scores = longer.scores / (self.length**self._how.length_penalty)
        if self._how.early_stopping is True:
            scores += self._is_finished.all(1, keepdim=True).float() * IMPOSSIBLE
        scores += (~self._improvable).float() * IMPOSSIBLE
        scores += (~ended) * IMPOSSIBLE
        both = self._finished.beside(longer, scores)
        best = both.scores.topk(beams)[1]
        self._finished = both.chosen(best)
        self._is_finished = torch.cat([self._is_finished, ended], 1).gather(1, best)

    def _can_improve(self) -> torch.Tensor:
        """Whether a running sequence may still beat a finished one, shape ``(B, 1)``."""
        how = self._how
        hopeful = how.early_stopping == "never" and how.length_penalty > 0
        length = how.max_new_tokens if hopeful else self.length
        best = self._running.scores[:, :1] / (length**how.length_penalty)
        worst = self._finished.scores.min(1, keepdim=True)[0]
        better: torch.Tensor = best > torch.where(self._is_finished, worst, IMPOSSIBLE)
        return better.any(1, keepdim=True)

    def going(self) -> list[int]:
        """The photos whose search is not over, as places among `photos`."""
        if self._at_end:
            return []
        going = self._improvable[:, 0]
        if self._how.early_stopping is True:
            going = going & ~self._is_finished.all(1)
        return [place for place, goes in enumerate(going.tolist()) if goes]

    def keep(self, places: torch.Tensor) -> None:
        """Go on with these photos alone; put the results of the others aside."""
        self._put_aside |= self._results()
        self.photos = [self.photos[place] for place in places.tolist()]
        self._running = self._running.of_photos(places)
        self._finished = self._finished.of_photos(places)
        self._is_finished = self._is_finished[places]
        self._improvable = self._improvable[places]

    def photo_of_row(self) -> list[int]:
        """Each row's photo, as numbered at first."""
        return [photo for photo in self.photos for _ in range(self._how.num_beams)]

    def written(self) -> list[list[int]]:
        """Each running sequence's tokens, as long as the search is."""
        tokens: list[list[int]] = self._running.tokens[..., : self.length].flatten(0, 1).tolist()
        return tokens

    def last_tokens(self) -> torch.Tensor:
        """Shape ``(B * K, 1)``."""
        return self._running.tokens[..., self.length - 1 : self.length].flatten(0, 1)

    def results(self) -> list[tuple[Found, ...]]:
        """Each photo's finished sequences, in order, the best first."""
        every = self._put_aside | self._results()
        return [every[photo] for photo in sorted(every)]

    def _results(self) -> dict[int, tuple[Found, ...]]:
        found = self._finished
        parts = zip(
            self.photos,
            found.tokens.tolist(),
            found.log_probabilities.tolist(),
            found.scores.tolist(),
            found.lengths.tolist(),
            strict=True,
        )
        return {
            photo: tuple(
                Found(tuple(ids[:n]), tuple(own[:n]), score)
                for ids, own, score, n in zip(*of_photo, strict=True)
            )
            for photo, *of_photo in parts
        }
