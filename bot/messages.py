"""What people write, and what they want checked of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Link
from bot.places import Person, Room


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote. `asked`: a private message, command or mention, so silence is no answer. `bot`: it
    comes from another bot or a webhook."""

    room: Room
    sender: str
    text: str
    asked: bool
    roles: tuple[str, ...] = ()
    bot: bool = False

    @property
    def person(self) -> Person:
        return Person(self.room.platform, self.sender)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message wants checked: at most three links, and how many more it held. `unasked`: nobody wants
    an answer unless there is a finding."""

    room: Room
    sender: str
    links: tuple[Link, ...]
    more: int = 0
    unasked: bool = False
