"""Discord delivery: an answer goes under the message with the link, or into a command's private answer.

discord.py limits the rate of outgoing messages: it waits as long as Discord's headers say, and retries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, Final, NamedTuple

import discord
from discord import ui

from bot.answer_cache import Answer
from bot.dispatcher import SentMessage, Undeliverable
from bot.history import IN_THE_LOG
from bot.job_store import Job
from bot.places import Room
from bot.replies import Headline, SmallPrint, Stated
from bot.replying.phrasebook import get_phrases
from bot.replying.sanitize import sanitize
from bot.rooms import DeliveryStyle
from handlers.discord.buttons import answer_buttons
from handlers.discord.incoming import message_link
from handlers.discord.render import render
from handlers.truncate import shorten

_EXPIRED: Final = {401, 404}  # statuses of an interaction's token after its 15 minutes
_DIGITS: Final = 20
_HAS_A_THREAD: Final = 160004  # Discord's code for a message under which one stands
_NO_THREAD: Final = {400, 403}
_LONGEST_NAME: Final = 90  # characters of a thread's name; Discord takes 100
_FIRST_REFUSAL, _TOO_MANY, _FIRST_FAULT = 400, 429, 500
_ORIGINAL: Final[Any] = "@original"  # Discord's name for it, where others have a number


ReportRefusal = Callable[[Room], None]  # Discord does not let the bot answer in a room


class DiscordMessageRef(NamedTuple):
    """A message that is answered."""

    channel: int
    message: int

    def __str__(self) -> str:
        return f"{self.channel} {self.message}"


class PrivateAnswer(NamedTuple):
    """The private answer to an interaction. `token` edits it, for 15 minutes."""

    application: int
    interaction: int
    token: str

    def __str__(self) -> str:
        return f"aside {self.application} {self.interaction} {self.token}"


def parse_destination(written: str) -> DiscordMessageRef | PrivateAnswer:
    kind, *rest = written.split()
    if kind == "aside":
        application, interaction, token = rest
        return PrivateAnswer(int(application), int(interaction), token)
    return DiscordMessageRef(int(kind), int(rest[0]))


class DiscordDelivery:
    """A nonce keeps an answer in a channel from standing twice; a private one is an edit."""

    def __init__(self, client: discord.Client, refused: ReportRefusal) -> None:
        self._client = client
        self._report_refusal = refused

    async def deliver(self, job: Job, answer: Answer) -> SentMessage:
        where = parse_destination(job.where)
        view = render(answer.reply, answer_buttons(answer.reply, answer.id, job.request.involved))
        try:
            with _translate_refusals():
                if isinstance(where, PrivateAnswer):
                    return await self._edit_private_answer(where, job.request.sender, view)
                if answer.manner is DeliveryStyle.LOG_CHANNEL_ONLY:
                    return await self._log(job, where, answer)
                if job.placeholder is not None:
                    mine = self._own_message(job, where, job.placeholder)
                    return _to_sent(await mine.edit(view=view))
                there: discord.abc.Messageable | None = None
                if answer.manner is DeliveryStyle.THREAD:
                    there = await self._open_thread(job, where, answer)
                return await self._send(job, there or self._channel(job, where.channel), view, where)
        except discord.Forbidden as refused:
            self._report_refusal(job.request.room)
            raise Undeliverable(str(refused)) from refused

    async def _log(self, job: Job, where: DiscordMessageRef, answer: Answer) -> SentMessage:
        """Put the answer into the log channel, to which no reader of the room is pointed."""
        view = _render_for_log(job, where, answer)
        if job.placeholder is not None:
            there = _to_sent(await self._own_message(job, where, job.placeholder).edit(view=view))
        else:
            channel = await fetch_channel(self._client, job.request.room, answer.log_channel or "")
            there = await self._send(job, channel, view)
        return SentMessage(there.message, IN_THE_LOG)

    async def delete(self, job: Job) -> bool:
        where = parse_destination(job.where)
        if job.placeholder is None or isinstance(where, PrivateAnswer):
            return False
        with _translate_refusals(), suppress(discord.NotFound, discord.Forbidden):
            await self._own_message(job, where, job.placeholder).delete()
            return True
        return False

    async def _send(
        self,
        job: Job,
        there: discord.abc.Messageable,
        view: ui.LayoutView,
        under: DiscordMessageRef | None = None,
    ) -> SentMessage:
        """Send under the message that is answered, where that stands in the same channel. A nonce that is
        known gives back the message that stands already: what an edit has changed since is brought up to
        date."""
        more: dict[str, Any] = {}
        if under is not None and getattr(there, "id", None) == under.channel:
            more["reference"] = discord.MessageReference(
                message_id=under.message, channel_id=under.channel, fail_if_not_exists=False
            )
        sent = await there.send(view=view, mention_author=False, silent=True, nonce=job.key, **more)
        return _to_sent(await sent.edit(view=view) if job.revision else sent)

    async def _open_thread(
        self, job: Job, where: DiscordMessageRef, answer: Answer
    ) -> discord.abc.Messageable | None:
        """A thread under the message, or the one that is there; None where none may be made, as in a
        thread."""
        message = self._channel(job, where.channel).get_partial_message(where.message)
        try:
            return await message.create_thread(name=thread_name(answer))
        except discord.HTTPException as refused:
            if refused.code == _HAS_A_THREAD:
                return self._channel(job, where.message)
            if refused.status in _NO_THREAD:
                return None
            raise

    async def _edit_private_answer(
        self, where: PrivateAnswer, asker: str, view: ui.LayoutView
    ) -> SentMessage:
        """Edit the deferred answer; a token that has expired leaves the direct message, never the channel."""
        webhook = discord.Webhook.partial(where.application, where.token, client=self._client)
        try:
            await webhook.edit_message(_ORIGINAL, view=view)
        except discord.HTTPException as refused:
            if refused.status not in _EXPIRED or not asker:
                raise
            try:
                direct = await self._client.create_dm(discord.Object(int(asker)))
                await direct.send(view=view, silent=True, nonce=where.interaction)
            except discord.Forbidden as closed:  # a person who takes none gets no answer
                raise Undeliverable(str(closed)) from closed
        return SentMessage(_ORIGINAL, "")

    def _own_message(self, job: Job, where: DiscordMessageRef, placeholder: str) -> discord.PartialMessage:
        channel, _, message = placeholder.rpartition("/")
        there = self._channel(job, int(channel) if channel else where.channel)
        return there.get_partial_message(int(message))

    def _channel(self, job: Job, channel: int) -> discord.PartialMessageable:
        server = job.request.room.server
        return self._client.get_partial_messageable(channel, guild_id=int(server) if server else None)


Channel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


async def fetch_channel(client: discord.Client, room: Room, ident: str) -> Channel:
    """A channel of a room's own server, by its id. Raises Undeliverable where there is none."""
    number = parse_snowflake(ident)
    if number is None:
        raise Undeliverable(f"“{ident}” is no channel of Discord")
    guild = client.get_guild(int(room.server or 0))
    there: Any = None if guild is None else guild.get_channel_or_thread(number)
    try:
        there = there or await client.fetch_channel(number)
    except (discord.NotFound, discord.Forbidden, discord.InvalidData) as refused:
        raise Undeliverable(str(refused)) from refused
    if not isinstance(there, Channel) or str(there.guild.id) != room.server:
        raise Undeliverable(f"there is no channel {ident} in the server {room.server}")
    return there


def parse_snowflake(written: str) -> int | None:
    """An id as Discord gives them."""
    number = int(written) if written.isascii() and written.isdecimal() and len(written) <= _DIGITS else 0
    return number if 0 < number < 1 << 63 else None


def _to_sent(message: discord.Message) -> SentMessage:
    """Return the message with its channel, because it may stand in a thread or in the log channel."""
    return SentMessage(f"{message.channel.id}/{message.id}", message.jump_url)


def thread_name(answer: Answer) -> str:
    """The article's headline, where there is one."""
    headlines = (block.words.excerpt.text for block in answer.reply.blocks if isinstance(block, Headline))
    name = sanitize(next(headlines, ""))
    return shorten(name, _LONGEST_NAME) or get_phrases().say("discord.thread")


def _render_for_log(job: Job, where: DiscordMessageRef, answer: Answer) -> ui.LayoutView:
    """The answer in the log channel, under a link to the message that it is about."""
    url = message_link(int(job.request.room.server or 0), where.channel, where.message)
    line = get_phrases().line("places.about_message", link=Stated(get_phrases().say("places.message"), url))
    reply = replace(answer.reply, blocks=(SmallPrint(line), *answer.reply.blocks))
    return render(reply, answer_buttons(reply, answer.id, job.request.involved))


@contextmanager
def _translate_refusals() -> Iterator[None]:
    """Raise Undeliverable for what Discord will refuse again; a rate limit or a fault of its own is tried
    again."""
    try:
        yield
    except discord.Forbidden:
        raise
    except discord.HTTPException as refused:
        if _FIRST_REFUSAL <= refused.status < _FIRST_FAULT and refused.status != _TOO_MANY:
            raise Undeliverable(str(refused)) from refused
        raise
