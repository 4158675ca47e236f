"""An entry of the list of sources while it grows."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.model import Kind
from bot.reading.entities import Entity
from bot.reading.views import Range


@dataclass(slots=True)
class Entry:
    """A source as it grows: mentions in order, and what is known of it."""

    id: int
    kind: Kind
    entity: Entity | None
    name: Range
    key: str
    mentions: list[Range] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    role: Range | None = None
    relayed_by: int | None = None
