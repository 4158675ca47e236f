"""What the tests of bad databases ask: what is said, what is still there, and whether people are answered."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.messages import CheckRequest, Message
from bot.places import Room
from bot.ports import StoredReport
from storage.engine import CannotStore, open_engine
from storage.history import SqlHistory
from tests.benchmarks.store import remembering, talking
from tests.bot.written import bridge

NOW: Final = datetime(2026, 11, 26, 12, tzinfo=UTC)
DALE: Final = Room("discord", "100", private=False, server="1")
STORY: Final = StoredReport(bridge(), NOW)


def clock() -> datetime:
    return NOW


async def told(act: Awaitable[object]) -> str:
    """The sentence with which something is refused."""
    with pytest.raises(CannotStore) as refused:
        await act
    sentence = str(refused.value)
    assert re.fullmatch(r"The database \S+ cannot be used: [^\n]+\.", sentence)
    assert not re.search("Traceback|SELECT|INSERT|UPDATE|secret|owen|sqlalche", sentence)
    return sentence


async def answers(engine: AsyncEngine, room: Room = DALE, sender: str = "7") -> bool:
    """Whether somebody who asks is answered, whatever the store does."""
    talk = talking(engine, remembering(engine))
    asked = await talk.hear(Message(room, sender, "https://dale-courier.example/quay", asked=True))
    assert isinstance(asked, CheckRequest)
    answer = await talk.answer(asked)
    assert answer is not None
    await talk.mark_sent(answer.id, "https://chat.example/1")
    return True


async def titles(engine: AsyncEngine, room: Room = DALE) -> list[str]:
    """What the history of a room holds, oldest first."""
    return [one.title async for one in SqlHistory(engine).iterate(room)][::-1]


@asynccontextmanager
async def database(where: Path | str) -> AsyncIterator[AsyncEngine]:
    engine = await open_engine(where)
    try:
        yield engine
    finally:
        await engine.dispose()


async def told_to(engine: AsyncEngine, pragma: str) -> None:
    """Every connection from now on is told this, too."""
    await engine.dispose()
    event.listen(engine.sync_engine, "connect", lambda one, _: one.cursor().execute(f"PRAGMA {pragma}"))


async def is_whole(engine: AsyncEngine) -> bool:
    """Whether SQLite finds no fault in the file and none in its text index."""
    async with engine.begin() as connection:
        found = (await connection.execute(text("PRAGMA integrity_check"))).scalars().all()
        await connection.execute(text("INSERT INTO history_fts (history_fts) VALUES ('integrity-check')"))
    return found == ["ok"]
