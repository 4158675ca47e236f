"""Discord under load: `make bench-discord`, or `python -m tests.benchmarks.on discord [SECONDS]`.

A fake Discord offers 50 links a second in 200 channels that are automatic, and a command each second; the bot
fetches, reads and answers. Printed: what was answered and what was dropped, how late the event loop was, and
the memory of the main process.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

from handlers.discord.client import run
from tests.benchmarks.load import Platform, Row, each, measured, news, report, say, started, tell
from tests.fakes.discord import FakeDiscord, pointed_at
from tests.fakes.discord_objects import CHANNEL, GUILD

CHANNELS: Final = 200
RATE: Final = 50  # links a second
PATIENCE: Final = 45.0  # seconds in which the last ones are answered


async def offered(seconds: int) -> None:
    """People who paste, and some who ask."""
    async with news() as site, FakeDiscord(content_intent=True) as fake:
        say(fake.port, fake.token)
        await fake.watch.until(lambda: fake.identified, 60)
        await asyncio.sleep(3)
        commands = []

        async def paste(number: int) -> None:
            url, room = f"{site}/{number}", CHANNEL + 1000 + number % CHANNELS
            await fake.says(f"look {url}", room=room, by=20_000 + number)
            if number % RATE == 0:
                commands.append(await fake.checks(f"{url}0000"))

        await each(seconds * RATE, RATE, paste)
        with contextlib.suppress(TimeoutError):
            await fake.watch.until(lambda: all(command.answer for command in commands), PATIENCE)
        await asyncio.sleep(5)
        found = {
            "offered": seconds * RATE,
            "answered": len(fake.sent),
            "commands": len(commands),
            "acknowledged": sum(command.acknowledged is not None for command in commands),
            "commands answered": sum(command.answer is not None for command in commands),
            "faults": len(fake.faults),
        }
        fake.faults.clear()
        await report(found)


def platforms(port: int, token: str) -> list[Platform]:
    pointed_at(port)
    return [lambda talk, dispatcher, commands: run(talk, dispatcher, token, commands=commands)]


async def main(seconds: int) -> None:
    found, sampled = await measured("tests.benchmarks.discord", seconds, {"discord": [GUILD]}, platforms)
    commands = ", ".join(str(found[one]) for one in ("commands", "acknowledged", "commands answered"))
    rows: list[Row] = [
        ("links offered, in automatic channels", found["offered"], ""),
        ("of them answered", found["answered"], ""),
        ("commands given, acknowledged, answered", commands, "all"),
        *sampled.rows(),
        ("limits of Discord that were broken", found["faults"], "0"),
    ]
    tell(*rows)


if __name__ == "__main__":
    started(offered, main)
