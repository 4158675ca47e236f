"""A conversation that knows one reply, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Mapping
from dataclasses import replace

from bot.answer_cache import Answer
from bot.messages import CheckRequest, Message
from bot.model import Link
from bot.places import Person, Room
from bot.replies import Action, Line, Reply, ReplyBlock, Said, SmallPrint, Style, Text

NOTED = Reply((Text((Said("Thank you."),)),))
NO_LINK = Reply((Text((Said("Send me a link to an article."),)),))


class OneReply:
    """Gives `reply` for every link that it is asked about, and the panel of that reply for a button.

    `gate`: answers wait for it, so that a test can look at what happens meanwhile.
    """

    def __init__(self, reply: Reply, *, gate: asyncio.Event | None = None) -> None:
        self.reply = reply
        self.gate = gate
        self.heard: list[Message] = []
        self.asked: list[CheckRequest] = []
        self.known: dict[str, Reply] = {}
        self.places: dict[str, str] = {}
        self.objections: list[tuple[str, Person | None, str]] = []
        self.pasted: list[tuple[str, Room, Person, str]] = []
        self._numbers = itertools.count(1)

    async def hear(self, message: Message) -> CheckRequest | Reply | None:
        self.heard.append(message)
        if not message.asked:
            return None
        found = re.findall(r"(\|\|)?(https?://[^\s|>]+)", message.text)
        links = tuple(Link(url, url, spoiler=bool(bars)) for bars, url in found)
        if not links:
            return NO_LINK
        return CheckRequest(
            message.room,
            message.sender,
            links[:3],
            len(links[3:]),
            poster=message.poster,
            aside=message.aside,
        )

    async def answer(
        self,
        asked: CheckRequest,
        style: Style | None = None,  # noqa: ARG002  # one reply, one style
        *,
        answer_id: str | None = None,
    ) -> Answer | None:
        self.asked.append(asked)
        if self.gate is not None:
            await self.gate.wait()
        answer_id = answer_id or f"a{next(self._numbers)}"
        self.known[answer_id] = self.reply
        return Answer(answer_id, self.reply)

    async def mark_sent(self, answer_id: str, place: str) -> None:
        self.places[answer_id] = place

    async def retract(self, answer_id: str) -> None:
        self.known.pop(answer_id, None)

    async def reread(self, message: Message, before: CheckRequest) -> CheckRequest:
        found = await self.hear(message)
        return replace(before, links=found.links if isinstance(found, CheckRequest) else ())

    async def retract_at(self, platform: str, place: str, *, below: bool = False) -> None:
        """Nothing is pointed at here."""

    async def drop(self, asked: CheckRequest) -> None:
        """Nobody waits here."""

    async def cancel_show(self, answer_id: str) -> None:
        await self.retract(answer_id)

    async def recheck(self, answer_id: str) -> Answer | Reply | None:
        reply = await self.press(answer_id, Action.AGAIN)
        return None if reply is None else Answer(answer_id, reply)

    async def refuse_removal(
        self,
        answer_id: str,  # noqa: ARG002  # the same for all
        room: Room,
        *,
        involved: bool,
        moderator: bool,
    ) -> str | None:
        if involved or moderator or room.private:
            return None
        return "Only the poster of the link, whoever asked and moderators can remove this answer."

    async def object(self, answer_id: str, who: Person | None, note: str = "") -> Reply | None:
        if answer_id not in self.known:
            return None
        self.objections.append((answer_id, who, note))
        return NOTED

    async def answer_pasted(self, answer_id: str, room: Room, who: Person, text: str) -> Answer:
        self.pasted.append((answer_id, room, who, text))
        return Answer(f"p{answer_id}", self.reply)

    async def show(self, answer_id: str, room: Room) -> Answer | Reply | None:  # noqa: ARG002  # in any
        return (
            await self.answer(self.asked[-1], answer_id=f"b{answer_id}") if answer_id in self.known else None
        )

    async def press(self, answer_id: str, action: Action) -> Reply | None:
        reply = self.known.get(answer_id)
        if reply is None:
            return None
        panels: Mapping[Action, tuple[ReplyBlock, ...]] = {p.action: p.blocks for p in reply.panels}
        nothing: Line = (Said("Nothing more to show."),)
        return Reply(panels.get(action, (SmallPrint(nothing),)), spoiler=reply.spoiler)
