"""Tensors that lie beside a checkpoint's weights, in files of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from safetensors.torch import load_file

if TYPE_CHECKING:
    from collections.abc import Collection

    import torch


def tensors_beside(
    checkpoint: str, file: str, names: Collection[str], device: torch.device
) -> dict[str, torch.Tensor] | None:
    """The tensors of a file, in float32, or None if it is not there.

    Args:
        checkpoint: A folder; a name on the hub has no such files.
        file: Its name.
        names: Of the tensors that it must hold.
        device: Where to compute.

    Raises:
        SafetensorError: The file is not whole.
        ValueError: It holds other tensors.
    """
    path = Path(checkpoint) / file
    if not path.is_file():
        return None
    parts = load_file(path, str(device))
    if parts.keys() != set(names):
        raise ValueError(f"{path} holds {sorted(parts)}, not {sorted(names)}")
    return {name: part.float() for name, part in parts.items()}
