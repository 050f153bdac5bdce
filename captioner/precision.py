"""In which numbers a model computes: what is asked for, or what a measurement finds fastest here.

Measured are the linear maps, nearly all of the arithmetic: those of the decoder with as many rows
as there are beams, those of the photo encoder with as many as there are patches. The finding is
kept on disk for this processor, these threads, this torch and this size of model.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from captioner.columns import BEAMS, fastest
from captioner.int8 import Int8Linear, Int8Vocabulary
from captioner.models import Choice
from captioner.timing import least_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import nn

_TOKENS = 12  # of a caption, about
_HOPELESS = 2.0  # so many times slower in the decoder, the photo encoder need not be tried
_FORMAT = 2  # of what is kept; another number forgets it


def choose(precision: str, model: Any, cache_folder: Path | None) -> Choice:
    """Say what to compute in.

    Args:
        precision: ``auto``, or what is asked for.
        model: In float32, on its device.
        cache_folder: Where the finding is kept; None for nowhere.

    Raises:
        ValueError: It is none of `captioner.models.PRECISIONS`, or not for this device.
    """
    allowed = _allowed(model.device.type)
    if precision in allowed:
        return Choice(precision, "asked for")
    if precision != "auto":
        raise ValueError(
            f"precision {precision!r} is not one of {', '.join(('auto', *allowed))} on"
            f" {model.device.type}"
        )
    file = None if cache_folder is None else cache_folder / f"precision-{_key(model)}.json"
    kept = _kept(file)
    if kept is None or kept.precision not in allowed:
        kept = _measured(model, allowed)
        _keep(file, kept)
    return kept


def _allowed(device: str) -> tuple[str, ...]:
    """What there is for a kind of device; int8 is for processors alone."""
    return {
        "cpu": ("float32", "bfloat16", "int8"),
        "cuda": ("float32", "bfloat16"),
    }.get(device, ("float32",))


def _measured(model: Any, allowed: Sequence[str]) -> Choice:
    if len(allowed) == 1:
        return Choice(allowed[0], f"the only one on {model.device.type}")
    seconds: dict[str, float | None] = {}
    for precision in allowed:
        seconds[precision] = _caption_seconds(model, precision, seconds)
    known = {name: each for name, each in seconds.items() if each is not None}
    best = min(known, key=known.__getitem__)
    told = ", ".join(f"{name} {_milliseconds(each)}" for name, each in seconds.items())
    return Choice(best, f"measured, a caption's linear maps: {told}")


def _milliseconds(seconds: float | None) -> str:
    return "many times slower" if seconds is None else f"{1000 * seconds:.0f} ms"


def _caption_seconds(model: Any, precision: str, so_far: dict[str, float | None]) -> float | None:
    """About what the linear maps of one caption take; None where it is not worth finding out."""
    layers = model.text_decoder.bert.encoder.layer
    step = [packing(precision)(layer.output.dense) for layer in layers]
    decoder = _TOKENS * _seconds(step, layers[0].output.dense, precision, BEAMS)
    decoder *= _share(layers[0], layers[0].output.dense)
    fastest = min((each for each in so_far.values() if each is not None), default=None)
    if fastest is not None and decoder > _HOPELESS * fastest:
        return None
    vision = model.vision_model
    blocks = vision.encoder.layers
    cells, widest = cells_of(model), blocks[0].mlp.fc1
    packed = packing_of_photo(precision, cells)(widest)
    photo = _seconds([packed], widest, precision, cells) * len(blocks)
    return decoder + photo * _share(blocks[0], widest)


def _share(layer: nn.Module, linear: nn.Linear) -> float:
    """How many times as many weights a layer has as one of its linear maps."""
    return sum(weight.numel() for weight in layer.parameters()) / linear.weight.numel()


@torch.inference_mode()
def _seconds(packed: Sequence[nn.Module], linear: nn.Linear, precision: str, rows: int) -> float:
    """The least time that all take one after the other, each of the size of a linear map."""
    dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
    size = (1, rows, linear.in_features)
    return least_seconds(packed, torch.randn(size, device=linear.weight.device, dtype=dtype))


def cells_of(model: Any) -> int:
    """Of a photo, in the photo encoder."""
    embeddings = getattr(model.vision_model, "embeddings", None)
    cells: int = model.config.map_cells if embeddings is None else embeddings.num_positions
    return cells


def packing(precision: str) -> Callable[[nn.Linear], nn.Module]:
    """What becomes of a linear map of the decoder."""
    return {"float32": _in_float32, "bfloat16": _in_bfloat16, "int8": Int8Linear}[precision]


def packing_of_photo(precision: str, cells: int) -> Callable[[nn.Linear], nn.Module]:
    """What becomes of a linear map of the photo encoder, of so many cells a photo."""
    if precision == "float32":
        return partial(_in_float32, rows=cells)
    return packing(precision)


def packing_of_vocabulary(precision: str) -> Callable[[nn.Linear], nn.Module]:
    """What becomes of the decoder's last linear map."""
    return Int8Vocabulary if precision == "int8" else packing(precision)


def _in_float32(linear: nn.Linear, rows: int = BEAMS) -> nn.Module:
    return fastest(linear, rows) if linear.weight.device.type == "cpu" else linear


def _in_bfloat16(linear: nn.Linear) -> nn.Module:
    if linear.weight.dtype == torch.bfloat16:
        return linear
    other = torch.nn.Linear(linear.in_features, linear.out_features, device=linear.weight.device)
    other.load_state_dict(linear.state_dict())
    return other.to(torch.bfloat16)


def use_physical_cores() -> None:
    """Let torch use a thread a physical core: two on one core wait for the same multipliers."""
    cores = _physical_cores()
    if cores and cores < torch.get_num_threads():
        torch.set_num_threads(cores)


def _physical_cores() -> int | None:
    """Cores that this process may use; None where the system does not say."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    siblings = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
    try:
        cores = {Path(siblings.format(cpu)).read_text("ascii") for cpu in os.sched_getaffinity(0)}
    except OSError:
        return None
    return len(cores)


def _key(model: Any) -> str:
    """What the finding depends on, in short."""
    text, vision = model.config.text_config, model.config.vision_config
    sizes = [
        (part.hidden_size, part.intermediate_size, part.num_hidden_layers)
        for part in (text, vision)
    ]
    about = [_FORMAT, _processor(), torch.__version__, torch.get_num_threads(), sizes]
    about.append(str(model.device))
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:16]


def _processor() -> str:
    """The processor's model, as the system names it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    told = [line for line in lines if line.startswith(("model name", "flags"))]
    return "\n".join(dict.fromkeys(told))


def _kept(file: Path | None) -> Choice | None:
    """What was found before; None if nothing was, or if it cannot be read."""
    if file is None or not file.is_file():
        return None
    try:
        return Choice(**json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _keep(file: Path | None, choice: Choice) -> None:
    """Write it beside and rename: nobody reads half. A full disk only costs the next time."""
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(asdict(choice)), encoding="utf-8")
        beside.replace(file)
    except OSError:
        return
