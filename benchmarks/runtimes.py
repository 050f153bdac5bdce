"""BLIP-base's parts in ONNX Runtime and in OpenVINO: would another runtime be faster?

Each gets the photo encoder, and one step of the decoder with three beams, its keys and values
handed from step to step. What a search adds is left out, so that the sum flatters them.
"""

from __future__ import annotations

import re
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from benchmarks.contestants import HOW, SIDE, TOKENS, random_blip_base
from captioner.attention import attention
from captioner.decoder import TextDecoder

if TYPE_CHECKING:
    from collections.abc import Callable

NEEDED = ("onnx", "onnxruntime", "openvino")
ENCODER, DECODER = "photo encoder", f"decoder's {TOKENS} steps"
RUNTIME = re.compile("ONNX Runtime, |OpenVINO, ")  # what the names of contestants begin with
_OPSET = 17


class _Encoder(nn.Module):
    def __init__(self, model: Any) -> None:
        super().__init__()
        self.vision_model = model.vision_model

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        encoded: torch.Tensor = self.vision_model(pixels)[0]
        return encoded


class _Step(nn.Module):
    """What `captioner.decoder.Reading.step` computes, without anything kept between two steps."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.decoder = TextDecoder(model.text_decoder, lambda linear: linear, lambda linear: linear)

    def forward(
        self, ids: torch.Tensor, places: torch.Tensor, past: torch.Tensor, photo: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits, and `past` with the token's keys and values, both ``(layers, 2, ...)``."""
        split, kept = self.decoder.split, []
        hidden = self.decoder.embeddings(input_ids=ids, position_ids=places)
        for number, layer in enumerate(self.decoder.layers):
            query, *new = split(layer.query_key_value(hidden), 3)
            key, value = (torch.cat([past[number, i], new[i]], 2) for i in range(2))
            kept.append(torch.stack([key, value]))
            hidden = layer.own_norm(layer.own_output(attention(query, key, value, None)) + hidden)
            asked = layer.photo_query(hidden).view(1, -1, hidden.shape[-1])
            (query,) = split(asked, 1)
            seen = attention(query, photo[number, 0], photo[number, 1], None).view(hidden.shape)
            hidden = layer.photo_norm(layer.photo_output(seen) + hidden)
            hidden = layer.norm(layer.down(layer.activation(layer.up(hidden))) + hidden)
        return self.decoder.logits(hidden[:, -1]), torch.stack(kept)


def why_missing() -> str:
    """Which packages are not installed; empty where all are."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    return f"skipped: not installed: {', '.join(missing)}" if missing else ""


def contestants(folder: str) -> dict[str, Callable[[], object]]:
    """The parts in each runtime, on as many threads as torch has.

    Args:
        folder: Where the exported parts lie as long as they are run.
    """
    inputs = _export(folder)
    return _onnx_runtime(folder, inputs) | _openvino(folder, inputs)


def _export(folder: str) -> dict[str, dict[str, Any]]:
    """Write the parts as ONNX; what each is given."""
    model = random_blip_base().requires_grad_(False)
    text, cells = model.config.text_config, (SIDE // model.config.vision_config.patch_size) ** 2 + 1
    size = text.hidden_size // text.num_attention_heads

    def kept(rows: int, length: int) -> torch.Tensor:
        heads = text.num_attention_heads
        return torch.randn(text.num_hidden_layers, 2, rows, heads, length, size)

    parts: dict[str, tuple[nn.Module, dict[str, torch.Tensor]]] = {
        ENCODER: (_Encoder(model), {"pixels": torch.randn(1, 3, SIDE, SIDE)}),
        DECODER: (
            _Step(model),
            {
                "ids": torch.ones(HOW.num_beams, 1, dtype=torch.long),
                "places": torch.full((HOW.num_beams, 1), TOKENS // 2),
                "past": kept(HOW.num_beams, TOKENS // 2),  # the mean over a caption
                "photo": kept(1, cells),
            },
        ),
    }
    for name, (part, given) in parts.items():
        torch.onnx.export(
            part.eval(),
            tuple(given.values()),
            f"{folder}/{name}.onnx",
            input_names=[*given],
            opset_version=_OPSET,
            dynamo=False,
        )
    return {
        name: {key: value.numpy() for key, value in given.items()}
        for name, (_, given) in parts.items()
    }


def _onnx_runtime(
    folder: str, inputs: dict[str, dict[str, Any]]
) -> dict[str, Callable[[], object]]:
    from onnxruntime import InferenceSession, SessionOptions
    from onnxruntime.quantization import QuantType, quantize_dynamic

    options, found = SessionOptions(), {}
    options.intra_op_num_threads = torch.get_num_threads()
    for name, given in inputs.items():
        plain, small = f"{folder}/{name}.onnx", f"{folder}/{name}-int8.onnx"
        quantize_dynamic(
            plain,
            small,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
        for precision, path in (("float32", plain), ("int8", small)):
            session = InferenceSession(path, options, providers=["CPUExecutionProvider"])
            run = _repeated(partial(session.run, None, given), name)
            found[f"ONNX Runtime, {name}, {precision}"] = run
    return found


def _openvino(folder: str, inputs: dict[str, dict[str, Any]]) -> dict[str, Callable[[], object]]:
    from openvino import Core

    core, found = Core(), {}
    for name, given in inputs.items():
        for precision, hint in (("float32", "f32"), ("bfloat16", "bf16")):
            how = {
                "INFERENCE_PRECISION_HINT": hint,
                "INFERENCE_NUM_THREADS": torch.get_num_threads(),
                "PERFORMANCE_HINT": "LATENCY",
            }
            compiled = core.compile_model(f"{folder}/{name}.onnx", "CPU", how)
            run = _repeated(partial(compiled, given), name)
            found[f"OpenVINO, {name}, {precision}"] = run
    return found


def _repeated(run: Callable[[], object], name: str) -> Callable[[], object]:
    """The decoder writes a token a step."""
    times = TOKENS if name == DECODER else 1
    return lambda: [run() for _ in range(times)]
