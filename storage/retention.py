"""Retention: the deletion of old reports, of histories by each room's setting, and of rooms that were
left."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from bot.ports import Clock
from bot.stores import Stores
from storage.engine import CannotStore
from storage.history import SqlHistory
from storage.job_store import SqlJobStore
from storage.reports import SqlReports
from storage.rooms import SqlRooms

EVERY: Final = 3600.0  # seconds between two rounds, on a clock that nobody sets
GRACE: Final = timedelta(
    hours=24
)  # data of a room goes this long after the bot was removed; it may be invited back
TWICE: Final = timedelta(hours=24)  # how long after its check an event may come a second time
JUMP: Final = timedelta(hours=2)  # by which the two clocks may drift apart between two rounds
_log = logging.getLogger(__name__)


@dataclass
class Retention:
    """A round now and then. What one misses, because the database fails, the next one does; one in which the
    time of day has jumped deletes nothing, because nobody knows yet which time is right."""

    reports: SqlReports
    rooms: SqlRooms
    history: SqlHistory
    job_store: SqlJobStore
    stores: Stores
    clock: Clock
    _last: tuple[datetime, float] | None = field(default=None, init=False)

    async def run(self) -> None:
        """Delete what is old, for ever, a round an hour."""
        while True:
            try:
                await self.round()
            except CannotStore as problem:
                _log.warning("what is old could not be deleted: %s", problem)
            await asyncio.sleep(EVERY)

    async def round(self) -> None:
        """Delete what is old now. Raises CannotStore."""
        now, ticks = self.clock(), monotonic()
        last, self._last = self._last, (now, ticks)
        if last is not None and abs((now - last[0]) - timedelta(seconds=ticks - last[1])) > JUMP:
            _log.warning("the time of day has jumped, so nothing is deleted in this round")
            return
        await self.reports.expire()
        for room in {*await self.history.rooms(), *await self.job_store.rooms()}:
            settings = await self.stores.settings(room)
            before = self.clock() - timedelta(days=settings.retention_days)
            await self.history.expire(room, before)
            await self.job_store.expire(room, before)
        await self.rooms.purge(self.clock() - GRACE)
        await self.job_store.clean_up(self.clock() - TWICE)
