"""How often captions of each confidence are right, on photos that were not learned from."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from captioner.blip import MAX_NEW_TOKENS, NO_REPEAT_NGRAM, NUM_BEAMS
from captioner.judging import calibrated
from captioner.training import data
from captioner.training.features import Features
from captioner.training.run import load
from captioner.training.sets import CAPTIONS, UNCHANGED
from captioner.training.words import NOT_A_LABEL

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

BATCH = 25
NAMED_BY = 2  # references, so that one odd annotator does not decide
BINS = 5
_PEOPLE = frozenset(
    "man men woman women boy boys girl girls child children kid kids baby person people lady guy"
    " player players rider surfer skier snowboarder skateboarder couple group crowd".split()
)


_NO_THING = NOT_A_LABEL - _PEOPLE


@dataclass(frozen=True, slots=True)
class Judged:
    """Captions of N photos.

    Attributes:
        log_probabilities: Shape ``(N,)``, mean over each caption's tokens.
        right: Shape ``(N,)``, whether the main thing is named right.
    """

    log_probabilities: np.ndarray[Any, Any]
    right: np.ndarray[Any, Any]


def judge(model: Path, sets: Sequence[Path], nouns: Collection[str]) -> Judged:
    """Caption the photos of prepared sets, and hold the captions against what people wrote."""
    network, tokenizer = load(model)
    network.eval()
    scores: list[float] = []
    right: list[bool] = []
    for folder in sets:
        features, captions = Features.load(folder / UNCHANGED), data.pairs(folder / CAPTIONS)
        place = {name: i for i, name in enumerate(features.names)}
        for names in batched(captions, BATCH, strict=False):
            rows = [place[name] for name in names]
            output = network.generate_from_map(
                torch.from_numpy(features.maps[rows]).float(),
                torch.from_numpy(features.probabilities[rows]),
                num_beams=NUM_BEAMS,
                max_new_tokens=MAX_NEW_TOKENS,
                no_repeat_ngram_size=NO_REPEAT_NGRAM,
                return_dict_in_generate=True,
                output_scores=True,
            )
            texts = tokenizer.batch_decode(output.sequences, skip_special_tokens=True)
            scores += output.sequences_scores.tolist()
            right += [
                is_right(text, captions[name], nouns)
                for name, text in zip(names, texts, strict=True)
            ]
    return Judged(np.array(scores), np.array(right))


def is_right(caption: str, references: Sequence[str], nouns: Collection[str]) -> bool:
    """Whether the first thing a caption names is named by at least two of the references.

    A proxy that can be counted: whoever it is counts as "person", and a plural as its singular.
    """
    named = things(caption, nouns)
    return bool(named) and sum(named[0] in things(text, nouns) for text in references) >= NAMED_BY


def things(caption: str, nouns: Collection[str]) -> list[str]:
    """The nouns of a tidy caption in order, people as "person"."""
    found = []
    for word in re.findall("[a-z]+", caption):
        if word in _PEOPLE:
            found.append("person")
        elif word not in _NO_THING:
            forms = (word.removesuffix("s"), word.removesuffix("es"), word)
            found += [form for form in forms if len(form) > len("it") and form in nouns][:1]
    return found


def fit(judged: Judged) -> tuple[float, float]:
    """Slope and intercept of Platt's curve (Platt 1999)."""
    curve = LogisticRegression(C=1e6).fit(judged.log_probabilities[:, None], judged.right)
    return float(curve.coef_[0, 0]), float(curve.intercept_[0])


def reliability(judged: Judged, slope: float, intercept: float) -> list[tuple[float, float, int]]:
    """Mean confidence, share that is right, and number of captions in each fifth, unsure first."""
    order = np.argsort(judged.log_probabilities)
    sure = np.array([calibrated(x, slope, intercept) for x in judged.log_probabilities])
    return [
        (float(sure[part].mean()), float(judged.right[part].mean()), len(part))
        for part in np.array_split(order, BINS)
    ]


def write_calibration(model: Path, slope: float, intercept: float, floor: float) -> None:
    """Put curve and floor into the model's ``config.json``, where the product reads them."""
    path = model / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config |= {"calibration": [round(slope, 3), round(intercept, 3)], "min_confidence": floor}
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def draw(rows: Sequence[tuple[float, float, int]], out: Path) -> None:
    """Write the reliability diagram (Niculescu-Mizil and Caruana 2005) as SVG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 4), layout="constrained")
    axes = figure.add_subplot(xlabel="confidence", ylabel="share that is right")
    axes.plot([0, 1], [0, 1], linestyle="--", color="grey")
    axes.plot([sure for sure, _, _ in rows], [right for _, right, _ in rows], marker="o")
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    figure.savefig(out, metadata={"Date": None})
