"""How tags are put in order: pure numpy, one function an idea."""

from dataclasses import dataclass

from tagmapper.tags import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What a person may change about the order of the tags.

    Attributes:
        mix: 0 offers what the caption says, 1 what posts of its kind carry; in ``[0, 1]``.
        diversity: 0 is the plain order, 1 only avoids repetition; in ``[0, 1]``.
        floor: Tags that score less are not offered; in ``[-1, 1]``.
        language: Offer tags of this language only, or ``all``.
    """

    mix: float = 0.5
    diversity: float = 0.3
    floor: float = 0.1
    language: Language = "all"
