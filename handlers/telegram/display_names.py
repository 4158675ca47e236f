"""The names of chats and people on Telegram."""

from __future__ import annotations

from telegram import Bot

from bot.places import INSIDE, Room
from bot.replying.phrasebook import get_phrases


class TelegramNames:
    """Asked for anew each time, and kept nowhere. Raises TelegramError."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def get_room_name(self, room: Room) -> str | None:
        chat, _, topic = room.id.partition(INSIDE)
        title = (await self._bot.get_chat(int(chat))).title
        return get_phrases().say("telegram.topic", group=title, topic=topic) if title and topic else title

    async def get_person_name(self, room: Room, person: str) -> str | None:
        """An administrator who hides behind the name of his chat is called by that."""
        chat, _, _ = room.id.partition(INSIDE)
        if person == chat:
            return (await self._bot.get_chat(int(chat))).title
        member = await self._bot.get_chat_member(int(chat), int(person))
        return None if getattr(member, "is_anonymous", False) else member.user.full_name
