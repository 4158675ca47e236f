"""Hearsay as a process of its own, which a test may kill, cut off, or tell to end.

usage: python -m tests.handlers.living DATABASE CLAIM KILL [PLATFORM PORT TOKEN]...

Everything is as in production, but for the platforms, which are fakes that listen on those ports, and for
claims, which run out after CLAIM seconds, so that another process need not be waited for. The process kills
itself when it accepts its KILLth check, before the check is in the database; 0: never.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

from pydantic import SecretStr

import handlers.app
import handlers.discord.client
import handlers.telegram.client
from bot.desk import Desk
from handlers.logs import log_to_stderr
from handlers.settings import Settings
from handlers.telegram.pace import Pace
from storage.checks import SqlLedger
from tests.fakes.discord import pointed_at


def _meets_discord(port: int) -> None:
    pointed_at(port)
    handlers.discord.client.run = partial(handlers.discord.client.run, pause=0.2, guild_ready_timeout=0.05)


def _meets_telegram(port: int) -> None:
    here = f"http://127.0.0.1:{port}"
    handlers.telegram.client.run = partial(
        handlers.telegram.client.run,
        base_url=f"{here}/bot",
        base_file_url=f"{here}/file/bot",
        pause=0.2,
        pace=Pace(in_all=0.0, in_a_chat=0.0, minute=0.0),
    )


class _Mortal(SqlLedger):
    """A ledger whose process dies at the door."""

    last: int
    _accepted = count(1)

    async def accept(self, due: Any) -> bool:
        if next(self._accepted) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)
        return await super().accept(due)


def main(database: str, claim: float, last: int, *platforms: str) -> None:
    given: dict[str, object] = {"database": database, "allow_loopback": True, "operations_port": 0}
    for name, port, token in zip(platforms[::3], platforms[1::3], platforms[2::3], strict=True):
        {"discord": _meets_discord, "telegram": _meets_telegram}[name](int(port))
        given[f"{name}_token"] = SecretStr(token)
    _Mortal.last = last
    vars(handlers.app).update(Desk=partial(Desk, span=timedelta(seconds=claim)), SqlLedger=_Mortal)
    log_to_stderr("human", "info")
    asyncio.run(handlers.app._until_told(handlers.app._platforms(Settings.model_validate(given))))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
