"""The training loop: AdamW, cosine, label smoothing, checkpoints to go on from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from tqdm import tqdm

from captioner.training.predicting import following, predict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from captioner.compact import CompactBlipForConditionalGeneration
    from captioner.training.batches import Batch

    Loss = Callable[[CompactBlipForConditionalGeneration, Batch, "Recipe"], torch.Tensor]

WARM_UP_STEPS = 200
LAST_RATE = 0.01  # of the highest, at the end of the cosine


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How long and how fast.

    Attributes:
        steps: Optimiser steps in all.
        rate: Highest learning rate.
        weight_decay: AdamW's, on matrices alone.
        label_smoothing: Share of the target spread over the vocabulary.
        no_photo_share: Photos shown as "no photo", so that the words alone learn from them too.
        feature_dropout: Share of the map's values left out, and of whole cells: six thousand
            photos are soon known by heart.
        save_every: Steps between two checkpoints.
    """

    steps: int
    rate: float = 4e-4
    weight_decay: float = 0.05
    label_smoothing: float = 0.1
    no_photo_share: float = 0.1
    feature_dropout: float = 0.2
    save_every: int = 200


def train(
    model: CompactBlipForConditionalGeneration,
    batches: Iterator[Batch],
    recipe: Recipe,
    checkpoint: Path,
    first_step: int = 0,
    loss_of: Loss | None = None,
) -> None:
    """Train in place, in bfloat16 where the device multiplies it natively.

    Args:
        model: With its weights as the start wants them.
        batches: From `first_step` on.
        recipe: How long and how fast.
        checkpoint: Written every ``recipe.save_every`` steps and at the end; read when
            `first_step` is not 0.
        first_step: Steps done already, as `steps_done` gives them.
        loss_of: What is made small; None for `batch_loss`.
    """
    loss_of = loss_of or batch_loss
    optimizer = torch.optim.AdamW(_groups(model, recipe), lr=recipe.rate, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: rate_at(step, recipe.steps)
    )
    if first_step:
        _resume(checkpoint, model, optimizer, schedule)
        schedule.base_lrs = [recipe.rate] * len(schedule.base_lrs)  # a later stage may change it
    model.train()
    progress = tqdm(
        range(first_step, recipe.steps), initial=first_step, total=recipe.steps, mininterval=20
    )
    mean = 0.0
    for step, batch in zip(progress, batches, strict=False):
        loss = loss_of(model, batch, recipe)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        mean = loss.item() if step == first_step else 0.98 * mean + 0.02 * loss.item()
        progress.set_postfix(loss=f"{mean:.3f}", refresh=False)
        if (step + 1) % recipe.save_every == 0 or step + 1 == recipe.steps:
            _save(checkpoint, model, optimizer, schedule, step + 1)


def rate_at(step: int, steps: int, warm_up: int = WARM_UP_STEPS) -> float:
    """Share of the highest learning rate: up in a line, down in a half cosine."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
    return min(1.0, (step + 1) / warm_up) * max(LAST_RATE, cosine)


def batch_loss(model: Any, batch: Batch, recipe: Recipe) -> torch.Tensor:
    """Cross-entropy per caption token over a step's photos and texts, label-smoothed."""
    device = batch.maps.device.type
    with torch.autocast(device, torch.bfloat16, enabled=multiplies_bfloat16(device)):
        photo = model.vision_model(thinned(batch.maps, recipe.feature_dropout))
        blind = torch.rand(len(photo), 1, 1, device=photo.device) < recipe.no_photo_share
        nothing = model.vision_model.no_photo.to(photo.dtype)
        photo = torch.where(blind, nothing, photo)
        each = len(batch.photos.ids) // len(photo)
        seen = predict(model, batch.photos, photo.repeat_interleave(each, 0))
        words = predict(model, batch.texts, nothing.expand(len(batch.texts.ids), 1, -1))
        logits = torch.cat([seen, words])
    targets = torch.cat([following(rows) for rows in (batch.photos, batch.texts)])
    return nn.functional.cross_entropy(
        logits.float(), targets, label_smoothing=recipe.label_smoothing
    )


def multiplies_bfloat16(device: str) -> bool:
    """Whether bfloat16 gains anything; emulated, it is a hundred times slower than float32.

    AVX-512's own products of bfloat16 take 1.6 times as long as float32's, forth and back.
    """
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    cpu: Any = torch.cpu  # torch does not annotate it
    return device == "cpu" and bool(cpu._is_amx_tile_supported())


def thinned(maps: torch.Tensor, share: float) -> torch.Tensor:
    """Leave out a share of the values and of the cells, ``(P, cells, channels)``."""
    cells = nn.functional.dropout(maps.new_ones(*maps.shape[:2], 1), share)
    return nn.functional.dropout(maps * cells.clamp(max=1), share)


def _groups(model: nn.Module, recipe: Recipe) -> list[dict[str, Any]]:
    """Matrices decay, vectors (biases, norms) do not."""
    matrices = [p for p in model.parameters() if p.ndim > 1]
    vectors = [p for p in model.parameters() if p.ndim <= 1]
    return [
        {"params": matrices, "weight_decay": recipe.weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]


def steps_done(checkpoint: Path) -> int:
    """Steps behind the checkpoint; 0 when there is none."""
    if not checkpoint.exists():
        return 0
    return int(torch.load(checkpoint, weights_only=True)["step"])


def _resume(checkpoint: Path, model: nn.Module, optimizer: Any, schedule: Any) -> None:
    state = torch.load(checkpoint, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])


def _save(checkpoint: Path, model: nn.Module, optimizer: Any, schedule: Any, step: int) -> None:
    state = {
        "step": step,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
    }
    part = checkpoint.with_suffix(".part")
    torch.save(state, part)
    part.replace(checkpoint)  # whole or not at all
