"""Reduced-rank ridge regression (Mukherjee and Zhu 2011), each row with a weight of its own."""

from __future__ import annotations

import torch

from captioner.regression import Regression

DAMPING = 0.01


def regression(
    seen: torch.Tensor,
    wanted: torch.Tensor,
    rank: int,
    weights: torch.Tensor | None = None,
    damping: float = DAMPING,
) -> Regression:
    """Fit.

    Args:
        seen: Shape ``(N, C)``.
        wanted: Shape ``(N, K)``.
        rank: Of the result, at most K.
        weights: How much each of the N counts, shape ``(N,)``; all the same if None.
        damping: Of the ridge, in mean variances of a channel.
    """
    weight = torch.ones(len(seen), 1) if weights is None else weights[:, None]
    usual_photo = (seen * weight).sum(0) / weight.sum()
    usual_words = (wanted * weight).sum(0) / weight.sum()
    unusual = seen - usual_photo
    inner = unusual.T @ (unusual * weight)
    ridge = damping * inner.diagonal().mean() * torch.eye(len(inner))
    whole = torch.linalg.solve(inner + ridge, unusual.T @ ((wanted - usual_words) * weight))
    spread = whole.T @ inner @ whole  # its eigenvectors are the directions of what is expected
    words = torch.linalg.eigh(spread)[1].T.flip(0)[:rank]
    return Regression(usual_photo, whole @ words.T, words, usual_words)
