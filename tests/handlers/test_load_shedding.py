"""Who asks need not wait for links that nobody asked for."""

from __future__ import annotations

import asyncio

from bot.messages import CheckRequest
from bot.model import Link
from bot.places import Room
from handlers.load_shedding import LoadShedder


def asked(room: int, *names: str) -> CheckRequest:
    links = tuple(Link(f"https://{name}.example/", f"{name}.example") for name in names)
    return CheckRequest(Room("discord", str(room), private=False), "1", links, unasked=True)


class Way:
    """Checks that go on until they are told to end."""

    def __init__(self, crowd: LoadShedder) -> None:
        self.crowd = crowd
        self.end = asyncio.Event()

    async def begins(self, room: int, *names: str) -> None:
        self.crowd.add(asked(room, *names), asyncio.create_task(self._goes_on()))

    async def _goes_on(self) -> None:
        await self.end.wait()

    async def ends(self) -> None:
        self.end.set()
        await asyncio.sleep(0.01)


async def test_one_story_in_many_rooms_takes_the_room_of_one() -> None:
    way = Way(LoadShedder(links=2, answers=100))
    for room in range(50):
        assert way.crowd.has_capacity(asked(room, "story"))
        await way.begins(room, "story")
    await way.begins(1, "other")
    assert not way.crowd.has_capacity(asked(60, "third"))
    assert not way.crowd.has_capacity(asked(60, "story", "third"))
    assert way.crowd.has_capacity(asked(60, "story"))
    assert way.crowd.has_capacity(asked(60, "story", "other"))
    await way.ends()
    assert way.crowd.has_capacity(asked(60, "third", "fourth"))


async def test_there_are_only_so_many_answers_to_make_whatever_they_are_about() -> None:
    way = Way(LoadShedder(links=10, answers=3))
    for room in range(3):
        assert way.crowd.has_capacity(asked(room, "story"))
        await way.begins(room, "story")
    assert not way.crowd.has_capacity(asked(4, "story"))
    await way.ends()
    assert way.crowd.has_capacity(asked(4, "story"))


async def test_a_room_has_so_many_at_once_where_its_platform_takes_few() -> None:
    way = Way(LoadShedder(in_a_room=2))
    for name in ("a", "b"):
        assert way.crowd.has_capacity(asked(1, name))
        await way.begins(1, name)
    assert not way.crowd.has_capacity(asked(1, "a"))
    assert way.crowd.has_capacity(asked(2, "c"))
    await way.ends()
    assert way.crowd.has_capacity(asked(1, "c"))
