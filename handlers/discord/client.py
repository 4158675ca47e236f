"""The Discord client: events in, messages out, and a supervisor that keeps it connected.

It asks for no privileged intent: private messages, mentions, commands and buttons work without any.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any, Final

import discord
import structlog
from discord import ui
from discord.gateway import KeepAliveHandler

from bot.conversation import Answer, Conversation
from bot.desk import Desk, Undeliverable
from bot.ledger import Due
from bot.messages import Asked, Message
from bot.places import Room
from bot.replies import Reply
from handlers.discord.buttons import Interaction, PanelButton, RemoveButton, buttons
from handlers.discord.commands import command_tree
from handlers.discord.render import layout

_DRAIN_SECONDS: Final = 25.0  # a check ends within 15 s of fetching and 5 s of reading
_STEADY_SECONDS: Final = 60.0
_LONGEST_PAUSE: Final = 300.0
_CACHED_MESSAGES: Final = 100
_EXPIRED: Final = {401, 404}  # statuses of an interaction's token after its 15 minutes

log = structlog.get_logger(__name__)


async def run(
    conversation: Conversation,
    desk: Desk,
    token: str,
    *,
    pause: float = 1.0,
    guild_ready_timeout: float = 2.0,
) -> None:
    """Serves Discord until cancelled, then finishes the answers that it owes.

    Whatever ends a client, a new one follows after `pause` seconds, then twice that, up to five minutes; one
    that lasted a minute starts the count again. Returns, having said so, only where no retry can help: when
    Discord refuses the token or an intent.
    """
    loop, wait = asyncio.get_running_loop(), pause
    while True:
        began = loop.time()
        client = HearsayClient(conversation, desk, guild_ready_timeout=guild_ready_timeout)
        try:
            await client.start(token)
        except (discord.LoginFailure, discord.PrivilegedIntentsRequired) as refused:
            log.error("discord refuses to let me in", reason=str(refused))  # noqa: TRY400  # no fault of ours
            return
        except Exception as ended:  # noqa: BLE001  # a malformed event ends it with any type
            log.warning("discord client ended", retry_in=wait, reason=repr(ended))
        finally:
            await client.retire()
        wait = pause if loop.time() - began > _STEADY_SECONDS else wait
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST_PAUSE)


class HearsayClient(discord.Client):
    """One connection, and the answers that it owes."""

    def __init__(self, conversation: Conversation, desk: Desk, **options: Any) -> None:
        super().__init__(
            intents=_intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=_CACHED_MESSAGES,
            **options,
        )
        self.conversation = conversation
        self.desk = desk
        self._watching: asyncio.Task[None] | None = None
        self.tree = command_tree(self)
        self._owed: set[asyncio.Task[None]] = set()
        self.add_dynamic_items(PanelButton, RemoveButton)

    async def setup_hook(self) -> None:
        """What other processes left is seen through beside what comes in."""
        self._watching = asyncio.create_task(self.desk.watch("discord", self._deliver))

    def owe(self, answer: Coroutine[Any, Any, None]) -> None:
        """Starts what is finished before this client goes; the library does not wait for its handlers."""
        task = asyncio.create_task(_logged(answer))
        self._owed.add(task)
        task.add_done_callback(self._owed.discard)

    async def retire(self) -> None:
        """Finishes what is owed, within limits, and closes the connection, even when told to stop twice."""
        if self._watching is not None:
            self._watching.cancel()
        try:
            await self._drain()
        finally:
            # The library skips its last steps when the socket broke off first, as it does on cancellation.
            self._still_heartbeats()
            try:
                await self.close()
            finally:
                await self.http.close()

    async def _drain(self) -> None:
        if not self._owed:
            return
        _, unfinished = await asyncio.wait(self._owed, timeout=_DRAIN_SECONDS)
        for task in unfinished:
            log.warning("an answer on discord was given up at the end")
            task.cancel()

    def _still_heartbeats(self) -> None:
        """Ends the library's heartbeat threads of this client, which outlive a socket that broke off."""
        for thread in threading.enumerate():
            if isinstance(thread, KeepAliveHandler) and thread.ws._connection is self._connection:  # noqa: SLF001  # nothing public ties the two
                thread.stop()

    # ── ways in ─────────────────────────────────────────────────────────────────────────────────────

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot or message.webhook_id or message.is_system() or not self._is_addressed(message):
            return
        room = _room(message.channel.id, message.guild)
        heard = await self.conversation.hear(
            Message(room, str(message.author.id), message.content, asked=True)
        )
        # A reply to an answer mentions its author by default: with a link it asks, else it is small talk.
        if isinstance(heard, Asked):
            where = f"{message.channel.id} {message.id}"
            due = await self.desk.accept(f"discord message {message.id}", heard, where)
            if due is not None:
                self.owe(self._see_through(due.id, message.channel))
        elif heard is not None and self._is_called(message):
            self.owe(self._say(message, heard))

    async def check(self, interaction: Interaction, url: str) -> None:
        await interaction.response.defer(ephemeral=True)
        private = interaction.context.dm_channel is True
        room = replace(_room(interaction.channel_id, interaction.guild), private=private)
        # Discord users put brackets around an address to keep it from unfolding; here it was surely meant.
        text = url.strip().removeprefix("<").removesuffix(">")
        heard = await self.conversation.hear(Message(room, str(interaction.user.id), text, asked=True))
        self.owe(self._answer_privately(interaction, heard))

    def _is_addressed(self, message: discord.Message) -> bool:
        return message.guild is None or (self.user is not None and self.user in message.mentions)

    def _is_called(self, message: discord.Message) -> bool:
        return message.guild is None or (self.user is not None and self.user.id in message.raw_mentions)

    # ── answers ─────────────────────────────────────────────────────────────────────────────────────

    async def _say(self, message: discord.Message, reply: Reply) -> None:
        # The nonce is the question's own id: an answer that is sent again is not doubled.
        view = layout(reply)
        await message.reply(view=view, mention_author=False, silent=True, nonce=message.id)

    async def _see_through(self, check: str, channel: discord.abc.Messageable) -> None:
        async with _typing(channel):
            await self.desk.see_through(check, self._deliver)

    async def _deliver(self, due: Due, answer: Answer) -> str:
        """Under the message with the link; the nonce is that message's id, as for every answer to it."""
        channel, question = (int(number) for number in due.where.split())
        server = due.asked.room.server
        there = self.get_partial_messageable(channel, guild_id=int(server) if server else None)
        under = discord.MessageReference(message_id=question, channel_id=channel, fail_if_not_exists=False)
        view = layout(answer.reply, buttons(answer.reply, answer.id, int(due.asked.sender)))
        try:
            sent = await there.send(
                view=view, reference=under, mention_author=False, silent=True, nonce=question
            )
        except (discord.Forbidden, discord.NotFound) as refused:
            raise Undeliverable(str(refused)) from refused
        return sent.jump_url

    async def _answer_privately(self, interaction: Interaction, heard: Asked | Reply | None) -> None:
        found = None if heard is None else await self._found(heard)
        if found is None:
            await interaction.delete_original_response()
            return
        view = _view(found, interaction.user.id)
        try:
            await interaction.edit_original_response(view=view)
        except discord.HTTPException as refused:
            if refused.status not in _EXPIRED:
                raise
            await interaction.user.send(view=view, silent=True, nonce=interaction.id)

    async def _found(self, heard: Asked | Reply) -> Answer | Reply | None:
        return heard if isinstance(heard, Reply) else await self.conversation.answer(heard)


def _view(found: Answer | Reply, asker: int) -> ui.LayoutView:
    if isinstance(found, Reply):
        return layout(found)
    return layout(found.reply, buttons(found.reply, found.id, asker))


def _room(channel: int | None, guild: discord.Guild | None) -> Room:
    return Room("discord", str(channel), guild is None, None if guild is None else str(guild.id))


def _intents() -> discord.Intents:
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


async def _logged(answer: Coroutine[Any, Any, None]) -> None:
    try:
        await answer
    except (discord.Forbidden, discord.NotFound) as refused:
        log.info("discord would not take the answer", reason=str(refused))
    except Exception:
        log.exception("an answer on discord failed")


@asynccontextmanager
async def _typing(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """Shows that something is being worked on; never holds the answer up, nor fails it."""
    showing = asyncio.create_task(_keep_typing(channel))
    try:
        yield
    finally:
        showing.cancel()


async def _keep_typing(channel: discord.abc.Messageable) -> None:
    with suppress(discord.HTTPException):
        async with channel.typing():
            await asyncio.Event().wait()
