"""A bot in a process of its own, killed, cut off or told to end: what it accepted is answered, once."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import pytest

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_objects import BOT, CHANNEL
from tests.fakes.telegram import GROUP, PRIVATE, FakeTelegram
from tests.handlers.lives import PATIENCE, Fakes, Pages, living, more, settled, world

pytestmark = pytest.mark.takes(10)

OUTAGE: Final = 6.0  # seconds; whoever tries to come back waits a fifth as long as elsewhere (seams.py)
BACK: Final = 90.0  # seconds; discord.py waits at random, twice as long at most each time it tries in vain
BATCH: Final = 10


@pytest.mark.parametrize("way", ["mention", "command"])
async def test_what_discord_was_promised_comes_after_a_kill_and_once(tmp_path: Path, way: str) -> None:
    async with Pages() as pages, FakeDiscord(elsewhere=True) as fake:
        async with living(tmp_path / "h.sqlite3", {"discord": fake}):
            if way == "mention":
                await fake.says(f"<@{BOT}> {pages.link('a')}")
            else:
                asked = await fake.checks(pages.link("a"))
                await fake.watch.until(lambda: asked.acknowledged, PATIENCE)
            await pages.wanted("a")
        pages.open.set()
        async with living(tmp_path / "h.sqlite3", {"discord": fake}):
            if way == "mention":
                await fake.watch.until(lambda: fake.sent, PATIENCE)
                assert [sent.room for sent in fake.sent] == [CHANNEL]
            else:
                answer = await fake.watch.until(lambda: asked.answer, PATIENCE)
                assert "Show to everyone" in answer.buttons
            await settled(fake)
    assert len(fake.sent) == (way == "mention")


@pytest.mark.parametrize("chat", [PRIVATE, GROUP])
async def test_what_telegram_was_promised_comes_after_a_kill_and_once(tmp_path: Path, chat: int) -> None:
    async with Pages() as pages, FakeTelegram() as fake:
        async with living(tmp_path / "h.sqlite3", {"telegram": fake}):
            asked = await fake.says(f"/check {pages.link('a')}", chat=chat)
            await pages.wanted("a")
        pages.open.set()
        async with living(tmp_path / "h.sqlite3", {"telegram": fake}):
            await fake.watch.until(lambda: fake.sent, PATIENCE)
            await settled(fake)
    assert [(sent.chat, sent.body["reply_parameters"]["message_id"]) for sent in fake.sent] == [(chat, asked)]


async def test_updates_that_were_fetched_and_not_taken_in_are_fetched_again(tmp_path: Path) -> None:
    """The process dies in the middle of a batch: what it had not taken in, Telegram still has."""
    async with Pages() as pages, FakeTelegram() as fake:
        pages.open.set()
        asked = [
            await fake.says(f"/check {pages.link(f'a{number}')}", chat=-700 - number, by=3000 + number)
            for number in range(BATCH)
        ]
        async with living(tmp_path / "h.sqlite3", {"telegram": fake}, last=BATCH // 2) as process:
            await asyncio.wait_for(process.wait(), PATIENCE)
        async with living(tmp_path / "h.sqlite3", {"telegram": fake}):
            await fake.watch.until(lambda: len(fake.sent) >= BATCH, PATIENCE)
            await settled(fake)
    answered = Counter(sent.body["reply_parameters"]["message_id"] for sent in fake.sent)
    assert answered == Counter(asked)


async def test_an_end_in_the_middle_of_checks_loses_and_doubles_nothing(tmp_path: Path) -> None:
    async with world() as (pages, discord, telegram):
        fakes: Fakes = {"discord": discord, "telegram": telegram}
        async with living(tmp_path / "h.sqlite3", fakes) as process:
            await discord.says(f"<@{BOT}> {pages.link('d')}")
            await telegram.says_in_private(pages.link("t"))
            await pages.wanted("d", "t")
            process.terminate()
            await asyncio.sleep(0.5)
            late = await telegram.says_in_private(pages.link("late"))
            pages.open.set()
            assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
        assert [len(fake.sent) for fake in (discord, telegram)] == [1, 1]
        async with living(tmp_path / "h.sqlite3", fakes):
            await telegram.watch.until(lambda: more(telegram, 2), PATIENCE)
            answer = telegram.sent[1]
            await settled(discord, telegram)
    assert answer.body["reply_parameters"]["message_id"] == late
    assert "UNCONFIRMED: the article says so itself" in answer.text


def _back(fake: Any) -> bool:
    return fake._socket is not None if isinstance(fake, FakeDiscord) else True


@pytest.mark.parametrize("name", ["discord", "telegram"])
async def test_where_one_platform_is_cut_off_the_other_goes_on_and_all_are_answered_once(
    tmp_path: Path, name: str
) -> None:
    """It is away while its check is being read; the other one is served, then both."""
    async with world() as (pages, discord, telegram), AsyncExitStack() as stack:
        fakes: Fakes = {"discord": discord, "telegram": telegram}
        (other,) = (fake for one, fake in fakes.items() if one != name)
        lost = fakes[name]
        await stack.enter_async_context(living(tmp_path / "h.sqlite3", fakes))
        await lost.says_in_private(pages.link("before"))
        await pages.wanted("before")
        await lost.down()
        pages.open.set()
        for number in range(3):
            await asyncio.sleep(OUTAGE / 3)
            await other.says_in_private(pages.link(f"meanwhile{number}"))
            await other.answer(number + 1)
        await lost.up()
        await lost.watch.until(lambda: len(lost.sent) >= 1, PATIENCE)
        await lost.watch.until(lambda: _back(lost), BACK)
        await lost.says_in_private(pages.link("after"))
        await lost.watch.until(lambda: len(lost.sent) >= 2, PATIENCE)
        await settled(discord, telegram)
        assert (len(lost.sent), len(other.sent)) == (2, 3)
