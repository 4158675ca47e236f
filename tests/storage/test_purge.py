from __future__ import annotations

import asyncio

import pytest

from storage.engine import CannotStore
from storage.purge import purge


async def test_each_round_goes_on_where_one_table_is_out_of_reach(caplog: pytest.LogCaptureFixture) -> None:
    rounds: list[str] = []

    async def lost() -> int:
        rounds.append("lost")
        raise CannotStore("The database is away.")

    async def found() -> int:
        rounds.append("found")
        return 1

    burying = asyncio.create_task(purge((lost, found), every=0.01))
    await asyncio.sleep(0.1)
    burying.cancel()
    assert rounds[:4] == ["lost", "found"] * 2
    assert caplog.messages[0] == "what is over could not be deleted: The database is away."
