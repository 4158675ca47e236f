"""Answers in a log channel, away from what they are about: a line above them leads there."""

from __future__ import annotations

from dataclasses import replace

from telegram import Message, MessageEntity

from bot.replies import Line, Reply, SmallPrint, Stated
from bot.replying.phrasebook import get_phrases
from handlers.telegram.markup import render_line, strip_markup


def heading_line(url: str | None) -> Line:
    """Return a line that leads to the message that an answer is about, where that has an address."""
    return get_phrases().line("places.about_message", link=Stated(get_phrases().say("places.message"), url))


def add_heading(heading: Line, reply: Reply) -> Reply:
    return replace(reply, blocks=(SmallPrint(heading), *reply.blocks))


def find_heading(message: Message) -> Line | None:
    """The line above an answer that stands in a log channel; None for an answer that stands elsewhere."""
    first = (message.text or "").partition("\n")[0]
    if first != strip_markup(render_line(heading_line(None))):
        return None
    links = message.parse_entities([MessageEntity.TEXT_LINK])
    return heading_line(next((entity.url for entity in links if entity.offset < len(first)), None))
