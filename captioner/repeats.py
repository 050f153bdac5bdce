"""What the compact BLIP must not write twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transformers import NoRepeatNGramLogitsProcessor

if TYPE_CHECKING:
    import torch


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
