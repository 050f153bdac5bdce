"""Importing a vocabulary file with a look at what it changes, and going back to a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge

from captag.vocabulary_errors import VocabularyBroken, VocabularyChanged
from captag.vocabulary_imports import MODES, preview_import
from web.access import require_tuner
from web.refused import RequestRefused
from web.service import current, service

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as Redirection

    from captag.vocabulary_imports import ImportPreview, Mode

blueprint = Blueprint("tune_files", __name__, url_prefix="/tune")

_MOST_SHOWN = 500  # lines of a preview or a difference; a browser is slow with more
_CONFLICT = 409


@blueprint.before_request
def _make_room() -> None:
    """Take a file back that a preview has shown: a browser ends each of its lines with a byte more.

    The shortest line grows by half. What was sent is held against the limit in `_content`.
    """
    if request.endpoint == "tune_files.import_file":
        most = current_app.config["MAX_CONTENT_LENGTH"] * 3 // 2
        request.max_content_length = request.max_form_memory_size = most


blueprint.before_request(require_tuner)  # reads the form, for which there is room now


@blueprint.get("/import")
def choose_file() -> str:
    """Ask for a file."""
    return _import_page()


@blueprint.post("/import")
def import_file() -> str | Redirection:
    """Show what a file would change, line by line; import it once that was looked at."""
    content = _content()
    preview = preview_import(content, current(), _mode())
    if "confirmed" not in request.form or preview.bad_lines:
        return _import_page(preview, content)
    parts = service()
    parts.vocabulary.replace(request.form.get("base", ""), preview.hashtags)
    parts.tuning.catch_up()
    changed = len(preview.lines) - preview.count("same")
    return redirect(url_for("tune.show", saved=changed), 303)


@blueprint.get("/versions")
def versions() -> str:
    """Show the versions that are kept, and how two of them differ."""
    return _versions_page()


@blueprint.post("/restore")
def restore() -> Redirection:
    """Put a version in the place of the file."""
    parts = service()
    parts.vocabulary.restore(request.form.get("version", ""), request.form.get("base", ""))
    parts.tuning.catch_up()
    return redirect(url_for("tune_files.versions", restored="1"), 303)


@blueprint.errorhandler(VocabularyChanged)
@blueprint.errorhandler(VocabularyBroken)
def _show_again(error: VocabularyChanged | VocabularyBroken) -> Response:
    """Show the page anew: what it said is not so any more."""
    refusal = gettext("Somebody else changed the vocabulary meanwhile. Look at it again.")
    if isinstance(error, VocabularyBroken):
        refusal = gettext("Nothing was saved, because the file is broken.")
    if request.endpoint == "tune_files.restore":
        return make_response(_versions_page(refusal), _CONFLICT)
    content = _content()
    preview = preview_import(content, current(), _mode())
    return make_response(_import_page(preview, content, refusal), _CONFLICT)


def _import_page(
    preview: ImportPreview | None = None, content: bytes = b"", refusal: str = ""
) -> str:
    changed = [line for line in preview.lines if line.kind != "same"] if preview else []
    return render_template(
        "tune_import.html",
        preview=preview,
        changed=changed[:_MOST_SHOWN],
        hidden=max(len(changed) - _MOST_SHOWN, 0),
        content=content.decode("utf-8", "replace"),
        mode=request.form.get("mode", MODES[0]),
        problem=service().vocabulary.problem,
        refusal=refusal,
    )


def _versions_page(refusal: str = "") -> str:
    store = service().vocabulary
    snapshot = current()
    before = request.args.get("before", "")
    after = request.args.get("after", "current")
    differences = store.difference(before, after) if before else ()
    return render_template(
        "tune_versions.html",
        base=snapshot.revision,
        versions=store.versions.list(),
        before=before,
        after=after,
        differences=differences[:_MOST_SHOWN],
        hidden=max(len(differences) - _MOST_SHOWN, 0),
        problem=store.problem,
        refusal=refusal,
        restored="restored" in request.args,
    )


def _content() -> bytes:
    """Return the file that was sent; a preview sends it back as text."""
    file = request.files.get("file")
    content = file.stream.read() if file and file.filename else b""
    content = content or request.form.get("content", "").replace("\r\n", "\n").encode()
    if not content:
        raise RequestRefused("Choose a vocabulary file first.")
    if len(content) > service().settings.max_upload_bytes:
        raise RequestEntityTooLarge
    return content


def _mode() -> Mode:
    mode = request.form.get("mode", MODES[0])
    return mode if mode in MODES else MODES[0]
