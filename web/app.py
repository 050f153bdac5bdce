"""The application, built around the parts that it is given."""

from __future__ import annotations

from io import BytesIO
from typing import IO, TYPE_CHECKING

from flask import Request
from werkzeug.middleware.proxy_fix import ProxyFix

from captag.tuning import Tuning
from captag.vocabulary_store import open_store
from web import (
    access,
    api_document,
    errors,
    languages,
    limits,
    login,
    page,
    rendering,
    request_ids,
    security,
    tune,
    tune_files,
)
from web.service import Service

if TYPE_CHECKING:
    from flask import Flask

    from captag import Pipeline, Settings

_FORM_OVERHEAD_BYTES = 16_384  # what a form adds to the photo that it carries
_MAX_FORM_PARTS = 200  # a queue of photos posted by a browser without JavaScript
_STATIC_MAX_AGE_SECONDS = 3600


class InMemoryRequest(Request):
    """A request whose files never touch the disk; by default, large ones would."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


def create_app(settings: Settings, pipeline: Pipeline) -> Flask:
    """Build the page and the API.

    Args:
        settings: Limits of what is accepted, and how many hashtags are offered.
        pipeline: The two stages; the page answers while they are still being loaded.

    Raises:
        VocabularyError: The vocabulary file cannot be used.
    """
    app = api_document.new_app(__name__)
    app.request_class = InMemoryRequest
    # The host name is left as it is: where a proxy does not set it, a visitor could.
    app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
        app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
    )
    app.config["MAX_CONTENT_LENGTH"] = settings.max_upload_bytes + _FORM_OVERHEAD_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = app.config["MAX_CONTENT_LENGTH"]
    app.config["MAX_FORM_PARTS"] = _MAX_FORM_PARTS
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _STATIC_MAX_AGE_SECONDS
    app.json.sort_keys = False  # type: ignore[attr-defined]  # answers keep their order
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # hashtags in any script
    tuning = Tuning(open_store(settings), pipeline)
    app.extensions[Service.NAME] = Service(settings, pipeline, tuning)
    app.register_blueprint(page.blueprint)
    app.register_blueprint(login.blueprint)
    app.register_blueprint(tune.blueprint)
    app.register_blueprint(tune_files.blueprint)
    api_document.init_app(app, settings)
    request_ids.init_app(app)
    languages.init_app(app)
    rendering.init_app(app)
    security.init_app(app)
    access.init_app(app)
    limits.init_app(app, settings)
    errors.init_app(app)
    return app
