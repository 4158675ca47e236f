"""Discord's messages as the conversation's.

A public thread, a forum post included, belongs to its channel's room: it has the channel's settings, history
and cooldowns, and is answered where it is. A private one is a room of its own inside the channel, whose
settings it takes: not everybody in the channel may know what is checked there.
"""

from __future__ import annotations

from typing import Any

import discord

from bot.messages import Message
from bot.places import INSIDE, Room
from handlers.discord.interactions import Interaction


def room_of(channel: Any, guild: int | None, *, private: bool) -> Room:
    """The room of a channel or thread. `private`: of one person and the bot, which a group without a server
    is not."""
    ident, parent = getattr(channel, "id", None), getattr(channel, "parent_id", None)
    if parent and getattr(channel, "type", None) is discord.ChannelType.private_thread:
        named = f"{parent}{INSIDE}{ident}"
    else:
        named = str(parent or ident)
    return Room("discord", named, private, None if guild is None else str(guild))


def room_at(interaction: Interaction) -> Room:
    """Return the room where somebody gave a command or pressed a button."""
    private = interaction.context.dm_channel is True
    return room_of(interaction.channel, interaction.guild_id, private=private)


def to_message(message: discord.Message, me: int) -> Message:
    """Translate a message. It asks where it was sent in private or mentions the bot; another bot never asks.
    A reply to an answer mentions its author by default: with a link it asks, else it is small talk."""
    guild = None if message.guild is None else message.guild.id
    bot = message.author.bot or message.webhook_id is not None
    text = text_of(message)
    asked = guild is None or (
        any(user.id == me for user in message.mentions)
        and any(part in text for part in (f"<@{me}>", f"<@!{me}>", "://"))
    )
    return Message(
        room_of(message.channel, guild, private=guild is None),
        str(message.author.id),
        text,
        asked=asked and not bot,
        roles=tuple(str(role.id) for role in getattr(message.author, "roles", ())),
        bot=bot,
        impersonal=message.webhook_id is not None,
    )


def message_link(guild: int | None, channel: int, message: int | None = None) -> str:
    """Return the address of a message, as Discord gives it; without a message, the beginning of all those in
    its channel."""
    return f"https://discord.com/channels/{guild or '@me'}/{channel}/{message or ''}"


def to_question(message: discord.Message, room: Room, by: int) -> Message:
    """Translate what somebody asks about a message of his own or of somebody else, for himself alone."""
    return Message(
        room,
        str(by),
        text_of(message),
        asked=True,
        poster=str(message.author.id),
        aside=not room.private,
    )


def text_of(message: discord.Message) -> str:
    """Return the text of a message, and of what it forwards."""
    forwarded = (snapshot.content for snapshot in message.message_snapshots)
    return "\n".join(text for text in (message.content, *forwarded) if text)


def is_written(message: discord.Message, me: int) -> bool:
    """Return True for a message that people or other bots wrote."""
    return message.author.id != me and not message.is_system()


def is_visible(message: discord.Message, me: int, *, content: bool) -> bool:
    """Return True if the words of a message can be seen. Without the message-content intent (`content`)
    Discord shows those of private messages and of such as mention the bot, and leaves the others empty."""
    return content or message.guild is None or any(user.id == me for user in message.mentions)
