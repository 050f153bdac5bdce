"""The vocabulary, for programs: what anybody may read.

The views of `web.api_tuning` are part of the same blueprint: OpenAPI knows one entry a path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, jsonify, make_response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from captag.vocabulary_snapshot import Query, page_of
from web.access import may_tune, require_tuner
from web.api import operation_id, refusals
from web.api_checks import check_body
from web.api_vocabulary_models import (
    HashtagBody,
    StatusBody,
    TagPath,
    VocabularyBody,
    VocabularyQuery,
)
from web.problems import bad_lines_json
from web.refused import NoSuchHashtag
from web.service import current, service

if TYPE_CHECKING:
    from captag.vocabulary_snapshot import Snapshot
    from tagmapper import Hashtag

_CSV = {"content": {"text/csv": {"schema": {"type": "string"}}}}

blueprint = APIBlueprint(
    "vocabulary",
    __name__,
    url_prefix="/api/v1/vocabulary",
    abp_tags=[Tag(name="Vocabulary", description="The hashtags that are chosen from.")],
    operation_id_callback=operation_id,
    abp_responses=refusals(400, 429),
)
_SAFE = ("GET", "HEAD")
_OPEN = {
    f"vocabulary.{view}"
    for view in ("list_hashtags", "vocabulary_status", "get_hashtag", "export_file")
}


@blueprint.before_request
def check() -> None:
    """Let only those who may tune do anything but read, and only with a body that can be used."""
    if request.endpoint not in _OPEN:
        require_tuner()
    check_body()


@blueprint.get("", responses={200: VocabularyBody, 304: None})
def list_hashtags(query: VocabularyQuery) -> Response:
    """List a hundred lines: searched, filtered and sorted."""
    snapshot = current()
    page = page_of(
        snapshot,
        Query(
            text=query.search,
            language=query.language,
            state=query.state,
            group=query.group,
            sort=query.sort,
            descending=query.descending,
            page=query.page,
        ),
    )
    body = jsonify(
        revision=snapshot.revision,
        total=page.total,
        page=page.page,
        pages=page.pages,
        hashtags=page.hashtags,
    )
    return with_etag(body, snapshot)


@blueprint.get("/status", responses={200: StatusBody})
def vocabulary_status() -> Response:
    """Say which revision is in use, and whether an edit from outside cannot be."""
    snapshot = current()
    problem = service().vocabulary.problem
    return jsonify(
        revision=snapshot.revision,
        hashtags=len(snapshot.hashtags),
        in_use=service().tuning.in_use(snapshot.revision),
        bad_lines=bad_lines_json(problem.bad_lines if problem else ()),
        may_tune=may_tune(),
    )


@blueprint.get("/tags/<tag>", responses={200: HashtagBody, 304: None, **refusals(404)})
def get_hashtag(path: TagPath) -> Response:
    """Return one line."""
    snapshot = current()
    return with_etag(jsonify(known_hashtag(snapshot, path.tag)), snapshot)


@blueprint.get("/export", responses={200: _CSV, 304: None})
def export_file() -> Response:
    """Return the whole vocabulary as a CSV file."""
    snapshot = current()
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="hashtags.csv"',
    }
    response = make_response(snapshot.content, 200, headers)
    return with_etag(response, snapshot)


def known_hashtag(snapshot: Snapshot, tag: str) -> Hashtag:
    """Find a line.

    Raises:
        NoSuchHashtag: There is none.
    """
    found = snapshot.find(tag)
    if found is None:
        raise NoSuchHashtag(f"There is no hashtag {tag!r} in the vocabulary.")
    return found


def with_etag(response: Response, snapshot: Snapshot) -> Response:
    """Name the revision in a header; whoever has that revision already gets an empty 304."""
    response.set_etag(snapshot.revision)
    if request.method in _SAFE and request.if_none_match.contains_weak(snapshot.revision):
        response.status_code = 304
        response.set_data(b"")
    return response
