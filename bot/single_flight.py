"""Single flight: one check of a link for everybody who asks for it meanwhile, and the port of the engine.

    check(link) ─ under way for its key ──▶ the same outcome for everybody in this process
                  └ not yet ─▶ CheckEngine ┬ bot.check.LinkChecker: here and now, in this process's readers
                                    └ storage.queue.JobQueue: by whichever worker is free, one flight for all
                                      processes that share a database

Either engine lets those who ask go before links that nobody asked for, takes rooms in turn, and turns away
what it has no room for.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol

from bot.fair_queue import Ticket
from bot.model import Link
from bot.ports import StoredReport

FRESH: Final = timedelta(hours=24)  # pages change: after that a server is asked whether this one has


class CheckEngine(Protocol):
    """Checks a link and returns its report, fetched less than `age` ago. Raises CannotCheck.

    Where `age` is None, the page is read anew after this moment: no stored report will do, and the server is
    not asked whether the page has changed.
    """

    async def check(self, link: Link, age: timedelta | None, ticket: Ticket) -> StoredReport: ...


@dataclass(slots=True, eq=False)
class _Flight:
    """A check under way for all who ask for its link; it ends early when the last of them has gone. `age` as
    in CheckEngine."""

    age: timedelta | None
    ticket: Ticket
    task: asyncio.Task[StoredReport] = field(init=False)
    askers: int = 0
    begun: bool = False

    def is_fresh_enough(self, age: timedelta | None) -> bool:
        """Return True if its outcome will do for somebody who asks now."""
        return not self.task.cancelling() and is_fresh_enough(self.age, age, begun=self.begun)


def is_fresh_enough(flight_age: timedelta | None, age: timedelta | None, *, begun: bool) -> bool:
    """Return True if a flight that lets a report be so old will do for somebody who asks now."""
    if age is None:
        return flight_age is None and not begun
    return flight_age is None or flight_age <= age


class SingleFlight:
    """Implements bot.ports.Checker over an engine."""

    def __init__(self, engine: CheckEngine, fresh: timedelta = FRESH) -> None:
        self._engine = engine
        self._fresh = fresh
        self._flights: dict[str, _Flight] = {}

    async def check(
        self,
        link: Link,
        *,
        again: bool = False,
        within: timedelta | None = None,
        ticket: Ticket | None = None,
    ) -> StoredReport:
        """Return the report and when its page was fetched. Raises CannotCheck, to all who asked meanwhile.

        `ticket`: whose it is, where many wait. `within`: how old it may be here, where that is less than what
        counts as fresh. `again`: read anew after this moment, whatever is known and whatever the server says
        of versions.
        """
        age = None if again else min(self._fresh, self._fresh if within is None else within)
        while (flight := self._flights.get(link.key)) and not flight.is_fresh_enough(age):
            await asyncio.wait({flight.task})  # what it finds may serve; two at once would ask a site twice
        ticket = ticket or Ticket()
        if flight is not None and ticket.asked:
            flight.ticket.prioritize()
        flight = flight or self._start(link, age, ticket)
        flight.askers += 1
        try:
            await asyncio.wait({flight.task})
        finally:  # a cancelled waiter leaves the flight to the others; the last one ends it
            flight.askers -= 1
            if not flight.askers and not flight.task.done():
                flight.task.cancel()
                await asyncio.wait({flight.task})  # nothing outlives those who wanted it
        return flight.task.result()

    def _start(self, link: Link, age: timedelta | None, ticket: Ticket) -> _Flight:
        flight = _Flight(age, ticket)

        async def run() -> StoredReport:
            flight.begun = True
            return await self._engine.check(link, flight.age, flight.ticket)

        def complete(task: asyncio.Task[StoredReport]) -> None:
            del self._flights[link.key]
            if not task.cancelled():
                task.exception()  # nobody may be left to raise it to

        flight.task = asyncio.create_task(run())
        flight.task.add_done_callback(complete)
        self._flights[link.key] = flight
        return flight
