"""How the compact BLIP decodes: with the photo and with the words alone at once."""

from __future__ import annotations

from typing import Any

import torch
from transformers import NoRepeatNGramLogitsProcessor
from transformers.models.blip.modeling_blip_text import BlipTextLMHeadModel


class MixedTextDecoder(BlipTextLMHeadModel):
    """Reads each row with the photo and with the words alone, and mixes.

    Product of experts (Hinton 2002): the log-probabilities of both are averaged, by
    ``photo_weight``.
    """

    def forward(
        self,
        input_ids: torch.Tensor,
        encoder_hidden_states: torch.Tensor,
        photo_weight: torch.Tensor,
        encoder_attention_mask: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        position_ids: torch.Tensor | None = None,
        **kwargs: Any,
    ) -> Any:
        """Next-token log-probabilities, mixed.

        Args:
            input_ids: Shape ``(N, T)``.
            encoder_hidden_states: Shape ``(N, 2, cells, width)``: the photo, and the learned "no
                photo" vector in each cell.
            photo_weight: Shape ``(N,)``, in [0, 1].
            encoder_attention_mask: Shape ``(N, 2, cells)``, 1 for cells to look at.
            attention_mask: Shape ``(N, T)``, 1 for tokens to read.
            position_ids: Shape ``(N, T)``.
            **kwargs: As `BlipTextLMHeadModel.forward` takes them.

        Returns:
            Its output with ``logits`` of shape ``(N, T, vocabulary)``, at most 0.
        """
        readings = encoder_hidden_states.shape[1]
        output = super().forward(
            input_ids=_repeated(input_ids, readings),
            encoder_hidden_states=encoder_hidden_states.transpose(0, 1).flatten(0, 1),
            encoder_attention_mask=encoder_attention_mask.transpose(0, 1).flatten(0, 1),
            attention_mask=_repeated(attention_mask, readings),
            position_ids=_repeated(position_ids, readings),
            **kwargs,
        )
        photo, words = output.logits.float().log_softmax(-1).chunk(readings)
        output.logits = torch.lerp(words, photo, photo_weight.float()[:, None, None])
        return output

    def _reorder_cache(self, cache: Any, beam_indices: torch.Tensor) -> Any:
        rows = len(cache.self_attention_cache.layers[0].keys)
        firsts = range(0, rows, len(beam_indices))  # of each reading
        cache.reorder_cache(torch.cat([beam_indices + first for first in firsts]))
        return cache


def _repeated(rows: torch.Tensor | None, times: int) -> torch.Tensor | None:
    return None if rows is None else rows.repeat(times, 1)


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
