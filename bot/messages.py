"""Messages and the requests in them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Link
from bot.places import Person, Room


@dataclass(frozen=True, slots=True)
class Message:
    """A message. `asked`: a private message, command or mention, so silence is no answer. `bot`: it
    comes from another bot or a webhook. `poster`: the author of the message with the link, where somebody
    else asks. `aside`: in a shared room, and only the sender sees the answer. `words`: all that it says,
    where `text` holds nothing but its links; it is looked at for keywords and kept nowhere. `impersonal`:
    many may be behind its sender, as behind a channel, a webhook, or a group in whose name its administrators
    write."""

    room: Room
    sender: str
    text: str
    asked: bool
    roles: tuple[str, ...] = ()
    bot: bool = False
    poster: str | None = None
    aside: bool = False
    words: str = ""
    impersonal: bool = False

    @property
    def person(self) -> Person:
        return Person(self.room.platform, self.sender)

    @property
    def author(self) -> Person:
        """The author of the message with the link."""
        return Person(self.room.platform, self.poster or self.sender)


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """A request: at most three links, and how many more the message held. `unasked`: nobody wants an answer
    unless there is a finding. `poster` and `aside` as in `Message`."""

    room: Room
    sender: str
    links: tuple[Link, ...]
    more: int = 0
    unasked: bool = False
    poster: str | None = None
    aside: bool = False

    @property
    def involved(self) -> tuple[str, ...]:
        """Return whoever asked and the poster of the link: they may remove the answer, beside moderators."""
        return tuple(dict.fromkeys(who for who in (self.sender, self.poster) if who))
