"""One layer of BLIP's text decoder, taken apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

Linear = Callable[[torch.Tensor], torch.Tensor]
Pack = Callable[[nn.Linear], Linear]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer's linear maps, packed, and its norms."""

    query_key_value: Linear
    own_output: Linear
    own_norm: Linear
    photo_query: Linear
    photo_key_value: Linear
    photo_output: Linear
    photo_norm: Linear
    up: Linear
    activation: Linear
    down: Linear
    norm: Linear

    @classmethod
    def of(cls, layer: Any, pack: Pack) -> Layer:
        """Take a `BlipTextLayer` apart."""
        own, photo = layer.attention, layer.crossattention
        parts = (
            pack(joined(own.self.query, own.self.key, own.self.value)),
            pack(own.output.dense),
            own.output.LayerNorm,
            pack(photo.self.query),
            pack(joined(photo.self.key, photo.self.value)),
            pack(photo.output.dense),
            photo.output.LayerNorm,
            pack(layer.intermediate.dense),
            layer.intermediate.intermediate_act_fn,
            pack(layer.output.dense),
            layer.output.LayerNorm,
        )
        return cls(*map(_without_hooks, parts))


def _without_hooks(part: Any) -> Linear:
    """What a module computes; to look for its hooks takes a tenth of a step's time."""
    computes: Linear = getattr(part, "forward", part)
    return computes


def joined(*linears: nn.Linear) -> nn.Linear:
    """One linear map that gives what several give, side by side."""
    weight = torch.cat(tuple(linear.weight for linear in linears)).detach()
    both = nn.Linear(weight.shape[1], weight.shape[0], device="meta")
    both.weight = nn.Parameter(weight, requires_grad=False)
    bias = torch.cat(tuple(linear.bias for linear in linears)).detach()
    both.bias = nn.Parameter(bias, requires_grad=False)
    return both


def pack_linears(module: nn.Module, pack: Callable[[nn.Linear], nn.Module]) -> None:
    """Replace every linear map in a module, however deep, by what becomes of it."""
    for name, child in module.named_children():
        if isinstance(child, nn.Linear):
            setattr(module, name, pack(child))
        else:
            pack_linears(child, pack)
