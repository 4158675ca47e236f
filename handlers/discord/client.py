"""The Discord client: events in, messages out, and a supervisor that keeps it connected.

It asks for no privileged intent: private messages, mentions, commands and buttons work without any.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, Final

import discord
import structlog
from discord.gateway import KeepAliveHandler

from bot.conversation import Conversation
from bot.desk import Desk, Undeliverable
from bot.messages import Asked, Message
from bot.notices import Notices
from bot.places import Room
from bot.replies import Reply
from handlers.discord.buttons import Interaction, PanelButton, RemoveButton, ShowButton, room_of
from handlers.discord.commands import command_tree
from handlers.discord.delivering import Aside, Delivery, Spot
from handlers.discord.render import layout

_DRAIN_SECONDS: Final = 25.0  # a check ends within 15 s of fetching and 5 s of reading
_STEADY_SECONDS: Final = 60.0
_LONGEST_PAUSE: Final = 300.0
_CACHED_MESSAGES: Final = 100
_YOUNG: Final = timedelta(hours=1)  # how old a message may be that gets its first link by an edit

log = structlog.get_logger(__name__)


async def run(
    conversation: Conversation,
    desk: Desk,
    token: str,
    *,
    notices: Notices | None = None,
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
        if notices is not None:
            notices.connect("discord", client.tell)
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
        self._delivery = Delivery(self)
        self.tree = command_tree(self)
        self._owed: set[asyncio.Task[None]] = set()
        self.add_dynamic_items(PanelButton, RemoveButton, ShowButton)

    async def setup_hook(self) -> None:
        """What other processes left is seen through beside what comes in."""
        self._watching = asyncio.create_task(self.desk.watch("discord", self._delivery))

    async def tell(self, room: Room, channel: str, reply: Reply) -> None:
        """A notice for a log channel, which must be of the room's own server. Raises Undeliverable."""
        guild = self.get_guild(int(room.server or 0))
        there = None if guild is None else guild.get_channel_or_thread(int(channel))
        if isinstance(there, discord.abc.Messageable):
            await there.send(view=layout(reply), silent=True)
        else:
            raise Undeliverable(f"there is no channel {channel} in the server {room.server}")

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
        if not self._is_read(message) or not self._is_addressed(message):
            return
        heard = await self.conversation.hear(_heard(message))
        # A reply to an answer mentions its author by default: with a link it asks, else it is small talk.
        if isinstance(heard, Asked):
            where = Spot(message.channel.id, message.id)
            due = await self.desk.accept(f"discord message {message.id}", heard, str(where))
            if due is not None:
                self.owe(self._see_through(due.id, message.channel))
        elif heard is not None and self._is_called(message):
            self.owe(self._say(message, heard))

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """An answer follows the links of its message; one that gets its first link counts as new. What
        Discord changes itself, an embed that unfolds, is no edit."""
        message = event.message
        if message.edited_at is None or not self._is_read(message):
            return
        changed = await self.desk.edited(_heard(message), str(Spot(event.channel_id, event.message_id)))
        if changed is None:
            if discord.utils.utcnow() - message.created_at < _YOUNG:
                await self.on_message(message)
            return
        for check in changed:
            self.owe(self._see_through(check, message.channel))

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        await self._take_back(event.channel_id, [event.message_id])

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        await self._take_back(event.channel_id, sorted(event.message_ids))

    async def _take_back(self, channel: int, messages: Iterable[int]) -> None:
        for message in messages:
            for check in await self.desk.deleted("discord", str(Spot(channel, message))):
                self.owe(self._finish(check))

    async def check(self, interaction: Interaction, url: str) -> None:
        """A command: in private it is a message like any other, elsewhere only the asker sees the answer."""
        await interaction.response.defer(ephemeral=True)
        private = interaction.context.dm_channel is True
        here = room_of(interaction.channel_id, interaction.guild_id, private=private)
        # Discord users put brackets around an address to keep it from unfolding; here it was surely meant.
        text = url.strip().removeprefix("<").removesuffix(">")
        message = Message(here, str(interaction.user.id), text, asked=True, aside=not private)
        heard = await self.conversation.hear(message)
        if not isinstance(heard, Asked):
            self.owe(self._tell(interaction, heard))
            return
        where = Aside(interaction.application_id, interaction.id, interaction.token)
        due = await self.desk.accept(f"discord interaction {interaction.id}", heard, str(where))
        if due is not None:
            self.owe(self._finish(due.id))

    def _is_read(self, message: discord.Message) -> bool:
        return not (message.author.bot or message.webhook_id or message.is_system())

    def _is_addressed(self, message: discord.Message) -> bool:
        return message.guild is None or (self.user is not None and self.user in message.mentions)

    def _is_called(self, message: discord.Message) -> bool:
        return message.guild is None or (self.user is not None and self.user.id in message.raw_mentions)

    # ── answers ─────────────────────────────────────────────────────────────────────────────────────

    async def _say(self, message: discord.Message, reply: Reply) -> None:
        # The nonce is the question's own id: an answer that is sent again is not doubled.
        view = layout(reply)
        await message.reply(view=view, mention_author=False, silent=True, nonce=message.id)

    async def _tell(self, interaction: Interaction, reply: Reply | None) -> None:
        if reply is None:
            await interaction.delete_original_response()
        else:
            await interaction.edit_original_response(view=layout(reply))

    async def _see_through(self, check: str, channel: discord.abc.Messageable) -> None:
        async with _typing(channel):
            await self._finish(check)

    async def _finish(self, check: str) -> None:
        await self.desk.see_through(check, self._delivery)


def _heard(message: discord.Message) -> Message:
    guild = None if message.guild is None else message.guild.id
    here = room_of(message.channel.id, guild)
    return Message(here, str(message.author.id), message.content, asked=True)


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
