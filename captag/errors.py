"""What can go wrong in joining the two stages.

CaptagError
├── SettingsError    a setting that is unknown or cannot be used; the operator, before the start
├── PhotoNotFound    a path that is no photo and no folder with photos; the person: another path
├── EvaluationError  posts or captions that cannot be evaluated on; the person: other files
├── NotReady         the models are still being loaded; the person: a moment later
├── LoadingFailed    the models could not be loaded; the operator: the reason is its cause
└── Cancelled        whoever sent a photo waits for it no more; nobody
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class CaptagError(Exception):
    """Base of every error that `captag` and `web` raise on purpose."""


class SettingsError(CaptagError):
    """Settings that cannot be used: every problem, each in one sentence.

    Attributes:
        problems: One sentence a setting, in the order of their names.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class PhotoNotFound(CaptagError):
    """A path given to the command line leads to no photo; the message says why."""


class EvaluationError(CaptagError):
    """Posts, photos or captions that cannot be evaluated on; the message says where and why."""


class NotReady(CaptagError):
    """The models are still being loaded."""


class LoadingFailed(CaptagError):
    """The models could not be loaded; `__cause__` says why."""


class Cancelled(CaptagError):
    """Whoever sent a photo has gone: it was not captioned."""
