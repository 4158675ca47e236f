"""A memory of plain lists, which can be told to be out of reach."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.history import IN_THE_LOG, HistoryEntry, HistoryPage, Query, make_search_text
from bot.job_store import Job
from bot.messages import CheckRequest
from bot.model import Report
from bot.places import INSIDE, Person, Room
from bot.room_settings.overrides import Change, Overrides, find_changes
from bot.stores import AuditEntry, Edit, Stores

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@dataclass
class Reach:
    """`lost`: every method raises OSError."""

    lost: bool = False

    def check(self) -> None:
        if self.lost:
            raise OSError("the database is out of reach")


@dataclass
class FakeRooms:
    reach: Reach
    given: dict[tuple[str, str], Overrides] = field(default_factory=dict)
    records: list[tuple[tuple[str, str], AuditEntry]] = field(default_factory=list)
    gone: set[tuple[str, str]] = field(default_factory=set)
    belongs: dict[tuple[str, str], str] = field(default_factory=dict)

    async def overrides(self, platform: str, place: str) -> Overrides:
        self.reach.check()
        return self.given.get((platform, place), Overrides())

    async def change(
        self, platform: str, place: str, edit: Edit, who: Person | None, *, server: str | None = None
    ) -> tuple[Change, ...]:
        old = await self.overrides(platform, place)
        new = edit(old)
        self.belongs |= {} if server is None else {(platform, place): server}
        self.given[platform, place] = new
        changes = tuple(find_changes(old, new))
        recorded = [AuditEntry(NOW, place, who.id if who else None, change) for change in changes]
        self.records = [((platform, place), one) for one in reversed(recorded)] + self.records
        return changes

    async def mark_left(self, platform: str, place: str) -> None:
        self.reach.check()
        self.gone.add((platform, place))

    async def find_left_rooms(self, platform: str) -> tuple[str, ...]:
        self.reach.check()
        return tuple(place for at, place in self.gone if at == platform)

    async def move_room(self, old: Room, new: Room) -> None:
        self.reach.check()
        if (old.platform, old.id) in self.given:
            self.given[new.platform, new.id] = self.given.pop((old.platform, old.id))
        for place, given in self.given.items():
            channel = given.get("log_channel", None)
            if isinstance(channel, str) and channel.partition(INSIDE)[0] == old.id:
                follows = new.id + channel.removeprefix(old.id)
                self.given[place] = given.with_value("log_channel", follows)

    async def find_servers(self, platform: str) -> frozenset[str]:
        self.reach.check()
        return frozenset(server for (at, _), server in self.belongs.items() if at == platform)

    async def mark_rejoined(self, platform: str, place: str) -> None:
        self.reach.check()
        self.gone.discard((platform, place))

    async def audit(
        self, platform: str, *places: str, page: int = 0, size: int = 10
    ) -> tuple[AuditEntry, ...]:
        self.reach.check()
        found = [one for (at, place), one in self.records if at == platform and place in places]
        return tuple(found[page * size :][:size])


@dataclass
class FakeHistory:
    reach: Reach
    rows: list[tuple[Room, HistoryEntry, str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def add(self, room: Room, one: HistoryEntry, report: Report, answer: str) -> None:
        self.reach.check()
        self.rows.append((room, one, make_search_text(one, report)))
        self.answers.append(answer)

    async def set_place(self, answer: str, place: str) -> None:
        self.reach.check()
        here = [number for number, other in enumerate(self.answers) if other == answer]
        logged = any(self.rows[number][1].place == IN_THE_LOG for number in here)
        for number in here:
            room, one, words = self.rows[number]
            self.rows[number] = (room, replace(one, place=IN_THE_LOG if logged else place), words)

    async def remove(self, answer: str) -> None:
        self.reach.check()
        kept = [n for n, other in enumerate(self.answers) if other != answer]
        self.rows, self.answers = [self.rows[n] for n in kept], [self.answers[n] for n in kept]

    async def search(
        self, room: Room, query: Query, *, page: int = 0, size: int = 5, logged: bool = False
    ) -> HistoryPage:
        self.reach.check()
        fits = [
            one
            for where, one, words in reversed(self.rows)
            if where == room and all(any(w.startswith(t) for w in words.split()) for t in query.terms)
            if logged or one.place != IN_THE_LOG
        ]
        return HistoryPage(tuple(fits[page * size :][:size]), len(fits))

    async def find_last(self, room: Room, key: str, since: datetime) -> HistoryEntry | None:
        self.reach.check()
        found = (e for where, e, _ in reversed(self.rows) if where == room and e.key == key)
        return next((one for one in found if one.at >= since and not one.pasted), None)

    async def find_by_answer(self, answer: str) -> tuple[tuple[Room, HistoryEntry], ...]:
        self.reach.check()
        found = zip(self.answers, self.rows, strict=True)
        return tuple((room, one) for other, (room, one, _) in found if other == answer)

    async def find_at_place(self, platform: str, place: str, *, below: bool = False) -> tuple[str, ...]:
        self.reach.check()
        found = zip(self.answers, self.rows, strict=True)
        there = {
            answer: one.place or ""
            for answer, (room, one, _) in found
            if room.platform == platform and one.place
        }
        return tuple(a for a, at in there.items() if at == place or (below and at.startswith(place)))

    async def iterate(self, room: Room, *, logged: bool = False) -> AsyncIterator[HistoryEntry]:
        self.reach.check()
        for where, one, _ in reversed(self.rows):
            if where == room and (logged or one.place != IN_THE_LOG):
                yield one


@dataclass
class FakePeople:
    reach: Reach
    wishes: set[Person] = field(default_factory=set)

    async def is_ignored(self, person: Person) -> bool:
        self.reach.check()
        return person in self.wishes

    async def ignore(self, person: Person) -> None:
        self.reach.check()
        self.wishes.add(person)

    async def stop_ignoring(self, person: Person) -> None:
        self.reach.check()
        self.wishes.discard(person)

    async def forget(self, person: Person) -> int:  # noqa: ARG002  # nothing here is tied to anybody
        self.reach.check()
        return 0

    async def count_kept(self, person: Person) -> dict[str, int]:
        self.reach.check()
        return {"changes": 0, "objections": 0, "checks": 0, "wishes": int(person in self.wishes)}


@dataclass
class FakeObjections:
    reach: Reach
    rows: list[tuple[Room, Person | None, str, str]] = field(default_factory=list)

    async def add(self, room: Room, person: Person | None, key: str, note: str = "") -> None:
        self.reach.check()
        self.rows.append((room, person, key, note))


def memory(reach: Reach | None = None) -> Stores:
    found = reach or Reach()
    return Stores(FakeRooms(found), FakeHistory(found), FakePeople(found), FakeObjections(found))


@dataclass
class FakeJobStore:
    """Accepted checks; what a test puts into `rows` was left by another process."""

    reach: Reach = field(default_factory=Reach)
    rows: dict[str, Job] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    finished: list[str] = field(default_factory=list)

    async def accept(self, job: Job) -> bool:
        self.reach.check()
        new = all(job.origin != other.origin for other in self.rows.values())
        if new:
            self.rows[job.id] = job
        return new

    async def claim(self, check: str, owner: str, span: timedelta) -> Job | None:  # noqa: ARG002  # no clock here
        self.reach.check()
        if check in self.owners or check in self.finished:
            return None
        self.owners[check] = owner
        job = self.rows.get(check)
        if job is not None:
            self.rows[check] = replace(job, fresh=False)
        return job

    async def renew(self, check: str, owner: str, span: timedelta) -> bool:  # noqa: ARG002  # no clock here
        self.reach.check()
        return self.owners.get(check) == owner

    async def release(self, check: str, owner: str) -> None:
        self.reach.check()
        if self.owners.get(check) == owner:
            del self.owners[check]

    async def attach_message(self, check: str, revision: int, placeholder: str) -> bool:
        self.reach.check()
        job = self.rows[check]
        held = job.revision == revision or job.placeholder in (None, placeholder)
        if held:
            self.rows[check] = replace(job, placeholder=placeholder)
        if job.revision != revision:
            self._open(check)
        return held

    async def detach_message(self, check: str) -> None:
        job = self.rows[check]
        self.rows[check] = replace(job, placeholder=None, sending=job.sending + 1)

    async def mark_removed(self, check: str) -> None:
        self.reach.check()
        if check in self.rows:
            job = self.rows[check]
            self.rows[check] = replace(job, removed=True, placeholder=None, revision=job.revision + 1)
            self._open(check)

    async def mark_survived(self, check: str, owner: str, span: timedelta) -> bool:
        self.rows[check] = replace(self.rows[check], attempts=0)
        return await self.renew(check, owner, span)

    async def finish(self, check: str, owner: str, revision: int) -> bool:
        self.reach.check()
        if self.rows[check].revision != revision or self.owners.get(check) != owner:
            return False
        self.finished.append(check)
        self.owners.pop(check, None)
        return True

    def _open(self, check: str) -> None:
        self.owners.pop(check, None)
        self.finished = [other for other in self.finished if other != check]

    async def find_unclaimed(self, platform: str, span: timedelta) -> tuple[str, ...]:  # noqa: ARG002  # no clock here
        self.reach.check()
        left = (job for job in self.rows.values() if job.request.room.platform == platform)
        return tuple(job.id for job in left if job.id not in self.owners and job.id not in self.finished)

    async def find_by_message(self, platform: str, where: str) -> tuple[Job, ...]:
        self.reach.check()
        return tuple(d for d in self.rows.values() if (d.request.room.platform, d.where) == (platform, where))

    async def has_accepted(self, origin: str) -> bool:
        self.reach.check()
        return any(job.origin == origin for job in self.rows.values())

    async def revise(self, check: str, revision: int, asked: CheckRequest) -> bool:
        self.reach.check()
        job = self.rows[check]
        if job.revision != revision:
            return False
        kept = replace(
            job.request, links=asked.links, more=asked.more, sender=job.request.sender or asked.sender
        )
        self.rows[check] = replace(job, request=kept, attempts=0, revision=job.revision + 1)
        self._open(check)
        return True
