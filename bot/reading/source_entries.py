"""An entry of the list of sources while it grows."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.model import SourceKind
from bot.reading.annotators.base import Range
from bot.reading.entities import Entity, KindJudgement


@dataclass(slots=True)
class SourceEntry:
    """A source as it grows: mentions in order, and what is known of it."""

    id: int
    judged: KindJudgement
    entity: Entity | None
    name: Range
    key: str
    mentions: list[Range] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    role: Range | None = None
    role_why: str = ""
    relayed_by: int | None = None

    @property
    def kind(self) -> SourceKind:
        return self.judged.kind
