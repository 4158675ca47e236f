"""Telegram's messages as the conversation's.

A topic is a room of its own inside its group. Links are those that Telegram's servers marked, in a text or a
caption; what else a message says is looked at for keywords alone.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from telegram import Message, MessageEntity, MessageOriginUser
from telegram.constants import ChatType

from bot.messages import Message as Heard
from bot.places import INSIDE, Person, Room
from handlers.telegram.links import find_addresses

PLATFORM: Final = "telegram"


class Command(NamedTuple):
    """A command and its rest: "/history bridge" is history, with "bridge"."""

    name: str
    rest: str


class BotIdentity(NamedTuple):
    """The bot's id and name on Telegram."""

    id: int
    username: str


def parse_command(message: Message, me: BotIdentity) -> Command | None:
    """Return the command that a message is; None where it is none, as where one is passed on. One for another
    bot has no name."""
    if message.forward_origin is not None or message.is_automatic_forward:
        return None
    text = message.text or message.caption or ""
    first = next((e for e in (*message.entities, *message.caption_entities) if e.offset == 0), None)
    if first is None or first.type != MessageEntity.BOT_COMMAND:
        return None
    written, rest = text[: first.length], text[first.length :]  # a command is ASCII, so units are letters
    name, _, whose = written.removeprefix("/").partition("@")
    mine = not whose or whose.casefold() == me.username.casefold()
    return Command(name.lower() if mine else "", rest.strip())


def to_message(message: Message, me: BotIdentity, *, about: Message, asked: bool) -> Heard | None:
    """Translate a message that asks about a message's links, its own or those of another; None where nobody
    wrote it."""
    sender = sender_of(message)
    if sender is None:
        return None
    robot = is_by_bot(message)
    whose = message.sender_chat  # a member who writes as a channel of his own is one person
    many = whose is not None and (whose.id == message.chat_id or bool(message.is_automatic_forward))
    return Heard(
        room_of(message),
        str(sender),
        find_addresses(about),
        asked=asked and not robot,
        bot=robot,
        poster=None if about is message or (poster := sender_of(about)) in (None, me.id) else str(poster),
        words=message.text or message.caption or "",
        impersonal=many,
    )


def mentions_me(message: Message, me: BotIdentity) -> bool:
    """Return True if the message mentions the bot, by its name or behind other words. A post that comes from
    a channel to its group was said in the channel."""
    if message.is_automatic_forward:
        return False
    marked = message.parse_entities([MessageEntity.MENTION]) | message.parse_caption_entities(
        [MessageEntity.MENTION]
    )
    if any(words.casefold() == f"@{me.username}".casefold() for words in marked.values()):
        return True
    entities = (*message.entities, *message.caption_entities)
    return any(entity.user is not None and entity.user.id == me.id for entity in entities)


def is_my_forwarded(message: Message, me: BotIdentity) -> bool:
    """Return True for a message of the bot's that somebody forwards."""
    origin = message.forward_origin
    return isinstance(origin, MessageOriginUser) and origin.sender_user.id == me.id


def is_reply_to_me(message: Message, me: BotIdentity) -> bool:
    """Return True for a reply to a message of the bot's."""
    before = message.reply_to_message
    return before is not None and before.from_user is not None and before.from_user.id == me.id


def find_subject(message: Message) -> Message:
    """Return the message whose links are meant: its own, else those of the message that it replies to."""
    before = message.reply_to_message
    there = before is not None and not find_addresses(message) and find_addresses(before)
    return before if there and before is not None else message


def sender_of(message: Message) -> int | None:
    """Return the id of the sender. An administrator who hides behind the group's name is the group; a channel
    is itself."""
    if message.sender_chat is not None:
        return message.sender_chat.id
    return None if message.from_user is None else message.from_user.id


def is_by_bot(message: Message) -> bool:
    """Return True if another bot wrote it. A person who writes in a chat's name is no bot, though Telegram
    puts one there."""
    author = message.from_user
    return message.sender_chat is None and author is not None and author.is_bot


def person_of(message: Message) -> Person:
    return Person(PLATFORM, str(sender_of(message) or ""))


def room_of(message: Message) -> Room:
    topic = topic_of(message)
    ident = str(message.chat_id) if topic is None else f"{message.chat_id}{INSIDE}{topic}"
    private = message.chat.type == ChatType.PRIVATE
    return Room(PLATFORM, ident, private, None if private else str(message.chat_id))


def whole_group(chat: int, *, private: bool = False) -> Room:
    """A group with all its topics."""
    return Room(PLATFORM, str(chat), private, None if private else str(chat))


def topic_of(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None


def is_private(message: Message) -> bool:
    return message.chat.type == ChatType.PRIVATE


def find_quote(message: Message) -> str | None:
    """Return the wording of its only link, to be quoted above the answer; None where there are several, or
    where a quotation would show what is hidden."""
    marked = (*message.entities, *message.caption_entities)
    found = message.parse_entities(_LINKS) | message.parse_caption_entities(_LINKS)
    if len(found) != 1 or any(entity.type == MessageEntity.SPOILER for entity in marked):
        return None
    (words,) = found.values()
    return words if words.strip() == words and len(words) <= _LONGEST_QUOTE else None


_LINKS: Final[list[str | None]] = [MessageEntity.URL, MessageEntity.TEXT_LINK]
_LONGEST_QUOTE: Final = 1024
