"""The bot's membership: groups that take it in, turn it out, or become another group; people who block it."""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import datetime
from typing import Any, Final

from telegram import Bot, Chat, ChatMember, ChatMemberUpdated, Message
from telegram.constants import ChatType

from bot.commands import Commands
from bot.notices import Notices
from bot.places import Room
from bot.replies import Reply
from bot.replying.failures import remark
from handlers.telegram.incoming import PLATFORM, whole_group
from handlers.telegram.permissions import can_hear_all
from handlers.telegram.sending import post

_IN: Final = {ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER, ChatMember.RESTRICTED}


class Membership:
    """The memory of a chat, when the bot comes and goes."""

    def __init__(self, bot: Bot, commands: Commands | None, notices: Notices | None) -> None:
        self._bot = bot
        self._commands = commands
        self._notices = notices
        self._departed: dict[str, datetime | None] | None = None  # chats of which all goes, and since when

    async def follow_change(self, event: ChatMemberUpdated) -> Coroutine[Any, Any, None] | None:
        """Note that the bot's own standing in a chat has changed; return what is still to be said there."""
        if self._commands is None:
            return None
        place = _place(event.chat)
        was, now = _inside(event.old_chat_member), _inside(event.new_chat_member)
        if not now:
            await self._leave(place, event.date)
        elif not was:
            (await self._load_departed()).pop(place.id, None)
            welcome = await self._commands.welcome([place])
            # A channel's readers did not ask for the bot, and in private people press Start.
            if event.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP}:
                return self._welcome(event.chat.id, welcome)
        return None

    async def _welcome(self, chat: int, welcome: Reply) -> None:
        reply = welcome
        if not await can_hear_all(self._bot, chat):
            hint = remark("telegram.hears_commands_only")
            reply = Reply((*welcome.blocks, *hint.blocks))
        await post(self._bot, chat, None, reply, None)

    async def note_message(self, message: Message) -> None:
        """Keep what was to go of a chat from which a message comes, since the bot is there. Telegram may
        bring one from before it was turned out, or the one that tells of that, late."""
        gone, ident = await self._load_departed(), str(message.chat_id)
        told = message.left_chat_member is not None and message.left_chat_member.id == self._bot.id
        if self._commands is None or ident not in gone or told:
            return
        since = gone[ident]
        if since is None or message.date >= since:
            del gone[ident]
            await self._commands.mark_rejoined([_place(message.chat)])

    async def follow_migration(self, message: Message) -> bool:
        """Return True for a message that tells that the group has become another one; both groups do."""
        if message.migrate_to_chat_id is not None:
            await self.move(whole_group(message.chat_id), whole_group(message.migrate_to_chat_id))
        elif message.migrate_from_chat_id is not None:
            await self.move(whole_group(message.migrate_from_chat_id), whole_group(message.chat_id))
        else:
            return False
        return True

    async def move(self, old: Room, new: Room) -> None:
        if self._commands is not None:
            await self._commands.move_room(old, new)

    async def report_muted(self, room: Room) -> None:
        """Tell the log channel that the bot may not write in a room."""
        if self._notices is not None:
            await self._notices.warn_of_missing_permission(room)

    async def note_removal(self, room: Room) -> None:
        """Note that Telegram takes no message for a chat: the bot was removed, or somebody has blocked it."""
        await self._leave(room if room.private else whole_group(int(room.server or room.id)))

    async def _leave(self, place: Room, since: datetime | None = None) -> None:
        if self._commands is not None:
            (await self._load_departed())[place.id] = since
            await self._commands.mark_left([place])

    async def _load_departed(self) -> dict[str, datetime | None]:
        """Return the chats of which all goes; as long as nobody knows which they are, it is asked again."""
        if self._departed is not None:
            return self._departed
        found = () if self._commands is None else await self._commands.find_left_rooms(PLATFORM)
        gone = dict.fromkeys(found or ())
        if found is not None:
            self._departed = gone
        return gone


def _place(chat: Chat) -> Room:
    return whole_group(chat.id, private=chat.type == ChatType.PRIVATE)


def _inside(member: ChatMember) -> bool:
    there = member.status in _IN
    return there and getattr(member, "is_member", True)
