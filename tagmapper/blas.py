"""How many threads numpy multiplies with."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


def one_thread() -> AbstractContextManager[Any]:
    """Let numpy multiply in the calling thread alone, as long as the context lasts.

    torch's threads go on looking for work for a while after they have embedded a caption; those of
    numpy's OpenBLAS wait for them at each product, and keep them waiting at the next caption. On 2
    cores a caption takes 28 ms to be embedded and matched, in one thread 13 ms.
    """
    return _openblas().limit(limits=1)  # type: ignore[no-any-return]


@cache
def _openblas() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(internal_api="openblas")
