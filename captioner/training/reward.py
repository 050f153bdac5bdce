"""CIDEr of token ids: what self-critical training rewards."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from captioner.training.batches import Ids

NGram = tuple[int, ...]
LONGEST = 4  # n-grams
SIGMA = 6.0  # of the penalty on a length unlike the reference's


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A caption as tf-idf weights of its n-grams, one mapping a size."""

    words: int
    sizes: tuple[dict[NGram, float], ...]


class CiderReward:
    """CIDEr-D (Vedantam et al. 2015) against the document frequencies of a whole set.

    The sums are pycocoevalcap's, which takes its frequencies from the captions it judges.

    Args:
        documents: The captions of each photo of the set, as token ids.
        ignored: Token ids left out everywhere: punctuation.
    """

    def __init__(
        self, documents: Sequence[Sequence[Ids]], ignored: Collection[int] = frozenset()
    ) -> None:
        self._ignored = frozenset(ignored)
        self._uses: Counter[NGram] = Counter()
        for captions in documents:
            self._uses.update({ngram for ids in captions for ngram in self._ngrams(ids)})
        self._most = math.log(len(documents))

    def __call__(self, captions: Sequence[Ids], references: Sequence[Ids]) -> list[float]:
        """CIDEr of captions of one photo, at least 0; 1 is what papers print as 100."""
        wanted = [self._weigh(ids) for ids in references]
        return [
            10 * sum(_similarity(self._weigh(ids), reference) for reference in wanted) / len(wanted)
            for ids in captions
        ]

    def _weigh(self, ids: Ids) -> _Weighed:
        sizes: tuple[dict[NGram, float], ...] = tuple({} for _ in range(LONGEST))
        counts = self._ngrams(ids)
        for ngram, count in counts.items():
            rarity = self._most - math.log(max(1, self._uses[ngram]))
            sizes[len(ngram) - 1][ngram] = count * rarity
        return _Weighed(sum(count for ngram, count in counts.items() if len(ngram) == 1), sizes)

    def _ngrams(self, ids: Ids) -> Counter[NGram]:
        words = [id_ for id_ in ids if id_ not in self._ignored]
        return Counter(
            tuple(words[start : start + size])
            for size in range(1, LONGEST + 1)
            for start in range(len(words) - size + 1)
        )


def _similarity(given: _Weighed, wanted: _Weighed) -> float:
    unlike = (given.words - wanted.words) ** 2
    cosines = sum(map(_clipped_cosine, given.sizes, wanted.sizes))
    return math.exp(-unlike / (2 * SIGMA**2)) * cosines / LONGEST


def _clipped_cosine(given: dict[NGram, float], wanted: dict[NGram, float]) -> float:
    """A cosine in which saying a word more often than the reference gains nothing."""
    norms = math.hypot(*given.values()) * math.hypot(*wanted.values())
    if not norms:
        return 0.0
    shared = given.keys() & wanted.keys()
    return sum(min(given[ngram], wanted[ngram]) * wanted[ngram] for ngram in shared) / norms
