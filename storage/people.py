"""People, by id alone: those who want no reaction to their links, and what is let go of when they ask."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.places import Person
from bot.ports import Clock
from storage.engine import translate_errors
from storage.job_store import ANONYMOUS, UNSHARED
from storage.tables import AuditRow, CheckRow, PersonRow, WrongRow

_INSERT: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class SqlPeople:
    """The rows about people. Every method raises CannotStore when the database is out of reach."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def is_ignored(self, person: Person) -> bool:
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                wanted = select(PersonRow.since).where(*_wish_of(person))
                return (await connection.execute(wanted)).one_or_none() is not None

    async def ignore(self, person: Person) -> None:
        """Never react to this person's links; asking twice changes nothing."""
        row = {"platform": person.platform, "id": person.id, "since": self._clock()}
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                wish = _INSERT[connection.dialect.name](PersonRow).values(row).on_conflict_do_nothing()
                await connection.execute(wish)

    async def stop_ignoring(self, person: Person) -> None:
        """React again."""
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                await connection.execute(delete(PersonRow).where(*_wish_of(person)))

    async def forget(self, person: Person) -> int:
        """Untie the person from everything; how many rows spoke of him. The wish to be ignored stays, and so
        do changes of settings and objections, without him."""
        untied = 0
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                for table in (AuditRow, WrongRow):
                    of_him = (table.platform == person.platform, table.who == person.id)
                    gone = await connection.execute(update(table).where(*of_him).values(who=None))
                    untied += gone.rowcount
                alone = delete(CheckRow).where(_checks_done_for(person), UNSHARED)
                untied += (await connection.execute(alone)).rowcount
                done = update(CheckRow).where(_checks_done_for(person)).values(ANONYMOUS)
                untied += (await connection.execute(done)).rowcount
        return untied

    async def count_kept(self, person: Person) -> dict[str, int]:
        """Return how many rows of each kind speak of a person."""
        counted: dict[str, int] = {}
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                for name, table in (("changes", AuditRow), ("objections", WrongRow)):
                    of_him = (table.platform == person.platform, table.who == person.id)
                    counted[name] = (
                        await connection.scalar(select(func.count()).select_from(table).where(*of_him)) or 0
                    )
                wish = await connection.scalar(
                    select(func.count()).select_from(PersonRow).where(*_wish_of(person))
                )
                checks = await connection.scalar(
                    select(func.count()).select_from(CheckRow).where(_checks_done_for(person))
                )
        return counted | {"checks": checks or 0, "wishes": wish or 0}


def _checks_done_for(person: Person) -> Any:
    """Return the condition for a person's finished checks; one that is not finished is soon."""
    his = or_(CheckRow.sender == person.id, CheckRow.poster == person.id)
    return and_(CheckRow.platform == person.platform, his, CheckRow.finished.is_not(None))


def _wish_of(person: Person) -> tuple[Any, Any]:
    return PersonRow.platform == person.platform, PersonRow.id == person.id
