"""The vocabulary page: search, change, try, save, and merge with what others saved meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from captag.vocabulary_errors import ChangesRefused, VocabularyBroken, VocabularyChanged
from captag.vocabulary_snapshot import page_of
from web.access import require_tuner
from web.languages import translated
from web.posted import checked_caption
from web.service import current, service
from web.tune_form import (
    NEW_LINE,
    VIEW,
    Line,
    asked_query,
    base_of,
    carried_changes,
    cells_of,
    changes_of,
    sent_lines,
    to_json,
    ways_out,
    without_conflicts,
)

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as Redirection

    from captag.vocabulary_changes import Change
    from captag.vocabulary_snapshot import Snapshot
    from tagmapper import HashtagMatch

blueprint = Blueprint("tune", __name__, url_prefix="/tune")
blueprint.before_request(require_tuner)

_CONFLICT = 409
_REFUSED = 422


@blueprint.get("")
def show() -> str:
    """Show a hundred lines of the vocabulary as fields."""
    return _page(current())


@blueprint.post("")
def change() -> str | Redirection:
    """Save what was changed in the fields, try it on a caption, or look at other lines with it."""
    base = base_of(request.form)
    if "look" in request.form:
        return _page(base)
    changes = _sent_changes(base)
    if "try" in request.form:
        return _tried(base, changes)
    return _save(base.revision, changes)


@blueprint.post("/merge")
def merge() -> Redirection:
    """Save changes once more, after a look at what others have changed meanwhile."""
    return _save(request.form.get("base", ""), _carried_changes())


@blueprint.errorhandler(ChangesRefused)
def _show_refusals(error: ChangesRefused) -> Response:
    """Show each refusal at its field."""
    if request.endpoint != "tune.change":
        refusal = " ".join(translated(each.reason) for each in error.problems)
        return make_response(_page(service().vocabulary.snapshot, refusal=refusal), _REFUSED)
    base = base_of(request.form)
    keys = [key for key, _ in changes_of(sent_lines(request.form, base), base)]
    problems: dict[str, dict[str, str]] = {}
    for each in error.problems:
        key = keys[each.at] if each.at >= 0 else NEW_LINE
        problems.setdefault(key, {})[each.field] = translated(each.reason)
    refusal = gettext("This change cannot be made. Nothing was saved.")
    return make_response(_page(base, problems=problems, refusal=refusal), _REFUSED)


@blueprint.errorhandler(VocabularyChanged)
def _show_conflicts(error: VocabularyChanged) -> Response:
    """Tell the second of two editors what the first one changed, and let them merge."""
    is_form = request.endpoint == "tune.change"
    changes = _sent_changes(base_of(request.form)) if is_form else _carried_changes()
    html = render_template(
        "tune_conflict.html",
        base=error.current.revision,
        theirs=error.theirs,
        conflicts=[(conflict, ways_out(conflict)) for conflict in error.conflicts],
        carried=list(map(to_json, without_conflicts(changes, error.conflicts))),
        cells_of=cells_of,
    )
    return make_response(html, _CONFLICT)


@blueprint.errorhandler(VocabularyBroken)
def _show_broken(_: VocabularyBroken) -> Response:
    """Show the page with its banner, which names the lines; what was typed stays."""
    is_form = request.endpoint == "tune.change"
    base = base_of(request.form) if is_form else service().vocabulary.snapshot
    refusal = gettext("Nothing was saved, because the file is broken.")
    return make_response(_page(base, refusal=refusal), _CONFLICT)


def _sent_changes(base: Snapshot) -> list[Change]:
    return [change for _, change in changes_of(sent_lines(request.form, base), base)]


def _carried_changes() -> list[Change]:
    chosen = [value for name, value in request.form.items() if name.startswith("keep-")]
    return carried_changes([*request.form.getlist("change"), *chosen])


def _save(revision: str, changes: list[Change]) -> Redirection:
    parts = service()
    parts.vocabulary.save(revision, changes)
    parts.tuning.catch_up()
    return redirect(url_for("tune.show", saved=len(changes), **_view()), 303)


def _tried(base: Snapshot, changes: list[Change]) -> str:
    parts = service()
    parts.pipeline.wait(parts.settings.max_wait_seconds)
    caption = checked_caption(request.form.get("caption"))
    limit = parts.settings.limit
    before, after = parts.tuning.try_changes(caption, changes, limit)
    return _page(base, tried=_side_by_side(before, after), is_tried=True)


def _side_by_side(
    before: tuple[HashtagMatch, ...], after: tuple[HashtagMatch, ...]
) -> dict[str, list[tuple[HashtagMatch, str]]]:
    """Mark what goes and what comes; the other tags are in both."""
    old, new = ({match.tag for match in each} for each in (before, after))
    return {
        "before": [(match, "" if match.tag in new else "gone") for match in before],
        "after": [(match, "" if match.tag in old else "new") for match in after],
    }


def _page(
    base: Snapshot, *, problems: dict[str, dict[str, str]] | None = None, **facts: Any
) -> str:
    query = asked_query(request.args)
    page = page_of(base, query)
    places = {hashtag.tag: at for at, hashtag in enumerate(base.hashtags)}
    shown = [(str(places[each.tag]), cells_of(each)) for each in page.hashtags]
    sent = {line.key: line for line in sent_lines(request.form, base)} if request.form else {}
    new = [line for key, line in sent.items() if key.startswith("n")]
    unseen = set(sent) - {key for key, _ in shown} - {line.key for line in new}
    carried = [line for key, line in sent.items() if key in unseen and line.is_changed]
    lines = [*carried, *(sent.get(key) or Line(key, cells) for key, cells in shown)]
    return render_template(
        "tune.html",
        base=base,
        query=query,
        page=page,
        lines=[_with(line, problems) for line in lines],
        new_lines=[_with(each, problems) for each in new] or [Line(NEW_LINE, cells_of(None))],
        languages=sorted({each.language for each in base.hashtags}),
        groups=sorted({each.group for each in base.hashtags}),
        problem=service().vocabulary.problem,
        caption=request.values.get("caption", ""),
        view=_view(),
        **facts,
    )


def _with(line: Line, problems: dict[str, dict[str, str]] | None) -> Line:
    return replace(line, problems=problems[line.key]) if problems and line.key in problems else line


def _view() -> dict[str, Any]:
    """Return what the address says of which lines are shown."""
    return {name: value for name, value in request.args.items() if name in VIEW}
