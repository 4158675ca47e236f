"""The Discord client: events in, messages out, and a supervisor that keeps it connected.

The message-content intent is asked for and not needed: private messages, mentions, commands and buttons work
without it, and automatic mode does not.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, Final

import discord
import structlog
from discord.gateway import KeepAliveHandler

from bot.commands import Commands
from bot.conversation import Conversation
from bot.dispatcher import Dispatcher
from bot.job_store import Job
from bot.log_context import bind_check_id
from bot.messages import CheckRequest, Message
from bot.notices import Notices
from bot.places import Room
from bot.replies import Reply
from bot.replying.failures import remark
from handlers.backoff import Backoff
from handlers.discord.buttons import DYNAMIC
from handlers.discord.commands import command_tree, tell_privately
from handlers.discord.delivery import (
    DiscordDelivery,
    DiscordMessageRef,
    PrivateAnswer,
    fetch_channel,
    parse_snowflake,
)
from handlers.discord.display_names import DiscordNames
from handlers.discord.incoming import is_visible, is_written, message_link, room_at, to_message, to_question
from handlers.discord.interactions import Interaction, InteractionClient
from handlers.discord.render import render
from handlers.draining import DRAIN_SECONDS, PendingAnswers
from handlers.heartbeat import ignore_beat
from handlers.load_shedding import DropLog, LoadShedder

_BEAT_SECONDS: Final = 10.0  # seconds
_HEARTBEAT_TIMEOUT: Final = 60.0  # as above
_DRAIN_SECONDS: Final = DRAIN_SECONDS
_STEADY_SECONDS: Final = 60.0
_MEMBERSHIP_SECONDS: Final = 3600.0
_LONGEST_BACKOFF: Final = 300.0
_CACHED_MESSAGES: Final = 100
_SHARD_BITS: Final = 22  # of a server's id, which do not tell its shard
_HANDLED_WITHIN: Final = 1.5  # seconds
_ACKNOWLEDGED_WITHIN: Final = 2.0  # seconds; Discord waits three
_YOUNG: Final = timedelta(hours=1)  # how old a message may be that gets its first link by an edit

log = structlog.get_logger(__name__)


async def run(
    conversation: Conversation,
    dispatcher: Dispatcher,
    token: str,
    *,
    commands: Commands | None = None,
    notices: Notices | None = None,
    pause: float = 1.0,
    shard: tuple[int, int] | None = None,
    guild_ready_timeout: float = 2.0,
    beat: Callable[[], None] = ignore_beat,
) -> None:
    """Serve Discord until cancelled, then shut down gracefully: finish the answers that are begun.
    Whatever ends a client, a new one follows: a retry with exponential backoff, from `pause` seconds to five
    minutes. Returns, having said so, only where no retry can help: when Discord refuses the token."""
    loop, backoff, content = asyncio.get_running_loop(), Backoff(pause, _LONGEST_BACKOFF), True
    options: dict[str, Any] = {"guild_ready_timeout": guild_ready_timeout, "beat": beat}
    if shard is not None:
        options |= {"shard_id": shard[0], "shard_count": shard[1]}
    async with _retire_clients() as retire:
        while True:
            began = loop.time()
            client = HearsayClient(conversation, dispatcher, commands, notices, content=content, **options)
            try:
                await client.start(token)
            except discord.LoginFailure as refused:
                log.error("discord refuses to let me in", reason=str(refused))  # noqa: TRY400  # no fault of ours
                return
            except discord.PrivilegedIntentsRequired:
                log.warning("discord grants no message-content intent, so there is no automatic mode on it")
                content = False
                backoff.reset()
                continue
            except Exception as ended:  # noqa: BLE001  # a malformed event ends it with any type
                log.warning("discord client ended", retry_in=backoff.seconds, reason=repr(ended))
            finally:
                retire(client)
            if loop.time() - began > _STEADY_SECONDS:
                backoff.reset()
            await backoff.sleep()


@asynccontextmanager
async def _retire_clients() -> AsyncIterator[Callable[[HearsayClient], None]]:
    """Let a client that has ended finish its answers beside the one that follows; all have when this ends."""
    tasks: set[asyncio.Task[None]] = set()

    def retire(client: HearsayClient) -> None:
        task = asyncio.create_task(client.retire())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    try:
        yield retire
    finally:
        await asyncio.gather(*tasks, return_exceptions=True)


class HearsayClient(InteractionClient):
    """One connection, and the answers that are begun on it."""

    def __init__(
        self,
        conversation: Conversation,
        dispatcher: Dispatcher,
        commands: Commands | None,
        notices: Notices | None,
        *,
        content: bool,
        beat: Callable[[], None] = ignore_beat,
        **options: Any,
    ) -> None:
        super().__init__(
            intents=discord.Intents(
                guilds=True, guild_messages=True, dm_messages=True, message_content=content
            ),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=_CACHED_MESSAGES,
            **options,
        )
        self._beat = beat
        self.conversation = conversation
        self.dispatcher = dispatcher
        self._background: list[asyncio.Task[None]] = []  # what goes on for as long as the client lives
        self._delivery = DiscordDelivery(self, self._report_refusal)
        self.commands = commands
        self.notices = notices
        if notices is not None:
            notices.connect("discord", self, DiscordNames(self))
        self.tree = command_tree(self)
        self._pending, self._shedder = PendingAnswers("discord"), LoadShedder()
        self._drop_log = DropLog()
        self.add_dynamic_items(*DYNAMIC)

    async def setup_hook(self) -> None:
        works = (self._take_up(), self._sync_membership(), self._send_heartbeats())
        self._background = [asyncio.create_task(work) for work in works]

    async def _take_up(self) -> None:
        """Once it is known where the bot is, take up the jobs that other processes left, like those that were
        asked here."""
        await self.wait_until_ready()
        await self.dispatcher.poll("discord", self._delivery, self._pending.add)

    async def _send_heartbeats(self) -> None:
        """Say that the gateway is there, as long as Discord answers its heartbeats."""
        while True:
            await self.wait_until_ready()
            if self.ws.open and self.latency < _HEARTBEAT_TIMEOUT:
                self._beat()
            await asyncio.sleep(_BEAT_SECONDS)

    async def _sync_membership(self) -> None:
        """Keep a server that took the bot back while it was not connected, and let go of one that turned it
        out meanwhile."""

        def is_on_shard(server: str) -> bool:  # each shard is told of its own servers alone
            number = parse_snowflake(server)
            shards, mine = self.shard_count or 1, self.shard_id or 0
            return number is not None and (number >> _SHARD_BITS) % shards == mine

        while self.commands is not None:
            await self.wait_until_ready()
            places = {room.id for guild in self.guilds for room in _rooms_of_guild(guild)}
            await self.commands.reconcile_presence("discord", places, knows=is_on_shard)
            await asyncio.sleep(_MEMBERSHIP_SECONDS)

    async def post_to_log_channel(self, room: Room, channel: str, reply: Reply) -> None:
        """A notice for a log channel, which must be of the room's own server. Raises Undeliverable."""
        there = await fetch_channel(self, room, channel)
        await there.send(view=render(reply), silent=True)

    def _report_refusal(self, room: Room) -> None:
        if self.notices is not None:
            self.start_answer(self.notices.warn_of_missing_permission(room))

    # ── coming and going ────────────────────────────────────────────────────────────────────────────

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A welcome, once, where the server welcomes people, if the bot may write there."""
        if self.commands is None:
            return
        said = await self.commands.welcome(_rooms_of_guild(guild))
        there = guild.system_channel
        if there is not None and there.permissions_for(guild.me).send_messages:
            await there.send(view=render(said), silent=True)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        if self.commands is not None:
            await self.commands.mark_left(_rooms_of_guild(guild))

    def start_answer(
        self, answer: Coroutine[Any, Any, None], to: Interaction | None = None
    ) -> asyncio.Task[None]:
        """Start an answer that is finished before this client goes; the library does not wait for its
        handlers. `to`: the interaction that is told, for its author alone, where it fails."""
        return self._pending.add(_log_failures(answer, to))

    async def retire(self) -> None:
        """Shut down gracefully: drain the pending answers, within limits, and close the connection, even when
        told to stop twice."""
        for task in self._background:
            task.cancel()
        # The library skips its last steps when the socket broke off first, as it does on cancellation: its
        # heartbeat threads outlive the socket.
        for thread in threading.enumerate():
            if isinstance(thread, KeepAliveHandler) and thread.ws._connection is self._connection:  # noqa: SLF001  # nothing public ties the two
                thread.stop()
        try:
            await self._pending.drain(_DRAIN_SECONDS)
        finally:
            try:
                await self.close()
            finally:
                await self.http.close()

    # ── ways in ─────────────────────────────────────────────────────────────────────────────────────

    async def on_message(self, message: discord.Message) -> None:
        if self._is_readable(message):
            where = DiscordMessageRef(message.channel.id, message.id)
            async with self.dispatcher.lock_message(str(where)):
                await self._handle(message, where)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """An answer follows the links of its message; one that gets its first link counts as new. What
        Discord changes itself, an embed that unfolds, is no edit."""
        message, where = event.message, DiscordMessageRef(event.channel_id, event.message_id)
        if message.edited_at is None or not self._is_readable(message):
            return
        async with self.dispatcher.lock_message(str(where)):
            changed = await self.dispatcher.handle_edit(to_message(message, self._me), str(where))
            if changed is None and discord.utils.utcnow() - message.created_at < _YOUNG:
                await self._handle(message, where)
        for check in changed or ():
            self.start_answer(self._see_through(check, None))

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        await self._withdraw(event.guild_id, event.channel_id, [event.message_id])

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        await self._withdraw(event.guild_id, event.channel_id, sorted(event.message_ids))

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        await self.conversation.retract_at(
            "discord", message_link(event.guild_id, event.thread_id), below=True
        )

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self.conversation.retract_at("discord", message_link(channel.guild.id, channel.id), below=True)

    async def _withdraw(self, guild: int | None, channel: int, messages: Iterable[int]) -> None:
        for message in messages:
            where = str(DiscordMessageRef(channel, message))
            await self.conversation.retract_at("discord", message_link(guild, channel, message))
            async with self.dispatcher.lock_message(where):
                gone = await self.dispatcher.handle_deletion("discord", where)
            for check in gone:
                self.start_answer(self._see_through(check, None))

    def _is_readable(self, message: discord.Message) -> bool:
        return is_written(message, self._me) and is_visible(
            message, self._me, content=self.intents.message_content
        )

    async def _handle(self, message: discord.Message, where: DiscordMessageRef) -> None:
        wanted = await self.conversation.hear(to_message(message, self._me))
        origin = f"discord message {message.id}"
        if isinstance(wanted, CheckRequest):
            if wanted.unasked and not self._shedder.has_capacity(wanted):
                self._drop_log.count_one()
                await self.conversation.drop(wanted)
                return
            job = await self.dispatcher.accept(origin, wanted, str(where))
            if job is not None:
                answer = self._see_through(job.id, None if wanted.unasked else message.channel)
                self._shedder.add(wanted, self.start_answer(answer))
        elif wanted is not None and not await self.dispatcher.has_accepted(origin):
            self.start_answer(self._reply_to(message, wanted))

    async def check(self, interaction: Interaction, url: str) -> None:
        """A command: in private it is a message like any other, elsewhere only the asker sees the answer."""
        # Discord users put brackets around an address to keep it from unfolding; here it was surely meant.
        text = url.strip().removeprefix("<").removesuffix(">")
        room = room_at(interaction)
        said = Message(room, str(interaction.user.id), text, asked=True, aside=not room.private)
        await self._ask(interaction, said)

    async def check_message(self, interaction: Interaction, message: discord.Message) -> None:
        """The menu of a message: its links, for the asker alone."""
        await self._ask(interaction, to_question(message, room_at(interaction), interaction.user.id))

    async def _ask(self, interaction: Interaction, said: Message) -> None:
        """Store what is asked before it is acknowledged, unless the database takes too long."""
        accepting = asyncio.ensure_future(self._accept(interaction, said))
        await asyncio.wait({accepting}, timeout=_ACKNOWLEDGED_WITHIN)
        try:
            await interaction.response.defer(ephemeral=True)
        except discord.HTTPException:  # too late, or for the second time
            self.start_answer(self._answer(None, accepting))  # if only by a direct message
            raise
        self.start_answer(self._answer(interaction, accepting), interaction)

    async def _answer(
        self, interaction: Interaction | None, accepting: Awaitable[Job | Reply | None]
    ) -> None:
        wanted = await accepting
        if isinstance(wanted, Job):
            # Nobody is told where it fails, since it is tried again.
            await _log_failures(self._see_through(wanted.id, None), None)
        elif interaction is not None:
            await self._tell(interaction, wanted)

    async def _accept(self, interaction: Interaction, said: Message) -> Job | Reply | None:
        wanted = await self.conversation.hear(said)
        if not isinstance(wanted, CheckRequest):
            return wanted
        where = PrivateAnswer(interaction.application_id, interaction.id, interaction.token)
        return await self.dispatcher.accept(f"discord interaction {interaction.id}", wanted, str(where))

    @property
    def _me(self) -> int:
        return 0 if self.user is None else self.user.id

    async def on_interaction(self, interaction: Interaction) -> None:
        """Answer what nobody has taken up: a panel or a window that another client opened, which has ended
        since."""
        if interaction.type is discord.InteractionType.application_command:
            return
        await asyncio.sleep(_HANDLED_WITHIN)
        if not interaction.response.is_done():
            await tell_privately(interaction, "discord.ended")

    # ── answers ─────────────────────────────────────────────────────────────────────────────────────

    async def _reply_to(self, message: discord.Message, reply: Reply) -> None:
        # The nonce is the question's own id: an answer that is sent again is not doubled.
        view = render(reply)
        await message.reply(view=view, mention_author=False, silent=True, nonce=message.id)

    async def _tell(self, interaction: Interaction, reply: Reply | None) -> None:
        if reply is None:
            await interaction.delete_original_response()
        else:
            await interaction.edit_original_response(view=render(reply))

    async def _see_through(self, check: str, shown_in: discord.abc.Messageable | None) -> None:
        """Answer a check. `shown_in`: where people wait for the answer and see that it is being worked on."""
        with bind_check_id(check):
            async with _typing(shown_in):
                await self.dispatcher.run_job(check, self._delivery)


def _rooms_of_guild(guild: discord.Guild) -> list[Room]:
    """Return the server itself, and each of its channels."""
    idents = [guild.id, *(channel.id for channel in guild.channels)]
    return [Room("discord", str(ident), private=False, server=str(guild.id)) for ident in idents]


async def _log_failures(answer: Coroutine[Any, Any, None], to: Interaction | None) -> None:
    try:
        await answer
    except (discord.Forbidden, discord.NotFound) as refused:
        log.info("discord would not take the answer", reason=str(refused))
    except Exception:
        log.exception("an answer on discord failed")
        if to is not None:
            with suppress(discord.HTTPException):
                await to.followup.send(view=render(remark("places.failed")), ephemeral=True)


@asynccontextmanager
async def _typing(channel: discord.abc.Messageable | None) -> AsyncIterator[None]:
    """Show that something is being worked on; never hold the answer up, nor fail it."""
    if channel is None:
        yield
        return
    showing = asyncio.create_task(_keep_typing(channel))
    try:
        yield
    finally:
        showing.cancel()


async def _keep_typing(channel: discord.abc.Messageable) -> None:
    with suppress(discord.HTTPException):
        async with channel.typing():
            await asyncio.Event().wait()
