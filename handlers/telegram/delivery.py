"""An answer put where it belongs: under the message with the link, in its topic, or in the log channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

import structlog
from cachetools import FIFOCache
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.answer_cache import Answer
from bot.dispatcher import SentMessage, Undeliverable
from bot.history import IN_THE_LOG
from bot.job_store import Job
from bot.places import INSIDE, Room
from bot.replies import Reply
from bot.replying.failures import remark
from bot.rooms import DeliveryStyle
from handlers.draining import PendingAnswers
from handlers.telegram.buttons import answer_keyboard
from handlers.telegram.incoming import whole_group
from handlers.telegram.log_channel import add_heading, heading_line
from handlers.telegram.permissions import LogChannels
from handlers.telegram.sending import TelegramMessageRef, edit, message_link, post, remove, send_reply

_MOVES: Final = 3
_AFTER_A_MOVE: Final = TelegramMessageRef(0, None, 0)  # nothing there is known by the number that it had
_LINK_TEXTS: Final = 2000  # links whose wording is known, until they are answered

log = structlog.get_logger(__name__)


class LinkTextCache:
    """The texts of links in the messages that are answered, by message, so that a reply can quote
    them. In memory alone: no word of a message is kept."""

    def __init__(self) -> None:
        self._link_texts: FIFOCache[TelegramMessageRef, str] = FIFOCache(_LINK_TEXTS)

    def note(self, spot: TelegramMessageRef, words: str | None) -> None:
        self._link_texts.pop(spot, None)
        if words is not None:
            self._link_texts[spot] = words

    def get(self, spot: TelegramMessageRef) -> str | None:
        return self._link_texts.get(spot)


class DeliveryEvents(NamedTuple):
    """The hooks for what the sending of an answer shows: the bot may not write there, it is no longer there,
    the group has become another one."""

    muted: Callable[[Room], Awaitable[None]]
    removed: Callable[[Room], Awaitable[None]]
    moved: Callable[[Room, Room], Awaitable[None]]


class _Destination(NamedTuple):
    """The destination of an answer: anew into a chat and its topic, or in place of the bot's message `old`.
    `logged`: into the log channel, away from what it is about."""

    chat: int
    topic: int | None
    old: int | None
    logged: bool


class TelegramDelivery:
    """Telegram knows no key for a message, so an answer that was sent and not noted may stand twice."""

    def __init__(
        self, bot: Bot, link_texts: LinkTextCache, events: DeliveryEvents, pending: PendingAnswers
    ) -> None:
        self._bot = bot
        self._link_texts = link_texts
        self._pending = pending
        self._events = events
        self._log_channels = LogChannels(bot)

    async def deliver(self, job: Job, answer: Answer) -> SentMessage:
        where = TelegramMessageRef.read(job.where)
        try:
            destination = await self._choose_destination(job, answer, where)
            standing = await self._deliver_following_moves(job, answer, where, destination)
        except Undeliverable:
            if answer.manner is DeliveryStyle.LOG_CHANNEL_ONLY:
                self._tell_asker(job, where, "telegram.not_in_the_log")
            raise
        if destination.logged and destination.old is None:
            self._tell_asker(job, where, "telegram.in_the_log")
        return standing

    async def _deliver_following_moves(
        self, job: Job, answer: Answer, where: TelegramMessageRef, destination: _Destination
    ) -> SentMessage:
        at_home = destination.chat == where.chat
        for _ in range(_MOVES):
            try:
                return await self._send(job, answer, where, destination)
            except ChatMigrated as moved:
                await self._events.moved(whole_group(destination.chat), whole_group(moved.new_chat_id))
                # Messages are counted anew there, so that the old number is somebody else's.
                where = _AFTER_A_MOVE if at_home else where
                destination = _Destination(moved.new_chat_id, None, None, destination.logged)
            except Forbidden as refused:
                if at_home:
                    await self._events.removed(job.request.room)
                raise Undeliverable(refused.message) from refused
            except BadRequest as refused:  # it would not be taken another time
                if at_home and "not enough rights" in refused.message.lower():
                    await self._events.muted(job.request.room)
                raise Undeliverable(refused.message) from refused
        raise Undeliverable("the group moves and moves")

    async def _choose_destination(self, job: Job, answer: Answer, where: TelegramMessageRef) -> _Destination:
        logged = answer.manner is DeliveryStyle.LOG_CHANNEL_ONLY
        if job.placeholder is not None:
            chat, message = _own_message(where, job.placeholder)
            return _Destination(chat, None, message, logged)
        if logged:
            return _Destination(
                *await self._log_channels.find(job.request.room, answer.log_channel or ""), None, logged=True
            )
        return _Destination(where.chat, where.topic, None, logged=False)

    async def _send(
        self, job: Job, answer: Answer, where: TelegramMessageRef, destination: _Destination
    ) -> SentMessage:
        buttons = answer_keyboard(answer.reply, answer.id, job.request.involved)
        reply = answer.reply
        if destination.logged:
            about = message_link(where.chat, where.message)
            reply = add_heading(heading_line(about if about.startswith("https://") else None), reply)
        if destination.old is not None:
            await edit(self._bot, destination.chat, destination.old, reply, buttons)
            return _to_sent(destination, destination.old)
        if destination.logged or where is _AFTER_A_MOVE:
            there = await post(self._bot, destination.chat, destination.topic, reply, buttons)
        else:
            there = await send_reply(self._bot, where, reply, buttons, quote=self._link_texts.get(where))
        return _to_sent(destination, there.message_id, there.chat.username)

    def _tell_asker(self, job: Job, where: TelegramMessageRef, key: str) -> None:
        """Show the person who asks that he was heard, though the answer stands elsewhere; it waits for
        nobody."""
        if not job.request.unasked:
            self._pending.add(self._tell(where, key))

    async def _tell(self, where: TelegramMessageRef, key: str) -> None:
        try:
            await send_reply(self._bot, where, remark(key), None)
        except TelegramError as refused:
            log.info("who asked could not be told", reason=refused.message)

    async def delete(self, job: Job) -> bool:
        if job.placeholder is None:
            return False
        if not await remove(self._bot, *_own_message(TelegramMessageRef.read(job.where), job.placeholder)):
            raise Undeliverable("Telegram does not let go of a message")
        return True

    async def post_to_log_channel(self, room: Room, channel: str, reply: Reply) -> None:
        """A notice for a log channel. Raises Undeliverable."""
        chat, topic = await self._log_channels.find(room, channel)
        await post(self._bot, chat, topic, reply, None)


def _to_sent(destination: _Destination, message: int, username: str | None = None) -> SentMessage:
    place = IN_THE_LOG if destination.logged else message_link(destination.chat, message, username)
    return SentMessage(f"{destination.chat}{INSIDE}{message}", place)


def _own_message(where: TelegramMessageRef, placeholder: str) -> tuple[int, int]:
    """The bot's own message: its chat, which may be the log channel, and its number."""
    chat, _, message = placeholder.rpartition(INSIDE)
    return int(chat) if chat else where.chat, int(message)
