"""Readers' objections to answers: kept for review of the rules, and never published."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.places import Person, Room
from bot.ports import Clock
from storage.engine import translate_errors
from storage.tables import WrongRow

LONGEST_NOTE: Final = 1000  # characters
LONGEST_KEY: Final = 2048  # as wide as its column
PAGE: Final = 20
_GONE: Final = frozenset({"Cc", "Cs"})  # controls, and the halves of a letter that no database takes


@dataclass(frozen=True, slots=True)
class Objection:
    """`key` is that of the link whose answer is meant. `who` is None where nobody is told, or no longer."""

    at: datetime
    platform: str
    room: str
    who: str | None
    key: str
    note: str


class SqlObjections:
    """Readers' objections. Every method raises CannotStore when the database is out of reach."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def add(self, room: Room, person: Person | None, key: str, note: str = "") -> None:
        """Keep one; of a long note only its beginning."""
        row = {
            "at": self._clock(),
            "platform": room.platform,
            "room": room.id,
            "server": room.server,
            "who": None if person is None else person.id,
            "key": _sanitize(key, LONGEST_KEY),
            "note": _sanitize(note, LONGEST_NOTE),
        }
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                await connection.execute(insert(WrongRow).values(row))

    async def latest(self, page: int = 0, size: int = PAGE) -> tuple[Objection, ...]:
        """The page numbered `page` (from 0), newest first."""
        columns = (getattr(WrongRow, name) for name in Objection.__dataclass_fields__)
        wanted = select(*columns).order_by(WrongRow.id.desc()).limit(size).offset(page * size)
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                return tuple(Objection(*row) for row in await connection.execute(wanted))

    async def count(self) -> int:
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                return await connection.scalar(select(func.count()).select_from(WrongRow)) or 0


def _sanitize(text: str, most: int) -> str:
    """The first letters of a text, on one line and without control characters."""
    spaced = (" " if letter.isspace() else letter for letter in text.strip())
    kept = (letter for letter in spaced if letter == " " or unicodedata.category(letter) not in _GONE)
    return "".join(islice(kept, most)).rstrip()
