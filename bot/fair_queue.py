"""A bounded queue of two priorities, fair per room, with load shedding: requests before automatic checks.

A busy room waits behind its own pages alone. Where too many pages wait, automatic checks are shed first, then
requests of the room that asks for most.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial


class Ticket:
    """The room of a page and its priority. `asked`: somebody waits for it, maybe since later."""

    def __init__(self, room: str = "", *, asked: bool = True) -> None:
        self.room = room
        self.asked = asked
        self.on_prioritize: Callable[[], None] | None = None  # called by `prioritize`

    def prioritize(self) -> None:
        """Raise the priority: somebody waits for it now."""
        if not self.asked:
            self.asked = True
            if self.on_prioritize is not None:
                self.on_prioritize()


class QueueFull(Exception):  # noqa: N818  # named for what it is; "Error" would add nothing
    """So many wait already that this one is refused."""


_WaitingByRoom = OrderedDict[str, deque[asyncio.Future[None]]]  # by rooms, in the order of their turns


class FairQueue:
    """A bounded two-priority queue that is fair per room: `at_once` pages are read at the same time, and at
    most `waiting` more wait."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = at_once
        self._max_waiting = waiting
        self._queues: dict[bool, _WaitingByRoom] = {True: OrderedDict(), False: OrderedDict()}
        self.shed_count = 0  # automatic checks that waited and were shed for a request

    def __len__(self) -> int:
        """Return the number of waiting pages."""
        return sum(len(one) for line in self._queues.values() for one in line.values())

    @asynccontextmanager
    async def acquire(self, ticket: Ticket) -> AsyncIterator[None]:
        """Wait for a slot and hold it.

        Raise QueueFull for an automatic check that finds the queue full, or that is shed later for a request
        of any room; and for a request that finds the queue full of requests and no room with more of them,
        or that is shed later for a room with fewer.
        """
        await self._wait(ticket)
        try:
            yield
        finally:
            self._wake_next()

    async def _wait(self, ticket: Ticket) -> None:
        if self._free:
            self._free -= 1
            return
        if len(self) >= self._max_waiting and not (ticket.asked and self._shed_load(ticket.room)):
            raise QueueFull
        mine = asyncio.get_running_loop().create_future()
        self._enqueue(ticket, mine)
        ticket.on_prioritize = partial(self._prioritize, ticket, mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled() and mine.exception() is None:
                self._wake_next()  # the slot came in the moment of the end
            else:
                self._remove(ticket.asked, ticket.room, mine)
            raise
        finally:
            ticket.on_prioritize = None

    def _enqueue(self, ticket: Ticket, mine: asyncio.Future[None]) -> None:
        self._queues[ticket.asked].setdefault(ticket.room, deque()).append(mine)

    def _prioritize(self, ticket: Ticket, mine: asyncio.Future[None]) -> None:
        """Move a waiting page to the requests."""
        if self._remove(False, ticket.room, mine):
            self._enqueue(ticket, mine)

    def _shed_load(self, newcomer: str) -> bool:
        """Shed the last automatic check, else the last request of the room that asks for most. Return False
        where no room asks for more than the newcomer would."""
        if self._queues[False]:
            self.shed_count += 1
            self._shed(False, next(reversed(self._queues[False])))
            return True
        asked = self._queues[True]
        greedy = max(asked, key=lambda room: len(asked[room]), default=newcomer)
        if len(asked.get(greedy, ())) <= len(asked.get(newcomer, ())) + 1:
            return False
        self._shed(True, greedy)
        return True

    def _shed(self, asked: bool, room: str) -> None:  # noqa: FBT001  # as in Ticket
        line = self._queues[asked]
        last = line[room].pop()
        if not line[room]:
            del line[room]
        if not last.done():
            last.set_exception(QueueFull())

    def _remove(self, asked: bool, room: str, mine: asyncio.Future[None]) -> bool:  # noqa: FBT001  # as in Ticket
        line = self._queues[asked]
        if mine not in line.get(room, ()):
            return False
        line[room].remove(mine)
        if not line[room]:
            del line[room]
        return True

    def _wake_next(self) -> None:
        for line in (self._queues[True], self._queues[False]):
            while line:
                room, waiting = line.popitem(last=False)
                first = waiting.popleft()
                if waiting:
                    line[room] = waiting  # behind the other rooms
                if not first.done():
                    first.set_result(None)
                    return
        self._free += 1
