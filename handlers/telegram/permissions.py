"""The permissions of people and of the bot in a chat, as Telegram gives them."""

from __future__ import annotations

from time import monotonic
from typing import Final

from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberOwner, ChatMemberRestricted, Message
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.dispatcher import Undeliverable
from bot.places import INSIDE, Person, Room
from bot.replying.diagnosis import Need
from handlers.telegram.incoming import PLATFORM, is_private

_ADMINISTRATOR: Final = ChatMemberOwner | ChatMemberAdministrator
_TRUSTED_FOR: Final = 300.0  # seconds in which it is not asked again whose log channel a chat is


async def is_administrator(bot: Bot, chat: int, person: int) -> bool:
    """Return True for the creator and administrators of a chat; for nobody, where Telegram will not say."""
    return isinstance(await _member(bot, chat, person), _ADMINISTRATOR)


async def find_setter(bot: Bot, chat: int, person: int) -> Person | None:
    """Return the person as whom somebody changes settings there: one who hides behind the chat's name stays
    hidden. None for one who may not."""
    member = await _member(bot, chat, person)
    if not isinstance(member, _ADMINISTRATOR):
        return None
    return Person(PLATFORM, str(chat if member.is_anonymous else person))


async def is_moderator(bot: Bot, chat: int, person: int) -> bool:
    """Return True for a person who may delete the messages of others there."""
    member = await _member(bot, chat, person)
    return isinstance(member, ChatMemberOwner) or (
        isinstance(member, ChatMemberAdministrator) and member.can_delete_messages
    )


async def may_set(message: Message) -> bool:
    """Return True for those whom settings are for: the creator and administrators, also one who hides behind
    the group's name; in a private chat, everybody."""
    if is_private(message):
        return True
    if message.sender_chat is not None:
        return message.sender_chat.id == message.chat_id
    author = message.from_user
    return author is not None and await is_administrator(message.get_bot(), message.chat_id, author.id)


async def can_hear_all(bot: Bot, chat: int) -> bool:
    """Return True if messages that are not for the bot reach it: privacy mode hides them, from an
    administrator not."""
    me = await bot.get_me()
    return bool(me.can_read_all_group_messages) or await is_administrator(bot, chat, me.id)


async def check_needs(bot: Bot, message: Message) -> list[Need]:
    """Return what the bot needs in the chat of a message, and whether Telegram grants it."""
    if is_private(message):
        return []
    if message.chat.type == ChatType.CHANNEL:
        return [Need("telegram_posts", await _can_write(bot, message.chat_id))]
    writes = Need("telegram_writes", await _can_write(bot, message.chat_id))
    return [writes, Need("telegram_hears", await can_hear_all(bot, message.chat_id))]


async def _can_write(bot: Bot, chat: int) -> bool:
    member = await _member(bot, chat, bot.id)
    if isinstance(member, ChatMemberOwner):
        return True
    there = await bot.get_chat(chat)
    if isinstance(member, ChatMemberAdministrator):
        return there.type != ChatType.CHANNEL or bool(member.can_post_messages)
    if isinstance(member, ChatMemberRestricted):
        return member.can_send_messages
    everybody = there.permissions
    return member is not None and (everybody is None or bool(everybody.can_send_messages))


async def _member(bot: Bot, chat: int, person: int) -> ChatMember | None:
    try:
        return await bot.get_chat_member(chat, person)
    except TelegramError:
        return None


# ── log channels ────────────────────────────────────────────────────────────────────────────────────


class LogChannels:
    """Log channels: the room's own group, a topic of it ("-100…/77"), or a chat that an administrator of the
    group administers, too, lest anybody has things posted into the chats of others."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._known: dict[tuple[str, str], float] = {}

    async def find(self, room: Room, channel: str) -> tuple[int, int | None]:
        """Return the chat and the topic. Raises Undeliverable, also where Telegram cannot be asked."""
        chat, _, topic = channel.partition(INSIDE)
        home = room.server or room.id
        number = chat.removeprefix("-").isdecimal() and chat.isascii()
        if not number or (topic and not topic.isdecimal()):
            raise Undeliverable(f"“{channel}” is no chat of Telegram")
        if chat != home and not await self._share_administrator(home, chat):
            raise Undeliverable(f"nobody administers both {channel} and the group {home}")
        return int(chat), int(topic) if topic else None

    async def may_be_chosen(self, room: Room, channel: str, who: Person) -> bool:
        """Return True if somebody may have things posted there: in his own group, or where he administers,
        too."""
        try:
            chat, _ = await self.find(room, channel)
        except Undeliverable:
            return False
        return str(chat) == (room.server or room.id) or await is_administrator(self._bot, chat, int(who.id))

    async def _share_administrator(self, home: str, chat: str) -> bool:
        now = monotonic()
        if now - self._known.get((home, chat), -_TRUSTED_FOR) < _TRUSTED_FOR:
            return True
        both = await self._administrators(home) & await self._administrators(chat)
        if both:
            self._known[home, chat] = now
        return bool(both)

    async def _administrators(self, chat: str) -> set[int]:
        try:
            found = await self._bot.get_chat_administrators(int(chat))
        except TelegramError:
            return set()
        return {member.user.id for member in found if not member.user.is_bot}
