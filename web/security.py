"""What every answer says to the browser, and which host names are answered at all."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import SecurityError

from web.service import service

if TYPE_CHECKING:
    from flask import Flask, Response

    from captag import Settings

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})

_CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",  # the photo itself, which is stored nowhere
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def init_app(app: Flask) -> None:
    """Check the host of each request and add the headers to each answer."""
    app.before_request(_refuse_foreign_hosts)
    app.after_request(_add_headers)


def trusted_hosts(settings: Settings) -> frozenset[str]:
    """Name the hosts that are answered; none means every host.

    A page that only this machine can reach is not answered under another name, so that no
    site can point its own name here (DNS rebinding). A page on another address is reached
    under names that only its operator knows.
    """
    named = frozenset(name.lower() for name in settings.trusted_hosts)
    return named | LOOPBACK_HOSTS if named or settings.host in LOOPBACK_HOSTS else named


def _refuse_foreign_hosts() -> None:
    trusted = trusted_hosts(service().settings)
    if trusted and host_name(request.headers.get("Host", "")) not in trusted:
        raise SecurityError


def host_name(host: str) -> str | None:
    """Return the name in a ``Host`` header, without its port; None where there is none."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _add_headers(response: Response) -> Response:
    response.headers.update(_HEADERS)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
