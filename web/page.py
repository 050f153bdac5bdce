"""The page that suggests hashtags."""

from __future__ import annotations

from flask import Blueprint

from web.outcomes import posted_outcomes
from web.rendering import render_page

blueprint = Blueprint("page", __name__)


@blueprint.get("/")
def show() -> str:
    """Show the empty page, at once, however far the models are."""
    return render_page()


@blueprint.post("/")
def suggest() -> str:
    """Show photos with their captions and hashtags; it waits here for the models to be loaded."""
    return render_page(posted_outcomes())
