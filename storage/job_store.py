"""The job queue of accepted checks, as durable rows. `SqlJobStore` implements bot.job_store.JobStore."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, case, delete, false, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.job_store import Job
from bot.messages import CheckRequest
from bot.model import Link
from bot.places import Room
from bot.ports import Clock
from storage.engine import translate_errors
from storage.tables import CheckRow

BACKOFF_PART: Final = 10  # what could not be finished is left alone for so small a part of its age
LONGEST_BACKOFF: Final = timedelta(hours=3)  # a tenth of the day after which it is given up, and a little
NOBODY: Final = ""  # in the place of somebody who is let go of
ANONYMOUS: Final[dict[str, Any]] = {"sender": NOBODY, "poster": None}
# What stands nowhere, or where only one person sees it: there the room itself says who.
UNSHARED: Final = or_(CheckRow.placeholder.is_(None), CheckRow.private, CheckRow.aside)
_UNFINISHED: Final[dict[str, Any]] = {"finished": None, "owner": None, "until": None}
_INSERT: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class SqlJobStore:
    """Every method raises CannotStore when the database is out of reach."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def accept(self, job: Job) -> bool:
        """Store a job; False where this event was accepted before."""
        row = _to_row(job) | {"accepted": self._clock(), "attempts": 0}
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                new = _INSERT[connection.dialect.name](CheckRow).values(row).on_conflict_do_nothing()
                return await connection.scalar(new.returning(CheckRow.id)) is not None

    async def claim(self, check: str, owner: str, span: timedelta) -> Job | None:
        """Return the job, now `owner`'s; None where it is finished or somebody else's."""
        now = self._clock()
        taken = {"owner": owner, "until": now + span, "attempts": CheckRow.attempts + 1}
        claims = update(CheckRow).where(CheckRow.id == check, CheckRow.finished.is_(None)).values(taken)
        claims = claims.returning(*CheckRow.__table__.c)
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                row = (await connection.execute(claims.where(CheckRow.until.is_(None)))).one_or_none()
                if row is not None:
                    return _from_row(row)
                left = claims.where(CheckRow.until.is_not(None), _is_unclaimed(now, span))
                row = (await connection.execute(left)).one_or_none()
                return None if row is None else replace(_from_row(row), fresh=False)

    async def renew(self, check: str, owner: str, span: timedelta) -> bool:
        """Extend a claim; False where the job is no longer `owner`'s: its claim ran out, or it was
        revised."""
        return await self._extend_claim(check, owner, span)

    async def release(self, check: str, owner: str) -> None:
        """Give back a job that `owner`, who lives, could not finish this time: a retry with backoff. The job
        rests for a part of its age, so that what fails again and again is tried ever more rarely."""
        mine = (CheckRow.id == check, CheckRow.owner == owner, CheckRow.finished.is_(None))
        uncounted = case((CheckRow.attempts > 0, CheckRow.attempts - 1), else_=0)
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                accepted = await connection.scalar(select(CheckRow.accepted).where(*mine))
                if accepted is not None:
                    now = self._clock()
                    free = {
                        "owner": None,
                        "until": now + (now - accepted) / BACKOFF_PART,
                        "attempts": uncounted,
                    }
                    await connection.execute(update(CheckRow).where(*mine).values(free))

    async def attach_message(self, check: str, revision: int, placeholder: str) -> bool:
        """The bot's own message that stands now. Where the check was revised meanwhile, it is unfinished
        again, and False where another message stands already."""
        of_it, same = CheckRow.id == check, CheckRow.revision == revision
        holds = update(CheckRow).where(of_it).values(placeholder=placeholder)
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                if (await connection.execute(holds.where(same))).rowcount:
                    return True
                free = or_(CheckRow.placeholder.is_(None), CheckRow.placeholder == placeholder)
                held = await connection.execute(holds.where(free))
                await connection.execute(update(CheckRow).where(of_it, ~same).values(_UNFINISHED))
                return held.rowcount == 1

    async def detach_message(self, check: str) -> None:
        """Note that no message of the bot's own stands any more."""
        await self._update(check, placeholder=None, sending=CheckRow.sending + 1)

    async def mark_removed(self, check: str) -> None:
        """Note that somebody took the answer away. The job is unfinished again, and nobody's: a process at
        work on it must not send it anew."""
        anew = _UNFINISHED | {"revision": CheckRow.revision + 1, "accepted": self._clock()}
        await self._update(check, **anew, removed=True, placeholder=None)

    async def mark_survived(self, check: str, owner: str, span: timedelta) -> bool:
        """Note that its pages were read, and nobody died of it; renew as above."""
        return await self._extend_claim(check, owner, span, attempts=0)

    async def finish(self, check: str, owner: str, revision: int) -> bool:
        """Finish a job; False where it was revised meanwhile, or is somebody else's, and so is not
        finished."""
        of_it = (CheckRow.id == check, CheckRow.owner == owner, CheckRow.revision == revision)
        done = {"finished": self._clock(), "owner": None, "until": None}
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                return (await connection.execute(update(CheckRow).where(*of_it).values(done))).rowcount == 1

    async def find_by_message(self, platform: str, where: str) -> tuple[Job, ...]:
        """The checks of one message, finished and withdrawn ones too."""
        of_it = (CheckRow.platform == platform, CheckRow.where == where)
        wanted = select(CheckRow.__table__).where(*of_it).order_by(CheckRow.accepted, CheckRow.id)
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                return tuple(_from_row(row) for row in await connection.execute(wanted))

    async def has_accepted(self, origin: str) -> bool:
        """Return True where this event was accepted."""
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                wanted = select(CheckRow.id).where(CheckRow.origin == origin)
                return await connection.scalar(wanted) is not None

    async def revise(self, check: str, revision: int, request: CheckRequest) -> bool:
        """Replace what a job asks; it is unfinished again, and nobody's. False where it was revised already.
        The sender is taken from `request` only where nobody knows it any more."""
        of_it = (CheckRow.id == check, CheckRow.revision == revision)
        anew = _UNFINISHED | {"attempts": 0, "accepted": self._clock(), "revision": revision + 1}
        anew |= {"links": _links(request), "more": request.more}
        unknown = (*of_it, CheckRow.sender == NOBODY if request.links else false())
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                await connection.execute(update(CheckRow).where(*unknown).values(sender=request.sender))
                return (await connection.execute(update(CheckRow).where(*of_it).values(anew))).rowcount == 1

    async def backlog(self) -> tuple[int, datetime | None]:
        """Return how many checks are unfinished, and when the oldest of them was accepted."""
        wanted = select(func.count(), func.min(CheckRow.accepted)).where(CheckRow.finished.is_(None))
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                unfinished, oldest = (await connection.execute(wanted)).one()
        return unfinished, oldest

    async def find_unclaimed(self, platform: str, span: timedelta) -> tuple[str, ...]:
        """Return jobs that are unfinished and nobody's, oldest first. `span`: of a claim, at most."""
        nobodys = _is_unclaimed(self._clock(), span)
        left = (CheckRow.platform == platform, CheckRow.finished.is_(None), nobodys)
        wanted = select(CheckRow.id).where(*left).order_by(CheckRow.accepted, CheckRow.id)
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                return tuple((await connection.execute(wanted)).scalars())

    async def clean_up(self, before: datetime) -> int:
        """Let go of who asked for what was finished before, and of checks without an answer in a shared room:
        these are kept only to know events that come twice. What stands in such a room is kept, so that it
        goes with its message. What nobody could finish for so long is given up. How many rows changed."""
        old = (CheckRow.finished.is_not(None), CheckRow.finished < before)
        late = (CheckRow.finished.is_(None), CheckRow.accepted < before)
        tied = or_(CheckRow.sender != NOBODY, CheckRow.poster.is_not(None))
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                gone = await connection.execute(delete(CheckRow).where(*old, UNSHARED))
                untied = await connection.execute(update(CheckRow).where(*old, tied).values(ANONYMOUS))
                given_up = {"finished": self._clock(), "owner": None, "until": None}
                lost = await connection.execute(update(CheckRow).where(*late).values(given_up))
                return gone.rowcount + untied.rowcount + lost.rowcount

    async def expire(self, room: Room, before: datetime) -> int:
        """Delete what was finished before in one room; how much there was."""
        of_it = (CheckRow.platform == room.platform, CheckRow.room == room.id)
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                gone = delete(CheckRow).where(*of_it, CheckRow.finished < before)
                return (await connection.execute(gone)).rowcount

    async def rooms(self) -> tuple[Room, ...]:
        """Every room that has a check."""
        columns = (CheckRow.platform, CheckRow.room, CheckRow.server, CheckRow.private)
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                rows = (await connection.execute(select(*columns).distinct())).all()
        return tuple(Room(row.platform, row.room, row.private, row.server) for row in rows)

    async def _extend_claim(self, check: str, owner: str, span: timedelta, **values: Any) -> bool:
        mine = (CheckRow.id == check, CheckRow.owner == owner, CheckRow.finished.is_(None))
        longer = update(CheckRow).where(*mine).values(until=self._clock() + span, **values)
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                return (await connection.execute(longer)).rowcount == 1

    async def _update(self, check: str, **values: Any) -> None:
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                await connection.execute(update(CheckRow).where(CheckRow.id == check).values(**values))


def _is_unclaimed(now: datetime, span: timedelta) -> Any:
    """Let go of, or run out. What ends later than anything lasts was dated by a clock that has been set back
    since: whoever lives dates his claim anew within a part of its span, and who does not must not hold it for
    a day. As a machine may be late by one span, so may it be early."""
    claimed = (CheckRow.owner.is_not(None), CheckRow.until > now + 2 * span)
    resting = (CheckRow.owner.is_(None), CheckRow.until > now + LONGEST_BACKOFF)
    return or_(CheckRow.until.is_(None), CheckRow.until <= now, and_(*claimed), and_(*resting))


def _links(request: CheckRequest) -> list[dict[str, Any]]:
    return [{"url": one.url, "key": one.key, "spoiler": one.spoiler} for one in request.links]


def _to_row(job: Job) -> dict[str, Any]:
    request, room = job.request, job.request.room
    return {
        "id": job.id,
        "origin": job.origin,
        "platform": room.platform,
        "room": room.id,
        "server": room.server,
        "private": room.private,
        "sender": request.sender,
        "poster": request.poster,
        "links": _links(request),
        "more": request.more,
        "unasked": request.unasked,
        "aside": request.aside,
        "where": job.where,
        "placeholder": job.placeholder,
    }


def _from_row(row: Any) -> Job:
    room = Room(row.platform, row.room, row.private, row.server)
    links = tuple(Link(one["url"], one["key"], one["spoiler"]) for one in row.links)
    request = CheckRequest(room, row.sender, links, row.more, row.unasked, row.poster, row.aside)
    counts = (row.attempts, row.revision, row.sending)
    return Job(row.id, row.origin, request, row.where, row.placeholder, *counts, row.removed)
