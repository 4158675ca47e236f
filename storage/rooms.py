"""Settings of rooms, with every change on record, and the end of a room when the bot leaves it.

A change and its record are one transaction, and a change is an edit of what is set now: two admins who change
two settings at once both get theirs. Settings are served from memory and read again after a few seconds, so
that another process's change is seen.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from cachetools import TTLCache
from sqlalchemy import delete, func, or_, select, union, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.places import INSIDE, Person, Room
from bot.ports import Clock
from bot.room_settings.definitions import SETTING, BadSetting
from bot.room_settings.kinds import Value
from bot.room_settings.overrides import NOT_SET, Change, NotSet, Overrides, find_changes
from bot.stores import AuditEntry, Edit
from storage.engine import translate_errors
from storage.tables import AuditRow, CheckRow, HistoryRow, RoomRow, WrongRow

STALE: Final = 4.0  # seconds after which settings are read again
REMEMBERED: Final = 10_000  # rooms whose settings are held in memory
AUDIT_PAGE: Final = 10
LOG_CHANNEL: Final = "log_channel"
_INSERT: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_TABLES: Final[tuple[Any, ...]] = (
    RoomRow,
    AuditRow,
    HistoryRow,
    WrongRow,
    CheckRow,
)  # that hold something of a room

_OF_SERVERS: Final = (RoomRow, HistoryRow, CheckRow, WrongRow)  # of which that says what a room belongs to

_log = logging.getLogger(__name__)


class SqlRooms:
    """Settings of rooms and servers. Every method raises CannotStore when the database is out of reach."""

    def __init__(self, engine: AsyncEngine, clock: Clock, *, stale: float = STALE) -> None:
        self._engine = engine
        self._clock = clock
        self._held: TTLCache[tuple[str, str], Overrides] = TTLCache(REMEMBERED, stale)

    async def overrides(self, platform: str, place: str) -> Overrides:
        """Return what is set for a room, or for a server by its id."""
        with suppress(KeyError):
            return self._held[platform, place]
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                found = await _read_overrides(connection, platform, place)
        return self._hold(platform, place, found)

    async def change(
        self, platform: str, place: str, edit: Edit, who: Person | None, *, server: str | None = None
    ) -> tuple[Change, ...]:
        """Edit what is set now; the changes, which are on record. `who` None: nobody in particular did it.
        `server`: what the place belongs to, with which it goes."""
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                await _ensure_row(connection, platform, place, self._clock())
                if server is not None:
                    await connection.execute(
                        update(RoomRow).where(*_place(platform, place)).values(server=server)
                    )
                old = await _read_overrides(connection, platform, place, lock=True)
                new = edit(old)
                changes = tuple(find_changes(old, new))
                if changes:
                    await self._write(connection, platform, place, new)
                    await connection.execute(
                        _INSERT[connection.dialect.name](AuditRow),
                        [self._to_row(platform, place, change, who) for change in changes],
                    )
        self._hold(platform, place, new)
        return changes

    async def audit(
        self, platform: str, *places: str, page: int = 0, size: int = AUDIT_PAGE
    ) -> tuple[AuditEntry, ...]:
        """Return changes in rooms and servers, newest first."""
        wanted = (
            select(AuditRow.at, AuditRow.room, AuditRow.who, AuditRow.setting, AuditRow.old, AuditRow.new)
            .where(AuditRow.platform == platform, AuditRow.room.in_(places))
            .order_by(AuditRow.id.desc())
            .limit(size)
            .offset(page * size)
        )
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                rows = (await connection.execute(wanted)).all()
        return tuple(
            _from_row(row) for row in rows if row.setting in SETTING
        )  # one that is no more has no words

    # ── rooms come and go ───────────────────────────────────────────────────────────────────────────

    async def move_room(self, old: Room, new: Room) -> None:
        """A group has become another (Telegram's supergroups): all of it, and of its topics, follows; rooms
        whose log channel it was have it still. A second time there is nothing left to follow."""
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                wanted = select(RoomRow.id).where(*_place(old.platform, old.id)).with_for_update()
                if await connection.scalar(wanted) is not None:
                    await connection.execute(delete(RoomRow).where(*_place(new.platform, new.id)))
                for table in _TABLES:
                    await _move_rows(connection, table, old, new)
                await _move_log_channels(connection, old, new)
        self._held.clear()

    async def mark_left(self, platform: str, place: str) -> None:
        """The bot was removed from a room or a server: its time runs from now, if it does not run already."""
        now = self._clock()
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                await _ensure_row(connection, platform, place, now)
                gone = update(RoomRow).where(*_place(platform, place), RoomRow.left.is_(None))
                await connection.execute(gone.values(left=now))

    async def mark_rejoined(self, platform: str, place: str) -> None:
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                await connection.execute(update(RoomRow).where(*_place(platform, place)).values(left=None))

    async def find_left_rooms(self, platform: str) -> tuple[str, ...]:
        """The rooms that the bot was removed from, as long as anything is kept of them."""
        wanted = select(RoomRow.id).where(RoomRow.platform == platform, RoomRow.left.is_not(None))
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                return tuple((await connection.execute(wanted)).scalars())

    async def find_servers(self, platform: str) -> frozenset[str]:
        """Return the servers of which anything is kept: settings of theirs or of their rooms, or a
        history."""
        kept = [
            select(table.server).where(table.platform == platform, table.server.is_not(None)).distinct()
            for table in (RoomRow, HistoryRow)
        ]
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                return frozenset(map(str, (await connection.execute(union(*kept))).scalars()))

    async def purge(self, before: datetime) -> int:
        """Delete all that is kept of rooms that were left before; how many rooms there were."""
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                left = RoomRow.left.is_not(None) & (RoomRow.left < before)
                gone = (await connection.execute(select(RoomRow.platform, RoomRow.id).where(left))).all()
                for platform, place in gone:
                    await _delete(connection, platform, place)
        if gone:
            self._held.clear()
        return len(gone)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────

    def _hold(self, platform: str, place: str, found: Overrides) -> Overrides:
        self._held[platform, place] = found
        return found

    async def _write(self, connection: AsyncConnection, platform: str, place: str, new: Overrides) -> None:
        values = {"settings": new.to_json(), "version": RoomRow.version + 1, "changed": self._clock()}
        await connection.execute(update(RoomRow).where(*_place(platform, place)).values(values))

    def _to_row(self, platform: str, place: str, change: Change, who: Person | None) -> dict[str, Any]:
        return {
            "at": self._clock(),
            "platform": platform,
            "room": place,
            "who": None if who is None else who.id,
            "setting": change.name,
            "old": _to_json(change.name, change.old),
            "new": _to_json(change.name, change.new),
        }


async def _ensure_row(connection: AsyncConnection, platform: str, place: str, now: datetime) -> None:
    """The row of a room, made where there is none."""
    row = {"platform": platform, "id": place, "settings": {}, "version": 0, "changed": now}
    await connection.execute(_INSERT[connection.dialect.name](RoomRow).values(row).on_conflict_do_nothing())


async def _read_overrides(
    connection: AsyncConnection, platform: str, place: str, *, lock: bool = False
) -> Overrides:
    wanted = select(RoomRow.settings).where(*_place(platform, place))
    found = await connection.scalar(wanted.with_for_update() if lock else wanted)
    kept = Overrides()
    for name, value in (found or {}).items():  # another version may have written what is not known here
        try:
            kept = Overrides.from_json({**kept.to_json(), name: value})
        except BadSetting:
            _log.warning("the setting %s of %s %s is not one that is known here", name, platform, place)
    return kept


def _from_row(row: Any) -> AuditEntry:
    old, new = (
        NOT_SET if written is None else SETTING[row.setting].from_json(written["value"])
        for written in (row.old, row.new)
    )
    return AuditEntry(row.at, row.room, row.who, Change(row.setting, old, new))


# On record a value stands in an object, so that "not set" and "set to none" differ.


def _to_json(name: str, value: Value | NotSet) -> dict[str, Any] | None:
    return None if isinstance(value, NotSet) else {"value": SETTING[name].to_json(value)}


async def _delete(connection: AsyncConnection, platform: str, place: str) -> None:
    """A room with all that lies inside it; of a server, each room whose settings are kept, too."""
    inside = select(RoomRow.id).where(RoomRow.platform == platform, RoomRow.server == place)
    for one in (*(await connection.execute(inside)).scalars().all(), place):
        for table in _TABLES:
            column = table.id if table is RoomRow else table.room
            of_it = [column == one, column.startswith(one + INSIDE, autoescape=True)]
            if table in _OF_SERVERS:
                of_it.append(table.server == one)
            await connection.execute(delete(table).where(table.platform == platform, or_(*of_it)))


async def _move_rows(connection: AsyncConnection, table: Any, old: Room, new: Room) -> None:
    column = table.id if table is RoomRow else table.room
    here = column == old.id
    below = column.startswith(old.id + INSIDE, autoescape=True)
    of_it = table.platform == old.platform
    renamed = {column.key: new.id}
    await connection.execute(update(table).where(of_it, here).values(renamed))
    follows = {column.key: new.id + func.substr(column, len(old.id) + 1)}
    await connection.execute(update(table).where(of_it, below).values(follows))
    if table in _OF_SERVERS:
        await connection.execute(update(table).where(of_it, table.server == old.id).values(server=new.id))


async def _move_log_channels(connection: AsyncConnection, old: Room, new: Room) -> None:
    channel = RoomRow.settings[LOG_CHANNEL].as_string()
    named = or_(channel == old.id, channel.startswith(old.id + INSIDE, autoescape=True))
    wanted = select(RoomRow.id, RoomRow.settings).where(RoomRow.platform == old.platform, named)
    for place, found in (await connection.execute(wanted)).all():
        follows = {**found, LOG_CHANNEL: new.id + found[LOG_CHANNEL].removeprefix(old.id)}
        await connection.execute(update(RoomRow).where(*_place(old.platform, place)).values(settings=follows))


def _place(platform: str, place: str) -> tuple[Any, Any]:
    return RoomRow.platform == platform, RoomRow.id == place
