"""Who may tune the vocabulary.

On this machine's own address everything is open. Served on any other address or behind a proxy,
tuning needs the token of the settings: programs send it as a bearer token, people log in with it
once and carry a session cookie. Without a token in the settings, tuning is off there.

A change that a browser sends also carries a CSRF token: as the field `csrf_token` of a form, or
as the header `X-CSRFToken`. Templates have `may_tune`, `tuning_is_off` and `csrf_token()`.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms.validators import ValidationError

from captag import CaptagError
from web.security import host_name
from web.service import service

if TYPE_CHECKING:
    from flask import Flask

    from captag import Settings

_LOGGED_IN = "may_tune"
_SESSION_LIFETIME = timedelta(hours=12)
_FORWARDED = ("Forwarded", "X-Forwarded-For")  # what a proxy adds: the person sits elsewhere


class TuningIsOff(CaptagError):
    """Served to other machines, and no token is set: nobody may tune."""


class TokenNeeded(CaptagError):
    """Whoever wants to tune has to show the token first."""


class WrongToken(CaptagError):
    """The token shown is another one."""


class ForgedRequest(CaptagError):
    """A browser sent a change without the CSRF token of the page: another site may be behind it."""


class _Sessions(SecureCookieSessionInterface):
    """Sessions whose cookie, set over HTTPS, never travels without it."""

    def get_cookie_secure(self, app: Flask) -> bool:
        del app
        return request.is_secure


def init_app(app: Flask) -> None:
    """Set up sessions, and tell the templates who may tune."""
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),  # sessions end with the process
        SESSION_COOKIE_NAME="captag",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        PERMANENT_SESSION_LIFETIME=_SESSION_LIFETIME,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )
    app.session_interface = _Sessions()
    app.context_processor(_facts)


def may_tune() -> bool:
    """Say whether the current request comes from somebody who may tune."""
    return _is_local() or _shows_token() or _is_logged_in()


def tuning_is_off() -> bool:
    """Say whether nobody can log in here, because no token is set."""
    return not _is_local() and not service().settings.admin_token


def require_tuner() -> None:
    """Let through only somebody who may tune and, for a change, no forged request.

    Raises:
        TuningIsOff: No token is set.
        TokenNeeded: The token was not shown.
        WrongToken: Another one was.
        ForgedRequest: A browser sent a change without the token of the page.
    """
    if tuning_is_off():
        raise TuningIsOff("Tuning is off: whoever runs captag has set no CAPTAG_ADMIN_TOKEN.")
    if not may_tune():
        if request.authorization:
            raise WrongToken("This is not the token that CAPTAG_ADMIN_TOKEN holds.")
        raise TokenNeeded("Tuning needs the token that CAPTAG_ADMIN_TOKEN holds.")
    if request.method not in ("GET", "HEAD") and _is_from_a_browser():
        refuse_forgery()


def refuse_forgery() -> None:
    """Let a form or a script through only where our own page sent it.

    Raises:
        ForgedRequest: The CSRF token is missing or another one.
    """
    token = request.headers.get("X-CSRFToken")
    if token is None and request.mimetype in _FORM_TYPES:
        token = request.form.get("csrf_token")
    try:
        validate_csrf(token)
    except ValidationError as error:
        raise ForgedRequest(
            "This form is out of date. Load the page anew and try again."
        ) from error


_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def log_in(token: str) -> None:
    """Remember in the session that the token was shown.

    Raises:
        TuningIsOff: No token is set.
        WrongToken: It is another one.
    """
    if tuning_is_off():
        raise TuningIsOff("Tuning is off: whoever runs captag has set no CAPTAG_ADMIN_TOKEN.")
    if not _is_the_token(token.encode(errors="replace")):
        raise WrongToken("This is not the token that CAPTAG_ADMIN_TOKEN holds.")
    session.clear()
    session[_LOGGED_IN] = True
    session.permanent = True


def log_out() -> None:
    """Forget that the token was shown."""
    session.clear()


def is_this_machine(host: str) -> bool:
    """Say whether an address or a name can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def only_this_machine(settings: Settings) -> bool:
    """Say whether captag is served to this machine alone, by what its settings tell."""
    return not settings.proxies and is_this_machine(settings.host)


def _is_local() -> bool:
    """Whether the request can only come from this machine, and from no proxy on it."""
    asked = host_name(request.headers.get("Host", "")) or ""
    return (
        only_this_machine(service().settings)
        and is_this_machine(asked)
        and not any(name in request.headers for name in _FORWARDED)
    )


def _shows_token() -> bool:
    shown = request.authorization
    if shown is None or shown.type != "bearer" or not shown.token:
        return False
    return _is_the_token(shown.token.encode("latin-1", errors="replace"))  # as WSGI decoded it


def _is_the_token(shown: bytes) -> bool:
    token = service().settings.admin_token.encode()
    return bool(token) and hmac.compare_digest(shown, token)


def _is_logged_in() -> bool:
    return bool(service().settings.admin_token) and session.get(_LOGGED_IN) is True


def _is_from_a_browser() -> bool:
    """Whether cookies or a browser's own headers came along; a bearer token no site can forge."""
    marks = ("Origin", "Sec-Fetch-Site", "Cookie")
    return not _shows_token() and any(name in request.headers for name in marks)


def _facts() -> dict[str, Any]:
    return {
        "may_tune": may_tune(),
        "tuning_is_off": tuning_is_off(),
        "csrf_token": generate_csrf,
    }
