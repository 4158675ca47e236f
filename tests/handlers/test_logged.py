"""What a bot in a process of its own logs while people talk to it and much goes wrong: each line of a check
says of which, and none holds a secret or what somebody wrote."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
import pytest
from aiohttp import ClientSession

from handlers.telegram.webhook import SECRET
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_objects import BOT, CHANNEL, MODERATOR, THREAD
from tests.fakes.discord_seen import Sent as OnDiscord
from tests.fakes.loopback import free_port
from tests.fakes.telegram import ADMINISTRATOR, PRIVATE, STRANGER, FakeTelegram
from tests.fakes.telegram import Sent as OnTelegram
from tests.handlers.lives import PATIENCE, Pages, living, more, world
from tests.storage.databases import postgres

MARK: Final = "zyx"  # in every word, path, query and secret that no log may show
TOKENS: Final = {"discord": f"{MARK}.discord.token", "telegram": f"900:{MARK}-telegram-token"}
WORDS: Final = f"{MARK}words of a person"
TEXT: Final = f"{WORDS}, according to the {MARK}minister."
SHARED: Final = f"{MARK}-webhook-secret"

NOT_SERVED: Final = 2  # links: to a page that is not there, and to where nobody listens

# How lines of ours begin that are about no check. Whatever else we log is about one.
OF_NO_CHECK: Final = (
    "WARNING: links to this machine are allowed",
    "discord grants no message-content intent",
    "discord client ended",
    "telegram does not answer",
    "an update of telegram cannot be read",
    "checks that were left could not be looked up",
)

Line = dict[str, Any]


def private(pages: Pages, name: str, below: str = "") -> str:
    """A link of which nothing but the host may be logged."""
    return f"{pages.link(name)}{below}-{MARK}path?key={MARK}query"


class Talk:
    """People who talk to a bot on both platforms."""

    def __init__(self, pages: Pages, discord: FakeDiscord, telegram: FakeTelegram) -> None:
        self.pages, self.discord, self.telegram = pages, discord, telegram
        self._pages = self._people = 0

    def fresh(self, name: str = "page") -> str:
        self._pages += 1
        return f"{WORDS} {private(self.pages, f'{name}{self._pages}')}"

    def _somebody(self) -> int:
        """Nobody may ask twice at once in a channel."""
        self._people += 1
        return 3000 + self._people

    async def on_discord(self, text: str, **more: Any) -> OnDiscord:
        number = len(self.discord.sent) + 1
        await self.discord.says(text, **{"by": self._somebody(), **more})
        await self.discord.watch.until(lambda: len(self.discord.sent) >= number, PATIENCE)
        return self.discord.sent[number - 1]

    async def on_telegram(self, text: str, **more: Any) -> OnTelegram:
        number = len(self.telegram.sent) + 1
        await self.telegram.says(text, **more)
        await self.telegram.watch.until(lambda: len(self.telegram.sent) >= number, PATIENCE)
        return self.telegram.sent[number - 1]

    async def told(self, asked: Any) -> OnDiscord:
        """What an interaction on Discord was answered."""
        return await self.discord.watch.until(lambda: asked.answer, PATIENCE)

    async def writes(self, on: OnDiscord, label: str) -> None:
        """Into the window that a button opens."""
        window = await self.discord.presses(on, on.buttons[label])
        await self.discord.watch.until(lambda: window.window, PATIENCE)
        await self.told(await self.discord.submits(window, TEXT))

    async def tells(self, on: OnTelegram, label: str) -> None:
        """What a button asks for."""
        number = len(self.telegram.sent) + 1
        await self.telegram.presses(on, on.buttons[label])
        await self.telegram.watch.until(lambda: len(self.telegram.sent) >= number, PATIENCE)
        await self.on_telegram(TEXT, chat=PRIVATE)


async def people_talk_on_discord(talk: Talk) -> None:
    fake = talk.discord
    once = talk.fresh()
    answer = await talk.on_discord(f"<@{BOT}> {once}")
    pointer = await talk.on_discord(f"<@{BOT}> {once}")
    await talk.on_discord(talk.fresh(), room=answer.room, replies_to=answer)
    lost = await talk.on_discord(f"<@{BOT}> {talk.fresh('breaks-')}")
    await talk.on_discord(f"<@{BOT}> {WORDS} {private(talk.pages, 'no', '/such/page')}")
    fake.busy("POST messages", 0.2)
    await talk.on_discord(f"<@{BOT}> {WORDS} http://127.0.0.1:1/{MARK}path?{MARK}query")
    fake.busy("PATCH @original", 0.3)
    asked = await fake.checks(talk.fresh().rpartition(" ")[2])
    aside = await talk.told(asked)
    await fake.presses(aside, aside.buttons["Show to everyone"])
    picked = await fake.picks("Check sources", talk.fresh())
    await talk.told(picked)
    for label in ("Sources (3)", "Sources (2)"):
        if label in answer.buttons:
            await talk.told(await fake.presses(answer, answer.buttons[label]))
    await talk.writes(answer, "Wrong?")
    await talk.writes(lost, "Paste the text")
    await fake.presses(pointer, pointer.buttons["Check again"])
    told = {"hearsay": "room settings", "version": 1, "settings": {"keywords_ignored": [f"{MARK}keyword"]}}
    settings = json.dumps(told).encode()
    await talk.told(await fake.uses("import", by=MODERATOR, file=settings))
    for command in ("settings", "audit", "doctor", "history", "export"):
        await talk.told(await fake.uses(command, by=MODERATOR, room=CHANNEL))


async def people_talk_on_telegram(talk: Talk) -> None:
    fake = talk.telegram
    once = talk.fresh()
    await talk.on_telegram(f"/check {once}")
    pointer = await talk.on_telegram(f"/check {once}", by=STRANGER)
    mine = await talk.on_telegram(talk.fresh(), chat=PRIVATE)
    lost = await talk.on_telegram(talk.fresh("breaks-"), chat=PRIVATE)
    await talk.on_telegram(WORDS, chat=PRIVATE)
    await talk.tells(mine, "Wrong?")
    await talk.tells(lost, "Paste the text")
    await fake.presses(pointer, pointer.buttons["Check again"])
    panel = await talk.on_telegram("/settings", by=ADMINISTRATOR)
    edits = panel.edits
    await fake.presses(panel, panel.buttons["Keywords ignored"], by=ADMINISTRATOR)
    await fake.watch.until(lambda: panel.edits > edits, PATIENCE)
    await talk.on_telegram(f"{MARK}keyword", by=ADMINISTRATOR, replies_to=panel.id)
    for command in (f"/history {MARK}sought", "/doctor", "/audit", "/export"):
        await talk.on_telegram(command, by=ADMINISTRATOR)


async def much_goes_wrong(talk: Talk) -> None:
    """Both platforms are lost for a while, speak nonsense, and fail when an answer is on its way."""
    fake = talk.telegram
    await fake._update("message", {"message_id": f"{MARK}number", "text": WORDS})
    fake.fail("sendMessage", 2)
    await talk.on_telegram(talk.fresh(), chat=PRIVATE)
    fake.busy("sendMessage", 1)
    await talk.on_telegram(talk.fresh(), chat=PRIVATE)
    await fake.down()
    await talk.discord.drop()
    await talk.on_discord(f"<@{BOT}> {talk.fresh()}", room=THREAD)
    await asyncio.sleep(3)
    await fake.up()
    await talk.on_telegram(talk.fresh(), chat=PRIVATE)
    met = talk.discord.identified
    await talk.discord.garbage()
    await talk.discord.watch.until(lambda: talk.discord.identified > met, PATIENCE)
    await talk.on_discord(f"<@{BOT}> {talk.fresh()}")


async def the_database_breaks(talk: Talk, database: str) -> None:
    """In the middle of checks, and for a while."""
    talk.pages.open.clear()
    fakes: list[Any] = [talk.discord, talk.telegram]
    before = [len(fake.sent) for fake in fakes]
    for fake, name in zip(fakes, ("late1", "late2"), strict=True):
        await fake.says_in_private(private(talk.pages, name))
    await talk.pages.wanted(*(f"{name}-{MARK}path" for name in ("late1", "late2")))
    for table in ("checks", "history"):
        tell(database, f"ALTER TABLE {table} RENAME TO lost_{table}")
    talk.pages.open.set()
    for fake in fakes:
        await fake.says_in_private(talk.fresh())
    await asyncio.sleep(3)
    for table in ("checks", "history"):
        tell(database, f"ALTER TABLE lost_{table} RENAME TO {table}")
    for fake, sent in zip(fakes, before, strict=True):
        await fake.watch.until(partial(more, fake, sent + 2), PATIENCE)


def tell(database: str, statement: str) -> None:
    """To a PostgreSQL server by its address, or to a SQLite file by its path."""
    with closing(connected(database)) as connection:
        connection.execute(statement)


def connected(database: str) -> Any:
    if "://" in database:
        return psycopg.connect(database, autocommit=True)
    return sqlite3.connect(database, timeout=PATIENCE, isolation_level=None)


def known(discord: FakeDiscord, telegram: FakeTelegram) -> set[str]:
    """The ids of answers, by their buttons."""
    shown = (sent for sent in discord._everything() if "components" in sent.body)
    on_discord = (data for sent in shown for data in sent.buttons.values())
    on_telegram = (data for sent in telegram.sent for data in sent.buttons.values())
    found = (re.match(r"(?:hearsay:)?[a-z]+:([a-z0-9]{16})", data) for data in [*on_discord, *on_telegram])
    return {one[1] for one in found if one}


class Heard(NamedTuple):
    """What a bot logged; how many pages it was seen to fetch; the ids of its answers."""

    raw: str
    fetched: int
    answers: set[str]


async def lived(folder: Path, database: str, settings: dict[str, str]) -> Heard:
    """A life of it all."""
    settings = {"log_level": "debug", **settings}
    log = folder / "log"
    async with world() as (pages, discord, telegram):
        pages.open.set()
        discord.token, telegram.token = TOKENS["discord"], TOKENS["telegram"]
        talk, fakes = Talk(pages, discord, telegram), {"discord": discord, "telegram": telegram}
        bent: dict[str, Any] = {"marked": True, "settings": settings}
        async with living(folder / "h.sqlite3", fakes, log=log, **bent) as process:
            await people_talk_on_discord(talk)
            await people_talk_on_telegram(talk)
            await much_goes_wrong(talk)
            await the_database_breaks(talk, database)
            process.terminate()
            assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
        answers, fetched = known(discord, telegram), pages.asked.total() + NOT_SERVED
    raw = log.read_text("utf-8")
    assert [line for line in raw.splitlines() if MARK in line.casefold()] == []
    return Heard(raw, fetched, answers)


@pytest.mark.takes(20)
async def test_each_line_of_a_check_says_of_which_and_none_holds_what_is_private(tmp_path: Path) -> None:
    with postgres(migrated=True) as address:
        settings = {"log_format": "json", "telegram_webhook_secret": SHARED}
        settings["database_url"] = address.replace("@", f":{MARK}password@")
        raw, fetched, answers = await lived(tmp_path, address, settings)
    lines: list[Line] = [json.loads(line) for line in raw.splitlines()]
    assert all(line["event"] and line["logger"] and line["level"] for line in lines)
    own = [line for line in lines if line["logger"].split(".")[0] in {"bot", "storage", "handlers"}]
    loose = [line for line in own if "check" not in line]
    assert [line for line in loose if not line["event"].startswith(OF_NO_CHECK)] == []
    assert {line["check"] for line in lines if "check" in line} <= answers
    assert sum(line["event"] == "fetched" for line in own) == fetched
    broken = [line["check"] for line in own if line["event"].startswith("a page broke the reader")]
    assert (len(broken), len(set(broken))) == (2, 2)
    assert any("exception" in line for line in own)
    assert any("check" in line for line in lines if line not in own)  # what a library logs for us


@pytest.mark.takes(20)
async def test_lines_for_people_say_as_much_and_hold_as_little(tmp_path: Path) -> None:
    raw, fetched, answers = await lived(tmp_path, str(tmp_path / "h.sqlite3"), {"log_format": "human"})
    marked = [line for line in raw.splitlines() if "fetched" in line and "check=" in line]
    assert len(marked) == raw.count("[bot.fetching.fetch]") == fetched
    assert set(re.findall(r"check=(\w+)", raw)) <= answers


async def test_what_a_webhook_is_brought_is_not_logged_whoever_brings_it(tmp_path: Path) -> None:
    log, port = tmp_path / "log", free_port()
    settings = {"telegram_webhook_url": f"https://{MARK}.example/{MARK}", "telegram_webhook_port": str(port)}
    settings |= {"telegram_webhook_secret": SHARED, "log_format": "json", "log_level": "debug"}
    async with Pages() as pages, FakeTelegram(token=TOKENS["telegram"]) as fake, ClientSession() as session:
        pages.open.set()
        async with living(tmp_path / "h.sqlite3", {"telegram": fake}, log=log, settings=settings):
            await fake.says_in_private(f"{WORDS} {private(pages, 'page')}")
            update, where = fake.take_update(), f"http://127.0.0.1:{port}/{MARK}"
            for body, shown in ((update, "x"), ({"update_id": WORDS}, SHARED), (update, SHARED)):
                await session.post(where, json=body, headers={SECRET: shown})
            await session.post(where, data=WORDS, headers={SECRET: SHARED})
            await fake.watch.until(lambda: more(fake, 1), PATIENCE)
    raw = log.read_text("utf-8")
    assert [line for line in raw.splitlines() if MARK in line.casefold()] == []
    assert sum(json.loads(line)["event"] == "fetched" for line in raw.splitlines()) == 1
