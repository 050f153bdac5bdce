"""What the API takes and gives, as pydantic models; its document is made from them.

Those of the vocabulary are in `web.api_vocabulary_models`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from flask_openapi3.models.file import FileStorage
from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    RootModel,
    StrictFloat,
    StrictInt,
    StrictStr,
)

from captag.answers import Answer
from tagmapper import Language

MAX_CAPTION_LENGTH = 2_200  # what Instagram allows


def _none_if_empty(value: object) -> object:
    """A field of a form that is left empty was not filled in."""
    return None if value == "" else value


Limit = Annotated[
    Annotated[StrictInt, Field(ge=1)] | None,
    BeforeValidator(_none_if_empty),
    Field(description="Most hashtags wanted; as many as usual where it is left out."),
]
Mix = Annotated[
    Annotated[StrictFloat, Field(ge=0, le=1)] | None,
    BeforeValidator(_none_if_empty),
    Field(description="From 0, what the caption says, to 1, what posts of its kind carry."),
]
InLanguage = Annotated[
    Language | None,
    BeforeValidator(_none_if_empty),
    Field(description="Language of the hashtags; `all` for every third one Korean."),
]
CaptionText = Annotated[
    StrictStr, Field(min_length=1, max_length=MAX_CAPTION_LENGTH, pattern=r"\S")
]


class PhotoForm(BaseModel):
    """A photo, and how its hashtags are wanted."""

    photo: FileStorage = Field(description="JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or AVIF.")
    limit: Limit = None
    mix: Mix = None
    language: InLanguage = None


class CaptionBody(BaseModel):
    """A caption, and how its hashtags are wanted."""

    caption: CaptionText
    limit: Limit = None
    mix: Mix = None
    language: InLanguage = None


class AnswerBody(RootModel[Answer]):
    """What came of one photo or caption; what does not apply is empty, never missing."""


class CaptionerBody(BaseModel):
    """A caption model that has a short name."""

    alias: str
    size_bytes: int
    licence: str
    is_here: bool = Field(description="Whether it need not be fetched first.")


class CaptionersBody(BaseModel):
    """The caption model in use, and those that have a short name."""

    in_use: str
    captioners: list[CaptionerBody]


class HealthBody(BaseModel):
    """How far the models are."""

    status: Literal["ready", "loading", "failed"]
    model: str
