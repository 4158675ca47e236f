"""The service with a web and a memory of the test's own, and what people write to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.answer_cache import Answer
from bot.errors import BadStatus
from bot.fetching.links import find_links
from bot.messages import CheckRequest, Message
from bot.model import Link, Report
from bot.places import Room
from bot.ports import StoredReport
from bot.replies import Reply, Style
from bot.room_settings.overrides import Overrides
from bot.rooms import Mode
from bot.service import ConversationService
from bot.stores import Stores
from tests.bot.lined import lines
from tests.bot.written import bridge, plain
from tests.fakes.memory import memory as fake_memory
from tests.fakes.ports import FakeTextReader

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


ROOM = Room("terminal", "here", private=True)


CHANNEL = Room("discord", "5", private=False, server="1")


OTHER = Room("terminal", "there", private=True)


class Web:
    """What each address holds: a report, a failure, or a bug in us."""

    def __init__(self, **pages: Report | Exception) -> None:
        self.pages = pages
        self.checked: list[tuple[str, bool]] = []

    async def check(self, link: Link, *, again: bool = False, **_: object) -> StoredReport:
        self.checked.append((link.url, again))
        found = self.pages[link.url.removeprefix("https://").split(".")[0]]
        if isinstance(found, Exception):
            raise found
        return StoredReport(found, NOW)


async def read_text(text: str) -> Report:
    if text == "bug":
        raise RuntimeError("a bug")
    return plain(pasted=True)


class Talk(ConversationService):
    """Whoever asks gets an answer."""

    async def told(self, asked: CheckRequest, style: Style | None = None) -> Answer:
        found = await self.answer(asked, style)
        assert found is not None
        return found


def talk(web: Web | None = None, remembered: int = 10, memory: Stores | None = None) -> Talk:
    return Talk(
        checker=web or Web(a=bridge(), b=plain(), c=BadStatus(403)),
        text_reader=FakeTextReader(read_text),
        stores=memory or fake_memory(),
        clock=lambda: NOW,
        cache_size=remembered,
    )


def asked(*urls: str, more: int = 0, spoiler: bool = False) -> CheckRequest:
    return CheckRequest(ROOM, "you", tuple(Link(url, url, spoiler=spoiler) for url in urls), more)


def said(reply: object) -> list[str]:
    assert isinstance(reply, Reply)
    return lines(reply)


async def automatic(**more: object) -> Stores:
    """A memory of a server whose rooms are automatic."""
    found = fake_memory()
    values = {"mode": Mode.AUTOMATIC, "person_cooldown_seconds": 0, **more}
    await found.rooms.change("discord", "1", lambda _: Overrides.of(values), None)  # type: ignore[arg-type]
    return found


async def heard(conversation: ConversationService, url: str, **more: Any) -> Answer | None:
    """The answer to a link that somebody pasted in a channel."""
    asked = await conversation.hear(Message(CHANNEL, "7", f"see {url}", **({"asked": False} | more)))
    return await conversation.answer(asked) if isinstance(asked, CheckRequest) else None


def linked(*urls: str, more: int = 0, unasked: bool = True) -> CheckRequest:
    found = find_links(" ".join(urls))
    return CheckRequest(CHANNEL, "7", found, more, unasked=unasked)


async def removed(
    conversation: ConversationService, answer_id: str, room: Room, *, involved: bool, moderator: bool
) -> str | None:
    """Why an answer stays, as a platform would find out; else it is gone."""
    refused = await conversation.refuse_removal(answer_id, room, involved=involved, moderator=moderator)
    if refused is None:
        await conversation.retract(answer_id)
    return refused


class Reports:
    """What is kept by key."""

    def __init__(self, *, lost: bool = False, **pages: Report) -> None:
        self.pages, self.lost = pages, lost

    async def __call__(self, key: str) -> StoredReport | None:
        if self.lost:
            raise OSError("the database is out of reach")
        found = self.pages.get(key.split(".", maxsplit=1)[0])
        return None if found is None else StoredReport(found, NOW)


def later(kept: Stores, reports: Reports) -> Talk:
    """Another process with the same memory."""
    return Talk(
        checker=Web(),
        text_reader=FakeTextReader(read_text),
        stores=kept,
        clock=lambda: NOW,
        look_up_report=reports,
    )
