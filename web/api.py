"""The HTTP API, for programs; it answers in the shape of `captag tag --json`."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response

from captag import answer_of, answer_of_matches
from web.posted import posted_json, posted_limit, posted_photo, posted_ranking
from web.service import service

blueprint = Blueprint("api", __name__)


@blueprint.post("/api/v1/suggestions")
def suggestions() -> Response:
    """Caption a photo (multipart `photo`) and suggest hashtags (`limit`, `mix`, `language`)."""
    name, image = posted_photo()
    limit, ranking = posted_limit(), posted_ranking()
    pipeline = service().pipeline
    pipeline.wait()
    return jsonify(answer_of(pipeline.suggest(image, photo=name, limit=limit, ranking=ranking)))


@blueprint.post("/api/v1/matches")
def matches() -> Response:
    """Suggest hashtags for a caption (JSON `caption`; `limit`, `mix`, `language`)."""
    caption, limit, ranking = posted_json()
    pipeline = service().pipeline
    pipeline.wait()
    return jsonify(answer_of_matches(caption, pipeline.match(caption, limit, ranking=ranking)))


@blueprint.get("/healthz")
def health() -> Response:
    """Say whether the models are ready (200), or being loaded or failed (503)."""
    parts = service()
    body = jsonify(status=parts.status, model=parts.pipeline.captioner.model)
    return make_response(body, 200 if parts.status == "ready" else 503)
