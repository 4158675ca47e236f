"""An answer put where it belongs: under the message with the link, in its topic, or in the log channel."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, NamedTuple

from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.desk import Standing, Undeliverable
from bot.given import Answer
from bot.history import IN_THE_LOG
from bot.ledger import Due
from bot.places import INSIDE, Room
from bot.replies import Fine, Reply, Stated
from bot.replying.words import words
from bot.rooms import Manner
from handlers.telegram.buttons import keyboard
from handlers.telegram.hearing import whole
from handlers.telegram.rights import LogPlace
from handlers.telegram.sending import Spot, edited, link, posted, removed, sent

_QUOTES: Final = 2000  # links whose wording is known, until they are answered


class Quotes:
    """How links are written in the messages that are answered. In memory alone: no word of a message is
    kept."""

    def __init__(self) -> None:
        self._held: OrderedDict[Spot, str] = OrderedDict()

    def note(self, spot: Spot, words: str | None) -> None:
        self._held.pop(spot, None)
        if words is not None:
            self._held[spot] = words
        while len(self._held) > _QUOTES:
            self._held.popitem(last=False)

    def get(self, spot: Spot) -> str | None:
        return self._held.get(spot)


class Happenings(NamedTuple):
    """Who is told of what the sending of an answer shows: the bot may not write there, it is no longer there,
    the group has become another one."""

    muted: Callable[[Room], Awaitable[None]]
    turned_out: Callable[[Room], Awaitable[None]]
    moved: Callable[[Room, Room], Awaitable[None]]


class Delivery:
    """Telegram knows no key for a message, so an answer that was sent and not noted may stand twice."""

    def __init__(self, bot: Bot, quotes: Quotes, happenings: Happenings) -> None:
        self._bot = bot
        self._quotes = quotes
        self._told = happenings
        self._log_place = LogPlace(bot)

    async def put(self, due: Due, answer: Answer) -> Standing:
        where, room = Spot.read(due.where), due.asked.room
        try:
            return await self._put(due, answer, where)
        except ChatMigrated as moved:
            now = where._replace(chat=moved.new_chat_id)
            await self._told.moved(whole(where.chat), whole(now.chat))
            return await self._put(due, answer, now)
        except Forbidden as refused:
            await self._told.turned_out(room)
            raise Undeliverable(refused.message) from refused
        except BadRequest as refused:  # it would not be taken another time
            if "not enough rights" in refused.message.lower():
                await self._told.muted(room)
            raise Undeliverable(refused.message) from refused

    async def _put(self, due: Due, answer: Answer, where: Spot) -> Standing:
        buttons = keyboard(answer.reply, answer.id, due.asked.involved)
        if due.placeholder is not None:
            chat, message = _mine(where, due.placeholder)
            logged = answer.manner is Manner.LOG_CHANNEL_ONLY
            reply = _about(where, answer.reply) if logged else answer.reply
            await edited(self._bot, chat, message, reply, buttons)
            return Standing(f"{chat}{INSIDE}{message}", IN_THE_LOG if logged else link(chat, message))
        if answer.manner is Manner.LOG_CHANNEL_ONLY:
            chat, topic = await self._log_place.of(due.asked.room, answer.log_channel or "")
            there = await posted(self._bot, chat, topic, _about(where, answer.reply), buttons)
            return Standing(f"{there.chat_id}{INSIDE}{there.message_id}", IN_THE_LOG)
        there = await sent(self._bot, where, answer.reply, buttons, quote=self._quotes.get(where))
        return Standing(f"{there.chat_id}{INSIDE}{there.message_id}", there.link or str(there.message_id))

    async def take_back(self, due: Due) -> bool:
        if due.placeholder is None:
            return False
        if not await removed(self._bot, *_mine(Spot.read(due.where), due.placeholder)):
            raise Undeliverable("Telegram does not let go of a message")
        return True

    async def tell(self, room: Room, channel: str, reply: Reply) -> None:
        """A notice for a log channel. Raises Undeliverable."""
        chat, topic = await self._log_place.of(room, channel)
        await posted(self._bot, chat, topic, reply, None)


def _mine(where: Spot, placeholder: str) -> tuple[int, int]:
    """The bot's own message: its chat, which may be the log channel, and its number."""
    chat, _, message = placeholder.rpartition(INSIDE)
    return int(chat) if chat else where.chat, int(message)


def _about(where: Spot, reply: Reply) -> Reply:
    """An answer in the log channel, under a link to the message that it is about."""
    there = link(where.chat, where.message)
    url = there if there.startswith("https://") else None
    line = words().line("discord.about_message", link=Stated(words().say("discord.message"), url))
    return replace(reply, blocks=(Fine(line), *reply.blocks))
