"""Whether oneDNN may be asked for by name."""

from __future__ import annotations

import torch


def has_been_tried() -> bool:
    """Whether this torch has oneDNN, on a processor where captag's use of it has been tried."""
    has_vectors = "AVX" in torch.backends.cpu.get_cpu_capability()
    return torch.backends.mkldnn.is_available() and has_vectors
