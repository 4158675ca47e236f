"""People who ask for checks on both fake platforms, each with a link of his own, and what comes of it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import CannotCheck
from bot.replying.failures import explain_failure
from handlers.telegram.sending import TelegramMessageRef
from storage.engine import postgres_engine, sqlite_engine
from storage.tables import CheckRow
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_objects import BOT
from tests.fakes.discord_seen import Interaction
from tests.fakes.telegram import FakeTelegram
from tests.faults.counts import Counts
from tests.handlers.lives import CLAIM, PATIENCE, Pages

Way = Literal["mention", "command", "private", "group"]

WAYS: Final[tuple[Way, ...]] = ("mention", "command", "private", "group")
REPORTED: Final = "UNCONFIRMED: the article says so itself"
_FIRST_PERSON: Final = 3000
_ON_ITS_WAY: Final = 0.2  # seconds
_LOOKS: Final = 0.1  # seconds between two looks at the job store


def failed(*problems: CannotCheck) -> tuple[str, ...]:
    """The sentences with which a check may end."""
    return tuple(explain_failure(problem) for problem in problems)


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """What one person asked: by the message's id, or as an interaction. `wants`: one of these stands in an
    answer that is right."""

    name: str
    way: Way
    event: int | Interaction
    wants: tuple[str, ...]


class Crowd:
    """Everybody in a room of his own on Telegram, and in one channel on Discord."""

    def __init__(self, pages: Pages, discord: FakeDiscord, telegram: FakeTelegram) -> None:
        self._pages, self._discord, self._telegram = pages, discord, telegram
        self._people = itertools.count(_FIRST_PERSON)
        self.requests: list[Request] = []

    async def asks(
        self, name: str, number: int, *, ways: Iterable[Way] = WAYS, wants: tuple[str, ...] = (REPORTED,)
    ) -> list[str]:
        """So many ask, by these ways in turn; the names of their pages."""
        names = [f"{name}-{next(self._people)}" for _ in range(number)]
        for one, way in zip(names, itertools.cycle(ways), strict=False):
            event = await self._ask(self._pages.link(one), way, int(one.rpartition("-")[2]))
            self.requests.append(Request(one, way, event, wants))
        return names

    async def _ask(self, link: str, way: Way, person: int) -> int | Interaction:
        match way:
            case "mention":
                return await self._discord.says(f"<@{BOT}> {link}", by=person)
            case "command":
                return await self._discord.checks(link, by=person)
            case "private":
                return await self._telegram.says(link, chat=person, by=person)
            case "group":
                return await self._telegram.says(f"/check {link}", chat=-person, by=person)

    # ── what came ───────────────────────────────────────────────────────────────────────────────────

    def answers(self, request: Request) -> list[str]:
        """The texts of all that stands under it."""
        private = _aside(request.event) if isinstance(request.event, Interaction) else []
        return [*private, *self._messages(request)]

    def _messages(self, request: Request) -> list[str]:
        """Those of them that are messages like any other. Who was acknowledged too late gets a direct one."""
        match request.event:
            case Interaction() as given:
                return [one.text for one in self._discord.sent if str(one.body.get("nonce")) == str(given.id)]
            case event if request.way == "mention":
                return [one.text for one in self._discord.sent if _discord_about(one.body) == event]
            case event:
                return [one.text for one in self._telegram.sent if _telegram_about(one.body) == event]

    def answered(self, names: Iterable[str] | None = None) -> int:
        """How many of these pages, else of all, were spoken of as they should."""
        wanted = None if names is None else set(names)
        return sum(
            any(_right(request, text) for text in self.answers(request))
            for request in self.requests
            if wanted is None or request.name in wanted
        )

    async def until_answered(self, number: int | None = None, names: Iterable[str] | None = None) -> None:
        """So many, else all. Goes on when patience ends: what is not there then is lost."""
        names = None if names is None else list(names)
        most = number if number is not None else len(self.requests if names is None else names)

        async def there() -> bool:
            return self.answered(names) >= most

        await _until(there)

    async def counts(self, database: Path | str, gap: Iterable[str] = ()) -> Counts:
        """Once nothing is left to do for anybody. `gap`: the pages whose answers a kill has met between
        sending and noting, on Telegram."""
        await self.until_answered()
        async with _looking(database) as engine:

            async def finished() -> bool:
                return not await _unfinished(engine)

            await _until(finished)
        await asyncio.sleep(2 * CLAIM)
        return self._counted(set(gap))

    def _counted(self, gap: set[str]) -> Counts:
        found: dict[str, list[str]] = {"once": [], "lost": [], "twice": [], "gap": []}
        for request in self.requests:
            found[self._fate(request, gap)].append(f"{request.name} by {request.way}")
        known = sum(len(self._messages(request)) for request in self.requests)
        strays = len(self._discord.sent) + len(self._telegram.sent) - known
        once, lost, twice, doubled = (len(names) for names in found.values())
        wrong = (*found["lost"], *found["twice"], *["under nothing that was asked"] * strays)
        return Counts(len(self.requests), once, lost, twice + strays, doubled, wrong)

    def _fate(self, request: Request, gap: set[str]) -> str:
        found = self.answers(request)
        if not any(_right(request, text) for text in found):
            return "lost"
        if len(found) == 1:
            return "once"
        return "gap" if request.name in gap and len(found) == 2 else "twice"

    async def in_the_gap(self, database: Path | str) -> list[str]:
        """What stands on Telegram, and is not noted; what was on its way there has arrived."""
        await asyncio.sleep(_ON_ITS_WAY)
        unnoted = await _unnoted(database)
        return [one.name for one in self.requests if one.event in unnoted and self.answers(one)]


def _right(request: Request, text: str) -> bool:
    return any(words in text for words in request.wants)


def _aside(event: Interaction) -> list[str]:
    """The private answer, and whatever followed it."""
    last = [] if event.answer is None or event.answer in event.more else [event.answer]
    return [one.text for one in (*last, *event.more)]


def _discord_about(body: dict[str, object]) -> int | None:
    about = body.get("message_reference")
    return int(about["message_id"]) if isinstance(about, dict) else None


def _telegram_about(body: dict[str, object]) -> int | None:
    about = body.get("reply_parameters")
    return int(about["message_id"]) if isinstance(about, dict) else None


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Looked at again and again, because a database tells nobody; given up when patience ends."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while not await holds():  # noqa: ASYNC110  # as above
                await asyncio.sleep(_LOOKS)


# ── the job store, looked at from outside ──────────────────────────────────────────────────────────────


@asynccontextmanager
async def _looking(database: Path | str) -> AsyncIterator[AsyncEngine]:
    engine = postgres_engine(database) if isinstance(database, str) else sqlite_engine(database)
    try:
        yield engine
    finally:
        await engine.dispose()


async def unfinished(database: Path | str) -> int:
    async with _looking(database) as engine:
        return await _unfinished(engine)


async def _unfinished(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return await connection.scalar(select(func.count()).where(CheckRow.finished.is_(None))) or 0


async def _unnoted(database: Path | str) -> list[int]:
    """The messages on Telegram under which no answer is noted that anybody still works on."""
    left = (CheckRow.platform == "telegram", CheckRow.placeholder.is_(None), CheckRow.finished.is_(None))
    async with _looking(database) as engine, engine.connect() as connection:
        found = (await connection.execute(select(CheckRow.where).where(*left))).scalars()
        return [TelegramMessageRef.read(where).message for where in found]
