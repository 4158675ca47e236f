"""Rate limiting per host across processes: all that share a PostgreSQL database take turns at a web site, so
that it sees one visitor.

A site's slots are advisory locks of one connection, which the server lets go of when the process dies; the
moment from which its next page may be asked for is a row. The server's own clock counts, since those of
machines differ.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any, Final

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import SiteBusy
from storage.engine import CannotStore, translate_errors
from storage.queue_jobs import connect, first_line

POLL_SECONDS: Final = 0.1  # seconds between two looks for a free slot
TIMEOUT_SECONDS: Final = 3.0  # seconds without an answer after which the database is done without
_LOCK: Final = "SELECT pg_try_advisory_lock(hashtext(%s), %s)"
_UNLOCK: Final = "SELECT pg_advisory_unlock(hashtext(%s), %s)"
_FREE: Final = "greatest(sites.free, sites.rests, clock_timestamp())"
_NEXT: Final = text(f"""
INSERT INTO sites (host, free) VALUES (:host, clock_timestamp() + make_interval(secs => :gap))
ON CONFLICT (host) DO UPDATE SET free = {_FREE} + make_interval(secs => :gap)
WHERE {_FREE} <= clock_timestamp() + make_interval(secs => :patience)
RETURNING extract(epoch FROM free - clock_timestamp()) - :gap""")  # noqa: S608  # our own words
_REST: Final = text("""
INSERT INTO sites (host, free, rests)
VALUES (:host, clock_timestamp(), clock_timestamp() + make_interval(secs => :seconds))
ON CONFLICT (host) DO UPDATE SET rests = greatest(sites.rests, excluded.rests)""")
_DELETE_OLD: Final = text("""
DELETE FROM sites WHERE greatest(free, rests) < clock_timestamp() - interval '1 minute'""")

_log = logging.getLogger(__name__)


class SqlHostSlots:
    """Implements bot.ports.HostSlots: `at_once` pages of a site, seconds of the `gap` between two, and how
    long one may have to wait. Where the database is away, each process is as polite as it is alone."""

    def __init__(self, engine: AsyncEngine, *, at_once: int, gap: float, patience: float) -> None:
        self._engine = engine
        self._at_once, self._gap, self._patience = at_once, gap, patience
        self._held: set[tuple[str, int]] = set()  # a session is given a lock that it has
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._connecting = asyncio.Lock()
        self._releasing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def acquire(self, host: str) -> AsyncIterator[None]:
        """Hold one of the site's slots, once its next page may be asked for. Raises SiteBusy."""
        slot: int | None = None
        try:
            try:
                slot = await self._acquire_slot(host)
                wait = await self._reserve(host)
            except (psycopg.Error, OSError) as problem:
                _log.warning("other processes' visits cannot be known: %s", first_line(problem))
                wait = 0.0
            await asyncio.sleep(wait)
            yield
        finally:
            if slot is not None:
                self._release(host, slot)

    async def pause(self, host: str, seconds: float) -> None:
        """The site asks to be left alone for so long."""
        try:
            with translate_errors(self._engine):
                async with asyncio.timeout(TIMEOUT_SECONDS), self._engine.begin() as connection:
                    await connection.execute(_REST, {"host": host, "seconds": seconds})
        except CannotStore as problem:
            _log.warning("that a site asks for rest could not be noted: %s", problem)

    async def expire(self) -> int:
        """Forget sites that may be asked at once. Raises CannotStore."""
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                return (await connection.execute(_DELETE_OLD)).rowcount

    async def aclose(self) -> None:
        await asyncio.gather(*self._releasing)
        if self._connection is not None:
            await self._connection.close()

    async def _acquire_slot(self, host: str) -> int:
        """Return one of the site's slots that no process holds."""
        until = monotonic() + self._patience
        while True:
            for slot in range(self._at_once):
                if (host, slot) in self._held:
                    continue
                self._held.add((host, slot))
                mine = False
                try:
                    mine = await self._call(_LOCK, host, slot)
                finally:
                    if not mine:
                        self._held.discard((host, slot))
                if mine:
                    return slot
            if monotonic() >= until:
                raise SiteBusy
            await asyncio.sleep(POLL_SECONDS)

    def _release(self, host: str, slot: int) -> None:
        """Unlock a slot behind the back of its holder, who may be told to end just now."""

        async def unlock() -> None:
            try:
                await self._call(_UNLOCK, host, slot)
            except (psycopg.Error, OSError):
                pass  # the lock went with the connection
            finally:
                self._held.discard((host, slot))

        task = asyncio.create_task(unlock())
        self._releasing.add(task)
        task.add_done_callback(self._releasing.discard)

    async def _reserve(self, host: str) -> float:
        """Return the seconds until this process's next page of the site. Raises SiteBusy."""
        given = {"host": host, "gap": self._gap, "patience": self._patience}
        with translate_errors(self._engine):
            async with asyncio.timeout(TIMEOUT_SECONDS), self._engine.begin() as connection:
                found = (await connection.execute(_NEXT, given)).one_or_none()
        if found is None:
            raise SiteBusy
        return max(0.0, float(found[0]))

    async def _call(self, statement: Any, host: str, slot: int) -> bool:
        """Run a statement about a lock. Where it is not known what became of the lock, close the connection,
        and so let go of all that it holds."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                async with self._connecting:
                    if self._connection is None or self._connection.closed:
                        self._connection = await connect(self._engine)
                    connection = self._connection
                row = await (await connection.execute(statement, (host, slot))).fetchone()
        except BaseException:
            lost, self._connection = self._connection, None
            if lost is not None:
                await lost.close()
            raise
        return bool(row and row[0])
