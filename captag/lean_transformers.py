"""What transformers does in vain whenever it is imported, and what is done here in its place.

Asked for one name it reads the 1,700 files of all its models, twice, from the first line to the
last, to find out which names they have; writes down every configuration for a log that nobody
reads; and gets ready for several machines. Together that is a sixth of a start.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

_SEVERAL_MACHINES = "transformers.distributed"


@contextmanager
def lean_transformers() -> Iterator[None]:
    """Mend transformers, where it is imported as long as the context lasts."""
    mends = _Mends()
    sys.meta_path.insert(0, mends)
    try:
        yield
    finally:
        sys.meta_path.remove(mends)
        mends.undo()


class _Mends(MetaPathFinder):
    """Finds nothing, but mends each module at the first import after its own."""

    def __init__(self) -> None:
        self._waiting = {
            "transformers.utils.import_utils": self._look_for_names_quickly,
            "transformers.configuration_utils": self._describe_configurations_in_brief,
        }
        self._replaced: list[tuple[Any, str, Any]] = []

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Mend what has been imported by now, and say in time that there is one machine."""
        for module in [*self._waiting]:
            if _is_imported(module):
                self._waiting.pop(module)(sys.modules[module])
        if name == _SEVERAL_MACHINES:
            _say_that_there_is_one_machine()

    def undo(self) -> None:
        """Put back what was replaced."""
        while self._replaced:
            setattr(*self._replaced.pop())

    def _replace(
        self, owner: Any, name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]
    ) -> None:
        original = owner and getattr(owner, name, None)
        if original is not None:  # another release of transformers may do without
            self._replaced.append((owner, name, original))
            setattr(owner, name, make(original))

    def _look_for_names_quickly(self, import_utils: ModuleType) -> None:
        """Read a file from its last `__all__` on, and each folder once, however it is written."""
        self._replace(
            import_utils,
            "fetch__all__",
            lambda names_in: lambda content: names_in(content[content.rfind("\n__all__") + 1 :]),
        )
        self._replace(
            import_utils,
            "create_import_structure_from_path",
            lambda structure_of: lambda folder: structure_of(str(folder)),
        )

    def _describe_configurations_in_brief(self, configuration_utils: ModuleType) -> None:
        configuration = getattr(configuration_utils, "PreTrainedConfig", None)
        self._replace(configuration, "__repr__", lambda _: object.__repr__)


def _is_imported(name: str) -> bool:
    """Whether a module has been imported to its end."""
    module = sys.modules.get(name)
    return module is not None and not getattr(module.__spec__, "_initializing", False)


def _say_that_there_is_one_machine() -> None:
    """Let transformers ask, once and for all, whether this torch can share work between machines.

    Where it cannot, and there are such builds, transformers imports nothing for it.
    """
    import torch.distributed
    from transformers.utils.import_utils import is_torch_distributed_available

    really = torch.distributed.is_available
    torch.distributed.is_available = lambda: False
    try:
        is_torch_distributed_available()  # keeps its first answer
    finally:
        torch.distributed.is_available = really
