"""The wall clock is set, forth and back, in the middle of checks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.faults.counts import Counts
from tests.faults.crowd import Crowd
from tests.handlers.lives import Fakes, living, world

_DAY, _HOUR = 86_400, 3_600
_STEPS: Final = {"forth": _DAY, "back": -_HOUR}  # seconds


async def jumps(folder: Path) -> Counts:
    """In the middle of reading, between answers, and over a kill, so that claims of the dead are dated by a
    clock that was wrong."""
    database, clock, log = folder / "h.sqlite3", folder / "clock", folder / "log"
    clock.write_text("0", "utf-8")
    async with world(lambda name: name.startswith("held")) as (pages, discord, telegram):
        crowd = Crowd(pages, discord, telegram)
        fakes: Fakes = {"discord": discord, "telegram": telegram}
        async with living(database, fakes, log=log, clock=str(clock)):
            await pages.wanted(*await crowd.asks("held-first", 4))
            for step, seconds in _STEPS.items():
                clock.write_text(str(seconds), "utf-8")
                await pages.wanted(*await crowd.asks(f"held-{step}", 4))
                asked = await crowd.asks(step, 4)
                await crowd.until_answered(names=asked)
        gap = await crowd.in_the_gap(database)
        pages.open.set()
        async with living(database, fakes, log=log, clock=str(clock)):
            found = await crowd.counts(database, gap)
            asked = await crowd.asks("after", 2)
            await crowd.until_answered(names=asked)
            return await crowd.counts(database, gap) if found.kept else found
