"""Telegram under load: `make bench-telegram`, or `python -m tests.benchmarks.on telegram [SECONDS]`.

A fake Bot API that counts what a second and a minute bring offers 25 links a second in 500 chats: four in
five of them in groups that are automatic, the rest by people in private; Discord is connected too, and asked
once in five seconds. Printed: what was answered and what was dropped, how late the event loop was, and the
memory of the main process.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections import Counter
from typing import Final

import handlers.discord.client
import handlers.telegram.client
from tests.benchmarks.load import Platform, Row, each, measured, news, report, say, started, tell
from tests.fakes.discord import FakeDiscord, pointed_at
from tests.fakes.telegram import FakeTelegram

GROUPS: Final = [-5000 - number for number in range(400)]
PEOPLE: Final = [5000 + number for number in range(100)]
RATE: Final = 25  # links a second
PRIVATELY: Final = 5  # one in so many is asked in private
ON_DISCORD: Final = 125  # beside one in so many, one is asked on Discord
PATIENCE: Final = 45.0  # seconds in which the last ones are answered


async def offered(seconds: int) -> None:
    """People who paste, and people who ask."""
    async with news() as site, FakeDiscord() as discord, FakeTelegram(strict_rates=True) as fake:
        say(discord.port, discord.token, fake.port, fake.token)
        await fake.watch.until(lambda: fake.polls and discord.identified, 60)
        await asyncio.sleep(3)
        asked: Counter[int] = Counter()

        async def paste(number: int) -> None:
            url, turn = f"{site}/{number}", number // PRIVATELY
            if number % PRIVATELY:
                group = GROUPS[(number - turn) % len(GROUPS)]
                await fake.says(f"look {url}", chat=group, by=20_000 + number)
            else:
                person = PEOPLE[turn % len(PEOPLE)]
                asked[person] += 1
                await fake.says(url, chat=person, by=person)
            if number % ON_DISCORD == 0:
                await discord.says_in_private(f"{url}0000")

        await each(seconds * RATE, RATE, paste)
        with contextlib.suppress(TimeoutError):
            await fake.watch.until(lambda: _answered(fake) >= asked, PATIENCE)
        await asyncio.sleep(5)
        in_groups = sum(sent.chat < 0 for sent in fake.sent)
        found = {
            "offered": seconds * RATE - asked.total(),
            "answered": in_groups,
            "asked": asked.total(),
            "asked answered": (_answered(fake) & asked).total(),
            "discord": seconds * RATE // ON_DISCORD,
            "discord answered": len(discord.sent),
            "faults": len(fake.faults) + len(discord.faults),
        }
        for fault in set(fake.faults + discord.faults):
            sys.stderr.write(f"broken: {fault}\n")
        fake.faults.clear()
        discord.faults.clear()
        await report(found)


def _answered(fake: FakeTelegram) -> Counter[int]:
    """How often each person was answered in private."""
    return Counter(sent.chat for sent in fake.sent if sent.chat > 0)


def platforms(discord_port: int, discord_token: str, port: int, token: str) -> list[Platform]:
    pointed_at(discord_port)
    here = f"http://127.0.0.1:{port}"
    return [
        lambda talk, dispatcher, commands: handlers.discord.client.run(
            talk, dispatcher, discord_token, commands=commands
        ),
        lambda talk, dispatcher, commands: handlers.telegram.client.run(
            talk,
            dispatcher,
            token,
            commands=commands,
            base_url=f"{here}/bot",
            base_file_url=f"{here}/file/bot",
        ),
    ]


async def main(seconds: int) -> None:
    found, sampled = await measured("tests.benchmarks.telegram", seconds, {"telegram": GROUPS}, platforms)
    rows: list[Row] = [
        ("links offered, in automatic groups", found["offered"], ""),
        ("of them answered", found["answered"], ""),
        ("private requests, answered", f"{found['asked']}, {found['asked answered']}", "all"),
        ("on Discord asked, answered", f"{found['discord']}, {found['discord answered']}", "all"),
        *sampled.rows(),
        ("limits of the platforms that were broken", found["faults"], "0"),
    ]
    tell(*rows)


if __name__ == "__main__":
    started(offered, main)
