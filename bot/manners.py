"""Whether to act on a message: what a room's admins have set, who wants no reaction, and how often is too often.

Silence is the rule where nobody asked; who asked gets one sentence that says why nothing is done.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from math import ceil
from typing import Final
from urllib.parse import urlsplit

from bot.memory import Memory
from bot.model import Link
from bot.places import Person, Room
from bot.ports import Clock
from bot.replies import Reply
from bot.replying.failures import remark
from bot.rooms import Settings, acts, author_ignored, domain_allowed, never_unasked, text_ignored

REMEMBERED: Final = 10_000  # people and rooms whose last check is known


class Cooldowns:
    """When somebody, and when anybody in a room, last had a link checked. A clock that goes back locks nobody
    out."""

    def __init__(self, clock: Clock, remembered: int = REMEMBERED) -> None:
        self._clock = clock
        self._remembered = remembered
        self._last: OrderedDict[Person | Room, datetime] = OrderedDict()

    def wait(self, person: Person, room: Room, settings: Settings) -> int:
        """Seconds until the next check; none in private."""
        if room.private:
            return 0
        spans = {person: settings.person_cooldown_seconds, room: settings.room_cooldown_seconds}
        return max(self._left(who, timedelta(seconds=span)) for who, span in spans.items())

    def mark(self, person: Person, room: Room) -> None:
        for who in (person, room):
            self._last[who] = self._clock()
            self._last.move_to_end(who)
        while len(self._last) > self._remembered:
            self._last.popitem(last=False)

    def _left(self, who: Person | Room, span: timedelta) -> int:
        last, now = self._last.get(who), self._clock()
        if last is None or last > now:
            return 0
        return max(0, ceil((last + span - now).total_seconds()))


class Manners:
    """Decides about links in a message."""

    def __init__(self, memory: Memory, clock: Clock) -> None:
        self._memory = memory
        self._cooldowns = Cooldowns(clock)

    async def hindrance(
        self,
        person: Person,
        room: Room,
        text: str,
        *,
        asked: bool,
        roles: tuple[str, ...] = (),
        bot: bool = False,
    ) -> Reply | bool:
        """Why a message is not looked at: a sentence for who asked, True for silence, False for nothing."""
        settings = await self._memory.settings(room)
        if not room.private and not acts(settings, asked=asked):
            return remark("manners.off") if asked else True
        if asked:
            return False
        ignored = author_ignored(settings, person.id, roles, bot=bot) or text_ignored(settings, text)
        return ignored or await self._memory.ignores(person)

    async def allowed(
        self, person: Person, room: Room, found: tuple[Link, ...], *, asked: bool
    ) -> tuple[Link, ...] | Reply | None:
        """Those of the links that are read here; a sentence, or None for silence, where none of them is."""
        settings = await self._memory.settings(room)
        usable = tuple(
            link
            for link in found
            if domain_allowed(settings, link.url) and (asked or not never_unasked(settings, link.url))
        )
        if not usable:
            return remark("manners.domain", host=_host(found[0])) if asked else None
        wait = self._cooldowns.wait(person, room, settings)
        if wait:
            return remark("manners.wait", seconds=wait) if asked else None
        self._cooldowns.mark(person, room)
        return usable


def _host(link: Link) -> str:
    try:
        return urlsplit(link.url).hostname or link.url
    except ValueError:  # brackets that hold no address
        return link.url
