"""Whose page is read next."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from bot.fair_queue import FairQueue, QueueFull, Ticket


class Line:
    """People who wait, and in which order they came to their turns."""

    def __init__(self, queue: FairQueue) -> None:
        self.queue = queue
        self.came: list[str] = []
        self.refused: list[str] = []
        self.go_on = asyncio.Event()
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def comes(self, name: str, ticket: Ticket) -> None:
        self.tasks[name] = asyncio.create_task(self._takes(name, ticket))
        await asyncio.sleep(0)

    async def all_come(self, names: Iterable[str], *, asked: bool = True) -> None:
        """ "a1" is of room a."""
        for name in names:
            await self.comes(name, Ticket(name[0], asked=asked))

    async def _takes(self, name: str, ticket: Ticket) -> None:
        try:
            async with self.queue.acquire(ticket):
                self.came.append(name)
                await self.go_on.wait()
        except QueueFull:
            self.refused.append(name)

    async def end(self) -> list[str]:
        self.go_on.set()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)
        return self.came


async def test_so_many_at_once_and_no_more() -> None:
    line = Line(FairQueue(2, 10))
    await line.all_come(["a1", "a2", "a3"])
    assert line.came == ["a1", "a2"]
    assert len(line.queue) == 1
    assert await line.end() == ["a1", "a2", "a3"]


async def test_rooms_take_turns_whoever_came_first() -> None:
    line = Line(FairQueue(1, 20))
    await line.all_come(["x0", "a1", "a2", "a3", "b1", "c1", "b2"])
    assert await line.end() == ["x0", "a1", "b1", "c1", "a2", "b2", "a3"]


async def test_who_asks_goes_before_what_nobody_asked_for() -> None:
    line = Line(FairQueue(1, 20))
    await line.all_come(["x0"])
    await line.all_come(["a1", "b1"], asked=False)
    await line.all_come(["a2", "c1"])
    assert await line.end() == ["x0", "a2", "c1", "a1", "b1"]


async def test_where_it_is_full_what_nobody_asked_for_gives_way_to_who_asks() -> None:
    line = Line(FairQueue(1, 2))
    await line.all_come(["x0"])
    await line.all_come(["a1", "b1"], asked=False)
    await line.all_come(["c1"], asked=False)
    await line.all_come(["d1"])
    assert await line.end() == ["x0", "d1", "a1"]
    assert (line.refused, line.queue.shed_count) == (["c1", "b1"], 1)


async def test_where_it_is_full_of_who_asks_there_is_no_place() -> None:
    line = Line(FairQueue(1, 2))
    await line.all_come(["x0", "a1", "b1", "c1"])
    assert await line.end() == ["x0", "a1", "b1"]
    assert line.refused == ["c1"]


async def test_who_asks_for_most_makes_room_for_who_asks_for_less() -> None:
    line = Line(FairQueue(1, 6))
    await line.all_come(["x0", *(f"a{number}" for number in range(8))])
    assert line.refused == ["a6", "a7"]
    await line.all_come(["b1", "b2", "c1", "b3", "b4"])
    assert line.refused == ["a6", "a7", "a5", "a4", "a3", "b3", "b4"]
    assert await line.end() == ["x0", "a0", "b1", "c1", "a1", "b2", "a2"]


async def test_what_somebody_asks_for_while_it_waits_goes_to_the_front() -> None:
    line = Line(FairQueue(1, 20))
    await line.all_come(["x0"])
    mine = Ticket("b", asked=False)
    await line.all_come(["a1"], asked=False)
    await line.comes("b1", mine)
    mine.prioritize()
    mine.prioritize()
    assert await line.end() == ["x0", "b1", "a1"]


async def test_who_goes_away_costs_nobody_a_turn() -> None:
    line = Line(FairQueue(1, 10))
    await line.all_come(["x0", "a1", "a2", "b1"])
    for name in ("a1", "x0"):
        line.tasks[name].cancel()
    await asyncio.sleep(0)
    assert await line.end() == ["x0", "a2", "b1"]


@pytest.mark.parametrize("steps", range(1, 6))
async def test_a_turn_that_comes_to_somebody_who_just_leaves_is_passed_on(steps: int) -> None:
    line = Line(queue := FairQueue(1, 10))
    await line.all_come(["x0", "a1", "b1"])
    line.go_on.set()
    for _ in range(steps):
        await asyncio.sleep(0)
    line.tasks["a1"].cancel()
    came = await line.end()
    assert came[-1] == "b1"
    async with asyncio.timeout(60), queue.acquire(Ticket()):
        pass
