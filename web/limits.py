"""How often one address may ask; kept in memory, for this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

if TYPE_CHECKING:
    from flask import Flask

    from captag import Settings

_UNLIMITED = ("static", "health.healthz")  # small, and watched by programs that keep time
_PHOTOS = ("page.suggest", "api.suggestions")
_LOGINS = ("login.enter",)


def init_app(app: Flask, settings: Settings) -> None:
    """Limit every view of the application; call it when all of them are registered."""
    limiter = Limiter(
        get_remote_address,
        app=app,
        application_limits=[f"{settings.requests_per_minute} per minute"],
        storage_uri="memory://",
    )
    limiter.request_filter(lambda: request.endpoint in _UNLIMITED)
    for endpoints, number in (
        (_PHOTOS, settings.photos_per_minute),
        (_LOGINS, settings.logins_per_minute),
    ):
        limit = limiter.shared_limit(f"{number} per minute", scope=endpoints[0])
        for endpoint in endpoints:
            limited: Any = limit(app.view_functions[endpoint])
            app.view_functions[endpoint] = limited
