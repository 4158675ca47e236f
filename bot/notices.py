"""Notices in a room's log channel. Platforms post them; one that cannot be posted is logged and lost: the
audit has it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from cachetools import FIFOCache

from bot.places import Person, Room
from bot.ports import Clock
from bot.replies import Reply
from bot.replying.failures import remark
from bot.replying.phrasebook import get_phrases
from bot.replying.records import notice_reply
from bot.room_settings.overrides import Change
from bot.stores import Stores

LOG_CHANNEL: Final = "log_channel"
DAY: Final = timedelta(days=1)
REMEMBERED: Final = 1000  # rooms without permission to write
_log = logging.getLogger(__name__)


class LogChannelPoster(Protocol):
    """A platform's way to post in a room's log channel, by its id. Raises anything where it cannot."""

    async def post_to_log_channel(self, room: Room, channel: str, reply: Reply) -> None: ...


class DisplayNames(Protocol):
    """A platform's names of rooms and people. None, or anything raised: not known."""

    async def get_room_name(self, room: Room) -> str | None: ...

    async def get_person_name(self, room: Room, person: str) -> str | None: ...


class Notices:
    """Log channels, on whatever platforms are connected."""

    def __init__(self, stores: Stores, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._stores = stores
        self._clock = clock
        self._refused: FIFOCache[Room, datetime] = FIFOCache(REMEMBERED)
        self._posters: dict[str, LogChannelPoster] = {}
        self._names: dict[str, DisplayNames] = {}

    def connect(self, platform: str, poster: LogChannelPoster, names: DisplayNames | None = None) -> None:
        """Send the notices of a platform this way from now on; the last one connected counts."""
        self._posters[platform] = poster
        if names is not None:
            self._names[platform] = names

    def is_connected(self, platform: str) -> bool:
        return platform in self._posters

    async def announce_changes(self, room: Room, changes: Sequence[Change], who: Person) -> None:
        """Tell the log channel of a room about changed settings; also the one that it had before."""
        settings = await self._stores.settings(room)
        before = [change.old for change in changes if change.name == LOG_CHANNEL]
        channels = dict.fromkeys(c for c in (*before, settings.log_channel) if isinstance(c, str))
        for channel in channels:
            called = await self.get_room_name(room), await self.get_person_name(room, who.id)
            await self._post(room, channel, notice_reply(*called, changes))

    async def get_room_name(self, room: Room) -> str:
        """Return the name of a room; its id where the name is not known."""
        names = self._names.get(room.platform)
        return room.id if names is None else await _or_default(names.get_room_name(room), room.id)

    async def get_person_name(self, room: Room, person: str) -> str:
        """Return a name and the id, since names can be changed; the id alone where the name is not known."""
        names = self._names.get(room.platform)
        name = person if names is None else await _or_default(names.get_person_name(room, person), person)
        return person if name == person else get_phrases().say("commands.person", name=name, id=person)

    async def warn_of_missing_permission(self, room: Room) -> None:
        """Tell the log channel, once a day, that the bot may not write in a room."""
        settings = await self._stores.settings(room)
        told = self._refused.get(room)
        now = self._clock()
        if settings.log_channel in (None, room.id) or (told is not None and timedelta() <= now - told < DAY):
            return
        self._refused[room] = now
        await self._post(
            room,
            str(settings.log_channel),
            remark("commands.may_not_write", room=await self.get_room_name(room)),
        )

    async def _post(self, room: Room, channel: str, reply: Reply) -> None:
        poster = self._posters.get(room.platform)
        if poster is None:
            return
        try:
            await poster.post_to_log_channel(room, channel, reply)
        except Exception as refused:  # noqa: BLE001  # whatever a platform says, the change itself is done
            _log.warning("a log channel on %s could not be told: %r", room.platform, refused)


async def _or_default(asked: Awaitable[str | None], otherwise: str) -> str:
    try:
        return await asked or otherwise
    except Exception as refused:  # noqa: BLE001  # whatever a platform says, there is the id
        _log.info("a name could not be had: %r", refused)
        return otherwise
