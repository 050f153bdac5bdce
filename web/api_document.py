"""The document of the API: OpenAPI 3.1, made from the code, and a page that shows it offline."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, current_app, jsonify, render_template
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from web import api
from web.api_checks import refuse
from web.api_tuning import blueprint as vocabulary_blueprint
from web.problem_models import Problem
from web.problems import name_of

if TYPE_CHECKING:
    from captag import Settings

blueprint = Blueprint("document", __name__, url_prefix="/api/v1")
_HEADERS = {
    "X-Request-Id": {
        "description": "Names the request in the log; the one that was sent, else a new one.",
        "schema": {"type": "string"},
    },
    "X-Captag-Seconds": {
        "description": "How long the answer took.",
        "schema": {"type": "number"},
    },
}
_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "CAPTAG_ADMIN_TOKEN; not needed on the machine itself.",
}


def new_app(import_name: str) -> OpenAPI:
    """Make an application that describes its own API."""
    return OpenAPI(
        import_name,
        info=Info(
            title="captag",
            version=version("captag"),
            summary="A photo in, its caption and ten hashtags out, each with its reason.",
        ),
        security_schemes={"token": _TOKEN},
        validation_error_status=400,
        validation_error_model=Problem,
        validation_error_callback=refuse,
        doc_ui=False,  # its pages load scripts that the security policy forbids
    )


def init_app(app: OpenAPI, settings: Settings) -> None:
    """Add the API and its document."""
    for part in (api.blueprint, vocabulary_blueprint):
        app.register_api(part)
    app.register_blueprint(api.health_blueprint)
    app.register_blueprint(blueprint)
    _set_most(app.api_doc, settings.max_limit)
    _add_headers(app.api_doc)


@blueprint.get("/openapi.json")
def document() -> Response:
    """Return the document, for programs."""
    return jsonify(_app().api_doc)


@blueprint.get("/docs")
def page() -> str:
    """Show the document, for people."""
    from web.errors import REFUSALS  # imported late: it knows every other part

    problems = [
        (name_of(kind), refusal.status, (kind.__doc__ or "").strip().partition("\n")[0])
        for kind, refusal in REFUSALS.items()
    ]
    return render_template("docs.html", document=_app().api_doc, problems=problems)


def _app() -> OpenAPI:
    return cast("OpenAPI", current_app)


def _add_headers(document: dict[str, Any]) -> None:
    """Say what every answer carries."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for response in operation["responses"].values():
                response.setdefault("headers", {}).update(_HEADERS)


def _set_most(document: dict[str, Any], most: int) -> None:
    """Say how many hashtags can be asked for: a setting, so that no model knows it."""
    for schema in document["components"]["schemas"].values():
        for choice in schema.get("properties", {}).get("limit", {}).get("anyOf", ()):
            if choice.get("type") == "integer":
                choice["maximum"] = most
