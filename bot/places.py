"""Rooms and people, by their ids alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

INSIDE: Final = "/"  # between a room and one inside it


@dataclass(frozen=True, slots=True)
class Room:
    """A channel, chat, topic or terminal. `private`: one person and the bot.

    `server` is what it belongs to: a guild, or the chat of a topic. A room inside another one is called
    "outer/inner": a topic of a chat, a private thread of a channel.
    """

    platform: str
    id: str
    private: bool
    server: str | None = None

    @property
    def above(self) -> tuple[str, ...]:
        """The places that give it its defaults, by their ids, the outermost first."""
        outer, inside, _ = self.id.partition(INSIDE)
        places = (self.server, outer if inside else None)
        return tuple(dict.fromkeys(place for place in places if place and place != self.id))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a platform, by id; a name is never kept."""

    platform: str
    id: str
