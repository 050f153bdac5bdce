"""The captioning models known by a short name, and where any model's files lie."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

COMPACT = "compact"
PRECISIONS = ("auto", "float32", "bfloat16", "int8")
_WEIGHTS = "model.safetensors"


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A captioning model with a short name.

    Attributes:
        alias: The short name.
        location: Its name on the Hugging Face hub, or the folder it is shipped in.
        size_bytes: What its weights take on disk, and in a download.
        licence: As its authors state it.
    """

    alias: str
    location: str
    size_bytes: int
    licence: str

    @property
    def is_here(self) -> bool:
        """Whether its weights are on this machine, so that no network is needed."""
        if Path(self.location).is_absolute():
            return (Path(self.location) / _WEIGHTS).is_file()
        from huggingface_hub import try_to_load_from_cache  # half a second; only when asked

        return isinstance(try_to_load_from_cache(self.location, _WEIGHTS), str)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a model computes in.

    Attributes:
        precision: ``float32``, ``bfloat16`` or ``int8``.
        reason: Why, as one line for people.
    """

    precision: str
    reason: str


def known_models() -> tuple[KnownModel, ...]:
    """Every model with a short name, the default first."""
    compact = Path(str(files("captag_data"))) / "compact-blip"
    size = sum(path.stat().st_size for path in compact.glob("*.safetensors"))
    research = "Apache-2.0; taught with captions for research use"
    return (
        KnownModel(COMPACT, str(compact), size, research),
        KnownModel("base", "Salesforce/blip-image-captioning-base", 989_820_849, "BSD-3-Clause"),
        KnownModel(
            "large", "Salesforce/blip-image-captioning-large", 1_879_021_265, "BSD-3-Clause"
        ),
    )


def location_of(model: str) -> str:
    """Where the files of a model lie.

    Args:
        model: A short name, a folder, or a name on the hub.

    Returns:
        The folder or the name on the hub; what is no short name comes back as it is.
    """
    return next((known.location for known in known_models() if known.alias == model), model)
