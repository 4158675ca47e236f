"""Messages on their way out: silent, without previews, under what they answer."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, Self

from telegram import Bot, ForceReply, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden

from bot.replies import Reply
from bot.replying.failures import remark
from handlers.telegram.hearing import topic_of
from handlers.telegram.render import message as rendered

_GENERAL: Final = "-"
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


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


def link(chat: int, message: int) -> str:
    """Where a message of a supergroup is found by its members; elsewhere its number has to do."""
    group = str(chat).removeprefix("-100")
    return f"https://t.me/c/{group}/{message}" if group != str(chat) else str(message)


async def sent(
    bot: Bot,
    spot: Spot,
    reply: Reply,
    buttons: InlineKeyboardMarkup | ForceReply | None,
    *,
    quote: str | None = None,
) -> Message:
    """Under the message with the link, which is quoted where that can be, and in its topic; without either
    where that is gone by now."""
    try:
        return await _under(bot, spot, reply, buttons, quote)
    except BadRequest as refused:
        why = refused.message.lower()
        if quote is not None and "quote" in why:
            return await sent(bot, spot, reply, buttons)
        if "thread not found" in why and spot.topic is not None:
            return await sent(bot, spot._replace(topic=None), reply, buttons, quote=quote)
        raise


async def _under(
    bot: Bot,
    spot: Spot,
    reply: Reply,
    buttons: InlineKeyboardMarkup | ForceReply | None,
    quote: str | None,
) -> Message:
    under = ReplyParameters(spot.message, allow_sending_without_reply=True, quote=quote)
    return await posted(bot, spot.chat, spot.topic, reply, buttons, reply_parameters=under)


async def posted(
    bot: Bot,
    chat: int,
    topic: int | None,
    reply: Reply,
    buttons: InlineKeyboardMarkup | ForceReply | None,
    **more: Any,
) -> Message:
    """Silently, and without a preview of its links."""
    return await bot.send_message(
        chat,
        rendered(reply),
        parse_mode=ParseMode.HTML,
        message_thread_id=topic,
        disable_notification=True,
        link_preview_options=_NO_PREVIEW,
        reply_markup=buttons,
        **more,
    )


async def edited(
    bot: Bot, chat: int, message: int, reply: Reply, buttons: InlineKeyboardMarkup | None
) -> None:
    """Raises BadRequest where there is no such message any more."""
    try:
        await bot.edit_message_text(
            rendered(reply),
            chat,
            message,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=buttons,
        )
    except BadRequest as refused:
        if "not modified" not in refused.message.lower():
            raise


async def removed(bot: Bot, chat: int, message: int) -> bool:
    """Takes a message of the bot's own away. One that Telegram does not delete any more, after 48 hours, is
    emptied instead; False where neither can be, as where somebody was faster."""
    try:
        return await bot.delete_message(chat, message)
    except BadRequest:
        pass
    except Forbidden:
        return False
    try:
        await edited(bot, chat, message, remark("telegram.removed"), None)
    except (BadRequest, Forbidden):
        return False
    return True
