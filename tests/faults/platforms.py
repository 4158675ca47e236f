"""Platforms that take their time over messages, or will not have them just now."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tests.fakes.moods import Mood
from tests.faults.counts import Counts
from tests.faults.crowd import Crowd
from tests.handlers.lives import Fakes, living, world

_SLOW: Final = (3.0, 8.0)  # seconds
_REFUSALS: Final = (429, 500, 502)


def _slow() -> Iterator[Mood]:
    while True:
        yield Mood(random.uniform(*_SLOW))


def _unwell() -> Iterator[Mood]:
    """Every second message is refused at first, each time with another excuse."""
    while True:
        for status in _REFUSALS:
            yield Mood(status=status)
            yield Mood()


async def slow(folder: Path) -> Counts:
    return await _moody(_slow, folder)


async def unwell(folder: Path) -> Counts:
    return await _moody(_unwell, folder)


async def _moody(moods: Callable[[], Iterator[Mood]], folder: Path) -> Counts:
    async with world(lambda _: False) as (pages, discord, telegram):
        crowd, database = Crowd(pages, discord, telegram), folder / "h.sqlite3"
        discord.moods, telegram.moods = moods(), moods()
        fakes: Fakes = {"discord": discord, "telegram": telegram}
        async with living(database, fakes, log=folder / "log"):
            await crowd.asks("page", 16)
            return await crowd.counts(database)
