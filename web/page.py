"""The page that people see."""

from __future__ import annotations

from flask import Blueprint

from web.posted import posted_limit, posted_photo, posted_ranking
from web.rendering import picture_url, render_page
from web.service import service

blueprint = Blueprint("page", __name__)


@blueprint.get("/")
def show() -> str:
    """Show the empty page, at once, however far the models are."""
    return render_page()


@blueprint.post("/")
def suggest() -> str:
    """Show a photo with its caption and hashtags; it waits here for the models to be loaded."""
    name, image = posted_photo()
    limit, ranking = posted_limit(), posted_ranking()
    parts = service()
    parts.pipeline.wait(parts.settings.max_wait_seconds)
    suggestion = parts.pipeline.suggest(image, photo=name, limit=limit, ranking=ranking)
    return render_page(suggestion=suggestion, picture=picture_url(image))
