"""What the libraries import in vain stays out: the command `captag` starts in half the time.

transformers, sentence-transformers and nltk import scipy, scikit-learn, sympy, torch's compiler and
what it knows of tensors without numbers for it, its tensors that lie on several machines, other
kinds of encoders and translation: 1,500 modules that no caption and no hashtag comes from.
Here a stand-in takes the place of each; whoever calls one after all gets the real module.

Only for a process that is captag's own: nothing but the command line calls it.
"""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from operator import eq
from types import ModuleType
from typing import TYPE_CHECKING, Any

from captag.lean_transformers import lean_transformers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Given = Mapping[str, Callable[..., Any]]


def _unmarked(function: Any = None, *_args: object, **_options: object) -> Any:
    """Return a function as it is: a mark for torch's compiler matters to nobody but it."""
    return _unmarked if function is None else function


class _Nobody:
    """A class that no object is of."""


# The modules left out, each with those below it, and what is called of them all the same: it does
# what the real one does where nothing is compiled and every size is a number.
LEFT_OUT: Mapping[str, Given] = {
    "scipy": {},
    "sklearn": {},
    "sympy": {"Basic": _Nobody},
    "nltk.text": {},
    "nltk.translate": {},
    "sentence_transformers.cross_encoder": {},
    "sentence_transformers.multi_vector_encoder": {},
    "sentence_transformers.sparse_encoder": {},
    "torch._meta_registrations": {},
    "torch.export": {},
    "torch._dynamo": dict.fromkeys(
        ("allow_in_graph", "assume_constant_result", "disable"), _unmarked
    ),
    "torch.fx.experimental.symbolic_shapes": {
        **dict.fromkeys(("expect_true", "guard_or_false", "guard_or_true"), bool),
        "is_nested_int": lambda _size: False,
        "sym_eq": eq,
        "sym_and": lambda *truths: all(truths),
        "sym_or": lambda *truths: any(truths),
    },
}
_OBJECTS = 100_000  # made before garbage is looked for; Python's own number is 700


@contextmanager
def lean_imports() -> Iterator[None]:
    """Leave out what is imported in vain as long as the context lasts.

    What has been imported already stays.
    """
    finders = [
        _StandIns(root, given) for root, given in LEFT_OUT.items() if root not in sys.modules
    ]
    sys.meta_path[:0] = finders
    try:
        with lean_transformers():
            yield
    finally:
        for finder in finders:
            finder.make_way()


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for garbage rarely as long as the context lasts.

    A start makes a million objects and next to no garbage; to look for it takes 0.3 s of 4 s.
    """
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _StandIns(MetaPathFinder, Loader):
    """Finds stand-ins for a module and those below it.

    Args:
        root: The module.
        given: What is called of it all the same.
    """

    def __init__(self, root: str, given: Given) -> None:
        self._root = root
        self._given = given
        self._made: list[str] = []

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Find a stand-in; None for whatever is imported as ever."""
        is_left_out = name == self._root or name.startswith(f"{self._root}.")
        return ModuleSpec(name, self, is_package=True) if is_left_out else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make a stand-in."""
        self._made.append(spec.name)
        return _StandIn(spec.name, self)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: that is the point."""

    def stand_in(self, module: str, name: str) -> Callable[..., Any]:
        """Return what stands in for a name of a module."""

        def real(*args: Any, **options: Any) -> Any:
            self.make_way()
            return getattr(import_module(module), name)(*args, **options)

        return self._given.get(name, real)

    def make_way(self) -> None:
        """Let the real modules be imported from now on; again is harmless."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        while self._made:
            name = self._made.pop()
            parent, _, child = name.rpartition(".")
            del sys.modules[name]
            if parent in sys.modules:
                delattr(sys.modules[parent], child)


class _StandIn(ModuleType):
    """A module whose names can be imported, and which is imported when they are called."""

    def __init__(self, name: str, finder: _StandIns) -> None:
        super().__init__(name)
        self._finder = finder

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._finder.stand_in(self.__name__, name)
