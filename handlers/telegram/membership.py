"""Where the bot is: groups that take it in, turn it out, or become another group; people who block it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from telegram import Bot, Chat, ChatMember, ChatMemberUpdated, Message
from telegram.constants import ChatType

from bot.commands import Commands
from bot.notices import Notices
from bot.places import Room
from bot.replies import Reply
from bot.replying.failures import remark
from handlers.telegram.hearing import PLATFORM, whole
from handlers.telegram.rights import hears_all
from handlers.telegram.sending import posted

_IN: Final = {ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER, ChatMember.RESTRICTED}


class Membership:
    """What becomes of the memory of a chat when the bot comes and goes."""

    def __init__(self, bot: Bot, commands: Commands | None, notices: Notices | None) -> None:
        self._bot = bot
        self._commands = commands
        self._notices = notices
        self._gone: set[str] | None = None

    async def changed(self, event: ChatMemberUpdated) -> Callable[[], Awaitable[None]] | None:
        """The bot's own standing in a chat has changed; what is still to be said there."""
        if self._commands is None:
            return None
        place = _place(event.chat)
        was, now = _inside(event.old_chat_member), _inside(event.new_chat_member)
        if not now:
            await self._left(place)
        elif not was:
            (await self._gone_ones()).discard(place.id)
            welcome = await self._commands.joined([place])
            # A channel's readers did not ask for the bot, and in private people press Start.
            if event.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP}:
                return lambda: self._welcome(event.chat.id, welcome)
        return None

    async def _welcome(self, chat: int, welcome: Reply) -> None:
        reply = welcome
        if not await hears_all(self._bot, chat):
            hint = remark("telegram.hears_commands_only")
            reply = Reply((*welcome.blocks, *hint.blocks))
        await posted(self._bot, chat, None, reply, None)

    async def heard_from(self, message: Message) -> None:
        """Where there are messages the bot is: what was to go stays."""
        ident = str(message.chat_id)
        if self._commands is not None and ident in await self._gone_ones():
            self._gone = (await self._gone_ones()) - {ident}
            await self._commands.came_back([_place(message.chat)])

    async def follow(self, message: Message) -> bool:
        """Whether a message tells that the group has become another one; both groups do."""
        if message.migrate_to_chat_id is not None:
            await self.moved(whole(message.chat_id), whole(message.migrate_to_chat_id))
        elif message.migrate_from_chat_id is not None:
            await self.moved(whole(message.migrate_from_chat_id), whole(message.chat_id))
        else:
            return False
        return True

    async def moved(self, old: Room, new: Room) -> None:
        if self._commands is not None:
            await self._commands.moved(old, new)

    async def muted(self, room: Room) -> None:
        """The bot may not write in a room."""
        if self._notices is not None:
            await self._notices.may_not_write(room)

    async def turned_out(self, room: Room) -> None:
        """Telegram takes no message for a chat: the bot was removed, or somebody has blocked it."""
        await self._left(room if room.private else whole(int(room.server or room.id)))

    async def _left(self, place: Room) -> None:
        if self._commands is not None:
            (await self._gone_ones()).add(place.id)
            await self._commands.left([place])

    async def _gone_ones(self) -> set[str]:
        """Chats of which all goes in a while, by their ids."""
        if self._gone is None:
            commands = self._commands
            self._gone = set(await commands.departed(PLATFORM)) if commands is not None else set()
        return self._gone


def _place(chat: Chat) -> Room:
    return whole(chat.id, private=chat.type == ChatType.PRIVATE)


def _inside(member: ChatMember) -> bool:
    there = member.status in _IN
    return there and getattr(member, "is_member", True)
