from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import BadStatus, CannotRead, ReaderKilled
from bot.sandbox import Sandbox, SandboxLimits, run_in_sandbox
from tests.bot.sandboxed import (
    announced,
    break_down,
    die,
    double,
    eat,
    end_at_once,
    fail,
    fill_memory_and_break_down,
    hang,
    memory_and_interrupt,
    much,
    spin,
)


def gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def until(done: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.05)
    return done()


def test_a_result_comes_back_and_something_else_is_done_meanwhile() -> None:
    done: list[str] = []
    assert run_in_sandbox(double, 21, meanwhile=lambda: done.append("loaded")) == 42
    assert done == ["loaded"]


def test_a_failure_comes_back_with_its_facts() -> None:
    with pytest.raises(BadStatus) as failed:
        run_in_sandbox(fail)
    assert failed.value == BadStatus(403)


def test_what_never_ends_is_killed() -> None:
    start = time.monotonic()
    with pytest.raises(ReaderKilled):
        run_in_sandbox(hang, limits=SandboxLimits(seconds=0.3))
    assert time.monotonic() - start < 60  # else it would be there for ever


def test_what_dies_or_eats_all_memory_is_said_to_be_killed() -> None:
    with pytest.raises(ReaderKilled):
        run_in_sandbox(die)
    with pytest.raises(ReaderKilled):
        run_in_sandbox(eat)


def test_a_bug_is_a_page_that_could_not_be_read_and_its_trace_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(CannotRead) as failed:
        run_in_sandbox(break_down)
    assert type(failed.value) is CannotRead
    assert "RuntimeError: a bug" in caplog.text


async def test_a_library_that_was_refused_memory_is_said_to_be_killed_and_its_process_retires() -> None:
    sandbox = Sandbox(limits=SandboxLimits(memory=2**29, at_once=1))
    first = await sandbox.run(os.getpid)
    with pytest.raises(ReaderKilled):
        await sandbox.run(fill_memory_and_break_down, 2**10)
    await sandbox.close()
    assert await sandbox.run(os.getpid) != first


async def test_a_bug_far_from_the_memory_limit_is_a_page_that_could_not_be_read() -> None:
    sandbox = Sandbox(limits=SandboxLimits(memory=2**30, at_once=1))
    with pytest.raises(CannotRead) as failed:
        await sandbox.run(fill_memory_and_break_down, 2**6)
    assert type(failed.value) is CannotRead


async def test_processes_that_end_before_their_first_call_are_said() -> None:
    with pytest.raises(ReaderKilled):
        await Sandbox(end_at_once).warm()


async def test_a_call_that_meets_a_new_process_has_its_limits_too() -> None:
    limits = SandboxLimits(memory=2**31)
    result = await Sandbox(limits=limits)._call(
        memory_and_interrupt, (), 30
    )  # as if another took the prepared one
    assert result.outcome == (2**31, True)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
@pytest.mark.parametrize("function", [much, spin])
def test_a_child_ends_by_itself_when_its_parent_is_killed(
    tmp_path: Path, function: Callable[[], object]
) -> None:
    pids = tmp_path / "pid"
    parent = multiprocessing.get_context("fork").Process(
        target=run_in_sandbox,
        args=(announced, str(pids), function),
        kwargs={"limits": SandboxLimits(seconds=1.0)},
    )
    parent.start()
    assert until(lambda: pids.exists() and bool(pids.read_text()), 120)
    os.kill(parent.pid or 0, signal.SIGKILL)
    parent.join()
    child = int(pids.read_text())
    assert until(lambda: gone(child), 60)
