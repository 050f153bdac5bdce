"""What keeps transformers' `generate` from writing what `captioner.search` would not write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transformers import LogitsProcessor, LogitsProcessorList, NoRepeatNGramLogitsProcessor

if TYPE_CHECKING:
    import torch

    from captioner.search import Begun


def processors_of(begun: Begun, no_repeat_ngram_size: int) -> LogitsProcessorList:
    """Those for a compact BLIP.

    Args:
        begun: What `generate` goes on from.
        no_repeat_ngram_size: No n-gram of this size comes twice in a caption; 0 allows all.
    """
    found = LogitsProcessorList()
    if begun.reluctance is not None:
        found.append(Reluctant(begun.reluctance))
    if no_repeat_ngram_size:
        found.append(NoRepeatInCaption(no_repeat_ngram_size, begun.prompt.shape[1]))
    return found


class Reluctant(LogitsProcessor):
    """Tokens that are written reluctantly.

    Args:
        reluctance: As `Begun` has it, of B photos.
    """

    def __init__(self, reluctance: torch.Tensor) -> None:
        self._reluctance = reluctance

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Lower scores of shape ``(B * beams, vocabulary)``, which stand by photo."""
        beams = len(scores) // len(self._reluctance)
        return scores - self._reluctance.repeat_interleave(beams, 0)


class NoRepeatInCaption(NoRepeatNGramLogitsProcessor):
    """No repeated n-gram within the caption; the label words before it may come again.

    Else a label of three word pieces ("esp ##res ##so") could never be written.
    """

    def __init__(self, ngram_size: int, prompt_length: int) -> None:
        super().__init__(ngram_size)
        self.prompt_length = prompt_length

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Forbid what `NoRepeatNGramLogitsProcessor` forbids, looking at the caption alone."""
        allowed: torch.Tensor = super().__call__(input_ids[:, self.prompt_length :], scores)
        return allowed
