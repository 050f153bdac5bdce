"""Collects the page's sentences and compiles their translations: ``python -m web.translating``.

Run it after a sentence has changed, translate what is new in
``web/translations/ko/LC_MESSAGES/messages.po``, and run it again. Both files are kept in the
repository, so that nobody who only runs captag needs this.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

_HERE = Path(__file__).parent
_SPOKEN = ("web", "captag", "tagmapper")  # the packages whose sentences stand on the page
FOLDER = _HERE / "translations" / "ko" / "LC_MESSAGES"
_TEMPLATES = "templates/**.html"
_METHODS = [("**.py", "python"), (_TEMPLATES, "jinja2")]
# Else a template that cannot be read would be passed over in silence.
_OPTIONS = {_TEMPLATES: {"extensions": "jinja2.ext.do", "silent": "false"}}
_FIRST: dict[str, tuple[int, ...] | None] = dict.fromkeys(
    (
        "_",
        "gettext",
        "ForgedRequest",
        "Reason",
        "RequestRefused",
        "RevisionNeeded",
        "TokenNeeded",
        "TuningIsOff",
        "VocabularyChanged",
        "WrongToken",
    )
)
_KEYWORDS = {**_FIRST, "ngettext": (1, 2), "Refusal": (2,)}  # of a refusal, the sentence


def sentences() -> Catalog:
    """Return every sentence of the page that can be translated, without a translation."""
    catalog = Catalog(project="captag", charset="utf-8")
    for package in _SPOKEN:
        for _file, _line, message, _comments, _context in extract_from_dir(
            _HERE.parent / package, _METHODS, _OPTIONS, keywords=_KEYWORDS
        ):
            if isinstance(message, tuple) or message.strip():
                catalog.add(message)
    return catalog


def translations() -> Catalog:
    """Return the Korean translations as they are kept."""
    with (FOLDER / "messages.po").open("rb") as stream:
        return read_po(stream, locale="ko")


def compiled(catalog: Catalog) -> bytes:
    """Return a catalog in the form that the page reads."""
    stream = BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def main() -> None:
    """Bring both files up to date."""
    catalog = translations()
    catalog.update(sentences(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    with (FOLDER / "messages.po").open("wb") as stream:
        write_po(stream, catalog, width=100, sort_output=True, omit_header=False)
    (FOLDER / "messages.mo").write_bytes(compiled(catalog))


if __name__ == "__main__":
    main()
