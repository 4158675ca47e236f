"""A message in, replies out, whatever the platform.

    Message ─hear()→ Asked | None ─answer()→ Answer(id, Reply) | None   a link was given: check it, say so
    Answer id + place ─sent()→                                            where the answer stands now
    answer id + Action ─press()→ Reply | None                             a button was pressed

Platforms turn their events into `Message`, show that something is being worked on between `hear` and
`answer`, and render what comes back. `None` means silence.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import string
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Protocol, assert_never
from urllib.parse import urlsplit

from bot.errors import CannotCheck
from bot.fetching.links import link, links
from bot.history import Answered, answered
from bot.manners import Hindrance, Manners
from bot.memory import Memory
from bot.messages import Asked, Message
from bot.model import Link, Report
from bot.places import Room
from bot.ports import Clock, Kept
from bot.replies import Action, Reply, Style
from bot.replying.failures import failure, remark
from bot.replying.pointing import pointed
from bot.replying.reply import reply, several, with_more
from bot.rooms import Manner, Section, Settings, worth_speaking

AT_ONCE: Final = 3  # links of one message that are checked
STYLES: Final[Mapping[Manner, Style]] = {Manner.BRIEF: "brief"}  # other manners show the card, elsewhere
REMEMBERED: Final = 2000  # answers whose buttons work
_ID_LENGTH: Final = 16
_LETTERS: Final = string.ascii_lowercase + string.digits

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply that was given; `id` (at most 32 characters of [a-z0-9]) is what its buttons carry."""

    id: str
    reply: Reply


class Conversation(Protocol):
    """What a platform may ask. Never raises for anything a stranger sent: failures are replies."""

    async def hear(self, message: Message) -> Asked | Reply | None:
        """What to check; or at once a reply (asked without a link); or None for silence."""

    async def answer(
        self, asked: Asked, style: Style | None = None, *, ident: str | None = None
    ) -> Answer | None:
        """The answer, in the room's style where none is given; None for silence, only where nobody asked."""

    async def sent(self, answer_id: str, place: str) -> None:
        """Where an answer stands, as a link or in the platform's words: repeated links are pointed there."""

    async def press(self, answer_id: str, action: Action) -> Reply | None:
        """The details behind a button; None when the answer is no longer known."""


# ── with everything behind it ───────────────────────────────────────────────────────────────────────


class Finds(Protocol):
    """The links in a text, in order."""

    def __call__(self, text: str) -> tuple[Link, ...]: ...


class Checks(Protocol):
    """A link's report, not older than `within`, and when its page was fetched. Raises CannotCheck."""

    async def __call__(self, link: Link, *, again: bool = False, within: timedelta | None = None) -> Kept: ...


class ReadsText(Protocol):
    """The report on a text that somebody pasted. Raises CannotCheck."""

    async def __call__(self, text: str) -> Report: ...


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with what was asked for, as long as its buttons work, and its numbers in the history."""

    asked: Asked
    style: Style
    answer: Answer
    numbers: tuple[int, ...] = ()


class Hearsay:
    """The conversation that checks what it hears. It remembers its latest answers, for their buttons."""

    def __init__(  # its parts, each by name
        self,
        *,
        check: Checks,
        read_text: ReadsText,
        memory: Memory,
        clock: Clock,
        finds: Finds = links,
        remembered: int = REMEMBERED,
    ) -> None:
        self._check = check
        self._read_text = read_text
        self._memory = memory
        self._manners = Manners(memory, clock)
        self._clock = clock
        self._finds = finds
        self._remembered = remembered
        self._given: OrderedDict[str, Given] = OrderedDict()

    # ── in ──

    async def hear(self, message: Message) -> Asked | Reply | None:
        """Silent unless asked, or unless the room wants its links read and this one may be."""
        hindrance = await self._manners.hindrance(message)
        if hindrance is not None:
            return hindrance.said
        found = self._finds(message.text)
        if not found:
            return _without_link(message.text) if message.asked else None
        allowed = await self._manners.allowed(message, found)
        if isinstance(allowed, Hindrance):
            return allowed.said
        more = len(allowed[AT_ONCE:])
        return Asked(message.room, message.sender, allowed[:AT_ONCE], more, unasked=not message.asked)

    # ── out ──

    async def answer(
        self, asked: Asked, style: Style | None = None, *, ident: str | None = None
    ) -> Answer | None:
        settings = await self._memory.settings(asked.room)
        shape = style or STYLES.get(settings.style, "card")
        earlier = await self._earlier(asked, settings)
        if earlier is not None:
            return self._remember(asked, shape, pointed(earlier, self._clock()), ident=ident)
        within = timedelta(hours=settings.repeat_hours) if settings.repeat_hours else None
        outcomes = await self._outcomes(asked, again=False, within=within)
        if asked.unasked and not _worth(outcomes, settings):
            return None
        found = self._safely(asked, shape, outcomes, settings.sections)
        return self._remember(asked, shape, found, await self._note(asked, outcomes), ident=ident)

    async def paste(self, asked: Asked, text: str, style: Style = "card") -> Answer:
        """The answer about a text that somebody pasted because the page could not be read."""
        found, numbers = await self._reply_to_text(asked, text, style)
        return self._remember(asked, style, found, numbers)

    async def sent(self, answer_id: str, place: str) -> None:
        given = self._given.get(answer_id)
        for number in given.numbers if given else ():
            await self._memory.note_place(number, place)

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
                for link in given.asked.links:
                    await self._memory.objected(given.asked.room, None, link.key)
                return remark("conversation.wrong_noted")
            case Action.REMOVE:
                await self._removed(given)
                return None
            case Action.OPEN:
                return None
            case _:
                assert_never(action)

    def history(self, room: Room) -> tuple[Answer, ...]:
        """Earlier answers in this room that are still remembered, newest first."""
        return tuple(g.answer for g in reversed(self._given.values()) if g.asked.room == room)

    # ── inside ──

    async def _earlier(self, asked: Asked, settings: Settings) -> Answered | None:
        """The answer that stands in a shared room already, when one link is asked for again."""
        if asked.room.private or len(asked.links) > 1 or asked.more or not settings.repeat_hours:
            return None
        now = self._clock()
        since = now - timedelta(hours=settings.repeat_hours)
        found = await self._memory.earlier(asked.room, asked.links[0].key, since)
        return found if found is not None and found.at <= now else None  # the clock may have gone back

    async def _outcomes(
        self, asked: Asked, *, again: bool, within: timedelta | None = None
    ) -> list[Kept | CannotCheck]:
        checks = (self._outcome(link, again=again, within=within) for link in asked.links)
        return list(await asyncio.gather(*checks))

    def _safely(
        self,
        asked: Asked,
        style: Style,
        outcomes: Sequence[Kept | CannotCheck],
        sections: Collection[Section],
    ) -> Reply:
        try:
            found = self._composed(asked, style, outcomes, sections)
        except Exception:  # noqa: BLE001  # a bug must not leave somebody without an answer
            _log.exception("no reply could be composed about %s", _hosts(asked))
            found = failure(CannotCheck())
        return replace(found, spoiler=any(link.spoiler for link in asked.links))

    def _composed(
        self,
        asked: Asked,
        style: Style,
        outcomes: Sequence[Kept | CannotCheck],
        sections: Collection[Section],
    ) -> Reply:
        now = self._clock()
        if len(outcomes) > 1:
            urls = [link.url for link in asked.links]
            return several(list(zip(urls, outcomes, strict=True)), now=now, more=asked.more)
        match outcomes[0]:
            case CannotCheck() as error:
                found = failure(error)
            case Kept(report=report, fetched=fetched):
                found = reply(report, now=now, style=style, fetched=fetched, sections=sections)
        return with_more(found, asked.more)

    async def _outcome(self, link: Link, *, again: bool, within: timedelta | None) -> Kept | CannotCheck:
        """A failure is a value here; what nobody foresaw is logged and said to be our own fault."""
        try:
            return await self._check(link, again=again, within=within)
        except CannotCheck as error:
            return error
        except Exception:  # noqa: BLE001  # a bug must not leave somebody without an answer
            _log.exception("a check of %s broke", _host(link))
            return CannotCheck()

    async def _note(self, asked: Asked, outcomes: Sequence[Kept | CannotCheck]) -> tuple[int, ...]:
        """What was answered enters the room's history."""
        numbers = [
            await self._memory.note(asked.room, answered(one, link.key, self._clock()), one.report)
            for link, one in zip(asked.links, outcomes, strict=True)
            if isinstance(one, Kept)
        ]
        return tuple(number for number in numbers if number is not None)

    async def _reply_to_text(self, asked: Asked, text: str, style: Style) -> tuple[Reply, tuple[int, ...]]:
        """The reply, and the numbers of the answer in the history."""
        if not text.strip():
            return remark("conversation.no_text"), ()
        try:
            kept = Kept(await self._read_text(text), self._clock())
            found = reply(kept.report, now=kept.fetched, style=style)
        except CannotCheck as error:
            return failure(error), ()
        except Exception:  # noqa: BLE001  # a bug must not leave somebody without an answer
            _log.exception("the check of a pasted text broke")
            return failure(CannotCheck()), ()
        key = asked.links[0].key if asked.links else ""
        number = await self._memory.note(asked.room, answered(kept, key, kept.fetched), kept.report)
        return found, () if number is None else (number,)

    async def _again(self, given: Given) -> Reply:
        """The answer anew, in the place of the old one: its buttons go on working."""
        outcomes = await self._outcomes(given.asked, again=True)
        settings = await self._memory.settings(given.asked.room)
        found = self._safely(given.asked, given.style, outcomes, settings.sections)
        if given.answer.id in self._given:
            numbers = await self._note(given.asked, outcomes)
            answer = Answer(given.answer.id, found)
            self._given[answer.id] = replace(given, answer=answer, numbers=(*given.numbers, *numbers))
        return found

    async def _removed(self, given: Given) -> None:
        self._given.pop(given.answer.id, None)
        for number in given.numbers:
            await self._memory.drop(number)

    def _remember(
        self,
        asked: Asked,
        style: Style,
        found: Reply,
        numbers: tuple[int, ...] = (),
        *,
        ident: str | None = None,
    ) -> Answer:
        """`ident`: the answer's id, where somebody has given it one."""
        answer = Answer(ident or "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH)), found)
        self._given[answer.id] = Given(asked, style, answer, numbers)
        while len(self._given) > self._remembered:
            self._given.popitem(last=False)
        return answer


def _worth(outcomes: Sequence[Kept | CannotCheck], settings: Settings) -> bool:
    """Whether one of them is a finding; a page that could not be read is none."""
    return any(isinstance(one, Kept) and worth_speaking(one.report, settings) for one in outcomes)


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
