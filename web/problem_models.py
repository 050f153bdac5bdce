"""What the API says of a refusal, as pydantic models: RFC 9457."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from tagmapper import Hashtag

Revision = Annotated[str, Field(description="Names the content; the same as the `ETag`.")]


class DifferenceBody(BaseModel):
    """One hashtag that is not the same in two versions."""

    tag: str
    kind: Literal["added", "removed", "changed"]
    fields: list[str]
    before: Hashtag | None
    after: Hashtag | None


class ProblemError(BaseModel):
    """One thing to mend."""

    detail: str
    field: str = ""
    at: int = Field(-1, description="Which of the changes is meant, counted from 0; else -1.")
    tag: str = ""
    line: int = 0


class ConflictBody(BaseModel):
    """A line that two people changed at once; null where it is absent."""

    tag: str
    base: Hashtag | None
    yours: Hashtag | None
    theirs: Hashtag | None
    merged: Hashtag | None = Field(description="Both together, where the fields differ.")


class Problem(BaseModel):
    """Why a request was refused: RFC 9457."""

    type: str = Field(description="Address of what this kind of problem is.")
    title: str
    status: int
    detail: str = Field(description="One sentence for people.")
    request_id: str = Field(description="Stands in the log too.")
    errors: list[ProblemError] | None = None
    revision: str | None = Field(None, description="The revision in use by now.")
    can_merge: bool | None = Field(
        None, description="Whether the same changes with `base` would be put together with theirs."
    )
    conflicts: list[ConflictBody] | None = None
    theirs: list[DifferenceBody] | None = None
