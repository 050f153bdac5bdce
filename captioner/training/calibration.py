"""How far a caption can be trusted, fitted to photos with references that people wrote.

A caption counts as right when the first thing it names is named by at least `AGREEING` of its
photo's references, people being one thing. That asks for the same word, so that a "bike" among
"bicycles" counts as wrong and the confidence errs on the low side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from tqdm import tqdm

from captioner.blip import BATCH
from captioner.confidence import Things
from captioner.training.evaluation import read_photo
from captioner.training.words import nouns_of
from captioner.writing import generate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from captioner.engine import Engine
    from captioner.training.words import WordNet

Bin = tuple[float, float, int]  # mean confidence, share right, captions

AGREEING = 2
FOLDS = 10
BINS = 5
_BY_EYE = "everyday, read by eye"
# Not a couple or a group: they may be of giraffes.
PEOPLE = frozenset(
    "man men woman women boy boys girl girls child children kid kids baby toddler person people"
    " lady guy player players rider surfer skier snowboarder skateboarder crowd".split()
)
# A plate of pizza shows a pizza.
VESSELS = frozenset("plate plates bowl bowls cup cups tray slice slices".split())


@dataclass(frozen=True, slots=True)
class Judged:
    """The captions of one set of photos.

    Attributes:
        signs: Shape ``(N, S)``, as `captioner.confidence.signs` gives them.
        right: Shape ``(N,)``, whether each caption is.
    """

    signs: np.ndarray[Any, np.dtype[np.float64]]
    right: np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fit, and how it does on photos it was not fitted to.

    Attributes:
        weights: The intercept, then one a sign.
        expected: For each set, shape ``(N,)``: the confidence by cross-validation.
        auc: For each set, the area under the ROC curve; 0.5 is a coin.
    """

    weights: tuple[float, ...]
    expected: tuple[np.ndarray[Any, np.dtype[np.float64]], ...]
    auc: tuple[float, ...]


def things_of(vocabulary: Mapping[str, int], wordnet: WordNet) -> Things:
    """Which tokens name people, and which other things, by WordNet's nouns.

    Args:
        vocabulary: Word piece -> token.
        wordnet: For nouns and for the ImageNet labels that are a kind of each.
    """
    kinds, labels = wordnet.kinds(), {}
    for word, token in vocabulary.items():
        named = _things(word, wordnet.nouns) if word.isalpha() and word not in PEOPLE else []
        if named:
            labels[token] = kinds.get(named[0], [])
    return Things(frozenset(token for word, token in vocabulary.items() if word in PEOPLE), labels)


def judge(
    processor: Any,
    engine: Engine,
    photos: Path,
    references: Mapping[str, Sequence[str]],
    wordnet: WordNet,
) -> Judged:
    """Caption photos as the product does, and hold the first thing named against references.

    Args:
        processor: The model's.
        engine: Of a compact BLIP whose config has its `Things`.
        photos: The folder.
        references: Photo -> what people wrote.
        wordnet: For its nouns.
    """
    names, found, right = [*references], [], []
    for start in tqdm(range(0, len(names), BATCH)):
        chosen = names[start : start + BATCH]
        written = generate(processor, engine, [read_photo(photos / name) for name in chosen])
        for name, one in zip(chosen, written, strict=True):
            found.append(one.signs)
            right.append(is_right(one.text, references[name], wordnet.nouns))
    return Judged(np.array(found), np.array(right))


def judged_by_eye(processor: Any, engine: Engine, file: Path) -> Judged:
    """Caption photos that somebody has looked at, where the caption is still the one that was read.

    Args:
        processor: The model's.
        engine: As `judge` takes it.
        file: Lines of ``photo<TAB>caption<TAB>yes`` or ``no``: whether the first thing named is
            the main thing shown. A photo's path is relative to the file.
    """
    found, right = [], []
    for photo, caption, verdict in tqdm(read_judged(file)):
        (written,) = generate(processor, engine, [read_photo(photo)])
        if written.text == caption:
            found.append(written.signs)
            right.append(verdict == "yes")
    return Judged(np.array(found), np.array(right))


def read_judged(file: Path) -> list[tuple[Path, str, str]]:
    """The photo, caption and verdict of each line of a file that `judged_by_eye` takes."""
    rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())
    return [(file.parent / name, caption, verdict) for name, caption, verdict in rows]


def is_right(caption: str, references: Sequence[str], nouns: frozenset[str]) -> bool:
    """Whether enough references name what the caption names first."""
    first = next(iter(_things(caption, nouns)), None)
    return sum(first in _things(text, nouns) for text in references) >= AGREEING


def _things(caption: str, nouns: frozenset[str]) -> list[str]:
    named = []
    for word in caption.split():
        if word in PEOPLE:
            named.append("person")
        elif word not in VESSELS:
            named += nouns_of(word, nouns)
    return named


def fit(sets: Sequence[Judged]) -> Calibration:
    """Fit the confidence; each set counts the same, however many photos it has."""
    signs = np.concatenate([own.signs for own in sets])
    right = np.concatenate([own.right for own in sets])
    counts = [len(own.right) for own in sets]
    weights = np.repeat([len(right) / len(sets) / count for count in counts], counts)
    regression = LogisticRegression()
    expected = cross_val_predict(
        regression,
        signs,
        right,
        cv=FOLDS,
        method="predict_proba",
        params={"sample_weight": weights},
    )[:, 1]
    regression.fit(signs, right, weights)
    apart = np.split(expected, np.cumsum(counts)[:-1])
    auc = [roc_auc_score(own.right, guess) for own, guess in zip(sets, apart, strict=True)]
    return Calibration(
        (*regression.intercept_.tolist(), *regression.coef_[0].tolist()), tuple(apart), tuple(auc)
    )


def bins_by_name(
    names: Sequence[str], sets: Sequence[Judged], found: Calibration
) -> dict[str, list[Bin]]:
    """The `reliability` of each set that has a name, and of all others as one, read by eye."""
    bins = {
        name: reliability(expected, own.right)
        for name, own, expected in zip(names, sets, found.expected, strict=False)
    }
    others = sets[len(names) :]
    if others:
        expected = np.concatenate(found.expected[len(names) :])
        bins[_BY_EYE] = reliability(expected, np.concatenate([own.right for own in others]))
    return bins


def reliability(
    expected: np.ndarray[Any, np.dtype[np.float64]], right: np.ndarray[Any, np.dtype[np.bool_]]
) -> list[Bin]:
    """What was expected against what came: (mean confidence, share right, captions) a bin.

    Bins of equal width (DeGroot and Fienberg 1983); empty ones are left out.
    """
    bins = np.minimum((expected * BINS).astype(int), BINS - 1)
    return [
        (float(expected[own].mean()), float(right[own].mean()), int(own.sum()))
        for own in (bins == i for i in range(BINS))
        if own.any()
    ]
