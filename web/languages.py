"""The language and the look of the page: what the browser asks for, unless a person chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, request, url_for
from flask_babel import Babel, get_locale, gettext

from tagmapper import Reason

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

PAGE_LANGUAGES = {"en": "English", "ko": "한국어"}  # each by its own name
THEMES = ("auto", "light", "dark")
_COOKIES = {"language": "captag_language", "theme": "captag_theme"}
_ALLOWED = {"language": tuple(PAGE_LANGUAGES), "theme": THEMES}
_YEAR_SECONDS = 365 * 24 * 3600

blueprint = Blueprint("preferences", __name__)


def init_app(app: Flask) -> None:
    """Translate the templates, and tell them what was chosen."""
    Babel(app, locale_selector=_language)
    app.register_blueprint(blueprint)
    app.context_processor(_preferences)
    app.jinja_env.filters["translated"] = translated


def translated(text: str) -> str:
    """Say a sentence in the language of the page; one that it does not know stays as it is."""
    if isinstance(text, Reason):
        return str(gettext(text.sentence, **text.values))
    return str(gettext(text)) if text else ""


@blueprint.post("/preferences")
def choose() -> Response:
    """Keep the language or the theme that was chosen in a cookie, and go back."""
    answer = redirect(_back(request.form.get("back", "")), 303)
    for name, cookie in _COOKIES.items():
        if (value := request.form.get(name)) in _ALLOWED[name]:
            _keep(answer, cookie, value)
    return answer


def _keep(answer: Response, cookie: str, value: str) -> None:
    answer.set_cookie(
        cookie,
        value,
        max_age=_YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )


def _back(address: str) -> str:
    """Return an address of this page only: another one would lead people astray."""
    parts = urlsplit(address.replace("\\", "/"))
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return address if is_ours and not address.startswith("//") else url_for("page.show")


def _language() -> str:
    chosen = request.cookies.get(_COOKIES["language"], "")
    if chosen in PAGE_LANGUAGES:
        return chosen
    return request.accept_languages.best_match(list(PAGE_LANGUAGES), "en") or "en"


def _preferences() -> dict[str, Any]:
    theme = request.cookies.get(_COOKIES["theme"], "")
    return {
        "page_languages": PAGE_LANGUAGES,
        "page_language": str(get_locale()),
        "theme": theme if theme in THEMES else THEMES[0],
        "themes": THEMES,
    }
