"""The real conversation over two pages of our own: one with a finding, one without."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.model import Link, Report
from bot.ports import StoredReport
from bot.room_settings.overrides import Overrides
from bot.rooms import Mode
from bot.service import ConversationService
from bot.stores import Stores
from tests.bot.written import bridge, plain
from tests.fakes.memory import memory
from tests.fakes.ports import FakeChecker, FakeTextReader

FLAGGED, ORDINARY = "https://a.example/", "https://b.example/"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


async def read(link: Link, **_: object) -> StoredReport:
    return StoredReport(bridge() if link.url == FLAGGED else plain(), NOW)


async def unread(text: str) -> Report:
    raise AssertionError(text)


def talk(
    of: Stores, check: Any = read, clock: Callable[[], datetime] = lambda: NOW, **more: Any
) -> ConversationService:
    return ConversationService(
        checker=FakeChecker(check), text_reader=FakeTextReader(unread), stores=of, clock=clock, **more
    )


async def having(platform: str, room: int, kept: Stores | None = None, **values: Any) -> Stores:
    """A memory in which a room is set so, and no other."""
    kept = kept or memory()
    await kept.rooms.change(platform, str(room), lambda _: Overrides.of(values), None)
    return kept


async def automatic(platform: str, room: int, kept: Stores | None = None, **values: Any) -> Stores:
    """A memory in which a room is in automatic mode, and nobody waits for his turn."""
    return await having(
        platform, room, kept, **{"mode": Mode.AUTOMATIC, "person_cooldown_seconds": 0, **values}
    )
