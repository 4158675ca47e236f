from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from handlers.batch import Progress, Tally, batch
from handlers.batch_lines import OutputLine

HEARSAY = Path(sys.executable).with_name("hearsay")
TEXT = "The old bridge may close in May, people close to the talks said on Monday."


def jsonl(*rows: object) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def kill_or_hang(line: bytes) -> OutputLine:
    """A reader for the worst pages: one kills its process, one never ends."""
    if b"kill" in line:
        os.kill(os.getpid(), signal.SIGKILL)
    while b"hang" in line:
        time.sleep(0.1)
    return OutputLine(line.decode().strip())


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


async def test_every_line_gets_its_report_in_the_order_of_the_input() -> None:
    rows = [{"id": str(n), "text": TEXT * (1 + n % 7)} for n in range(40)]
    out = io.StringIO()
    tally = await batch(io.BytesIO(jsonl(*rows)), out, Progress(io.StringIO()))
    assert [json.loads(line)["id"] for line in out.getvalue().splitlines()] == [row["id"] for row in rows]
    assert tally == Tally(lines=40, failures=0)


async def test_a_bad_line_and_an_empty_one_do_not_stop_the_batch() -> None:
    source = jsonl({"id": "a", "text": TEXT}) + b"junk\n\n  \n" + jsonl({"id": "b", "text": TEXT})[:-1]
    out = io.StringIO()
    tally = await batch(io.BytesIO(source), out, Progress(io.StringIO()))
    found = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [row["id"] for row in found] == ["a", None, "b"]
    assert [bool(row["error"]) for row in found] == [False, True, False]
    assert tally == Tally(lines=3, failures=1)


async def test_a_report_is_written_before_the_next_line_comes() -> None:
    read, write = os.pipe()
    written: asyncio.Queue[str] = asyncio.Queue()

    class Out(io.StringIO):
        def write(self, words: str) -> int:
            written.put_nowait(words)
            return len(words)

    with os.fdopen(read, "rb") as source, os.fdopen(write, "wb") as person:
        running = asyncio.create_task(batch(source, Out(), Progress(io.StringIO()), cores=1))
        person.write(jsonl({"id": "a", "text": TEXT}))
        person.flush()
        assert json.loads(await asyncio.wait_for(written.get(), 120))["id"] == "a"
        person.close()
        assert await running == Tally(lines=1)


async def test_a_line_that_hangs_or_kills_its_process_does_not_stop_the_batch() -> None:
    rows = [{"id": "a"}, {"id": "hang"}, {"id": "b"}, {"id": "kill"}, {"id": "c"}]
    out = io.StringIO()
    await batch(
        io.BytesIO(jsonl(*rows)), out, Progress(io.StringIO()), cores=1, seconds=1.0, reader=kill_or_hang
    )
    found = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [row["id"] for row in found] == ["a", "hang", "b", "kill", "c"]
    assert [row["error"]["kind"] for row in found if row.get("error")] == ["reader_killed", "reader_killed"]


def test_progress_is_shown_on_a_terminal_alone() -> None:
    moments = iter([0.0, 0.1, 1.0, 2.0])
    screen, pipe = Screen(), io.StringIO()
    shown = Progress(screen, lambda: next(moments))
    shown.show(Tally(1, 0))
    shown.show(Tally(20, 1))
    shown.show(Tally(30, 1), last=True)
    assert screen.getvalue().split("\r\x1b[2K")[1:] == [
        "20 read, 1 with an error, 20.0 a second",
        "30 read, 1 with an error, 15.0 a second\n",
    ]
    Progress(pipe).show(Tally(1, 0), last=True)
    assert pipe.getvalue() == ""


def test_ctrl_c_is_one_sentence(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [HEARSAY, "batch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "HEARSAY_LOG_FILE": str(tmp_path / "log")},
        start_new_session=True,
    )
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write(jsonl({"id": "a", "text": TEXT}))
    running.stdin.flush()
    assert json.loads(running.stdout.readline())["id"] == "a"
    os.killpg(running.pid, signal.SIGINT)  # as a terminal sends it: to the workers too
    code = running.wait(timeout=120)
    assert running.stderr is not None
    assert (code, running.stderr.read().decode()) == (130, "Stopped.\n")
    for pipe in (running.stdin, running.stdout, running.stderr):
        pipe.close()
