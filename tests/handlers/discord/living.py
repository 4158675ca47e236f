"""Hearsay on Discord as a process of its own, which a test may kill.

usage: python -m tests.handlers.discord.living PORT TOKEN DATABASE (slow | quick)

It meets the fake Discord that listens on the port. Reading a page takes for ever where it is slow; claims run
out after a second, so that another process need not be waited for.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.commands import Commands
from bot.desk import Desk
from bot.hearsay import Hearsay
from bot.memory import Memory
from bot.model import Link, Report
from bot.ports import Kept
from handlers.discord.client import run
from storage.checks import SqlLedger
from storage.engine import opened
from storage.history import SqlHistory
from storage.objections import SqlObjections
from storage.people import SqlPeople
from storage.rooms import SqlRooms
from tests.bot.written import bridge
from tests.fakes.discord import pointed_at


def now() -> datetime:
    return datetime.now(UTC)


async def main(port: int, token: str, database: Path, *, slow: bool) -> None:
    engine = await opened(database)
    people, objections = SqlPeople(engine, now), SqlObjections(engine, now)
    memory = Memory(SqlRooms(engine, now), SqlHistory(engine), people, objections)

    async def check(link: Link, **_: object) -> Kept:  # noqa: ARG001  # one page for all
        if slow:
            await asyncio.Event().wait()
        return Kept(bridge(), now())

    async def read_text(text: str) -> Report:
        raise AssertionError(text)

    talk = Hearsay(check=check, read_text=read_text, memory=memory, clock=now)
    desk = Desk(SqlLedger(engine, now), talk, now, span=timedelta(seconds=1))
    pointed_at(port)
    await run(talk, desk, token, commands=Commands(memory), guild_ready_timeout=0.05)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), slow=sys.argv[4] == "slow"))
