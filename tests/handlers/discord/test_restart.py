"""A bot that is killed between its acknowledgement and its answer: that comes after the restart, once."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_objects import BOT, CHANNEL

URL = "https://a.example/"
PATIENCE = 30.0  # seconds for a process to start on a busy machine


@asynccontextmanager
async def living(fake: FakeDiscord, database: Path, pace: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot in a process of its own, killed at the end."""
    met = fake.identified
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.handlers.discord.living",
        str(fake.port),
        fake.token,
        str(database),
        pace,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await fake.watch.until(lambda: fake.identified > met, PATIENCE)
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()


@pytest.mark.parametrize("way", ["mention", "command"])
async def test_what_was_acknowledged_is_answered_after_a_restart_and_once(tmp_path: Path, way: str) -> None:
    async with FakeDiscord() as fake:
        async with living(fake, tmp_path / "h.sqlite3", "slow"):
            if way == "mention":
                await fake.says(f"<@{BOT}> {URL}")
                await fake.watch.until(lambda: fake.typing, PATIENCE)
            else:
                asked = await fake.checks(URL)
                await fake.watch.until(lambda: asked.acknowledged, PATIENCE)
        async with living(fake, tmp_path / "h.sqlite3", "quick"):
            if way == "mention":
                await fake.watch.until(lambda: fake.sent, PATIENCE)
                assert [sent.room for sent in fake.sent] == [CHANNEL]
            else:
                answer = await fake.watch.until(lambda: asked.answer, PATIENCE)
                assert "Show to everyone" in answer.buttons
            await asyncio.sleep(3)  # in which claims of a second could run out again
    assert len(fake.sent) == (way == "mention")
