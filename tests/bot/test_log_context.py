"""What is logged within a check says so."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.log_context import bind_check_id, current_check_id, new_id


def test_outside_of_checks_there_is_none() -> None:
    assert current_check_id() is None


def test_a_check_within_a_check_is_left_for_the_outer_one() -> None:
    with bind_check_id("outer"):
        with bind_check_id("inner"):
            assert current_check_id() == "inner"
        assert current_check_id() == "outer"
    assert current_check_id() is None


async def test_what_is_begun_within_a_check_belongs_to_it_and_others_do_not() -> None:
    async def seen() -> str | None:
        await asyncio.sleep(0)
        return current_check_id()

    with bind_check_id("a1"):
        mine = asyncio.create_task(seen())
    assert (await mine, await asyncio.create_task(seen())) == ("a1", None)


async def test_whoever_logs_what_broke_a_check_knows_which() -> None:
    async def broken() -> str | None:
        try:
            with bind_check_id("a1"):
                int("a bug")
        except ValueError:
            pass
        return current_check_id()

    assert await asyncio.create_task(broken()) == "a1"
    assert current_check_id() is None


async def test_what_is_cancelled_is_over() -> None:
    async def ended() -> str | None:
        try:
            with bind_check_id("a1"):
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            pass
        return current_check_id()

    task = asyncio.create_task(ended())
    await asyncio.sleep(0)
    task.cancel()
    assert await task is None


@pytest.mark.parametrize("_", range(3))
def test_an_id_is_what_platforms_take_as_a_key(_: int) -> None:
    assert re.fullmatch("[a-z0-9]{16}", new_id())
