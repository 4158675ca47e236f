from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.benchmarks import machine

pytestmark = pytest.mark.skipif(not (machine.PROC / "self/stat").exists(), reason="only Linux has /proc")

COMPUTES = (
    "import sys, time\nwhile time.process_time() < 0.15: pass\nprint('ready', flush=True)\nsys.stdin.read()"
)


@contextmanager
def child(*arguments: str) -> Iterator[int]:
    """A process that has computed for a while, and waits."""
    command = [sys.executable, "-c", COMPUTES, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid


def test_only_children_that_read_are_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = "anyio.to_process of this test"  # others may have left some that live on for a while
    monkeypatch.setattr(machine, "_READER", mine.encode())
    readers = machine.Readers()
    with child(), child(mine) as number:
        assert readers.alive() == [number]
        assert readers.memory() == machine.memory(number) > 1
    assert readers.alive() == []
    assert readers.memory() == 0


def test_what_a_reader_used_is_known_while_it_lives_and_once_it_has_ended() -> None:
    readers = machine.Readers()
    before = readers.used()
    with child("anyio.to_process"):
        assert readers.used().since(before).readers >= 0.1
    assert readers.used().since(before).readers >= 0.1


def test_a_process_that_is_gone_holds_nothing() -> None:
    with child() as number:
        assert machine.memory(number) > 1
    assert machine.memory(number) == 0
