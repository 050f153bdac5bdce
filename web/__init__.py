"""The Flask page and the HTTP API."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from web.app import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    if name != "create_app":
        raise AttributeError(name)
    from web.app import create_app  # with flask, which `captag --help` does not need for `serve`

    return create_app
