"""How sure a caption is: the chance that the first thing it names is in the photo."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import torch

    from captioner.compact_config import CompactBlipConfig

LEAST = 0.02  # a classifier's probability, or an expectation, below this is as good as none
ANIMALS = 398  # the first of ImageNet's labels


@dataclass(frozen=True, slots=True)
class Things:
    """Which tokens name something.

    Attributes:
        people: Tokens that name people, for whom ImageNet has no class.
        labels: Token of any other thing -> the ImageNet labels that are a kind of it.
    """

    people: frozenset[int]
    labels: Mapping[int, Sequence[int]]

    @classmethod
    def of(cls, config: CompactBlipConfig) -> Things:
        """As the config of a checkpoint has them."""
        labels = (config.thing_labels or {}).items()
        people = frozenset(config.person_token_ids or ())
        return cls(people, {int(token): kinds for token, kinds in labels})


def signs(
    tokens: Sequence[int],
    log_probabilities: Sequence[float],
    probabilities: Sequence[float],
    expected: torch.Tensor | None,
    things: Things,
) -> tuple[float, float, float, float, float]:
    """What tells a right caption from a wrong one.

    Args:
        tokens: The caption's.
        log_probabilities: The decoder's, one a token, at most 0.
        probabilities: The classifier's, 1,000.
        expected: How much each token is expected of the photo, as `Expectation` has it, shape
            ``(V,)``; None where nothing is known of that.
        things: Which tokens name something.

    Returns:
        Of the first thing that is named: its token's log-probability; 1 for people, else 0; the
        logarithm of the classifier's probability of it; 1 if the classifier knows such a thing,
        else 0; the logarithm of how much it is expected. Where nothing is named: the mean
        log-probability, and as for a thing that nobody knows.
    """
    unknown = math.log(LEAST)
    for token, log_probability in zip(tokens, log_probabilities, strict=True):
        if token not in things.people and token not in things.labels:
            continue
        kinds = things.labels.get(token, ())
        seen = math.log(LEAST + sum(probabilities[kind] for kind in kinds))
        is_person = float(token in things.people)
        hoped = unknown if expected is None else math.log(LEAST + max(float(expected[token]), 0))
        return log_probability, is_person, seen, float(bool(kinds)), hoped
    mean = sum(log_probabilities) / max(1, len(log_probabilities))
    return mean, 0.0, unknown, 0.0, unknown


def confidence(found: Sequence[float], weights: Sequence[float]) -> float:
    """Logistic regression, as Platt scaling (Platt 1999) is, on more than one sign.

    Args:
        found: What `signs` gives.
        weights: The intercept, then one weight a sign.

    Returns:
        In [0, 1].
    """
    logit = weights[0] + sum(w * sign for w, sign in zip(weights[1:], found, strict=True))
    return 1 / (1 + math.exp(-logit))
