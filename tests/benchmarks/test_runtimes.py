"""What the other runtimes are given to run is what captag runs."""

import pytest
import torch
from checkpoints import SMALL_TEXT, SMALL_VISION
from transformers import BlipConfig, BlipForConditionalGeneration

from benchmarks import runtimes
from captioner.decoder import TextDecoder

LAYERS, HEADS, WIDTH, BEAMS = 2, 2, 32, 3


@pytest.fixture(scope="module")
def model() -> BlipForConditionalGeneration:
    torch.manual_seed(0)
    config = BlipConfig(text_config=SMALL_TEXT, vision_config=SMALL_VISION)
    return BlipForConditionalGeneration(config).eval()


@torch.inference_mode()
def test_a_step_that_keeps_nothing_gives_the_logits_of_captag_s_decoder(
    model: BlipForConditionalGeneration,
) -> None:
    decoder = TextDecoder(model.text_decoder, lambda linear: linear, lambda linear: linear)
    photo, first = torch.randn(1, 5, WIDTH), torch.tensor([[7]])
    reading, _ = decoder.begin(photo, first, None, 3)
    reading.choose(torch.zeros(1, BEAMS, dtype=torch.long))
    tokens = torch.tensor([[11], [12], [13]])
    wanted = reading.step(tokens.T)

    step = runtimes._Step(model)
    keys = [decoder.split(layer.photo_key_value(photo), 2) for layer in decoder.layers]
    seen = torch.stack([torch.stack(pair) for pair in keys])
    past = torch.empty(LAYERS, 2, BEAMS, HEADS, 0, WIDTH // HEADS)
    _, past = step(first.expand(BEAMS, 1), torch.zeros(BEAMS, 1, dtype=torch.long), past, seen)
    logits, _ = step(tokens, torch.ones(BEAMS, 1, dtype=torch.long), past, seen)
    torch.testing.assert_close(logits, wanted, rtol=1e-4, atol=1e-4)


def test_what_is_not_installed_is_said_and_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.runtimes.find_spec", lambda name: None)
    assert runtimes.why_missing() == "skipped: not installed: onnx, onnxruntime, openvino"
    monkeypatch.setattr("benchmarks.runtimes.find_spec", lambda name: name)
    assert not runtimes.why_missing()
