"""Where a conversation happens, told by ids alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Room:
    """A channel, chat, topic or terminal. `private`: one person and the bot.

    `server` is what it belongs to, whose settings are its defaults: a guild, or the chat of a topic.
    """

    platform: str
    id: str
    private: bool
    server: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a platform, by id; a name is never kept."""

    platform: str
    id: str
