"""Any BLIP checkpoint as a `Captioner`, loaded through transformers' Auto classes."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from captioner.caption import Caption
from captioner.entry_level import closer
from captioner.errors import CaptionModelError
from captioner.hedging import NOTHING, Saying, said
from captioner.models import location_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL import Image

    from captioner.engine import Engine
    from captioner.models import Choice
    from captioner.writing import Written

BATCH = 8  # photos at a time: more gains little and takes memory
GUESS = 0.5  # of the confidence: a caption below that is as likely wrong as right
BLIP_TYPES = ("blip", "compact-blip")


class BlipCaptioner:
    """Captions photos with a BLIP model; nothing heavy is loaded before the first use.

    Args:
        model: A short name (``compact``, ``base``, ``large``), a folder with a BLIP checkpoint,
            or its name on the Hugging Face hub.
        device: ``auto`` (CUDA, then MPS, then the processor) or a torch device.
        floor: What it is worth to say nothing, in [0, 1]: a caption gives way to one that says less
            and is surer, and to `captioner.hedging.UNKNOWN` where it is less sure than this; at 0
            none does.
        precision: ``auto`` (what a measurement finds fastest here), ``float32``, ``bfloat16`` or
            ``int8``.
        cache_folder: Where the measurement is kept; None measures at each load.
    """

    def __init__(
        self,
        model: str = "compact",
        *,
        device: str = "auto",
        floor: float = NOTHING,
        precision: str = "auto",
        cache_folder: Path | None = None,
    ) -> None:
        self._name = model
        self._device = device
        self._precision = precision
        self._cache_folder = cache_folder
        self._floor = floor
        self._lock = threading.Lock()
        self._loaded: Loaded | None = None

    @property
    def model(self) -> str:
        """The model's name, as it was asked for."""
        return self._name

    @property
    def choice(self) -> Choice:
        """What it computes in, and why; loads the model.

        Raises:
            CaptionModelError: The model cannot be loaded.
        """
        self.load()
        return cast("Loaded", self._loaded).choice

    def load(self) -> None:
        """Load the model; again is harmless, from any thread.

        Raises:
            CaptionModelError: It cannot be found, fetched or loaded, or is no BLIP.
        """
        with self._lock:
            if self._loaded is None:
                self._loaded = self._read()

    def caption(self, photos: Sequence[Image.Image], *, prompt: str = "") -> tuple[Caption, ...]:
        """Write one caption a photo, in order, by beam search.

        Args:
            photos: Upright RGB images, as `read_image` gives them.
            prompt: Words the captions begin with.

        Raises:
            CaptionModelError: The model cannot be loaded.
        """
        self.load()
        captions: list[Caption] = []
        for start in range(0, len(photos), BATCH):
            captions += self._caption_batch(photos[start : start + BATCH], prompt)
        return tuple(captions)

    def _caption_batch(self, photos: Sequence[Image.Image], prompt: str) -> list[Caption]:
        from captioner.writing import generate

        loaded = self._loaded or self._read()
        start = time.perf_counter()
        with self._lock:  # one photo at a time: two at once on one processor gain nothing
            written = generate(loaded.processor, loaded.engine, photos, prompt)
        seconds = (time.perf_counter() - start) / len(photos)
        return [self._caption(one, seconds, begun=bool(prompt)) for one in written]

    def _caption(self, written: Written, seconds: float, *, begun: bool) -> Caption:
        """What was written, or less where that is too unsure; what a person began stays."""
        hedges = self._floor > 0 and not begun and written.confidence is not None
        sure = 1.0 if written.confidence is None else written.confidence
        text = written.brief if hedges and written.brief else written.text
        own = Saying(text, sure, written.worth)
        if hedges:
            own = said(own, written.instead, self._floor, is_familiar=written.is_familiar)
            own = closer(own, written.animal)
        return Caption(
            text=own.text,
            model=self._name,
            log_probability=written.log_probability,
            seconds=seconds,
            labels=written.labels,
            confidence=None if written.confidence is None else own.probability,
            is_guess=own.probability < max(GUESS, self._floor),
        )

    def _read(self) -> Loaded:
        from safetensors import SafetensorError

        from captioner.engine import Engine
        from captioner.precision import choose, use_physical_cores

        location = location_of(self._name)
        use_physical_cores()
        try:
            processor, model = read_checkpoint(location, self._device)
            choice = choose(self._precision, model, self._cache_folder)
            return Loaded(processor, Engine(model, choice.precision), choice)
        # What the hub, the config, the tokenizer and the weights raise when they are not there
        # (OSError, HFValidationError is a ValueError) or are not what they claim to be.
        except (ImportError, OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise CaptionModelError(
                f"cannot load the caption model {self._name!r} from {location}:"
                f" {_first_line(error)}. It must be 'compact', 'base', 'large', a folder with a"
                " BLIP checkpoint in safetensors, or the name of one on the Hugging Face hub,"
                " which needs the network the first time."
            ) from error


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model ready to write, and what it computes in."""

    processor: Any
    engine: Engine
    choice: Choice


def read_checkpoint(location: str, device: str) -> tuple[Any, Any]:
    """Processor and model of a checkpoint; any exception of theirs comes out as it is."""
    import torch
    from huggingface_hub.utils.tqdm import enable_progress_bars
    from transformers import AutoConfig, AutoModelForImageTextToText, AutoProcessor
    from transformers.utils import logging

    import captioner.compact  # noqa: F401 - registers the compact BLIP with the Auto classes
    from captioner.backbone import EfficientNetLite2
    from captioner.beginnings import Beginnings
    from captioner.categories import Categories
    from captioner.consensus import Consensus
    from captioner.familiarity import Familiarity
    from captioner.tuning import Tuning

    logging.disable_progress_bar()  # of the weights, but
    enable_progress_bars()  # not of a download
    config = AutoConfig.from_pretrained(location, trust_remote_code=False)
    if config.model_type not in BLIP_TYPES:
        raise ValueError(f"it is a {config.model_type!r} model, not BLIP")
    processor = AutoProcessor.from_pretrained(location, trust_remote_code=False)
    model = AutoModelForImageTextToText.from_pretrained(
        location,
        config=config,
        use_safetensors=True,
        trust_remote_code=False,
        dtype=torch.float32,
    )
    model = model.eval().to(_torch_device(device))
    if config.model_type == "compact-blip":
        vocabulary = processor.tokenizer.get_vocab()
        model.backbone = EfficientNetLite2(Tuning.beside(location))
        model.consensus = Consensus.beside(location, model.device)
        model.categories = Categories.beside(location, vocabulary, model.device)
        model.familiarity = Familiarity.beside(location, model.device)
        if model.consensus is not None:
            nouns = model.consensus.is_noun.nonzero().flatten().tolist()
            model.beginnings = Beginnings.of(nouns, vocabulary, config.text_config.sep_token_id)
    return processor, model


def _torch_device(device: str) -> Any:
    """The device asked for, or the best there is; RuntimeError for one that torch cannot use."""
    import torch

    if device != "auto":
        return torch.device(device)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
