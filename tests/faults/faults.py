"""Every fault by its name. A fault is a function that runs one round in an empty folder of its own.

It asserts what is more than counting, skips (pytest.skip) where the machine cannot do it, and fails instead
where that is CI.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.faults import clocks, disks, kills, outages, platforms, sites, workers
from tests.faults.counts import Counts, Outcome

Fault = Callable[[Path], Awaitable[Counts]]

FAULTS: Final[Mapping[str, Fault]] = {
    "bot killed, SQLite": kills.bot_on_sqlite,
    "bot killed, PostgreSQL": kills.bot_on_postgresql,
    "readers killed": kills.readers,
    "worker killed": workers.one_killed,
    "all workers killed": workers.all_killed,
    "bot killed, worker at work": workers.bot_killed,
    "worker told to end": workers.told_to_end,
    "PostgreSQL stopped": outages.postgresql_stopped,
    "PostgreSQL silent": outages.postgresql_silent,
    "clock jumps": clocks.jumps,
    "disk full": disks.full,
    "silent site": sites.silent,
    "poison page": sites.poisonous,
    "slow platform": platforms.slow,
    "unwell platform": platforms.unwell,
}
AT_ONCE: Final = 4  # rounds, most of which wait most of the time


async def run(names: Iterable[str], rounds: int, folder: Path) -> dict[str, list[Outcome]]:
    """A few rounds at a time. A round that fails does not end the others; what it raised is its outcome."""
    turns = asyncio.Semaphore(AT_ONCE)
    found: dict[str, list[Outcome]] = {name: [] for name in names}

    async def one(name: str, number: int) -> None:
        place = folder / f"{name.replace(' ', '-')}-{number}"
        place.mkdir()
        async with turns:
            found[name].append(await _outcome(FAULTS[name], place))

    await asyncio.gather(*(one(name, number) for number in range(rounds) for name in found))
    return found


async def _outcome(fault: Fault, folder: Path) -> Outcome:
    try:
        return await fault(folder)
    except pytest.skip.Exception as skipped:
        return str(skipped)
    except (Exception, pytest.fail.Exception) as failed:  # noqa: BLE001  # whatever it is, it is said
        return failed
