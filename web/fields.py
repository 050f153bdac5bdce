"""What each field of a photo or a caption must be, in the words of page and API alike."""

from __future__ import annotations

from captag import LANGUAGES
from tagmapper import Reason
from web.api_models import MAX_CAPTION_LENGTH
from web.refused import FieldsRefused
from web.service import service


def refused(field: str) -> FieldsRefused:
    """Return the refusal of a field that cannot be used."""
    return FieldsRefused({field: sentences()[field]})


def sentences() -> dict[str, Reason]:
    """Return what each field must be."""
    return {
        "photo": Reason("Choose a photo first."),
        "caption": Reason(
            "caption must be a sentence of at most %(most)s characters.",
            most=f"{MAX_CAPTION_LENGTH:,}",
        ),
        "limit": Reason(
            "limit must be a whole number from 1 to %(most)s.", most=service().settings.max_limit
        ),
        "mix": Reason("mix must be a number from 0 to 1."),
        "language": Reason("language must be one of %(names)s.", names=", ".join(LANGUAGES)),
    }
