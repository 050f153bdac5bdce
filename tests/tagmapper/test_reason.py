from __future__ import annotations

import pickle

from tagmapper import Reason


def test_a_reason_is_text_that_remembers_what_it_was_made_of() -> None:
    reason = Reason("%(count)s letters, not %(text)s", count=3, text="'100 %'")
    assert reason == "3 letters, not '100 %'"
    assert reason.sentence % reason.values == reason


def test_without_values_nothing_is_filled_in() -> None:
    assert Reason("100 % empty") == "100 % empty"


def test_a_reason_survives_another_process() -> None:
    reason = pickle.loads(pickle.dumps(Reason("at most %(most)s %%", most=7)))  # noqa: S301 - ours
    assert (reason, reason.values) == ("at most 7 %", {"most": 7})
