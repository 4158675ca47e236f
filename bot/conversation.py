"""The conversation as platforms see it: a message in, replies out.

    Message ─hear()→ CheckRequest | None ─answer()→ Answer(id, Reply) | None   a link was given: check it, say
    so Answer id + place ─sent()→                                            where the answer stands now
    answer id + Action ─press()→ Reply | None                             a button was pressed

Platforms turn their events into `Message`, show that something is being worked on between `hear` and
`answer`, and render what comes back. `None` means silence.
"""

from __future__ import annotations

from typing import Protocol

from bot.answer_cache import Answer
from bot.messages import CheckRequest, Message
from bot.places import Person, Room
from bot.replies import Action, Reply, Style


class Conversation(Protocol):
    """The conversation's port. It never raises for anything a stranger sent: failures are replies."""

    async def hear(self, message: Message) -> CheckRequest | Reply | None:
        """Return the request; or at once a reply (asked without a link); or None for silence."""

    async def answer(
        self, request: CheckRequest, style: Style | None = None, *, answer_id: str | None = None
    ) -> Answer | None:
        """Return the answer, in the room's style where none is given; None for silence, only where nobody
        asked."""

    async def mark_sent(self, answer_id: str, place: str) -> None:
        """Note where an answer stands, as a link or in the platform's words: repeated links are pointed
        there."""

    async def press(self, answer_id: str, action: Action) -> Reply | None:
        """Return the details behind a button; None when the answer is no longer known."""

    async def recheck(self, answer_id: str) -> Answer | Reply | None:
        """Read the page of an answer again. Return the answer that takes its place; a reply for the presser
        alone, where it stays as it is; None where it is no longer known."""

    async def refuse_removal(
        self, answer_id: str, room: Room, *, involved: bool, moderator: bool
    ) -> str | None:
        """Return None if an answer that stands in this room may go, else the sentence that says why it stays.
        `involved`: the poster of its link, or the asker."""

    async def retract(self, answer_id: str) -> None:
        """Forget an answer that does not stand any more."""

    async def retract_at(self, platform: str, place: str, *, below: bool = False) -> None:
        """Forget the answers at a place or, if `below`, at those that begin so."""

    async def drop(self, request: CheckRequest) -> None:
        """Drop a request that will not be checked: it starts no cooldown."""

    async def object(self, answer_id: str, who: Person | None, note: str = "") -> Reply | None:
        """Note that a reader calls an answer wrong; None when it is no longer known."""

    async def answer_pasted(self, answer_id: str, room: Room, who: Person, text: str) -> Answer:
        """Answer about a text that somebody pastes for a page that could not be read; in a shared room nobody
        else sees it."""

    async def show(self, answer_id: str, room: Room) -> Answer | Reply | None:
        """Show a private answer to everybody in its room. Return it; a reply that says why not; None when it
        is no longer known."""

    async def cancel_show(self, answer_id: str) -> None:
        """Let an answer that could not be sent be shown another time."""
