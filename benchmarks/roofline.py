"""How near the arithmetic comes to what the machine can do at most.

The photo encoder is held against a matrix product in float32, the decoder against a memory copy:
with three rows it can be no faster than its weights are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from captioner.columns import fastest
from captioner.precision import cells_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.contestants import Ours

PRODUCT_SIDE = 1536
COPIED_BYTES = 256_000_000  # far more than any cache
BYTES = {"float32": 4, "bfloat16": 2, "int8": 1}


def product() -> Callable[[], object]:
    """A square matrix product in float32, in the fastest way: torch's own may be half as fast."""
    multiply = fastest(torch.nn.Linear(PRODUCT_SIDE, PRODUCT_SIDE), PRODUCT_SIDE)
    left = torch.rand(PRODUCT_SIDE, PRODUCT_SIDE)
    return torch.inference_mode()(lambda: multiply(left))


def copy() -> Callable[[], object]:
    """A copy within memory."""
    source = torch.ones(COPIED_BYTES, dtype=torch.uint8)
    target = torch.zeros_like(source)
    return lambda: target.copy_(source)


def product_rate(seconds: float) -> float:
    """Floating-point operations a second, of `product`."""
    return 2 * PRODUCT_SIDE**3 / seconds


def copy_rate(seconds: float) -> float:
    """Bytes read or written a second, of `copy`."""
    return 2 * COPIED_BYTES / seconds


def encoder_operations(ours: Ours) -> int:
    """Floating-point operations of the photo encoder on one photo."""
    vision = ours.engine.config.vision_config
    patches = (vision.image_size // vision.patch_size) ** 2
    rows, width = patches + 1, vision.hidden_size
    linear = 4 * width**2 + 2 * width * vision.intermediate_size
    attention = 2 * rows * width
    layers = vision.num_hidden_layers * rows * (linear + attention)
    return int(2 * (layers + patches * 3 * vision.patch_size**2 * width))


def decoder_bytes(ours: Ours, tokens: int) -> int:
    """Bytes that a search must read: for each token the weights and what is kept of the photo."""
    text = ours.engine.config.text_config
    width, layers = text.hidden_size, text.num_hidden_layers
    linear = 6 * width**2 + 2 * width * text.intermediate_size  # keys and values of the photo: once
    weights = layers * linear + width**2 + width * text.vocab_size
    cells = cells_of(ours.engine.model)
    dtype = ours.engine.decoder.photo_dtype or ours.engine.model.dtype
    photo = 2 * layers * cells * width * dtype.itemsize
    return int(tokens * (weights * BYTES[ours.choice.precision] + photo))
