from __future__ import annotations

import logging
import os
import signal
import time

import pytest

from bot.errors import BadStatus, CannotRead, ReaderKilled
from handlers.apart import apart


def double(n: int) -> int:
    return n * 2


def fail() -> None:
    raise BadStatus(403)


def hang() -> None:
    while True:
        time.sleep(1)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def break_down() -> None:
    raise RuntimeError("a bug")


def eat() -> int:
    return len(bytearray(8 * 2**30))


def test_a_result_comes_back_and_something_else_is_done_meanwhile() -> None:
    done: list[str] = []
    assert apart(double, 21, meanwhile=lambda: done.append("loaded")) == 42
    assert done == ["loaded"]


def test_a_failure_comes_back_with_its_facts() -> None:
    with pytest.raises(BadStatus) as failed:
        apart(fail)
    assert failed.value == BadStatus(403)


def test_what_never_ends_is_killed() -> None:
    start = time.monotonic()
    with pytest.raises(ReaderKilled):
        apart(hang, seconds=0.3)
    assert time.monotonic() - start < 3


def test_what_dies_or_eats_all_memory_is_said_to_be_killed() -> None:
    with pytest.raises(ReaderKilled):
        apart(die)
    with pytest.raises(ReaderKilled):
        apart(eat)


def test_a_bug_is_a_page_that_could_not_be_read_and_its_trace_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(CannotRead) as failed:
        apart(break_down)
    assert type(failed.value) is CannotRead
    assert "RuntimeError: a bug" in caplog.text
