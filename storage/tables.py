"""The tables. Names of constraints follow one convention, so that migrations can find them.

Places are told by platform and id, as the platforms name them; nobody's name, and nobody's message, is kept.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from sqlalchemy import JSON, DateTime, Dialect, Index, MetaData, String, Text, TypeDecorator, false, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
PLATFORM: Final = String(16)
PLACE: Final = String(64)  # ids of rooms, messages and people, as the platforms spell them


class Utc(TypeDecorator[datetime]):
    """A moment, kept in UTC and given back with its zone, which SQLite would lose. Naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be kept")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # as above
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {datetime: Utc, dict[str, Any]: JSON}


class ReportRow(Base):
    """A report as its JSON, under the key of its link; `canonical` is the key that the page itself
    names, `etag` and `modified` are what its server said of its version."""

    __tablename__ = "reports"

    key: Mapped[str] = mapped_column(String(2048), primary_key=True)
    fetched: Mapped[datetime] = mapped_column(index=True)
    report: Mapped[dict[str, Any]]
    canonical: Mapped[str | None] = mapped_column(String(2048), index=True)
    etag: Mapped[str | None] = mapped_column(String(1024))
    modified: Mapped[str | None] = mapped_column(String(64))


class RoomRow(Base):
    """Settings of a room, or of a whole server: only what differs from what stands above it.

    `server` is what it belongs to, where that is known; `left` is when the bot was removed from it.
    """

    __tablename__ = "rooms"

    platform: Mapped[str] = mapped_column(PLATFORM, primary_key=True)
    id: Mapped[str] = mapped_column(PLACE, primary_key=True)
    server: Mapped[str | None] = mapped_column(PLACE, index=True)
    settings: Mapped[dict[str, Any]]
    version: Mapped[int]
    changed: Mapped[datetime]
    left: Mapped[datetime | None] = mapped_column(index=True)


class AuditRow(Base):
    """One changed setting. `who` is let go of when that person asks to be forgotten."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "platform", "room", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    platform: Mapped[str] = mapped_column(PLATFORM)
    room: Mapped[str] = mapped_column(PLACE)
    who: Mapped[str | None] = mapped_column(PLACE, index=True)
    setting: Mapped[str] = mapped_column(String(64))
    old: Mapped[Any] = mapped_column(JSON)
    new: Mapped[Any] = mapped_column(JSON)


class PersonRow(Base):
    """Somebody whose links are never reacted to."""

    __tablename__ = "people"

    platform: Mapped[str] = mapped_column(PLATFORM, primary_key=True)
    id: Mapped[str] = mapped_column(PLACE, primary_key=True)
    since: Mapped[datetime]


class HistoryRow(Base):
    """An answer that was given in a room, by its id: what it was about, and no word of who asked.

    `words` is what a search looks through: title, outlet, domain and the names of sources.
    """

    __tablename__ = "history"
    __table_args__ = (Index(None, "platform", "room", "id"), Index(None, "platform", "place"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    platform: Mapped[str] = mapped_column(PLATFORM)
    room: Mapped[str] = mapped_column(PLACE)
    server: Mapped[str | None] = mapped_column(PLACE)
    answer: Mapped[str | None] = mapped_column(String(32), index=True)
    key: Mapped[str] = mapped_column(String(2048))
    url: Mapped[str | None] = mapped_column(Text)
    domain: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(Text)
    outlet: Mapped[str] = mapped_column(Text)
    flagged: Mapped[bool]
    pasted: Mapped[bool]
    spoiler: Mapped[bool] = mapped_column(server_default=false())
    sources: Mapped[int]
    hedges: Mapped[int]
    place: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)


class WrongRow(Base):
    """A reader's objection to an answer, kept for review and never published."""

    __tablename__ = "wrong"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    platform: Mapped[str] = mapped_column(PLATFORM)
    room: Mapped[str] = mapped_column(PLACE)
    server: Mapped[str | None] = mapped_column(PLACE)
    who: Mapped[str | None] = mapped_column(PLACE, index=True)
    key: Mapped[str] = mapped_column(String(2048))
    note: Mapped[str] = mapped_column(Text)


class CheckRow(Base):
    """A check that was accepted: kept until it is finished, and a little longer, so that it is finished once.

    `origin` is what the platform calls the event that asked, so that an event which comes twice counts once.
    `where` is the message that holds the link, `placeholder` the bot's own that stands under it. `revision`
    counts the edits of that message; without links, it was withdrawn. `sending` counts the answers that were
    taken back; `removed`: somebody took it away himself. `owner` works on it until `until`; `attempts` counts
    who began to. A finished check lets go of `sender` and `poster`.
    """

    __tablename__ = "checks"
    __table_args__ = (Index(None, "platform", "where"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    origin: Mapped[str] = mapped_column(String(200), unique=True)
    platform: Mapped[str] = mapped_column(PLATFORM)
    room: Mapped[str] = mapped_column(PLACE)
    server: Mapped[str | None] = mapped_column(PLACE)
    private: Mapped[bool]
    sender: Mapped[str] = mapped_column(PLACE, index=True)
    poster: Mapped[str | None] = mapped_column(PLACE, index=True)
    links: Mapped[Any] = mapped_column(JSON)
    more: Mapped[int]
    unasked: Mapped[bool]
    aside: Mapped[bool] = mapped_column(server_default=false())
    where: Mapped[str] = mapped_column(Text)
    placeholder: Mapped[str | None] = mapped_column(PLACE)
    accepted: Mapped[datetime] = mapped_column(index=True)
    finished: Mapped[datetime | None] = mapped_column(index=True)
    owner: Mapped[str | None] = mapped_column(String(32))
    until: Mapped[datetime | None]
    attempts: Mapped[int]
    revision: Mapped[int] = mapped_column(server_default="0")
    sending: Mapped[int] = mapped_column(server_default="0")
    removed: Mapped[bool] = mapped_column(server_default=false())


class FlightRow(Base):
    """A check of one link under way for all who ask for it, in whichever process: the queue's jobs carry its
    id and nothing else. When it is completed, its report stands in `reports`, `fetched` then or later, or
    `error` is why there is none.

    `key` is that of the link, and of the flights to it only one is under way. `age`: seconds that a kept
    report may be old, none where it is read anew. `asked`: somebody waits for it; `room` tells rooms apart
    until it is completed. `check` is the accepted check that began it, by which logs know it. `deaths` counts
    the workers that ended over it. The moments: `boarded`, when it was queued; `begun`, when it was started;
    `landed`, when it was completed.
    """

    __tablename__ = "flights"
    __table_args__ = (
        Index(
            "ix_flights_under_way",
            "key",
            unique=True,
            postgresql_where=text("landed IS NULL"),
            sqlite_where=text("landed IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(2048))
    url: Mapped[str] = mapped_column(Text)
    age: Mapped[int | None]
    asked: Mapped[bool]
    room: Mapped[str | None] = mapped_column(String(128))
    check: Mapped[str | None] = mapped_column(String(32))
    boarded: Mapped[datetime]
    begun: Mapped[datetime | None]
    landed: Mapped[datetime | None] = mapped_column(index=True)
    fetched: Mapped[datetime | None]
    deaths: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[Any | None] = mapped_column(JSON)


class SiteRow(Base):
    """A web site that was asked lately, by its host: from when on its next page may be asked for, and until
    when it wants to be left alone."""

    __tablename__ = "sites"

    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    free: Mapped[datetime]
    rests: Mapped[datetime | None]
