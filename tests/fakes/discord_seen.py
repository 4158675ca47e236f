"""What a bot did on the fake Discord, as a test looks at it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord_limits import walk

Json = dict[str, Any]


@dataclass
class Sent:
    """A message that the bot sent and that still stands; `body` is what the client library posted."""

    id: int
    room: int
    body: Json
    edits: int = 0

    @property
    def texts(self) -> list[str]:
        return [c["content"] for c in walk(self.body["components"]) if c["type"] == 10]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def buttons(self) -> dict[str, str]:
        """Label → custom_id or address."""
        found = (c for c in walk(self.body["components"]) if c["type"] == 2)
        return {c["label"]: c.get("custom_id") or c["url"] for c in found}

    @property
    def components(self) -> list[Json]:
        components: list[Json] = self.body["components"]
        return components


@dataclass
class Interaction:
    """An interaction that the bot was sent, and what it made of it."""

    id: int
    token: str
    room: int
    began: float = field(default_factory=time.monotonic)
    acknowledged: int | None = None
    private: bool = False
    answer: Sent | None = None
    more: list[Sent] = field(default_factory=list)  # what followed it, for the same eyes
    on: Sent | None = None
    expired: bool = False
    window: Json | None = None
