"""What every request to the API is held to before its view sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from web.api_models import PhotoForm
from web.fields import sentences
from web.refused import FieldsRefused, RequestRefused

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
            raise FieldsRefused({name: f"{name} is too long."})


def _check_csv() -> None:
    if request.mimetype != "text/csv":
        raise UnsupportedMediaType


_CHECKS = {"body": _check_json, "form": _check_form, "raw": _check_csv}


def refuse(error: ValidationError) -> None:
    """Say in sentences what pydantic found, field by field.

    Raises:
        FieldsRefused: Always.
    """
    ours = sentences()
    fields = {
        ".".join(map(str, each["loc"])): _sentence(each["loc"], each["msg"], ours)
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    }
    raise FieldsRefused(fields)


def _sentence(place: tuple[int | str, ...], message: str, ours: Mapping[str, str]) -> str:
    """Use our own words for a field where we have some."""
    name = ".".join(map(str, place))
    return ours.get(name) or f"{name}: {message}."
