"""The form in which people show the token, once a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from web.access import log_in, log_out, refuse_forgery

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("login", __name__)
AFTERWARDS = "tune.show"  # the endpoint that follows a login and a logout


@blueprint.get("/login")
def show() -> str:
    """Show the form, or how to log out."""
    return render_template("login.html")


@blueprint.post("/login")
def enter() -> Response:
    """Take the token (`token`); a wrong one is answered with 401."""
    refuse_forgery()
    log_in(request.form.get("token", ""))
    return redirect(url_for(AFTERWARDS), 303)


@blueprint.post("/logout")
def leave() -> Response:
    """Forget the session."""
    refuse_forgery()
    log_out()
    return redirect(url_for(AFTERWARDS), 303)
