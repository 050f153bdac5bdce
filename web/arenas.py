"""How many threads of the server keep memory of their own."""

import ctypes
import sys

_M_ARENA_MAX = -8  # glibc's malloc.h
_ARENAS = 2


def share_arenas() -> None:
    """Let the threads of this process share two heaps; call it before they are started.

    glibc gives each of them one of its own, and what photos have taken there is hardly given back:
    after forty photos of many sizes eight threads held 1.26 GB, with two heaps 0.89 GB
    (``benchmarks/memory.py``). Where there is no glibc nothing happens.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:  # musl has none
            mallopt(_M_ARENA_MAX, _ARENAS)
