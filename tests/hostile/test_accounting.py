"""Nothing of the hostile inputs is forgotten: each has a test file, or stands in a list with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.inputs import CHAT, COUNT, EVAL, EXCEPTIONS, FETCHING, LATER, READING, entries, owned

HERE = Path(__file__).parent
needs_the_inputs = pytest.mark.skipif(
    not EVAL.is_file(), reason="../shared/eval/hostile_inputs.json is not here"
)


@needs_the_inputs
@pytest.mark.skipif(not (HERE / READING).is_file(), reason=f"{READING} is not written yet")
def test_every_hostile_input_is_run_by_a_file_or_listed_with_its_reason() -> None:
    assert (HERE / FETCHING).is_file()
    assert len(entries()) == COUNT
    assert owned(FETCHING) | owned(READING) | LATER.keys() == {entry.id for entry in entries()}


@needs_the_inputs
def test_what_is_left_for_later_is_exactly_what_the_list_says() -> None:
    assert owned(CHAT) == LATER.keys()


def test_no_input_is_both_claimed_by_a_file_and_left_for_later() -> None:
    assert not EXCEPTIONS.keys() & LATER.keys()
