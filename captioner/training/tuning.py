"""Tunes the CNN's last stages to the words of captions; what comes of it is `captioner.tuning`.

Photos are looked at anew at each step, cropped, mirrored and recoloured, and what captions say of
them is predicted from the mean of the cells. A few thousand steps on a GPU take minutes, on a
processor days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, dropout
from tqdm import tqdm

from captioner.backbone import cells, colours, first_blocks, folded, imagenet
from captioner.training.augmentation import augmented, unchanged
from captioner.training.features import SIDE
from captioner.training.loop import rate_at
from captioner.training.ridge import regression
from captioner.tuning import FIRST_BLOCK, Tuning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from captioner.training.examples import Examples

BATCH = 256
RANK, DAMPING = 256, 0.5  # of the regression that the head begins as
HEAD_RATE, WEIGHT_DECAY, HEAD_DECAY = 3e-4, 0.03, 0.01
DROPOUT = 0.25  # of what the head reads
WORD_SHARE, PRESENCE_SHARE = 4.0, 0.05  # of the loss
PRESENT = 6.0  # times its weight: of a word that a fourth to a half of the captions have 1
WARM_UP_STEPS = 50
MEMORY = 0.998  # of the moving mean of the weights that is kept in the end


@dataclass(frozen=True, slots=True)
class Run:
    """One training: how long, how fast (the highest rate of the cosine), and its random seed."""

    steps: int
    rate: float
    seed: int = 0


def tune(examples: Examples, runs: Sequence[Run]) -> Tuning:
    """Tune in several trainings from the same start, and take the mean of their weights.

    It is better than the best of them: model soups (Wortsman et al. 2022).
    """
    tuned = [_trained(imagenet(), examples, run) for run in runs]
    mean = imagenet()
    each = zip(mean.parameters(), *(own.parameters() for own in tuned), strict=True)
    for parameter, *found in each:
        parameter.data = torch.stack([own.data.cpu() for own in found]).mean(0)
    return Tuning.between(folded(imagenet()), folded(mean))


def _trained(network: Any, examples: Examples, run: Run) -> Any:
    """The network, its last stages trained in place; batch norms keep what they know of photos."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(run.seed)  # of what is drawn and dropped; what is changed has its own
    generator = torch.Generator(device).manual_seed(run.seed)
    network.to(device, memory_format=torch.channels_last)
    head = _Head(_seen(network, examples.pixels, device), examples.wanted).to(device)
    stages = [
        *network._blocks[FIRST_BLOCK:].parameters(),
        *network._conv_head.parameters(),
        *network._bn1.parameters(),
    ]
    for parameter in stages:
        parameter.requires_grad_(True)
    optimizer = torch.optim.AdamW(
        [
            {"params": stages, "lr": run.rate, "weight_decay": WEIGHT_DECAY},
            {"params": [*head.parameters()], "lr": HEAD_RATE, "weight_decay": HEAD_DECAY},
        ],
        betas=(0.9, 0.99),
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: rate_at(step, run.steps, WARM_UP_STEPS)
    )
    mean = [parameter.detach().clone() for parameter in stages]
    progress = tqdm(range(run.steps), mininterval=10)
    for step in progress:
        drawn = torch.multinomial(examples.shares, BATCH, replacement=True)
        pixels = augmented(examples.pixels[drawn].to(device), SIDE, generator)
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            seen = _cells_of(network, pixels).float().mean(1)
        loss = head(seen, examples.wanted[drawn].to(device))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([*stages, *head.parameters()], 1.0)
        optimizer.step()
        schedule.step()
        now, share = [own.detach() for own in stages], max(1 - MEMORY, 1 / (step + 2))
        torch._foreach_lerp_(mean, now, share)
        progress.set_postfix(loss=f"{loss.item():.3f}", refresh=False)
    for parameter, own in zip(stages, mean, strict=True):
        parameter.data = own
    return network


class _Head(nn.Module):
    """What is expected, from the mean of the cells; begins as ridge regression.

    Args:
        seen: Of N photos, shape ``(N, C)``.
        wanted: As `Examples` has it.
    """

    def __init__(self, seen: torch.Tensor, wanted: torch.Tensor) -> None:
        super().__init__()
        self.spread = nn.Buffer(seen.std(0).clamp(min=1e-3))
        found = regression(seen / self.spread, wanted, RANK, damping=DAMPING)
        self.usual_photo = nn.Buffer(found.usual_photo)
        self.projection = nn.Parameter(found.projection)
        self.words = nn.Parameter(found.words)
        self.usual_words = nn.Parameter(found.usual_words)
        rank, count = found.words.shape
        self.presence = nn.Parameter(torch.zeros(rank, count))
        often = (wanted > 0).float().mean(0).clamp(1e-4, 0.99)
        self.usual_presence = nn.Parameter(often.logit())

    def forward(self, seen: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        """The loss: squared error of what is expected, and cross-entropy of which words are there.

        The second has the features tell rare words, too, which weigh little in the first.
        """
        inputs = dropout((seen / self.spread) - self.usual_photo, DROPOUT, self.training)
        hidden = inputs @ self.projection
        error = hidden @ self.words + self.usual_words - wanted
        logits = hidden @ self.presence + self.usual_presence
        is_there = (PRESENT * wanted).clamp(0, 1)
        absence = binary_cross_entropy_with_logits(logits, is_there, reduction="none")
        return WORD_SHARE * error.square().sum(1).mean() + PRESENCE_SHARE * absence.sum(1).mean()


@torch.no_grad()
def _seen(network: Any, pixels: torch.Tensor, device: torch.device) -> torch.Tensor:
    """The mean of each photo's cells before it is tuned."""
    found = []
    for part in pixels.split(BATCH):
        photos = unchanged(part.to(device), SIDE)
        found.append(_cells_of(network, photos).mean(1).cpu())
    return torch.cat(found)


def _cells_of(network: Any, pixels: torch.Tensor) -> torch.Tensor:
    return cells(network, first_blocks(network, pixels), colours(pixels))
