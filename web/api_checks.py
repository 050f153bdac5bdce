"""What every request to the API is held to before its view sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from captag.settings import LANGUAGES
from web.api_models import MAX_CAPTION_LENGTH, PhotoForm
from web.refused import RequestRefused
from web.service import service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError

_LONGEST_FIELD = 100  # of a form: each is a number or a name
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded", "")
_NO_OBJECT = "Send a JSON object, as the document of the API describes it."


def check_body() -> None:
    """Refuse a body that is not of the kind that the view takes.

    Raises:
        UnsupportedMediaType: It is of another kind by its own account.
        BadRequest: It is no JSON in fact.
        RequestRefused: It is no object, or a field of a form is far too long.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    for part, check in _CHECKS.items():
        if part in getattr(view, "__annotations__", {}):
            check()


def _check_json() -> None:
    try:
        body = request.get_json()
    except RecursionError as error:  # nested too deeply
        raise BadRequest from error
    if not isinstance(body, dict):
        raise RequestRefused(_NO_OBJECT)


def _check_form() -> None:
    if request.mimetype not in _FORMS:
        raise UnsupportedMediaType
    for name in PhotoForm.model_fields:
        if len(request.form.get(name, "")) > _LONGEST_FIELD:
            raise RequestRefused(f"{name} is too long.", {name: "This is too long."})


def _check_csv() -> None:
    if request.mimetype != "text/csv":
        raise UnsupportedMediaType


_CHECKS = {"body": _check_json, "form": _check_form, "raw": _check_csv}


def refuse(error: ValidationError) -> None:
    """Say in sentences what pydantic found, field by field.

    Raises:
        RequestRefused: Always.
    """
    sentences = _sentences()
    fields = {
        ".".join(map(str, each["loc"])): _sentence(each["loc"], each["msg"], sentences)
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    }
    raise RequestRefused(" ".join(dict.fromkeys(fields.values())), fields)


def _sentence(place: tuple[int | str, ...], message: str, sentences: Mapping[str, str]) -> str:
    """Use our own words for a field where we have some."""
    name = ".".join(map(str, place))
    return sentences.get(name) or f"{name}: {message}."


def _sentences() -> dict[str, str]:
    return {
        "photo": "Choose a photo first.",
        "caption": f"caption must be a sentence of at most {MAX_CAPTION_LENGTH:,} characters.",
        "limit": f"limit must be a whole number from 1 to {service().settings.max_limit}.",
        "mix": "mix must be a number from 0 to 1.",
        "language": f"language must be one of {', '.join(LANGUAGES)}.",
    }
