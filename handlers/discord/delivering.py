"""An answer put where it belongs: under the message with the link, or into a command's private answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, NamedTuple

import discord
from discord import ui

from bot.desk import Standing, Undeliverable
from bot.given import Answer
from bot.ledger import Due
from handlers.discord.buttons import buttons
from handlers.discord.render import layout

_EXPIRED: Final = {401, 404}  # statuses of an interaction's token after its 15 minutes
_FIRST_REFUSAL, _TOO_MANY, _FIRST_FAULT = 400, 429, 500
_ORIGINAL: Final[Any] = "@original"  # Discord's name for it, where others have a number


class Spot(NamedTuple):
    """A message that is answered."""

    channel: int
    message: int

    def __str__(self) -> str:
        return f"{self.channel} {self.message}"


class Aside(NamedTuple):
    """The private answer to an interaction. `token` edits it, for 15 minutes."""

    application: int
    interaction: int
    token: str

    def __str__(self) -> str:
        return f"aside {self.application} {self.interaction} {self.token}"


def spot(written: str) -> Spot | Aside:
    kind, *rest = written.split()
    if kind == "aside":
        application, interaction, token = rest
        return Aside(int(application), int(interaction), token)
    return Spot(int(kind), int(rest[0]))


class Delivery:
    """A nonce keeps an answer in a channel from standing twice; a private one is an edit."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def put(self, due: Due, answer: Answer) -> Standing:
        where = spot(due.where)
        view = layout(answer.reply, buttons(answer.reply, answer.id, due.asked.involved))
        with _refusals():
            if isinstance(where, Aside):
                return await self._put_aside(where, due.asked.sender, view)
            if due.placeholder is not None:
                return _standing(await self._mine(due, due.placeholder).edit(view=view))
            return await self._send(due, where, view)

    async def take_back(self, due: Due) -> None:
        if due.placeholder is None or isinstance(spot(due.where), Aside):
            return
        with _refusals(), suppress(discord.NotFound):
            await self._mine(due, due.placeholder).delete()

    async def _send(self, due: Due, where: Spot, view: ui.LayoutView) -> Standing:
        """A nonce that is known gives back the message that stands already: what an edit has changed since is
        brought up to date."""
        under = discord.MessageReference(
            message_id=where.message, channel_id=where.channel, fail_if_not_exists=False
        )
        there = self._channel(due, where.channel)
        sent = await there.send(view=view, reference=under, mention_author=False, silent=True, nonce=due.key)
        return _standing(await sent.edit(view=view) if due.revision else sent)

    async def _put_aside(self, where: Aside, asker: str, view: ui.LayoutView) -> Standing:
        """Into the deferred answer; a token that has expired leaves the direct message, never the channel."""
        webhook = discord.Webhook.partial(where.application, where.token, client=self._client)
        try:
            await webhook.edit_message(_ORIGINAL, view=view)
        except discord.HTTPException as refused:
            if refused.status not in _EXPIRED or not asker:
                raise
            direct = await self._client.create_dm(discord.Object(int(asker)))
            await direct.send(view=view, silent=True, nonce=where.interaction)
        return Standing(_ORIGINAL, "")

    def _mine(self, due: Due, message: str) -> discord.PartialMessage:
        channel = spot(due.where)
        if isinstance(channel, Aside):
            raise Undeliverable("a private answer has no message of its own")
        return self._channel(due, channel.channel).get_partial_message(int(message))

    def _channel(self, due: Due, channel: int) -> discord.PartialMessageable:
        server = due.asked.room.server
        return self._client.get_partial_messageable(channel, guild_id=int(server) if server else None)


def _standing(message: discord.Message) -> Standing:
    return Standing(str(message.id), message.jump_url)


@contextmanager
def _refusals() -> Iterator[None]:
    """What Discord will refuse again is not tried again; a rate limit or a fault of its own is."""
    try:
        yield
    except discord.HTTPException as refused:
        if _FIRST_REFUSAL <= refused.status < _FIRST_FAULT and refused.status != _TOO_MANY:
            raise Undeliverable(str(refused)) from refused
        raise
