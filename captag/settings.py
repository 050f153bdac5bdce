"""Everything that can be set, as one immutable value."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

import platformdirs

from captag.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PREFIX = "CAPTAG_"
_LARGEST_PORT = 65_535
_MAY_BE_NONE = ("port", "proxies")  # of the whole numbers; the others are 1 or more
LANGUAGES = ("en", "ko", "all")
PRECISIONS = ("auto", "float32", "bfloat16", "int8")  # captioner's; importing it takes longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process; the environment names each field ``CAPTAG_<FIELD>``.

    Attributes:
        host: Address that the page is served on.
        port: Port that the page is served on; 0 takes a free one.
        trusted_hosts: Further host names that the page answers to, separated by commas.
        admin_token: What tuning needs where the page is served on any address but 127.0.0.1;
            empty turns tuning off there.
        proxies: Proxies in front of captag whose `X-Forwarded-For` and `X-Forwarded-Proto` are
            believed; with any, no visitor counts as this machine, so tuning needs the token.
        requests_per_minute: Most requests from one address.
        photos_per_minute: Most photos from one address.
        logins_per_minute: Most attempts to log in from one address.
        server_threads: Requests that are answered at the same time.
        max_wait_seconds: How long a photo posted to the page waits for the models to be loaded.
        captioner: Caption model: `compact`, `base`, `large`, a folder or a hub name.
        device: Where the models run: `auto`, `cpu`, `cuda` or `mps`.
        precision: In which numbers captions are computed: `auto` (what is fastest here, by a
            measurement), `float32`, `bfloat16` or `int8`.
        vocabulary: File of hashtags to choose from; empty for `hashtags.csv` in the data folder
            where tuning has made it, else for the one that is shipped.
        mix: From 0, what the caption says, to 1, what posts of its kind carry.
        language: Language of the hashtags: `en`, `ko`, or `all` for every third one Korean.
        limit: Hashtags a photo, unless asked otherwise.
        max_limit: Most hashtags that can be asked for.
        post_limit: Hashtags marked as the set to post; Instagram takes five.
        max_upload_bytes: Largest photo that the page accepts.
        max_pixels: Most pixels that a photo may have, width times height.
        cache_folder: Where the vectors of the vocabulary are kept.
        data_folder: Where a vocabulary tuned on the page is kept, and the versions of each.
    """

    host: str = "127.0.0.1"
    port: int = 5000
    trusted_hosts: tuple[str, ...] = ()
    admin_token: str = field(default="", repr=False)  # no log may show it
    proxies: int = 0
    requests_per_minute: int = 600
    photos_per_minute: int = 120
    logins_per_minute: int = 10
    server_threads: int = 8
    max_wait_seconds: int = 120
    captioner: str = "compact"
    device: str = "auto"
    precision: str = "auto"
    vocabulary: Path | None = None
    mix: float = 0.5
    language: str = "en"
    limit: int = 10
    max_limit: int = 50
    post_limit: int = 5
    max_upload_bytes: int = 30_000_000
    max_pixels: int = 64_000_000
    cache_folder: Path = field(default_factory=lambda: platformdirs.user_cache_path("captag"))
    data_folder: Path = field(default_factory=lambda: platformdirs.user_data_path("captag"))

    def __post_init__(self) -> None:
        """Refuse numbers that make no sense.

        Raises:
            SettingsError: A number is out of range; every such setting is named.
        """
        if problems := tuple(_out_of_range(self)):
            raise SettingsError(problems)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from the environment; what is not set keeps its default.

        Args:
            environ: The environment to read; by default that of this process.

        Raises:
            SettingsError: A name is unknown or a value cannot be used; all are named at once.
        """
        given = _given(os.environ if environ is None else environ)
        values: dict[str, Any] = {}
        problems = []
        for name, text in sorted(given.items()):
            try:
                values[name] = _parse(name, text)
            except ValueError as error:
                problems.append(str(error))
        if problems:
            raise SettingsError(problems)
        return cls(**values)


def variable(name: str) -> str:
    """Name the environment variable of a field: ``port`` is set by ``CAPTAG_PORT``."""
    return PREFIX + name.upper()


def _given(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(PREFIX).lower(): text
        for name, text in environ.items()
        if name.startswith(PREFIX)
    }


def _parse(name: str, text: str) -> object:
    types = get_type_hints(Settings)
    if name not in types:
        known = ", ".join(variable(known) for known in types)
        raise ValueError(f"Unknown setting {variable(name)}; known: {known}.")
    try:
        return _PARSERS[types[name]](text.strip())
    except ValueError as error:
        raise ValueError(f"{variable(name)} is {text!r}, but must be {error}.") from error


def _text(text: str) -> str:
    if not text:
        raise ValueError("some text")
    return text


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise ValueError("a whole number") from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ValueError("a number") from error


def _folder(text: str) -> Path:
    return Path(_text(text)).expanduser()


def _file(text: str) -> Path | None:
    return Path(text).expanduser() if text else None


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip()))


_PARSERS: dict[object, Callable[[str], object]] = {
    str: _text,
    int: _whole_number,
    float: _number,
    Path: _folder,
    Path | None: _file,
    tuple[str, ...]: _names,
}


def _out_of_range(settings: Settings) -> Iterator[str]:
    if not 0 <= settings.mix <= 1:  # refuses NaN too
        yield f"mix ({variable('mix')}) is {settings.mix}, but must be from 0 to 1."
    if settings.language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        yield f"language ({variable('language')}) is {settings.language!r}, not one of {known}."
    if settings.precision not in PRECISIONS:
        known = ", ".join(PRECISIONS)
        yield f"precision ({variable('precision')}) is {settings.precision!r}, not one of {known}."
    largest = {"port": _LARGEST_PORT, "limit": settings.max_limit}
    for name, kind in get_type_hints(Settings).items():
        if kind is int:
            low, high = int(name not in _MAY_BE_NONE), largest.get(name)
            number = getattr(settings, name)
            if number < low or (high is not None and number > high):
                allowed = f"at least {low}" if high is None else f"from {low} to {high}"
                yield f"{name} ({variable(name)}) is {number}, but must be {allowed}."
