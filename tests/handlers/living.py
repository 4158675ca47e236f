"""Hearsay as a process of its own, which a test may kill, cut off, or tell to end.

usage: python -m tests.handlers.living DATABASE CLAIM KILL [PLATFORM PORT TOKEN]...

It is the command `hearsay run` with the settings of its environment, as in production, but for the platforms,
which are fakes that listen on those ports, for claims, which run out after CLAIM seconds, so that another
process need not be waited for, and for pages that break their reader (`tests.fakes.breaking`). The process
kills itself when it accepts its KILLth check, before the check is in the database; 0: never.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

import handlers.app
import handlers.discord.client
import handlers.grounds
import handlers.telegram.client
from bot.desk import Desk
from bot.readers import Readers
from handlers.start import main as hearsay
from handlers.telegram.pace import Pace
from storage.checks import SqlLedger
from tests.fakes import breaking
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
    os.environ |= {"HEARSAY_DATABASE": database, "HEARSAY_ALLOW_LOOPBACK": "true"}
    os.environ.setdefault("HEARSAY_OPERATIONS_PORT", "0")
    for name, port, token in zip(platforms[::3], platforms[1::3], platforms[2::3], strict=True):
        {"discord": _meets_discord, "telegram": _meets_telegram}[name](int(port))
        os.environ[f"HEARSAY_{name.upper()}_TOKEN"] = token
    _Mortal.last = last
    vars(handlers.app).update(Desk=partial(Desk, span=timedelta(seconds=claim)), SqlLedger=_Mortal)
    vars(handlers.grounds)["Readers"] = partial(Readers, breaking.read_page)
    sys.argv = ["hearsay", "run"]
    hearsay()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
