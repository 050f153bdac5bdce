"""A request that cannot be answered as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from captag import CaptagError

if TYPE_CHECKING:
    from collections.abc import Mapping


class RequestRefused(CaptagError):
    """A request that lacks something or asks for what cannot be; the message says what.

    Attributes:
        fields: What is wrong with each field that is; empty where it is the whole.
    """

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        self.fields = dict(fields or {})
        super().__init__(message)


class NoSuchHashtag(CaptagError):
    """A hashtag that the vocabulary does not have."""


class RevisionNeeded(CaptagError):
    """A change of the vocabulary that does not say which revision it was made to."""
