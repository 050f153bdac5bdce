"""A request that cannot be answered as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from captag import CaptagError

if TYPE_CHECKING:
    from collections.abc import Mapping


class RequestRefused(CaptagError):
    """A request that lacks something or asks for what cannot be; the message says what."""


class FieldsRefused(RequestRefused):
    """A request with fields that cannot be used.

    Attributes:
        fields: What is wrong with each of them; at least one.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__(" ".join(dict.fromkeys(self.fields.values())))


class NoSuchHashtag(CaptagError):
    """A hashtag that the vocabulary does not have."""


class RevisionNeeded(CaptagError):
    """A change of the vocabulary that does not say which revision it was made to."""
