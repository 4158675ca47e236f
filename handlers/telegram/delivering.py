"""An answer put where it belongs: under the message with the link, in its topic."""

from __future__ import annotations

from typing import NamedTuple, Self

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.desk import Standing, Undeliverable
from bot.given import Answer
from bot.ledger import Due
from bot.places import Room
from bot.replies import Reply
from handlers.telegram.buttons import keyboard, topic_of
from handlers.telegram.render import message as rendered

_GENERAL = "-"


class Spot(NamedTuple):
    """A message that is answered, and its topic."""

    chat: int
    topic: int | None
    message: int

    def __str__(self) -> str:
        return f"{self.chat} {_GENERAL if self.topic is None else self.topic} {self.message}"

    @classmethod
    def read(cls, written: str) -> Self:
        chat, topic, message = written.split()
        return cls(int(chat), None if topic == _GENERAL else int(topic), int(message))


def spot(message: Message) -> Spot:
    return Spot(message.chat_id, topic_of(message), message.message_id)


class Delivery:
    """Telegram knows no key for a message, so an answer that was sent and not noted may stand twice."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def put(self, due: Due, answer: Answer) -> Standing:
        buttons = keyboard(answer.reply, answer.id, due.asked.involved)
        where = Spot.read(due.where)
        try:
            if due.placeholder is not None:
                return await self._edited(where, int(due.placeholder), answer.reply, buttons)
            there = await sent(self._bot, where, answer.reply, buttons)
        except (BadRequest, Forbidden) as refused:  # neither would be taken another time
            raise Undeliverable(refused.message) from refused
        return Standing(str(there.message_id), there.link or str(there.message_id))

    async def take_back(self, due: Due) -> bool:
        if due.placeholder is None:
            return False
        try:
            await self._bot.delete_message(Spot.read(due.where).chat, int(due.placeholder))
        except (BadRequest, Forbidden) as refused:  # gone already, or older than 48 hours
            raise Undeliverable(refused.message) from refused
        return True

    async def _edited(
        self, where: Spot, message: int, reply: Reply, buttons: InlineKeyboardMarkup | None
    ) -> Standing:
        try:
            await self._bot.edit_message_text(
                rendered(reply),
                where.chat,
                message,
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=buttons,
            )
        except BadRequest as refused:
            if "not modified" not in refused.message.lower():
                raise Undeliverable(refused.message) from refused  # somebody has removed it
        return Standing(str(message), _link(where.chat, message))


def _link(chat: int, message: int) -> str:
    """Where a message of a supergroup is found by its members; elsewhere its number has to do."""
    group = str(chat).removeprefix("-100")
    return f"https://t.me/c/{group}/{message}" if group != str(chat) else str(message)


async def told(bot: Bot, room: Room, channel: str, reply: Reply) -> None:
    """A notice for a log channel: the room's own group or a topic of it ("-100…/77"), lest anybody has
    notices posted into the groups of others. Raises Undeliverable."""
    chat, _, topic = channel.partition("/")
    if chat != room.server:
        raise Undeliverable(f"{channel} is not of the group {room.server}")
    await bot.send_message(
        int(chat),
        rendered(reply),
        parse_mode=ParseMode.HTML,
        message_thread_id=int(topic) if topic else None,
        disable_notification=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )


async def sent(bot: Bot, spot: Spot, reply: Reply, buttons: InlineKeyboardMarkup | None) -> Message:
    """Under the message with the link and in its topic; without the topic if that is gone by now."""
    try:
        return await _sent_to(bot, spot, reply, buttons)
    except ChatMigrated as moved:
        return await _sent_to(bot, spot._replace(chat=moved.new_chat_id), reply, buttons)
    except BadRequest as refused:
        if "thread not found" not in refused.message.lower():
            raise
        return await _sent_to(bot, spot._replace(topic=None), reply, buttons)


async def _sent_to(bot: Bot, spot: Spot, reply: Reply, buttons: InlineKeyboardMarkup | None) -> Message:
    return await bot.send_message(
        spot.chat,
        rendered(reply),
        parse_mode=ParseMode.HTML,
        message_thread_id=spot.topic,
        disable_notification=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=ReplyParameters(spot.message, allow_sending_without_reply=True),
        reply_markup=buttons,
    )
