"""The command `captag serve`: the page, served by waitress."""

from __future__ import annotations

import errno
import logging
import socket
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from captag import CaptagError
from captag.commands import (
    CaptionerName,
    PrecisionName,
    VocabularyFile,
    announce_download,
    pipeline_for,
    settings_with,
)
from web.arenas import share_arenas

if TYPE_CHECKING:
    from waitress.server import BaseWSGIServer

    from captag import Pipeline, Settings

_LOG = logging.getLogger("captag")
_BODY_MARGIN = 2  # up to twice the upload limit is read in full, so that its refusal is a page
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - only compared


class ServeError(CaptagError):
    """The address cannot be served on; the message says why and what to do."""


def serve(
    context: typer.Context,
    port: Annotated[
        int | None,
        typer.Option(
            envvar="PORT", min=0, max=65_535, help="Port, 0 for a free one. (default: 5000)"
        ),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address. (default: 127.0.0.1)")] = None,
    captioner: CaptionerName = None,
    precision: PrecisionName = None,
    vocabulary: VocabularyFile = None,
) -> None:
    """Serve the page and the HTTP API."""
    settings = settings_with(
        port=port, host=host, captioner=captioner, precision=precision, vocabulary=vocabulary
    )
    pipeline = pipeline_for(context, settings)
    announce_download(settings.captioner)
    share_arenas()
    _log_to_standard_error()
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a browser always asks for more
    with bind(settings.host, settings.port) as listener:
        # Before the models: both at once would take turns, and the first page would wait.
        waiting = server(settings, pipeline, listener)
        typer.echo(f"captag: the page is at {address_of(listener)}")
        threading.Thread(target=_load, args=[pipeline], daemon=True).start()
        waiting.run()


def bind(host: str, port: int) -> socket.socket:
    """Take the address; browsers that connect from now on are answered a little later.

    Raises:
        ServeError: The address is in use, not ours, or not allowed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"Port {port} of {host} is in use; choose another one, for instance with"
            raise ServeError(f"{message} --port {port + 1}.") from error
        raise ServeError(f"Cannot serve on port {port} of {host}: {error.strerror}.") from error


def address_of(listener: socket.socket) -> str:
    """Name the address in the form that a browser on this machine takes."""
    host, port = listener.getsockname()[:2]
    host = _ANY_ADDRESS.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server(settings: Settings, pipeline: Pipeline, listener: socket.socket) -> BaseWSGIServer:
    """Make the server, and watch its vocabulary from now on; `run` answers until Ctrl-C.

    Nothing that is posted is written to disk.
    """
    import waitress

    from web.access import only_this_machine
    from web.app import create_app
    from web.rendering import render_page
    from web.service import Service

    largest_body = settings.max_upload_bytes * _BODY_MARGIN
    app = create_app(settings, pipeline)
    app.extensions[Service.NAME].tuning.start()
    with app.test_request_context():
        render_page()  # its templates compiled, the first visitor waits for nothing but his turn
    if not settings.admin_token and not only_this_machine(settings):
        _LOG.info("tuning is off at this address; CAPTAG_ADMIN_TOKEN turns it on")
    return waitress.create_server(
        app,
        sockets=[listener],
        threads=settings.server_threads,
        max_request_body_size=largest_body,
        inbuf_overflow=largest_body,
        clear_untrusted_proxy_headers=False,  # they tell that somebody sits behind a proxy
        channel_request_lookahead=1,  # else it does not notice that a browser has gone
        ident=None,
    )


def _log_to_standard_error() -> None:
    from web.request_ids import RequestIds

    logging.basicConfig(level=logging.INFO, format="captag: %(request)s%(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(RequestIds())


def _load(pipeline: Pipeline) -> None:
    from captioner import CaptionerError
    from tagmapper import TagMapperError

    try:
        pipeline.load()
    except (CaptionerError, TagMapperError) as error:
        _LOG.error("%s", error)
    else:
        _LOG.info("the models are loaded")
