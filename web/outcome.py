"""What the page shows of one photo or caption."""

from __future__ import annotations

from dataclasses import dataclass

from tagmapper import HashtagMatch, Keyword


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one photo or caption.

    Attributes:
        photo: The name of the photo; empty for a caption without one.
        picture: The photo as a ``data:`` URL; empty where there is none to show.
        caption: What the photo shows, or what a person wrote.
        is_guess: Whether the model is not sure of its caption.
        model: Who wrote the caption; empty for a person.
        seconds: How long that took.
        hashtags: The hashtags for it, the best first.
        refusal: Why there are none, for people; else empty.
    """

    photo: str
    picture: str = ""
    caption: str = ""
    is_guess: bool = False
    model: str = ""
    seconds: float = 0
    hashtags: tuple[HashtagMatch, ...] = ()
    refusal: str = ""


# What the script fills in, where it cannot have the server's: braces stand in place of values.
BLANK = Outcome(
    photo="{}", hashtags=(HashtagMatch("{}", 0, Keyword("", 0, 0, "NOUN"), 0, "{}", 0),)
)
