"""A message in, replies out, whatever the platform: what a platform may ask.

    Message ─hear()→ Asked | None ─answer()→ Answer(id, Reply) | None   a link was given: check it, say so
    Answer id + place ─sent()→                                            where the answer stands now
    answer id + Action ─press()→ Reply | None                             a button was pressed

Platforms turn their events into `Message`, show that something is being worked on between `hear` and
`answer`, and render what comes back. `None` means silence.
"""

from __future__ import annotations

from typing import Protocol

from bot.answer_cache import Answer
from bot.messages import Asked, Message
from bot.places import Person, Room
from bot.replies import Action, Reply, Style


class Conversation(Protocol):
    """What a platform may ask. Never raises for anything a stranger sent: failures are replies."""

    async def hear(self, message: Message) -> Asked | Reply | None:
        """What to check; or at once a reply (asked without a link); or None for silence."""

    async def answer(
        self, asked: Asked, style: Style | None = None, *, answer_id: str | None = None
    ) -> Answer | None:
        """The answer, in the room's style where none is given; None for silence, only where nobody asked."""

    async def mark_sent(self, answer_id: str, place: str) -> None:
        """Where an answer stands, as a link or in the platform's words: repeated links are pointed there."""

    async def press(self, answer_id: str, action: Action) -> Reply | None:
        """The details behind a button; None when the answer is no longer known."""

    async def recheck(self, answer_id: str) -> Answer | Reply | None:
        """The page of an answer read anew: the answer that takes its place; a reply for who pressed alone,
        where it stays as it is; None where it is no longer known."""

    async def refuse_removal(
        self, answer_id: str, room: Room, *, involved: bool, moderator: bool
    ) -> str | None:
        """None where an answer that stands in this room may go; else the sentence that says why it stays.
        `involved`: the poster of its link, or whoever asked for it."""

    async def retract(self, answer_id: str) -> None:
        """An answer does not stand any more."""

    async def retract_at(self, platform: str, place: str, *, below: bool = False) -> None:
        """Nothing stands any more at a place or, if `below`, at those that begin so."""

    async def drop(self, asked: Asked) -> None:
        """Nothing will be checked: it costs nobody a turn."""

    async def object(self, answer_id: str, who: Person | None, note: str = "") -> Reply | None:
        """A reader calls an answer wrong; None when it is no longer known."""

    async def answer_pasted(self, answer_id: str, room: Room, who: Person, text: str) -> Answer:
        """The answer about a text that somebody pastes for a page that could not be read; it is his alone, in
        a shared room."""

    async def show(self, answer_id: str, room: Room) -> Answer | Reply | None:
        """An answer that was given aside, for everybody in the room where it was asked for; why not; None
        when it is no longer known."""

    async def cancel_show(self, answer_id: str) -> None:
        """What was to be shown could not be sent: it may be shown another time."""
