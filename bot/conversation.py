"""A message in, replies out, whatever the platform.

    Message ─hear()→ Asked | None ─answer()→ Answer(id, Reply)        a link was given: check it, say so
    answer id + Action ─press()→ Reply | None                          a button was pressed

Platforms turn their events into `Message`, show that something is being worked on between `hear` and
`answer`, and render what comes back. `None` means silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.model import Action, Link, Reply, Style


@dataclass(frozen=True, slots=True)
class Room:
    """Where a conversation happens: a channel, chat or terminal. `private`: one person and the bot."""

    platform: str
    id: str
    private: bool


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote. `asked`: a private message, command or mention, so silence is no answer."""

    room: Room
    sender: str
    text: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message wants checked: at most three links, and how many more it held."""

    room: Room
    sender: str
    links: tuple[Link, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply that was given; `id` (at most 32 characters of [a-z0-9]) is what its buttons carry."""

    id: str
    reply: Reply


class Conversation(Protocol):
    """What a platform may ask. Never raises for anything a stranger sent: failures are replies."""

    def hear(self, message: Message) -> Asked | Reply | None:
        """What to check; or at once a reply (asked without a link); or None for silence."""

    async def answer(self, asked: Asked, style: Style = "card") -> Answer: ...

    async def press(self, answer_id: str, action: Action) -> Reply | None:
        """The details behind a button; None when the answer is no longer known."""
