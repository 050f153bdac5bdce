"""Refusals for programs: RFC 9457, `application/problem+json`."""

from __future__ import annotations

import re
from functools import singledispatch
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import json, make_response

from captag.vocabulary_errors import (
    ChangesRefused,
    ImportRefused,
    VocabularyBroken,
    VocabularyChanged,
)
from web.languages import translated
from web.refused import FieldsRefused
from web.request_ids import request_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Response

    from captag.vocabulary_snapshot import Difference
    from tagmapper import BadLine

MEDIA_TYPE = "application/problem+json"
DOCUMENTATION = "/api/v1/docs"


def problem_response(error: Exception, kind: type[Exception], status: int, detail: str) -> Response:
    """Answer a program with what was refused, why, and what to mend.

    Args:
        error: What was raised.
        kind: The entry of the table of refusals that it fell under.
        status: The HTTP status.
        detail: One sentence for people.
    """
    body = {
        "type": f"{DOCUMENTATION}#{name_of(kind)}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "request_id": request_id(),
        **_members(error),
    }
    return make_response(json.dumps(body), status, {"Content-Type": MEDIA_TYPE})


def name_of(kind: type[Exception]) -> str:
    """Name a kind of problem: `VocabularyChanged` is `vocabulary-changed`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower()


def difference_json(difference: Difference) -> dict[str, Any]:
    """Show one line that differs."""
    return {
        "tag": difference.tag,
        "kind": difference.kind,
        "fields": difference.fields,
        "before": difference.before,
        "after": difference.after,
    }


def bad_lines_json(bad_lines: Iterable[BadLine]) -> list[dict[str, Any]]:
    """Show why lines of a file cannot be used."""
    return [
        {"line": bad.line, "column": bad.column, "reason": translated(bad.reason)}
        for bad in bad_lines
    ]


@singledispatch
def _members(error: Exception) -> dict[str, Any]:
    """Return what this kind of problem says beside its sentence."""
    del error
    return {}


@_members.register
def _(error: FieldsRefused) -> dict[str, Any]:
    fields = error.fields.items()
    return {"errors": [{"field": field, "detail": translated(text)} for field, text in fields]}


@_members.register
def _(error: ChangesRefused) -> dict[str, Any]:
    return {
        "errors": [
            {"at": each.at, "tag": each.tag, "field": each.field, "detail": translated(each.reason)}
            for each in error.problems
        ]
    }


@_members.register
def _(error: ImportRefused) -> dict[str, Any]:
    return {"errors": _errors_of(error.bad_lines)}


@_members.register
def _(error: VocabularyBroken) -> dict[str, Any]:
    return {"errors": _errors_of(error.problem.bad_lines)}


@_members.register
def _(error: VocabularyChanged) -> dict[str, Any]:
    return {
        "revision": error.current.revision,
        "can_merge": error.can_merge,
        "conflicts": error.conflicts,
        "theirs": [difference_json(each) for each in error.theirs],
    }


def _errors_of(bad_lines: Iterable[BadLine]) -> list[dict[str, Any]]:
    return [
        {"line": bad.line, "field": bad.column, "detail": translated(bad.reason)}
        for bad in bad_lines
    ]
