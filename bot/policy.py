"""The policy: which messages are acted on, by room settings, ignore wishes and cooldowns (rate limiting).

Silence is the rule where nobody asked; an asker gets one sentence that says why nothing is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final
from urllib.parse import urlsplit

from cachetools import FIFOCache

from bot.messages import CheckRequest, Message
from bot.model import Link
from bot.places import Person, Room
from bot.ports import Clock
from bot.replies import Reply
from bot.replying.failures import remark
from bot.rooms import (
    DeliveryStyle,
    RoomSettings,
    is_active,
    is_author_ignored,
    is_domain_allowed,
    is_text_ignored,
    needs_request,
)
from bot.stores import Stores

COOLDOWNS_SIZE: Final = 10_000  # people and rooms whose last check is known


class Cooldowns:
    """A cooldown is the time after a check in which the same person, or the same room, gets no other: rate
    limiting by the time of the last check. A clock that goes back locks nobody out."""

    def __init__(self, clock: Clock, size: int = COOLDOWNS_SIZE) -> None:
        self._clock = clock
        self._last: FIFOCache[Person | Room, datetime] = FIFOCache(size)

    def seconds_left(self, person: Person | None, room: Room, settings: RoomSettings) -> int:
        """Return the seconds until the next check; none in private. `person`: None to look at the room
        alone."""
        if room.private:
            return 0
        span = timedelta(seconds=settings.person_cooldown_seconds)
        own = 0 if person is None else self._seconds_left(person, span)
        return max(own, self.room_seconds_left(room, settings))

    def room_seconds_left(self, room: Room, settings: RoomSettings) -> int:
        """Return the seconds until the next check in a room, whoever asks."""
        return self._seconds_left(room, timedelta(seconds=settings.room_cooldown_seconds))

    def start(self, person: Person | None, room: Room | None) -> None:
        """Start the cooldowns. `room`: None where nobody but the person sees the answer."""
        for who in (person, room):
            if who is not None:
                self._last[who] = self._clock()

    def reset(self, person: Person, room: Room) -> None:
        self._last.pop(person, None)
        self._last.pop(room, None)

    def _seconds_left(self, who: Person | Room, span: timedelta) -> int:
        last, now = self._last.get(who), self._clock()
        if last is None or last > now:
            return 0
        return max(0, ceil((last + span - now).total_seconds()))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason to check nothing: the reply to the asker, None for silence."""

    reply: Reply | None


class Policy:
    """Decides which messages and links are acted on."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._cooldowns = Cooldowns(clock)

    async def find_refusal(self, message: Message) -> Refusal | None:
        """Return the reason to ignore a message; None where it is acted on."""
        settings = await self._stores.settings(message.room)
        if not message.room.private and not is_active(settings, asked=message.asked):
            return Refusal(remark("manners.off") if message.asked else None)
        unseen = settings.style is DeliveryStyle.LOG_CHANNEL_ONLY and settings.log_channel is None
        if unseen and not message.room.private and not message.aside:
            return Refusal(remark("manners.nowhere") if message.asked else None)
        if message.asked:
            return await self._check_poster(message.room, message.sender, message.poster)
        ignored = is_author_ignored(settings, message.author.id, message.roles, bot=message.bot)
        ignored = ignored or is_text_ignored(settings, message.words or message.text)
        unread = ignored or await self._stores.is_ignored(message.author)
        return Refusal(None) if unread else None

    async def filter_links(self, message: Message, found: tuple[Link, ...]) -> tuple[Link, ...] | Refusal:
        """Return the links that may be checked here and now, or the reason why none may."""
        settings = await self._stores.settings(message.room)
        allowed = filter_links(settings, found, asked=message.asked)
        if not allowed:
            host = _host(found[0])
            return Refusal(remark("manners.domain", host=host) if message.asked else None)
        person = None if message.impersonal else message.person
        wait = self._cooldowns.seconds_left(person, message.room, settings)
        if wait:
            return Refusal(remark("manners.wait", seconds=wait) if message.asked else None)
        if not message.room.private:
            self._cooldowns.start(person, None if message.aside else message.room)
        return allowed

    def refund_cooldown(self, request: CheckRequest) -> None:
        """Take back the cooldowns of a request that was dropped."""
        self._cooldowns.reset(Person(request.room.platform, request.sender), request.room)

    async def find_show_refusal(self, request: CheckRequest) -> Refusal | None:
        """Return the reason not to show a private answer to its room. Showing starts the room's cooldown and
        nobody's else."""
        settings = await self._stores.settings(request.room)
        if not is_active(settings, asked=True):
            return Refusal(remark("manners.off"))
        if not filter_links(settings, request.links, asked=True):
            return Refusal(remark("manners.domain", host=_host(request.links[0])))
        refusal = await self._check_poster(request.room, request.sender, request.poster)
        if refusal is not None:
            return refusal
        wait = self._cooldowns.room_seconds_left(request.room, settings)
        if wait:
            return Refusal(remark("manners.wait", seconds=wait))
        self._cooldowns.start(None, request.room)
        return None

    async def _check_poster(self, room: Room, asker: str, poster: str | None) -> Refusal | None:
        """Refuse links of a poster who wants no reaction, unless he asks himself."""
        if poster is None or poster == asker:
            return None
        left_alone = await self._stores.is_ignored(Person(room.platform, poster))
        return Refusal(remark("manners.unwanted")) if left_alone else None


def filter_links(settings: RoomSettings, found: Iterable[Link], *, asked: bool) -> tuple[Link, ...]:
    """Return the links that may be read in a room at all."""
    return tuple(
        link
        for link in found
        if is_domain_allowed(settings, link.url) and (asked or not needs_request(settings, link.url))
    )


def _host(link: Link) -> str:
    try:
        return urlsplit(link.url).hostname or link.url
    except ValueError:  # brackets that hold no address
        return link.url
