"""The CNN's last stages as they were tuned to the words of captions.

ImageNet's classes ask what a thing is. What people write of a photo is who is there, what they do
and where; the last stages learn to tell that as well when they are trained on (fine-tuning, as in
Yosinski et al. 2014, "How transferable are features in deep neural networks?"). Beside a checkpoint
lies how they differ from ImageNet's, in four bits a weight (`captioner.quantised`): ten megabytes
are two and a half.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from captioner.quantised import quantised, restored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILE = "tuning.safetensors"  # beside a checkpoint's weights
FIRST_BLOCK = 8  # of 23; those before see edges and textures, in which captions have no say
_MOST = 7  # the levels are -7 to 7
_PARTS = ("levels", "scale", "bias")


@dataclass(frozen=True, slots=True)
class Tuning:
    """How the tuned stages differ from those of ImageNet.

    Attributes:
        parts: For each convolution, by its name in the network: ``NAME.levels``, bytes of two
            levels each; ``NAME.scale``, the difference of one level in each channel given; and
            ``NAME.bias``, the differences of its biases. Both float16, shape ``(out,)``.
    """

    parts: Mapping[str, torch.Tensor]

    @classmethod
    def beside(cls, checkpoint: str) -> Tuning | None:
        """That of a checkpoint, or None if it has none.

        Args:
            checkpoint: A folder; a name on the hub has none.

        Raises:
            SafetensorError: The file is not whole.
        """
        path = Path(checkpoint) / FILE
        return cls(load_file(path)) if path.is_file() else None

    @classmethod
    def between(cls, before: Any, after: Any) -> Tuning:
        """How the stages of two networks differ, whose batch norms are folded."""
        parts: dict[str, torch.Tensor] = {}
        tuned = dict(_convolutions(after))
        for name, convolution in _convolutions(before):
            difference = tuned[name].weight.detach() - convolution.weight.detach()
            levels, scale = quantised(difference.flatten(1), _MOST)
            bias = tuned[name].bias.detach() - convolution.bias.detach()
            own = (_packed(levels), scale.half(), bias.half())
            parts |= {f"{name}.{part}": tensor for part, tensor in zip(_PARTS, own, strict=True)}
        return cls(parts)

    def save(self, folder: Path) -> None:
        """Write it beside a checkpoint."""
        save_file(dict(self.parts), folder / FILE)

    def tuned(self, network: Any) -> Any:
        """A copy of a network, its stages tuned.

        Args:
            network: An EfficientNet-Lite2 whose batch norms are folded; it stays as it is.

        Raises:
            ValueError: The tuning is of another network.
        """
        network = deepcopy(network)
        convolutions = dict(_convolutions(network))
        wanted = {f"{name}.{part}" for name in convolutions for part in _PARTS}
        if wanted != self.parts.keys():
            raise ValueError(
                f"{FILE} is of another network: it holds {sorted(self.parts)[:2]} ..., not"
                f" {sorted(wanted)[:2]} ..."
            )
        for name, convolution in convolutions.items():
            levels, scale, bias = (self.parts[f"{name}.{part}"] for part in _PARTS)
            steps = restored(_unpacked(levels).view(len(scale), -1), scale)
            convolution.weight = nn.Parameter(
                convolution.weight + steps.view_as(convolution.weight), requires_grad=False
            )
            convolution.bias = nn.Parameter(convolution.bias + bias.float(), requires_grad=False)
        return network


def _convolutions(network: Any) -> Iterator[tuple[str, Any]]:
    """The name of each convolution that is tuned, and it itself."""
    blocks = (str(place) for place in range(FIRST_BLOCK, len(network._blocks)))
    prefixes = ("_conv_head", *(f"_blocks.{block}." for block in blocks))
    for name, module in network.named_modules():
        if isinstance(module, nn.Conv2d) and name.startswith(prefixes):
            yield name, module


def _packed(levels: torch.Tensor) -> torch.Tensor:
    """An even number of levels, two a byte."""
    pairs = (levels.flatten() + _MOST + 1).to(torch.uint8).view(-1, 2)
    return torch.add(pairs[:, 1], pairs[:, 0], alpha=16)


def _unpacked(packed: torch.Tensor) -> torch.Tensor:
    return torch.stack([packed // 16, packed % 16], 1).flatten().float() - (_MOST + 1)
