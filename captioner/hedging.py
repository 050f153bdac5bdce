"""Says less where less is sure: "a photo of a room" where it may be a bedroom or a museum.

Hedging your bets (Deng et al. 2012, "Optimizing accuracy-specificity trade-offs in large scale
visual recognition"): what can be said of a photo is worth the more the closer it names the thing,
and said is what is worth most after its chance to be right. To say nothing is worth something, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from captioner.categories import Categories

PHOTO_OF = "a photo of"
UNKNOWN = f"{PHOTO_OF} something"
# What each is worth, the caption itself 1. Chosen on 588 everyday photos that were read by eye.
# A label may be there and the caption right all the same: it says less than a category.
LABELS, CATEGORY, GENERAL, NOTHING = 0.7, 0.9, 0.75, 0.45
# Power of the floor: what a caption must be worth to be said of a familiar photo, whatever else
# might be. Of 0.45 that is 0.3; a floor of 1 stays.
BELIEVED = 1.5
# A caption of people where people are less likely than SEEN, in a photo that is not familiar:
# nobody rides most of the motorcycles that are posted.
UNSEEN_PEOPLE, SEEN = 0.55, 0.2


@dataclass(frozen=True, slots=True)
class Saying:
    """What may be said of a photo.

    Attributes:
        text: A caption, or words.
        probability: That it is right, in [0, 1].
        worth: Of saying it where it is right, in [0, 1].
    """

    text: str
    probability: float
    worth: float = 1.0


def best(sayings: Iterable[Saying], floor: float) -> Saying:
    """What is worth most, or `UNKNOWN` where nothing is worth the floor.

    Args:
        sayings: What may be said, at least one; of two that are worth the same the first is.
        floor: What it is worth to say nothing, in [0, 1].
    """
    found = max(sayings, key=lambda one: one.probability * one.worth)
    return found if found.probability * found.worth >= floor else Saying(UNKNOWN, 0.0)


def said(own: Saying, instead: Iterable[Saying], floor: float, *, is_familiar: bool) -> Saying:
    """What is said of a photo: its caption, or what is worth more.

    Args:
        own: The caption.
        instead: What may be said in its place.
        floor: What it is worth to say nothing, in [0, 1].
        is_familiar: Whether the photo is like those that people have described: then its caption
            is seldom wrong in more than it would be with less.
    """
    if is_familiar and own.probability * own.worth >= floor**BELIEVED:
        return own
    return best([own, *instead], floor)


def worth_of_people(seen: float, *, is_familiar: bool) -> float:
    """What a caption of people is worth, by how likely they are and whether the photo is familiar.

    Args:
        seen: How likely, in [0, 1].
        is_familiar: As `said` takes it.
    """
    return 1.0 if is_familiar or seen >= SEEN else UNSEEN_PEOPLE


def instead(categories: Categories, seen: Sequence[float], said: int) -> tuple[Saying, ...]:
    """What may be said of a photo by what it shows: its category, and a superordinate one.

    Args:
        categories: What there are.
        seen: How likely each is, as `Categories.seen` gives it.
        said: The category that the caption names, which names it more closely.
    """
    names, parents = categories.lexicon.names, categories.lexicon.parents
    close = {
        category: probability
        for category, probability in enumerate(seen)
        if category not in (said, parents[category]) and names[category]
    }
    general = {
        category: probability
        for category, probability in categories.general(seen).items()
        if names[category]
    }
    both = ((close, CATEGORY), (general, GENERAL))
    return tuple(_surest(names, of, worth) for of, worth in both if of)


def _surest(names: Sequence[str | None], of: Mapping[int, float], worth: float) -> Saying:
    category = max(of, key=lambda own: of[own])
    return Saying(f"{PHOTO_OF} {names[category]}", of[category], worth)
