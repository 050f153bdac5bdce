"""Fits how likely each of `captioner.categories` is: what people would name first in a photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from captioner.categories import WEIGHTS_FILE, WORDS_FILE, Categories, Lexicon
from captioner.training.features import Features
from captioner.training.sets import CAPTIONS, UNCHANGED, read_captions
from captioner.training.shown import photos_shown
from captioner.training.standard import Standard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

DECAY = 0.02  # of the squared weights; found on 338 everyday photos that were read by eye
STEPS = 80
BALANCE = -0.5  # power of a category's photos that each of them counts by: half of all are food


def fit(
    seen: torch.Tensor,
    wanted: torch.Tensor,
    before: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Softmax regression with weight decay, the categories half balanced.

    Args:
        seen: Of each photo, as `captioner.backbone.Sight` has it, shape ``(N, C)``.
        wanted: How its captions are spread over the categories, shape ``(N, K)``, rows adding up
            to 1.
        before: Weights and bias that were fitted to other photos: the weights decay towards them
            in place of 0 (L2-SP; Li et al. 2018, "Explicit Inductive Bias for Transfer Learning").

    Returns:
        Weights and bias, as `Categories` has them.
    """
    standard = Standard.of(seen)
    inputs = standard.standardised(seen)
    counts = wanted @ wanted.sum(0).clamp(min=1) ** BALANCE
    counts /= counts.sum()
    nothing = torch.zeros(seen.shape[1], wanted.shape[1]), torch.zeros(wanted.shape[1])
    start, start_bias = standard.unfolded(*before) if before else nothing
    weights, bias = start.clone().requires_grad_(), start_bias.clone().requires_grad_()
    search = torch.optim.LBFGS([weights, bias], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> float:
        search.zero_grad()
        likely = (inputs @ weights + bias).log_softmax(1)
        found = DECAY * (weights - start).square().sum() - (likely * wanted).sum(1) @ counts
        if before:  # what has no photo now is not to be thought impossible
            found += DECAY * (bias - start_bias).square().sum()
        found.backward()
        return float(found.detach())

    search.step(loss)
    return standard.folded(weights.detach(), bias.detach())


def examples(
    described: Iterable[Path], labelled: Iterable[Path], lexicon: Lexicon
) -> tuple[torch.Tensor, torch.Tensor]:
    """What `fit` takes, from prepared folders; photos of which nothing is named are left out.

    Args:
        described: Each holds ``captions.tsv`` and ``features/``.
        labelled: Each holds ``shown.tsv`` and ``features/``.
        lexicon: What there is.
    """
    seen, wanted = [], []
    every = [(folder, _of_captions(folder, lexicon)) for folder in described]
    every += [(folder, _of_classes(folder, lexicon)) for folder in labelled]
    for folder, categories in every:
        features = Features.load(folder / UNCHANGED)
        places = features.places()
        for name, own in categories.items():
            if own:
                seen.append(features.both(places[name]))
                counts = torch.bincount(torch.tensor(own), minlength=len(lexicon.names))
                wanted.append(counts / len(own))
    return torch.stack(seen), torch.stack(wanted)


def _of_captions(folder: Path, lexicon: Lexicon) -> dict[str, list[int]]:
    """Photo name -> the category of the first thing that each of its captions names."""
    found = {
        name: [lexicon.first(caption.lower()) for caption in captions]
        for name, captions in read_captions(folder / CAPTIONS, None).items()
    }
    return {name: [own for own in every if own is not None] for name, every in found.items()}


def _of_classes(folder: Path, lexicon: Lexicon) -> dict[str, list[int]]:
    """Photo name -> the category of its class: the closest one that is of the first one's kind."""
    return {
        name: _closest(lexicon.each(" ".join(nouns)), lexicon)
        for name, nouns in photos_shown(folder).items()
    }


def _closest(categories: Sequence[int | None], lexicon: Lexicon) -> list[int]:
    named = [own for own in categories if own is not None]
    kind = {lexicon.parents[own] for own in named[:1]}
    of_kind = [own for own in named if lexicon.parents[own] in kind]
    return [own for own in of_kind if own not in kind][:1] or of_kind[:1]


def categorize_beside(
    model: Path, described: Iterable[Path], labelled: Iterable[Path], *, renew: bool
) -> None:
    """Fit, and save beside a model.

    Args:
        model: Holds the words of the categories.
        described: As `examples` takes them.
        labelled: Likewise.
        renew: Whether what reads the stages that are not tuned stays near to what is beside the
            model, which may have learnt from photos that are lost.

    Raises:
        ValueError: They are to be renewed, and there are none.
    """
    lexicon = Lexicon.read(model / WORDS_FILE)
    before = Categories.beside(str(model), {}, torch.device("cpu")) if renew else None
    if renew and before is None:
        raise ValueError(f"{model} has no {WEIGHTS_FILE}: there is nothing to renew")
    seen, wanted = examples(described, labelled, lexicon)
    pooled, tuned = seen.chunk(2, 1)
    start = (before.weights.chunk(2)[0] * 2, before.bias) if before else None
    Categories(lexicon, {}, *_mean(fit(pooled, wanted, start), fit(tuned, wanted))).save(model)


def _mean(*of: tuple[torch.Tensor, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean of the logits of regressions that each read channels of their own."""
    weights, biases = zip(*of, strict=True)
    return torch.cat(weights) / len(of), torch.stack(biases).mean(0)
