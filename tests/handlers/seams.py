"""The few places at which a bot in a process of its own is bent to a test; all else is as in production."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import discord.client
from discord.backoff import ExponentialBackoff

import handlers.app
import handlers.check_engines
import handlers.discord.client
import handlers.resources
import handlers.telegram.client
from bot.dispatcher import Dispatcher
from bot.readers import Readers
from handlers.start import main as hearsay
from handlers.telegram.rate_limiter import MessageRateLimiter
from storage.job_store import SqlJobStore
from tests.fakes.discord import pointed_at
from tests.faults import marked
from tests.handlers.living import Life

_SOONER: Final = 0.2  # seconds of the first pause before a platform is tried again, a fifth of production's


def live(life: Life) -> None:
    """Until told to end."""
    where = "database_url" if life.database.startswith("postgresql:") else "database"
    given = {where: life.database, "allow_loopback": "true", "operations_port": "0"} | dict(life.settings)
    for name, (port, token) in life.platforms.items():
        {"discord": _meets_discord, "telegram": _meets_telegram}[name](port)
        given[f"{name}_token"] = token
    os.environ |= {f"HEARSAY_{name.upper()}": value for name, value in given.items()}
    _Mortal.last = life.last
    vars(handlers.app).update(
        Dispatcher=partial(Dispatcher, claim_time=timedelta(seconds=life.claim)), SqlJobStore=_Mortal
    )
    if life.marked:
        vars(handlers.resources)["Readers"] = partial(Readers, read_page=marked.read_page)
    if life.clock is not None:
        wrong = partial(_wrong_by, Path(life.clock))
        for module in (handlers.app, handlers.check_engines, handlers.resources):
            vars(module)["now"] = wrong
    sys.argv = ["hearsay", "worker" if life.worker else "run"]
    hearsay()


def _meets_discord(port: int) -> None:
    pointed_at(port)
    vars(discord.client)["ExponentialBackoff"] = partial(ExponentialBackoff, base=_SOONER)  # type: ignore[arg-type]  # it may be a float
    handlers.discord.client.run = partial(
        handlers.discord.client.run, pause=_SOONER, guild_ready_timeout=0.05
    )


def _meets_telegram(port: int) -> None:
    here = f"http://127.0.0.1:{port}"
    handlers.telegram.client.run = partial(
        handlers.telegram.client.run,
        base_url=f"{here}/bot",
        base_file_url=f"{here}/file/bot",
        pause=_SOONER,
        pace=MessageRateLimiter(in_all=0.0, in_a_chat=0.0, minute=0.0),
    )


def _wrong_by(seconds: Path) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(seconds.read_text("utf-8")))


class _Mortal(SqlJobStore):
    """A job store whose process dies at the door."""

    last: int
    _accepted = count(1)

    async def accept(self, job: Any) -> bool:
        if next(self._accepted) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)
        return await super().accept(job)
