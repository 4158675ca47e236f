"""Whose page is read next: what somebody asked for before what nobody did, and of each, rooms take turns.

A busy room waits behind its own pages alone. Where too many wait, those that nobody asked for give way, then
those of the room that asks for most.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial


class Ticket:
    """Whose a page is. `asked`: somebody waits for it, maybe since later."""

    def __init__(self, room: str = "", *, asked: bool = True) -> None:
        self.room = room
        self.asked = asked
        self.moves: Callable[[], None] | None = None  # whoever keeps the line is told of a change

    def hasten(self) -> None:
        """Somebody waits for it now."""
        if not self.asked:
            self.asked = True
            if self.moves is not None:
                self.moves()


class QueueFull(Exception):  # noqa: N818  # named for what it is (DESIGN.md, "Names")
    """So many wait already that this one is refused."""


_WaitingByRoom = OrderedDict[str, deque[asyncio.Future[None]]]  # by rooms, in the order of their turns


class FairQueue:
    """`at_once` turns are taken at the same time, and at most `waiting` more wait."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = at_once
        self._most = waiting
        self._lines: dict[bool, _WaitingByRoom] = {True: OrderedDict(), False: OrderedDict()}
        self.shed_count = 0  # of those that nobody asked for

    def __len__(self) -> int:
        """How many wait."""
        return sum(len(one) for line in self._lines.values() for one in line.values())

    @asynccontextmanager
    async def taken(self, ticket: Ticket) -> AsyncIterator[None]:
        """Raises QueueFull, where it is full, or when somebody who asks for less comes later and needs the
        place."""
        await self._wait(ticket)
        try:
            yield
        finally:
            self._next()

    async def _wait(self, ticket: Ticket) -> None:
        if self._free:
            self._free -= 1
            return
        if len(self) >= self._most and not (ticket.asked and self._make_room(ticket.room)):
            raise QueueFull
        mine = asyncio.get_running_loop().create_future()
        self._stand(ticket, mine)
        ticket.moves = partial(self._move, ticket, mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled() and mine.exception() is None:
                self._next()  # the slot came in the moment of the end
            else:
                self._forget(ticket.asked, ticket.room, mine)
            raise
        finally:
            ticket.moves = None

    def _stand(self, ticket: Ticket, mine: asyncio.Future[None]) -> None:
        self._lines[ticket.asked].setdefault(ticket.room, deque()).append(mine)

    def _move(self, ticket: Ticket, mine: asyncio.Future[None]) -> None:
        """Into the line of those that somebody asked for."""
        if self._forget(False, ticket.room, mine):
            self._stand(ticket, mine)

    def _make_room(self, newcomer: str) -> bool:
        """The last of those that nobody asked for goes, else the last one of the room that asks for most;
        False where no room asks for more than the newcomer's would."""
        if self._lines[False]:
            self.shed_count += 1
            self._turn_away(False, next(reversed(self._lines[False])))
            return True
        asked = self._lines[True]
        greedy = max(asked, key=lambda room: len(asked[room]), default=newcomer)
        if len(asked.get(greedy, ())) <= len(asked.get(newcomer, ())) + 1:
            return False
        self._turn_away(True, greedy)
        return True

    def _turn_away(self, asked: bool, room: str) -> None:  # noqa: FBT001  # as in Ticket
        line = self._lines[asked]
        last = line[room].pop()
        if not line[room]:
            del line[room]
        if not last.done():
            last.set_exception(QueueFull())

    def _forget(self, asked: bool, room: str, mine: asyncio.Future[None]) -> bool:  # noqa: FBT001  # as in Ticket
        line = self._lines[asked]
        if mine not in line.get(room, ()):
            return False
        line[room].remove(mine)
        if not line[room]:
            del line[room]
        return True

    def _next(self) -> None:
        for line in (self._lines[True], self._lines[False]):
            while line:
                room, waiting = line.popitem(last=False)
                first = waiting.popleft()
                if waiting:
                    line[room] = waiting  # behind the other rooms
                if not first.done():
                    first.set_result(None)
                    return
        self._free += 1
