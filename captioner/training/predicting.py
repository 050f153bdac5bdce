"""What a model says next of each token of a batch, and what it should say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from captioner.training.batches import Rows

IGNORED = -100  # as cross_entropy has it


def predict(model: Any, rows: Rows, encoded: torch.Tensor) -> torch.Tensor:
    """Logits where there is something to write, ``(tokens, vocabulary)``."""
    hidden = model.text_decoder.bert(
        input_ids=rows.ids,
        attention_mask=torch.ones_like(rows.ids),  # padding comes last: nobody looks back at it
        encoder_hidden_states=encoded,
        is_decoder=True,
        use_cache=False,
    ).last_hidden_state
    return model.text_decoder.cls(hidden[:, :-1][is_to_be_written(rows)])  # type: ignore[no-any-return]


def following(rows: Rows) -> torch.Tensor:
    """The tokens to be written, those that `predict` gives logits for, ``(tokens,)``."""
    return rows.targets[:, 1:][is_to_be_written(rows)]


def is_to_be_written(rows: Rows) -> torch.Tensor:
    """Whether each token but the first is to be written, ``(N, T - 1)``."""
    return rows.targets[:, 1:] != IGNORED
