"""What the API takes and gives of the vocabulary, as pydantic models."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, StrictInt, StrictStr

from captag.answers import HashtagAnswer
from captag.vocabulary_imports import Mode
from captag.vocabulary_snapshot import SORTS
from tagmapper import Hashtag
from web.api_models import CaptionText, InLanguage, Limit, Mix
from web.problem_models import DifferenceBody, Revision

MOST_CHANGES = 10_000  # in one request; more than that is an import
_LONGEST_TEXT = 300
_MOST_POSTS = 10**12


class Strict(BaseModel):
    """A field that nobody knows is refused: it may be misspelt."""

    model_config = ConfigDict(extra="forbid")


class VocabularyQuery(BaseModel):
    """Which lines are wanted, and in what order."""

    search: str = Field("", max_length=_LONGEST_TEXT, description="Stands in tag or meaning.")
    language: str | None = Field(
        None, max_length=3, description="Code of the language; empty for lines without one."
    )
    state: Literal["ranked", "blocked", "pinned"] | None = None
    group: str | None = Field(
        None, max_length=_LONGEST_TEXT, description="Kind of tag; empty for lines without one."
    )
    sort: str = Field("file", pattern=f"^({'|'.join(SORTS)})$", description="Order of the lines.")
    descending: bool = False
    page: int = Field(1, ge=1, le=10**9, description="Which hundred.")


class VocabularyBody(BaseModel):
    """One hundred lines of the vocabulary."""

    revision: Revision
    total: int = Field(description="How many lines there are on all pages.")
    page: int
    pages: int
    hashtags: list[Hashtag]


class HashtagBody(RootModel[Hashtag]):
    """One line of the vocabulary."""


class BadLineBody(BaseModel):
    """Why a line of a file cannot be used."""

    line: int = Field(description="Counted from 1; 0 where the whole file is meant.")
    column: str
    reason: str


class StatusBody(BaseModel):
    """How the vocabulary stands."""

    revision: Revision
    hashtags: int
    in_use: bool = Field(description="Whether captions are matched with this revision yet.")
    bad_lines: list[BadLineBody] = Field(
        description="Why an edit of the file from outside cannot be used; empty where all is well."
    )
    may_tune: bool


class IfMatch(BaseModel):
    """Which revision a change was made to; without it, the change is refused with 428."""

    if_match: str | None = Field(
        None, alias="If-Match", description="The `ETag` that the change was made to, or `*`."
    )


class TagPath(BaseModel):
    """A hashtag, without `#`; capitals do not count."""

    tag: str = Field(min_length=1, max_length=_LONGEST_TEXT)


class Fields(Strict):
    """Fields of one line of the vocabulary; what is left out stays as it is."""

    meaning: StrictStr | None = Field(None, max_length=_LONGEST_TEXT)
    posts: StrictInt | None = Field(None, ge=0, le=_MOST_POSTS)
    language: StrictStr | None = Field(None, max_length=3)
    state: Literal["", "blocked", "pinned"] | None = None
    group: StrictStr | None = Field(None, max_length=_LONGEST_TEXT)

    def given(self) -> dict[str, Any]:
        """Return the fields that were given."""
        return self.model_dump(exclude_none=True)


class FieldsWithTag(Fields):
    """Fields of one line of the vocabulary; another `tag` gives the line another name."""

    tag: StrictStr | None = Field(None, min_length=1, max_length=_LONGEST_TEXT)


class ChangeBody(Strict):
    """One change of one line."""

    tag: StrictStr = Field(
        "", max_length=_LONGEST_TEXT, description="The line to change; empty to add one."
    )
    fields: FieldsWithTag | None = Field(None, description="null deletes the line.")


class ChangesBody(Strict):
    """Changes that are all made or none."""

    changes: list[ChangeBody] = Field(min_length=1, max_length=MOST_CHANGES)
    base: StrictStr | None = Field(
        None,
        max_length=64,
        description="The revision that the changes were made to, where it is not that of If-Match:"
        " they are put together with what others have changed since. A line that both have"
        " changed is answered with 409.",
    )


class SavedBody(BaseModel):
    """What was saved."""

    revision: Revision
    hashtags: int
    in_use: bool = Field(description="Whether captions are matched with this revision yet.")


class ImportQuery(BaseModel):
    """How a file is imported."""

    mode: Mode = Field(
        "add",
        description="`add` adds and overwrites; `replace` also removes what the file lacks.",
    )


class ImportLineBody(BaseModel):
    """What one line of the file, or its absence, would change."""

    line: int = Field(description="Counted from 1; 0 for a hashtag that is not in the file.")
    kind: Literal["added", "changed", "same", "removed"]
    tag: str
    before: Hashtag | None
    after: Hashtag | None


class PreviewBody(BaseModel):
    """What an import would change."""

    revision: Revision
    added: int
    changed: int
    same: int
    removed: int
    lines: list[ImportLineBody] = Field(description="All but those that stay the same.")
    bad_lines: list[BadLineBody] = Field(description="While there are any, nothing is imported.")


class VersionBody(BaseModel):
    """A state of the vocabulary that is kept."""

    id: str
    saved_at: str = Field(description="ISO 8601, UTC.")
    hashtags: int
    revision: Revision


class VersionsBody(BaseModel):
    """The kept versions, the newest first."""

    versions: list[VersionBody]


class VersionPath(BaseModel):
    """A kept version."""

    version: str = Field(min_length=1, max_length=_LONGEST_TEXT)


class DifferenceQuery(BaseModel):
    """Two versions, each by its id or `current`."""

    before: str = Field(max_length=_LONGEST_TEXT)
    after: str = Field("current", max_length=_LONGEST_TEXT)


class DifferencesBody(BaseModel):
    """What differs between two versions."""

    differences: list[DifferenceBody]


class TryBody(Strict):
    """A caption, and changes that nobody has saved."""

    caption: CaptionText
    changes: list[ChangeBody] = Field(max_length=MOST_CHANGES)
    limit: Limit = None
    mix: Mix = None
    language: InLanguage = None


class TriedBody(BaseModel):
    """The hashtags of a caption with and without unsaved changes."""

    before: list[HashtagAnswer]
    after: list[HashtagAnswer]
