"""What is timed: BLIP-base of transformers and of captag, and captag from bytes to hashtags.

BLIP-base has random weights: the arithmetic does not depend on them, and 990 MB need not be
fetched. Each caption has exactly 20 tokens, so that all do the same work.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any

import torch

from captioner import Choice, read_image
from captioner.engine import Engine
from captioner.precision import choose
from captioner.search import Begun, Search, search

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

TOKENS = 20
HOW = Search(num_beams=3, max_new_tokens=TOKENS, min_new_tokens=TOKENS)
SIDE = 384
EMULATED = 2.0  # bfloat16 so many times slower than float32 is no match, but an accident
BATCH = 8  # `captioner.blip.BATCH`
CAPTION = "a brown and white dog is sitting on a bench"  # none of those that are embedded already


def random_blip_base() -> Any:
    """BLIP-base's architecture, the same random weights each time."""
    from transformers import BlipConfig, BlipForConditionalGeneration

    torch.manual_seed(0)
    config = BlipConfig(
        text_config={"num_attention_heads": 12, "eos_token_id": 102},
        vision_config={"initializer_range": 0.02},  # by default it sees nothing
    )
    return BlipForConditionalGeneration(config).eval()


def sample_photo() -> bytes:
    """A shipped photo, as it lies on disk."""
    return (files("captag_data") / "photos" / "dog.jpg").read_bytes()


def pixels_of(photo: Image.Image) -> torch.Tensor:
    """A photo as BLIP-base takes it."""
    from transformers import BlipImageProcessorPil

    processor = BlipImageProcessorPil(size={"height": SIDE, "width": SIDE})
    pixels: torch.Tensor = processor(images=photo, return_tensors="pt")["pixel_values"]
    return pixels


class Stock:
    """BLIP-base as people call it: transformers' `generate`, 3 beams."""

    def __init__(self, dtype: torch.dtype, device: str) -> None:
        self.model = random_blip_base().to(device, dtype)
        self.photo = read_image(BytesIO(sample_photo()))

    def tokens(self, photos: int = 1) -> list[list[int]]:
        """Caption so many photos at once; the caption's tokens."""
        pixels = pixels_of(self.photo).to(self.model.device, self.model.dtype)
        ids: list[list[int]] = self.model.generate(
            pixels.expand(photos, -1, -1, -1),
            num_beams=HOW.num_beams,
            max_new_tokens=TOKENS,
            min_new_tokens=TOKENS,
        ).tolist()
        return ids


class Ours:
    """The same model in captag's engine."""

    def __init__(self, precision: str, device: str) -> None:
        model = random_blip_base().to(device)
        self.choice: Choice = choose(precision, model, None)
        self.engine = Engine(model, self.choice.precision)
        self.photo = read_image(BytesIO(sample_photo()))
        self.encoded = self.encode()

    def tokens(self, photos: int = 1) -> list[list[int]]:
        """Caption so many photos at once; the tokens."""
        pixels = pixels_of(self.photo).to(self.engine.device).expand(photos, -1, -1, -1)
        return [draft.tokens for draft in self.engine.write(pixels, None, HOW)]

    @torch.inference_mode()
    def encode(self) -> torch.Tensor:
        """The photo encoder alone, one photo."""
        pixels = pixels_of(self.photo).to(self.engine.device, self.engine.model.dtype)
        encoded: torch.Tensor = self.engine.model.vision_model(pixels)[0]
        return encoded

    def decode(self) -> object:
        """The search alone, one photo."""
        first = self.engine.config.text_config.bos_token_id
        prompt = torch.full((1, 1), first, device=self.engine.device)
        return search(self.engine.decoder, Begun(self.encoded, prompt), HOW)

    def one_by_one(self, photos: int) -> None:
        """Caption so many photos, each alone."""
        for _ in range(photos):
            self.tokens()

    def batched(self, photos: int) -> None:
        """Caption so many photos, as `BlipCaptioner` batches them."""
        for start in range(0, photos, BATCH):
            self.tokens(min(BATCH, photos - start))


@dataclass(frozen=True, slots=True)
class Product:
    """captag with its default model."""

    whole: Callable[[], object]
    match: Callable[[], object]
    choice: Choice


def product() -> Product:
    """From a photo's bytes, and from a caption, to ten hashtags with default settings."""
    from captag import Settings, build_pipeline

    pipeline = build_pipeline(Settings())
    pipeline.load()
    data = sample_photo()

    def whole() -> object:
        return pipeline.suggest(read_image(BytesIO(data)), photo="dog.jpg", limit=10)

    def match() -> object:
        return pipeline.match(CAPTION, 10)

    return Product(whole, match, pipeline.captioner.choice)


def why_no_bfloat16() -> str:
    """Why stock bfloat16 is not run: it is emulated here; empty where it is native."""
    seconds = {}
    for dtype in (torch.float32, torch.bfloat16):
        left, right = torch.ones(64, 768, dtype=dtype), torch.ones(768, 768, dtype=dtype)
        left @ right
        start = time.perf_counter()
        left @ right
        seconds[dtype] = time.perf_counter() - start
    slower = seconds[torch.bfloat16] / seconds[torch.float32]
    if slower < EMULATED:
        return ""
    return f"skipped: this processor emulates bfloat16, {slower:.0f} times slower than float32"
