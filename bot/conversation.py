"""A message in, replies out, whatever the platform.

    Message ─hear()→ Asked | None ─answer()→ Answer(id, Reply)        a link was given: check it, say so
    answer id + Action ─press()→ Reply | None                          a button was pressed

Platforms turn their events into `Message`, show that something is being worked on between `hear` and
`answer`, and render what comes back. `None` means silence.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import string
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, assert_never
from urllib.parse import urlsplit

from bot.errors import CannotCheck
from bot.fetching.links import link, links
from bot.model import Link, Report
from bot.places import Room
from bot.ports import Clock, Kept
from bot.replies import Action, Reply, Style
from bot.replying.failures import failure, remark
from bot.replying.reply import reply, several, with_more

AT_ONCE: Final = 3  # links of one message that are checked
REMEMBERED: Final = 2000  # answers whose buttons work
_ID_LENGTH: Final = 16
_LETTERS: Final = string.ascii_lowercase + string.digits

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote. `asked`: a private message, command or mention, so silence is no answer."""

    room: Room
    sender: str
    text: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message wants checked: at most three links, and how many more it held."""

    room: Room
    sender: str
    links: tuple[Link, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply that was given; `id` (at most 32 characters of [a-z0-9]) is what its buttons carry."""

    id: str
    reply: Reply


class Conversation(Protocol):
    """What a platform may ask. Never raises for anything a stranger sent: failures are replies."""

    def hear(self, message: Message) -> Asked | Reply | None:
        """What to check; or at once a reply (asked without a link); or None for silence."""

    async def answer(self, asked: Asked, style: Style = "card") -> Answer: ...

    async def press(self, answer_id: str, action: Action) -> Reply | None:
        """The details behind a button; None when the answer is no longer known."""


# ── with everything behind it ───────────────────────────────────────────────────────────────────────


class Finds(Protocol):
    """The links in a text, in order."""

    def __call__(self, text: str) -> tuple[Link, ...]: ...


class Checks(Protocol):
    """A link's report and when its page was fetched. Raises CannotCheck."""

    async def __call__(self, link: Link, *, again: bool = False) -> Kept: ...


class ReadsText(Protocol):
    """The report on a text that somebody pasted. Raises CannotCheck."""

    async def __call__(self, text: str) -> Report: ...


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with what was asked for, as long as its buttons work."""

    asked: Asked
    style: Style
    answer: Answer


class Hearsay:
    """The conversation that checks what it hears. It remembers its latest answers, for their buttons."""

    def __init__(
        self,
        check: Checks,
        read_text: ReadsText,
        clock: Clock,
        finds: Finds = links,
        remembered: int = REMEMBERED,
    ) -> None:
        self._check = check
        self._read_text = read_text
        self._clock = clock
        self._finds = finds
        self._remembered = remembered
        self._given: OrderedDict[str, Given] = OrderedDict()

    def hear(self, message: Message) -> Asked | Reply | None:
        """Silent unless asked: automatic mode is off where no admin has switched it on."""
        if not message.asked:
            return None
        found = self._finds(message.text)
        if not found:
            return _without_link(message.text)
        return Asked(message.room, message.sender, found[:AT_ONCE], len(found[AT_ONCE:]))

    async def answer(self, asked: Asked, style: Style = "card") -> Answer:
        return self._remember(asked, style, await self._reply(asked, style, again=False))

    async def paste(self, asked: Asked, text: str, style: Style = "card") -> Answer:
        """The answer about a text that somebody pasted because the page could not be read."""
        return self._remember(asked, style, await self._reply_to_text(text, style))

    async def press(self, answer_id: str, action: Action) -> Reply | None:
        given = self._given.get(answer_id)
        if given is None:
            return None
        match action:
            case Action.SOURCES | Action.HEDGES:
                return _panel(given.answer.reply, action)
            case Action.SHOW:
                return given.answer.reply
            case Action.AGAIN:
                return await self._again(given)
            case Action.PASTE:
                return remark("conversation.paste")
            case Action.WRONG:
                _log.warning("a reader says that answer %s about %s is wrong", answer_id, _hosts(given.asked))
                return remark("conversation.wrong_noted")
            case Action.REMOVE:
                del self._given[answer_id]
                return None
            case Action.OPEN:
                return None
            case _:
                assert_never(action)

    def history(self, room: Room) -> tuple[Answer, ...]:
        """Earlier answers in this room that are still remembered, newest first."""
        return tuple(g.answer for g in reversed(self._given.values()) if g.asked.room == room)

    async def _reply(self, asked: Asked, style: Style, *, again: bool) -> Reply:
        outcomes = await asyncio.gather(*(self._outcome(link, again=again) for link in asked.links))
        try:
            found = self._composed(asked, style, outcomes)
        except Exception:  # noqa: BLE001  # a bug must not leave somebody without an answer
            _log.exception("no reply could be composed about %s", _hosts(asked))
            found = failure(CannotCheck())
        return replace(found, spoiler=any(link.spoiler for link in asked.links))

    def _composed(self, asked: Asked, style: Style, outcomes: Sequence[Kept | CannotCheck]) -> Reply:
        now = self._clock()
        if len(outcomes) > 1:
            urls = [link.url for link in asked.links]
            return several(list(zip(urls, outcomes, strict=True)), now=now, more=asked.more)
        match outcomes[0]:
            case CannotCheck() as error:
                found = failure(error)
            case Kept(report, fetched):
                found = reply(report, now=now, style=style, fetched=fetched)
        return with_more(found, asked.more)

    async def _outcome(self, link: Link, *, again: bool) -> Kept | CannotCheck:
        """A failure is a value here; what nobody foresaw is logged and said to be our own fault."""
        try:
            return await self._check(link, again=again)
        except CannotCheck as error:
            return error
        except Exception:  # noqa: BLE001  # a bug must not leave somebody without an answer
            _log.exception("a check of %s broke", _host(link))
            return CannotCheck()

    async def _reply_to_text(self, text: str, style: Style) -> Reply:
        if not text.strip():
            return remark("conversation.no_text")
        try:
            return reply(await self._read_text(text), now=self._clock(), style=style)
        except CannotCheck as error:
            return failure(error)
        except Exception:  # noqa: BLE001  # a bug must not leave somebody without an answer
            _log.exception("the check of a pasted text broke")
            return failure(CannotCheck())

    async def _again(self, given: Given) -> Reply:
        """The answer anew, in the place of the old one: its buttons go on working."""
        found = await self._reply(given.asked, given.style, again=True)
        if given.answer.id in self._given:
            self._given[given.answer.id] = replace(given, answer=Answer(given.answer.id, found))
        return found

    def _remember(self, asked: Asked, style: Style, found: Reply) -> Answer:
        answer = Answer("".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH)), found)
        self._given[answer.id] = Given(asked, style, answer)
        while len(self._given) > self._remembered:
            self._given.popitem(last=False)
        return answer


def _without_link(text: str) -> Reply:
    """What stands alone and looks like an address gets the reason why it is none that can be read."""
    alone = text.strip()
    if "://" in alone and not any(letter.isspace() for letter in alone):
        try:
            link(alone)
        except CannotCheck as error:
            return failure(error)
    return remark("conversation.no_link")


def _panel(given: Reply, action: Action) -> Reply | None:
    blocks = next((panel.blocks for panel in given.panels if panel.action is action), None)
    return None if blocks is None else Reply(blocks, spoiler=given.spoiler)


def _hosts(asked: Asked) -> str:
    return ", ".join(_host(link) for link in asked.links)


def _host(link: Link) -> str:
    """All of a link that the log may hold: paths and queries can be what makes it private."""
    try:
        return urlsplit(link.url).hostname or "an unknown host"
    except ValueError:  # brackets that hold no address
        return "an unknown host"
