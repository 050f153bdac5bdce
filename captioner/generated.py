"""What transformers' `generate` gives, as the compact BLIP gives it on: no prompt, but labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from captioner.compact import CompactBlipForConditionalGeneration
    from captioner.consensus import Expectation


def output_of(
    model: CompactBlipForConditionalGeneration,
    output: Any,
    start: int,
    probabilities: torch.Tensor,
    expected: Sequence[Expectation],
) -> Any:
    """The output of `CompactBlipForConditionalGeneration.generate`.

    Args:
        model: Whose decoder has written.
        output: The decoder's, token ids or what ``return_dict_in_generate`` asks for.
        start: Of the captions in its sequences, behind the label words.
        probabilities: Of the photos, shape ``(B, 1000)``.
        expected: Of the same; empty for a model without a consensus.
    """
    if isinstance(output, torch.Tensor):
        return output[:, start:]
    if output.scores:
        output.signs = _signs(model, output, probabilities, expected)
    output.sequences = output.sequences[:, start:]
    output.labels = [model.labels(row) for row in probabilities]
    return output


def _signs(
    model: CompactBlipForConditionalGeneration,
    output: Any,
    probabilities: torch.Tensor,
    expected: Sequence[Expectation],
) -> list[tuple[float, ...]]:
    """The `signs` of each caption, from what was written after its prompt."""
    beams = getattr(output, "beam_indices", None)
    scores = model.text_decoder.compute_transition_scores(
        output.sequences, output.scores, beams, normalize_logits=beams is None
    )
    written = output.sequences[:, -scores.shape[1] :].tolist()
    end = model.config.text_config.sep_token_id  # type: ignore[union-attr]
    found: list[tuple[float, ...]] = []
    for row, (tokens, own) in enumerate(zip(written, scores.tolist(), strict=True)):
        length = tokens.index(end) if end in tokens else len(tokens)
        of = expected[row] if expected else None
        found.append(model.signs(tokens[:length], own[:length], probabilities[row], of))
    return found
