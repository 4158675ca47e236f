"""An entry of the list of sources while it grows."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.model import How, Source, SourceKind
from bot.reading.annotators.base import Range
from bot.reading.document import Document
from bot.reading.entities import Entity, KindJudgement
from bot.reading.standing import NAMED, StandingJudgement


@dataclass(slots=True)
class SourceEntry:
    """A source as it grows: mentions in order, and what is known of it."""

    id: int
    judged: KindJudgement
    entity: Entity | None
    name: Range
    key: str
    head: int = -1  # the token that heads the name of an unnamed source
    mentions: list[Range] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    role: Range | None = None
    role_why: str = ""
    relayed_by: int | None = None
    how: How = How.SPEAKS
    standing: StandingJudgement = NAMED

    @property
    def kind(self) -> SourceKind:
        return self.judged.kind

    def to_source(self, document: Document) -> Source:
        """Return the entry as a value; originals are added later."""
        return Source(
            id=self.id,
            name=document.excerpt(*self.name),
            named=self.entity is not None,
            kind=self.kind,
            why=self.judged.why,
            mentions=tuple(document.excerpt(*m) for m in sorted(self.mentions)),
            aliases=tuple(self.aliases),
            role=None if self.role is None else document.excerpt(*self.role),
            role_why=self.role_why if self.role else "",
            relayed_by=self.relayed_by,
            how=self.how,
            standing=self.standing.standing,
            standing_why=self.standing.why,
        )
