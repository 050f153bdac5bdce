"""The suggesting page as HTML, from what is known at the moment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import render_template, request
from markupsafe import Markup

from captag import LANGUAGES, answer_of_matches
from web.marking import hues, key_of, marked
from web.outcome import BLANK
from web.service import service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from captag import HashtagAnswer
    from tagmapper import HashtagMatch
    from web.outcome import Outcome


_MARKED_WORD = re.compile(r"\[([^\]]*)\]")


def init_app(app: Flask) -> None:
    """Give the templates what they need to show hashtags and captions."""
    app.jinja_env.filters["answers"] = _shown
    app.jinja_env.filters["marked_words"] = marked_words
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(hues=hues, key_of=key_of, marked=marked)


def render_page(outcomes: Sequence[Outcome] = (), *, refusal: str = "") -> str:
    """Render the page: empty, with what came of photos or captions, or with a refusal."""
    parts = service()
    settings = parts.settings
    form = request.form if outcomes else {}  # one that is refused may be too large to read
    return render_template(
        "page.html",
        settings=settings,
        status=parts.status,
        outcomes=outcomes,
        blank=BLANK,
        refusal=refusal,
        languages=LANGUAGES,
        mix=form.get("mix") or settings.mix,
        language=form.get("language") or settings.language,
        limit=form.get("limit") or settings.limit,
        is_scripted="scripted" in form,
    )


def marked_words(sentence: str) -> Markup:
    """Mark the words that stand in square brackets, each in a colour of its own."""
    pieces = _MARKED_WORD.split(sentence)
    return Markup("").join(
        Markup('<mark class="hue-{}">{}</mark>').format(at // 2 + 1, piece) if at % 2 else piece
        for at, piece in enumerate(pieces)
    )


def _shown(matches: Sequence[HashtagMatch]) -> list[HashtagAnswer]:
    """Say of each hashtag what programs are told of it: page and script show the same."""
    return answer_of_matches("", matches)["hashtags"]
