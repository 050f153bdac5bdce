"""The HTTP API, for programs; it answers in the shape of `captag tag --json`."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from flask_openapi3.types import ResponseDict

from captag import answer_of, answer_of_matches
from captioner import known_models
from web.api_checks import check_body
from web.api_models import AnswerBody, CaptionBody, CaptionersBody, HealthBody, PhotoForm
from web.posted import checked_limit, checked_ranking, is_given_up, named_photo
from web.problems import MEDIA_TYPE
from web.service import service

_PROBLEM = {"$ref": "#/components/schemas/Problem"}


def refusals(*statuses: int) -> ResponseDict:
    """Document which statuses an operation may be refused with."""
    return {str(status): {"content": {MEDIA_TYPE: {"schema": _PROBLEM}}} for status in statuses}


def operation_id(*, name: str, path: str, method: str) -> str:
    """Name an operation as its view; programs that are made from the document read better so."""
    del path, method
    return name


blueprint = APIBlueprint(
    "api",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="Photos and captions", description="What captag is for.")],
    operation_id_callback=operation_id,
    abp_responses=refusals(400, 429),
)
blueprint.before_request(check_body)
health_blueprint = Blueprint("health", __name__)


@blueprint.post("/suggestions", responses={200: AnswerBody, **refusals(413, 415, 503)})
def suggestions(form: PhotoForm) -> Response:
    """Caption a photo and suggest hashtags for it."""
    name, image = named_photo(form.photo)
    limit, ranking = checked_limit(form.limit), checked_ranking(form.mix, form.language)
    pipeline = service().pipeline
    pipeline.wait()
    suggestion = pipeline.suggest(
        image, photo=name, limit=limit, ranking=ranking, is_cancelled=is_given_up()
    )
    return jsonify(answer_of(suggestion))


@blueprint.post("/matches", responses={200: AnswerBody, **refusals(413, 415, 503)})
def matches(body: CaptionBody) -> Response:
    """Suggest hashtags for a caption."""
    limit, ranking = checked_limit(body.limit), checked_ranking(body.mix, body.language)
    caption = body.caption.strip()
    pipeline = service().pipeline
    pipeline.wait()
    return jsonify(answer_of_matches(caption, pipeline.match(caption, limit, ranking=ranking)))


@blueprint.get("/captioners", responses={200: CaptionersBody})
def list_captioners() -> Response:
    """List the caption models that have a short name, and name the one in use."""
    known = [  # but for the location: a place on this machine is nobody's affair
        {
            "alias": model.alias,
            "size_bytes": model.size_bytes,
            "licence": model.licence,
            "is_here": model.is_here,
        }
        for model in known_models()
    ]
    return jsonify(in_use=service().pipeline.captioner.model, captioners=known)


@blueprint.get("/health", responses={200: HealthBody, 503: HealthBody})
def health() -> Response:
    """Say whether the models are ready (200), or being loaded or failed (503)."""
    return _health()


@health_blueprint.get("/healthz")
def healthz() -> Response:
    """Say the same at the address that containers ask."""
    return _health()


def _health() -> Response:
    parts = service()
    body = jsonify(status=parts.status, model=parts.pipeline.captioner.model)
    return make_response(body, 200 if parts.status == "ready" else 503)
