"""A sentence that remembers what it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self


class Reason(str):
    """Why something is refused: text as any other, which a page can say in another language.

    Attributes:
        sentence: The sentence in English, with places such as ``%(count)s``.
        values: What stands in its places.
    """

    sentence: str
    values: Mapping[str, object]

    def __new__(cls, sentence: str, **values: object) -> Self:
        """Put the values in their places; a sentence without values is taken as it is."""
        made = super().__new__(cls, sentence % values if values else sentence)
        made.sentence = sentence
        made.values = values
        return made
