"""Greedy and beam search over a `TextDecoder`, token for token as transformers' `generate`.

The rules are those of `GenerationMixin._beam_search` in transformers 5 (Apache-2.0), down to the
order of equal scores; `tests/captioner/test_search.py` holds them to it. What it adds: a photo
whose search is over costs nothing more, and the prompt is read once, not once a beam.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import torch

from captioner.beams import Beams, Found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from captioner.decoder import Reading, TextDecoder


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How to search; each field means what it means to transformers' `generate`.

    Attributes:
        num_beams: Sequences followed at once; 1 is greedy.
        max_new_tokens: Most tokens after the prompt.
        min_new_tokens: No end before so many tokens.
        no_repeat_ngram_size: No n-gram of this size comes twice; 0 allows all.
        length_penalty: Exponent of the length that a finished sequence's score is divided by.
        early_stopping: Whether to stop once there are `num_beams` finished sequences.
    """

    num_beams: int = 3
    max_new_tokens: int = 20
    min_new_tokens: int = 0
    no_repeat_ngram_size: int = 0
    length_penalty: float = 1.0
    early_stopping: bool | Literal["never"] = False


@dataclass(frozen=True, slots=True)
class Begun:
    """What a search goes on from.

    Attributes:
        encoded: The photos, as `TextDecoder.begin` takes them.
        prompt: Likewise.
        prompt_mask: Likewise.
        free_prompt: So many tokens of the prompt may come again whatever `no_repeat_ngram_size`.
        reluctance: What each token loses of its log-probability, shape ``(B, vocabulary)``, not
            below 0; None for nothing.
    """

    encoded: torch.Tensor
    prompt: torch.Tensor
    prompt_mask: torch.Tensor | None = None
    free_prompt: int = 0
    reluctance: torch.Tensor | None = None


@torch.inference_mode()
def search(decoder: TextDecoder, begun: Begun, how: Search) -> list[tuple[Found, ...]]:
    """Write captions.

    Args:
        decoder: Writes.
        begun: B photos and their prompts.
        how: As `generate` is told.

    Returns:
        The `num_beams` captions found for each photo, in order, the best first.
    """
    reading, logits = decoder.begin(
        begun.encoded, begun.prompt, begun.prompt_mask, how.num_beams * how.max_new_tokens
    )
    forbid = Forbidden(how, decoder.end, begun)
    if how.num_beams == 1:
        return _greedy(reading, logits, forbid, how, decoder.end)
    return _beam_search(reading, logits, forbid, how, decoder.end)


class Forbidden:
    """What may not come next, or had better not."""

    def __init__(self, how: Search, end: int, begun: Begun) -> None:
        self._how = how
        self._end = end
        self._prompt = begun.prompt[:, begun.free_prompt :].tolist()
        self._reluctance = begun.reluctance

    def __call__(
        self, scores: torch.Tensor, photos: list[int], written: Sequence[Sequence[int]]
    ) -> torch.Tensor:
        """Lower the scores of what may not come next, in place: to minus infinity if it must not.

        Args:
            scores: Shape ``(N, vocabulary)``.
            photos: Each row's photo.
            written: Each row's tokens after the prompt.
        """
        if self._reluctance is not None:
            scores -= self._reluctance[photos]
        if written and len(written[0]) < self._how.min_new_tokens:
            scores[:, self._end] = -torch.inf
        size = self._how.no_repeat_ngram_size
        if size:
            for row, (photo, tokens) in enumerate(zip(photos, written, strict=True)):
                repeating = _repeating([*self._prompt[photo], *tokens], size)
                if repeating:
                    scores[row, repeating] = -torch.inf
        return scores


def _repeating(tokens: list[int], size: int) -> list[int]:
    """The tokens that would make an n-gram come again."""
    last = tokens[len(tokens) + 1 - size :]
    return [
        tokens[start + size - 1]
        for start in range(len(tokens) - size + 1)
        if tokens[start : start + size - 1] == last
    ]


def _greedy(
    reading: Reading, logits: torch.Tensor, forbid: Forbidden, how: Search, end: int
) -> list[tuple[Found, ...]]:
    photos = list(range(len(logits)))
    written: list[list[int]] = [[] for _ in photos]
    own: list[list[float]] = [[] for _ in photos]
    running = photos
    while True:
        scores = forbid(logits, running, [written[photo] for photo in running])
        best = scores.argmax(-1, keepdim=True)
        chosen = best[:, 0].tolist()
        surely = scores.log_softmax(-1).gather(1, best)[:, 0].tolist()
        for photo, token, log_probability in zip(running, chosen, surely, strict=True):
            written[photo].append(token)
            own[photo].append(log_probability)
        going = [row for row, token in enumerate(chosen) if token != end]
        if not going or len(written[running[going[0]]]) == how.max_new_tokens:
            pairs = zip(written, own, strict=True)
            return [(Found(tuple(ids), tuple(each), sum(each) / len(each)),) for ids, each in pairs]
        if len(going) < len(running):
            reading.keep_photos(torch.tensor(going, device=logits.device))
            running = [running[row] for row in going]
        last = [[written[photo][-1]] for photo in running]
        logits = reading.step(torch.tensor(last, device=logits.device))


def _beam_search(
    reading: Reading, logits: torch.Tensor, forbid: Forbidden, how: Search, end: int
) -> list[tuple[Found, ...]]:
    beams = Beams(len(logits), how, end, logits.device)
    reading.choose(torch.zeros(len(logits), how.num_beams, dtype=torch.long, device=logits.device))
    logits = logits.repeat_interleave(how.num_beams, 0)
    while True:
        scores = forbid(logits.log_softmax(-1), beams.photo_of_row(), beams.written())
        parents = beams.step(scores)
        going = beams.going()
        if not going:
            return beams.results()
        if len(going) <= len(beams.photos) // 2:  # else copying costs more than it saves
            kept = torch.tensor(going, device=logits.device)
            reading.keep_photos(kept)
            beams.keep(going)
            parents = parents[kept]
        reading.choose(parents)
        logits = reading.step(beams.last_tokens())
