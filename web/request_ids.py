"""Each request has a number, which its answer and its lines in the log carry, and takes time."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import g, has_request_context, request

if TYPE_CHECKING:
    from flask import Flask, Response

_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")  # from a proxy or a program; nothing that breaks a log
_BYTES = 8
_LOG = logging.getLogger("captag")
_SILENT = ("static", "health.healthz")


class RequestIds(logging.Filter):
    """Gives each record the request that it belongs to, for the format of a handler."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Set `record.request`: the number in brackets and a space, or nothing."""
        record.request = f"[{request_id()}] " if has_request_context() else ""
        return True


def init_app(app: Flask) -> None:
    """Number and time each request; call it before anything else looks at requests."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """Return the number of the current request: the one that was sent, else a new one."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(_BYTES)
    return str(g.request_id)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.began
    response.headers["X-Request-Id"] = request_id()
    response.headers["X-Captag-Seconds"] = f"{seconds:.4f}"
    if request.endpoint not in _SILENT:
        path = quote(request.path)  # a line end in it would begin a line of the log
        _LOG.info("%s %s %d %.3f s", request.method, path, response.status_code, seconds)
    return response
