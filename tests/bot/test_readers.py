"""Pages are read apart, within limits, a few at a time, and nothing is left behind."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from bot.errors import CannotRead, ReaderKilled, TooShort
from bot.model import Page, Report
from bot.readers import Readers, load, read_page
from bot.sandbox import SandboxLimits
from tests.bot.readings import clocked, nothing, read, words

ROOT: Final = Path(__file__).parents[2]


def page(url: str) -> Page:
    return Page(url, b"")


def readers(waiting: int = 64, **limits: float) -> Readers:
    return Readers(read, words, nothing, SandboxLimits(**limits), waiting)  # type: ignore[arg-type]  # counts and seconds


pytestmark = pytest.mark.xdist_group("readers")

together = pytest.mark.asyncio(loop_scope="module")  # one pair of processes for many tests


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def two() -> AsyncIterator[Readers]:
    found = readers(seconds=2.0, calls=1000)
    yield found
    await found.close()


@together
async def test_a_page_is_read_in_another_process(two: Readers) -> None:
    assert (await two.read(page("who"))).article.text != str(os.getpid())


@together
async def test_a_pasted_text_is_read_apart_too(two: Readers) -> None:
    assert (await two.read_text("the port is closed")).article.text == "THE PORT IS CLOSED"


@together
async def test_what_could_not_be_read_comes_back_with_its_facts(two: Readers) -> None:
    with pytest.raises(TooShort) as caught:
        await two.read(page("short"))
    assert caught.value == TooShort(61)


@together
async def test_a_reader_that_takes_too_long_is_killed_and_the_next_page_is_read(two: Readers) -> None:
    before = (await two.read(page("who"))).article.text
    with pytest.raises(ReaderKilled):
        await two.read(page("spin"))
    assert (await two.read(page("who"))).article.text != before


@together
async def test_a_reader_that_dies_is_told_as_killed_and_the_next_page_is_read(two: Readers) -> None:
    with pytest.raises(ReaderKilled):
        await two.read(page("die"))
    assert (await two.read(page("who"))).article.text.isdigit()


@together
async def test_a_reader_that_wants_too_much_memory_is_told_as_killed(two: Readers) -> None:
    with pytest.raises(ReaderKilled):
        await two.read(page(f"eat {2**31}"))
    assert (await two.read(page("who"))).article.text.isdigit()


@together
async def test_a_page_that_breaks_the_reader_could_not_be_read_and_its_trace_is_logged(
    two: Readers, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(CannotRead) as caught:
        await two.read(page("break window"))
    assert caught.value == CannotRead()
    assert "LookupError: window" in caplog.text


@together
async def test_what_a_reader_logs_is_logged_by_its_parent(
    two: Readers, caplog: pytest.LogCaptureFixture
) -> None:
    await two.read(page("log hello"))
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "the page said hello")
    ]


async def test_a_process_retires_after_its_share_of_pages() -> None:
    few = readers(at_once=1, calls=3)
    seen = []
    for _ in range(7):
        seen.append((await few.read(page("who"))).article.text)
        await few.close()
    assert [seen.count(process) for process in dict.fromkeys(seen)] == [3, 3, 1]


def _spans(reports: list[Report]) -> list[tuple[float, float]]:
    pairs = (report.article.text.split() for report in reports)
    return [(float(began), float(ended)) for began, ended in pairs]


async def test_no_more_than_two_pages_are_read_at_once() -> None:
    found = Readers(clocked, words, nothing, SandboxLimits())
    spans = _spans(await asyncio.gather(*(found.read(page("0.1")) for _ in range(6))))
    most = max(sum(began <= at < ended for began, ended in spans) for at, _ in spans)
    assert most == 2


async def test_waiting_for_a_turn_does_not_count_against_a_page() -> None:
    found = Readers(clocked, words, nothing, SandboxLimits(seconds=2.0, at_once=1))
    spans = _spans(await asyncio.gather(*(found.read(page("0.9")) for _ in range(3))))
    assert len(spans) == 3


async def test_a_page_is_turned_away_when_too_many_wait(caplog: pytest.LogCaptureFixture) -> None:
    found = readers(at_once=1, waiting=1)
    asked = [asyncio.create_task(found.read(page("who"))) for _ in range(3)]
    got = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each) for each in got] == [Report, Report, CannotRead]
    assert "turned away" in caplog.text


async def test_a_reading_that_nobody_waits_for_any_more_frees_its_turn() -> None:
    found = readers(at_once=1, seconds=30)
    await found.warm()
    asked = asyncio.create_task(found.read(page("sleep 20")))
    await asyncio.sleep(0.1)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert (await found.read(page("who"))).article.text.isdigit()


def test_the_sample_page_that_warms_a_reader_is_an_article() -> None:
    load()


def test_a_page_is_read_into_a_report_with_its_article() -> None:
    text = "".join(f"<p>The {place} stays closed until Friday, the mayor said.</p>" for place in PLACES)
    html = f"<html lang=en><body><article><h1>Closed</h1>{text}</article></body></html>"
    assert read_page(Page("https://post.example/1", html.encode())).article.url == "https://post.example/1"


PLACES: Final = "harbour market school bridge station library theatre stadium museum airport".split()


def test_the_parent_loads_none_of_the_heavy_parts() -> None:
    heavy = ("trafilatura", "lxml", "bot.reading")
    asked = f"import sys, bot.readers; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ── what is left behind ─────────────────────────────────────────────────────────────────────────────

PARENT: Final = """
import asyncio, sys
sys.path.insert(0, {root!r})
from bot.model import Page
from bot.readers import Readers
from bot.sandbox import SandboxLimits
from tests.bot.readings import nothing, read, words

asyncio.run(Readers(read, words, nothing, SandboxLimits(seconds={seconds})).read(Page("spin {sign}", b"")))
"""


def _parent(sign: Path, seconds: int = 1) -> tuple[subprocess.Popen[str], int]:
    """A process whose reader spins, and the number of that reader."""
    started = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PARENT.format(root=str(ROOT), sign=sign, seconds=seconds)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 120
    while not (sign.is_file() and sign.read_text("utf-8")) and time.monotonic() < until:
        time.sleep(0.02)
    return started, int(sign.read_text("utf-8"))


def _gone(process: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and groups of POSIX")


@posix
def test_ctrl_c_ends_the_readers_and_they_say_nothing(tmp_path: Path) -> None:
    parent, reader = _parent(tmp_path / "sign", seconds=60)  # the page's own end must not come first
    os.killpg(parent.pid, signal.SIGINT)
    _, errors = parent.communicate(timeout=120)
    assert errors.strip().splitlines()[-1] == "KeyboardInterrupt"
    assert _gone(reader, 60)


@posix
def test_a_parent_that_is_killed_leaves_no_reader_behind(tmp_path: Path) -> None:
    parent, reader = _parent(tmp_path / "sign")
    parent.kill()
    parent.communicate(timeout=120)
    assert _gone(reader, 60)
