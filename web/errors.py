"""The one table from errors to answers; views contain no `try`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app, make_response, render_template, request
from flask_babel import get_locale, gettext
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    SecurityError,
    TooManyRequests,
    UnsupportedMediaType,
)

from captag import Cancelled, LoadingFailed, NotReady
from captag.vocabulary_errors import (
    ChangesRefused,
    ImportRefused,
    NoSuchVersion,
    VocabularyBroken,
    VocabularyChanged,
    VocabularyNotSaved,
)
from captioner import CaptionModelError, ImageTooLarge, UnreadableImage
from tagmapper import EmbeddingModelError
from web.access import ForgedRequest, TokenNeeded, TuningIsOff, WrongToken
from web.languages import translated
from web.problems import problem_response
from web.refused import FieldsRefused, NoSuchHashtag, RequestRefused, RevisionNeeded
from web.rendering import render_page
from web.service import service

if TYPE_CHECKING:
    from flask import Flask, Response


@dataclass(frozen=True, slots=True)
class Refusal:
    """How an error is answered.

    Attributes:
        status: The HTTP status.
        message: One sentence for people; `%(megabytes)s` is the largest upload. Empty where the
            error was raised with such a sentence.
        retry_after_seconds: When to try again; 0 where trying again changes nothing.
    """

    status: int
    message: str = ""
    retry_after_seconds: int = 0


_MODELS = Refusal(
    503,
    "The models that captag needs could not be loaded."
    " Whoever runs it finds the reason in its log.",
)
REFUSALS: dict[type[Exception], Refusal] = {
    RequestRefused: Refusal(400),
    TokenNeeded: Refusal(401),
    WrongToken: Refusal(401),
    TuningIsOff: Refusal(403),
    ForgedRequest: Refusal(403),
    NoSuchHashtag: Refusal(404),
    NoSuchVersion: Refusal(404),
    VocabularyChanged: Refusal(412),
    VocabularyBroken: Refusal(409),
    ChangesRefused: Refusal(422, "This change cannot be made. Nothing was saved."),
    ImportRefused: Refusal(422),
    RevisionNeeded: Refusal(428),
    VocabularyNotSaved: Refusal(503, "The disk refused the vocabulary file. Nothing was saved."),
    UnreadableImage: Refusal(400),
    ImageTooLarge: Refusal(413),
    Cancelled: Refusal(499),  # nginx's status for it; nobody reads the answer
    NotReady: Refusal(503, "The models are still being loaded. Try again in a moment.", 3),
    LoadingFailed: _MODELS,
    CaptionModelError: _MODELS,
    EmbeddingModelError: _MODELS,
    SecurityError: Refusal(
        400, "This page is not served under that host name; CAPTAG_TRUSTED_HOSTS can add it."
    ),
    BadRequest: Refusal(400, "That request could not be understood."),
    NotFound: Refusal(404, "There is no such page."),
    MethodNotAllowed: Refusal(405, "This address does not take that kind of request."),
    RequestEntityTooLarge: Refusal(
        413, "That is more than %(megabytes)s MB. Choose a smaller file."
    ),
    TooManyRequests: Refusal(
        429, "That is more than one address may ask. Try again in a minute.", 60
    ),
    UnsupportedMediaType: Refusal(
        415,
        "Send a photo as a form (multipart/form-data), a vocabulary file as CSV (text/csv) and"
        " all else as JSON (application/json).",
    ),
    HTTPException: Refusal(400, "That request could not be answered."),
    InternalServerError: Refusal(
        500, "Something went wrong here. The reason is in the log of whoever runs captag."
    ),
}
_UNAUTHORIZED = 401
_SERVER_ERROR = 500
_BYTES_IN_A_MEGABYTE = 1_000_000


def init_app(app: Flask) -> None:
    """Register one handler for every error of the table."""
    for kind in REFUSALS:
        app.register_error_handler(kind, _answer)


def _answer(error: Exception) -> Response:
    refusal = _refusal(error)
    if refusal.status >= _SERVER_ERROR and not isinstance(error, NotReady | InternalServerError):
        current_app.logger.error("%s", error, exc_info=error)
    message = sentence_of(error)
    response = _response(error, refusal.status, message)
    if refusal.retry_after_seconds:
        response.headers["Retry-After"] = str(refusal.retry_after_seconds)
    if refusal.status == _UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def _refusal(error: Exception) -> Refusal:
    """Find the entry of the nearest class; an error of HTTP itself keeps its own status."""
    kind = _kind(error)
    if kind is HTTPException and isinstance(error, HTTPException):
        return Refusal(error.code or _SERVER_ERROR, REFUSALS[kind].message)
    return REFUSALS[kind]


def _kind(error: Exception) -> type[Exception]:
    return next(kind for kind in type(error).__mro__ if kind in REFUSALS)


def sentence_of(error: Exception) -> str:
    """Say what is wrong in one sentence, in the language of the page."""
    if isinstance(error, UnreadableImage) and str(get_locale()) != "en":
        return str(
            gettext("This file cannot be read as a photo. Choose a JPEG, PNG, WebP or HEIC.")
        )
    if isinstance(error, ImageTooLarge):
        return str(
            gettext(
                "The photo is %(width)s x %(height)s pixels, more than the %(most)s allowed in all:"
                " make it smaller and try again.",
                width=f"{error.width:,}",
                height=f"{error.height:,}",
                most=f"{error.max_pixels:,}",
            )
        )
    return _message(error, _refusal(error))


def _message(error: Exception, refusal: Refusal) -> str:
    megabytes = service().settings.max_upload_bytes / _BYTES_IN_A_MEGABYTE
    if isinstance(error, FieldsRefused):
        return " ".join(dict.fromkeys(map(translated, error.fields.values())))
    if not refusal.message:
        return translated(error.args[0]) if error.args else ""
    return str(gettext(refusal.message, megabytes=f"{megabytes:.3g}"))


def _response(error: Exception, status: int, message: str) -> Response:
    if request.path.startswith("/api/"):
        return problem_response(error, _kind(error), status, message)
    if status == _UNAUTHORIZED:
        return make_response(render_template("login.html", refusal=message), status)
    return make_response(render_page(refusal=message), status)
