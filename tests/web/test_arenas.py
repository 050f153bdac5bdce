"""Threads that share heaps: told by glibc's own account of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Each thread takes and frees memory while all the others hold theirs; glibc tells its heaps in XML.
COUNT = """
import ctypes, sys, threading
from web.arenas import share_arenas
if sys.argv[1] == "shared":
    share_arenas()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
barrier = threading.Barrier(9)
def take():
    libc.malloc(1000)
    barrier.wait()
threads = [threading.Thread(target=take) for _ in range(8)]
for thread in threads: thread.start()
barrier.wait()
for thread in threads: thread.join()
libc.fdopen.restype = ctypes.c_void_p
stream = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, stream)
libc.fflush(stream)
"""


def heaps(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", COUNT, how], capture_output=True, text=True, check=True
    )
    return done.stdout.count("<heap ")


@pytest.mark.skipif(sys.platform != "linux", reason="asks glibc")
def test_threads_of_the_server_share_two_heaps_where_each_would_have_its_own() -> None:
    assert heaps("shared") <= 2 < heaps("own")


def test_where_there_is_no_glibc_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    from web import arenas

    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr(arenas.ctypes, "CDLL", None)
    arenas.share_arenas()
