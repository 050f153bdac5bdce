"""The vocabulary, for programs: what only somebody who may tune does.

Each change names the revision that it was made to in `If-Match`; see `web.access` for the rest.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, make_response, request
from flask_openapi3.models import RawModel

from captag.answers import answer_of_matches
from captag.vocabulary_changes import Change
from captag.vocabulary_errors import ImportRefused
from captag.vocabulary_imports import preview_import
from tagmapper import Hashtag
from web.api import refusals
from web.api_vocabulary import blueprint, known_hashtag, with_etag
from web.api_vocabulary_models import (
    ChangeBody,
    ChangesBody,
    DifferenceQuery,
    DifferencesBody,
    Fields,
    FieldsWithTag,
    IfMatch,
    ImportQuery,
    PreviewBody,
    SavedBody,
    TagPath,
    TriedBody,
    TryBody,
    VersionPath,
    VersionsBody,
)
from web.posted import checked_limit, checked_ranking
from web.problems import bad_lines_json, difference_json
from web.refused import RevisionNeeded
from web.service import current, service

if TYPE_CHECKING:
    from captag.vocabulary_imports import ImportPreview
    from captag.vocabulary_snapshot import Snapshot

_READING = refusals(401, 403)
_CHANGING = {**_READING, **refusals(412, 428, 503)}
_SENDING = {**_CHANGING, **refusals(409, 413, 415, 422)}
_TOKEN: list[dict[str, list[str]]] = [{"token": []}, {}]


__all__ = ["blueprint"]  # that of `web.api_vocabulary`, with the views of this file


class CsvFile(RawModel):
    """A vocabulary file."""

    mimetypes = ["text/csv"]  # noqa: RUF012 - flask-openapi3 reads it from the class


@blueprint.patch("", security=_TOKEN, responses={200: SavedBody, **_SENDING})
def change_hashtags(header: IfMatch, body: ChangesBody) -> Response:
    """Make many changes: all of them or none."""
    if_match = revision_of(header)
    changes = [_change(each) for each in body.changes]
    if body.base is None or body.base == if_match:
        return saved(service().vocabulary.save(if_match, changes))
    store = service().vocabulary
    if if_match != current().revision:  # refused as any change of another revision
        return saved(store.save(if_match, changes))
    return saved(store.save(body.base, changes, merge=True))


@blueprint.put(
    "/tags/<tag>", security=_TOKEN, responses={200: SavedBody, 201: SavedBody, **_SENDING}
)
def put_hashtag(header: IfMatch, path: TagPath, body: Fields) -> Response:
    """Write one line, whether it is there or not (201); fields left out are empty."""
    revision = revision_of(header)
    is_new = current().find(path.tag) is None
    empty = {field.name: field.default for field in dataclasses.fields(Hashtag)}
    fields: dict[str, Any] = {**empty, "meaning": "", **body.given(), "tag": path.tag}
    changes = [Change("" if is_new else path.tag, fields)]
    return saved(service().vocabulary.save(revision, changes), 201 if is_new else 200)


@blueprint.patch(
    "/tags/<tag>", security=_TOKEN, responses={200: SavedBody, **refusals(404), **_SENDING}
)
def patch_hashtag(header: IfMatch, path: TagPath, body: FieldsWithTag) -> Response:
    """Change fields of one line: block it, pin it, give it another meaning or name."""
    revision = revision_of(header)
    known_hashtag(current(), path.tag)
    return saved(service().vocabulary.save(revision, [Change(path.tag, body.given())]))


@blueprint.delete(
    "/tags/<tag>",
    security=_TOKEN,
    responses={200: SavedBody, **refusals(404, 409, 422), **_CHANGING},
)
def delete_hashtag(header: IfMatch, path: TagPath) -> Response:
    """Delete one line."""
    revision = revision_of(header)
    known_hashtag(current(), path.tag)
    return saved(service().vocabulary.save(revision, [Change(path.tag, None)]))


@blueprint.post(
    "/import/preview",
    security=_TOKEN,
    responses={200: PreviewBody, **_READING, **refusals(413, 415)},
)
def preview_import_file(query: ImportQuery, raw: CsvFile) -> Response:
    """Say line by line what a file would change; nothing is changed."""
    snapshot = current()
    found = preview_import(raw.get_data(), snapshot, query.mode)
    return with_etag(jsonify(_preview(found)), snapshot)


@blueprint.post("/import", security=_TOKEN, responses={200: SavedBody, **_SENDING})
def import_file(header: IfMatch, query: ImportQuery, raw: CsvFile) -> Response:
    """Import a file: all of it, or nothing where a line cannot be used."""
    revision = revision_of(header)
    found = preview_import(raw.get_data(), current(), query.mode)
    if found.bad_lines:
        raise ImportRefused(found.bad_lines)
    return saved(service().vocabulary.replace(revision, found.hashtags))


@blueprint.get("/versions", security=_TOKEN, responses={200: VersionsBody, **_READING})
def list_versions() -> Response:
    """List the kept versions, the newest first."""
    kept = [
        {
            "id": each.id,
            "saved_at": each.saved_at.isoformat(),
            "hashtags": each.hashtags,
            "revision": each.revision,
        }
        for each in service().vocabulary.versions.list()
    ]
    return jsonify(versions=kept)


@blueprint.get(
    "/differences", security=_TOKEN, responses={200: DifferencesBody, **_READING, **refusals(404)}
)
def compare_versions(query: DifferenceQuery) -> Response:
    """Compare two versions."""
    current()
    found = service().vocabulary.difference(query.before, query.after)
    return jsonify(differences=[difference_json(each) for each in found])


@blueprint.post(
    "/versions/<version>/restore",
    security=_TOKEN,
    responses={200: SavedBody, **refusals(404), **_CHANGING},
)
def restore_version(header: IfMatch, path: VersionPath) -> Response:
    """Write a kept version over the file."""
    return saved(service().vocabulary.restore(path.version, revision_of(header)))


@blueprint.post(
    "/try", security=_TOKEN, responses={200: TriedBody, **_READING, **refusals(413, 415, 422, 503)}
)
def try_changes(body: TryBody) -> Response:
    """Match a caption with the vocabulary in use and with unsaved changes; nothing is changed."""
    limit, ranking = checked_limit(body.limit), checked_ranking(body.mix, body.language)
    service().pipeline.wait()
    caption = body.caption.strip()
    before, after = service().tuning.try_changes(
        caption, [_change(each) for each in body.changes], limit, ranking
    )
    shown = (answer_of_matches(caption, each)["hashtags"] for each in (before, after))
    return jsonify(dict(zip(("before", "after"), shown, strict=True)))


def revision_of(header: IfMatch) -> str:
    """Return the revision that a change was made to.

    Raises:
        RevisionNeeded: The request does not say.
    """
    if header.if_match is None:
        raise RevisionNeeded(
            "Say in If-Match which revision the change was made to: the ETag of the vocabulary."
        )
    revision = current().revision
    if request.if_match.contains(revision):
        return revision
    given = request.if_match.as_set()
    return min(given) if given else header.if_match


def saved(snapshot: Snapshot, status: int = 200) -> Response:
    """Answer with what was saved, once captions are matched with it or soon will be."""
    body = jsonify(
        revision=snapshot.revision,
        hashtags=len(snapshot.hashtags),
        in_use=service().tuning.catch_up(),
    )
    return with_etag(make_response(body, status), snapshot)


def _change(body: ChangeBody) -> Change:
    return Change(body.tag, None if body.fields is None else body.fields.given())


def _preview(found: ImportPreview) -> dict[str, Any]:
    counts = {kind: found.count(kind) for kind in ("added", "changed", "same", "removed")}
    lines = [
        {
            "line": each.line,
            "kind": each.kind,
            "tag": each.tag,
            "before": each.before,
            "after": each.after,
        }
        for each in found.lines
        if each.kind != "same"
    ]
    bad_lines = bad_lines_json(found.bad_lines)
    return {"revision": found.revision, **counts, "lines": lines, "bad_lines": bad_lines}
