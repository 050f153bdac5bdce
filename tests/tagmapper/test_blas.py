"""numpy's threads, by threadpoolctl's own account of them."""

from __future__ import annotations

import pytest
from threadpoolctl import ThreadpoolController

from tagmapper.blas import one_thread


def threads() -> list[int]:
    return [
        each["num_threads"]
        for each in ThreadpoolController().info()
        if each["internal_api"] == "openblas"
    ]


def test_numpy_multiplies_in_one_thread_within_and_as_before_afterwards() -> None:
    before = threads()
    with one_thread():
        assert set(threads()) <= {1}
    assert threads() == before


def test_an_error_within_leaves_the_threads_as_they_were() -> None:
    before = threads()
    with pytest.raises(ValueError, match="within"), one_thread():
        raise ValueError("within")
    assert threads() == before
