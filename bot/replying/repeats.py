"""A repeated link is pointed at the answer that stands in the room already."""

from __future__ import annotations

from datetime import datetime

from bot.history import HistoryEntry
from bot.replies import Action, Button, Piece, Reply, Said, Stated, Text
from bot.replying.lines import format_age
from bot.replying.phrasebook import Phrases, get_phrases


def make_pointer(earlier: HistoryEntry, now: datetime, phrases: Phrases | None = None) -> Reply:
    """“Checked here 2 hours ago:” and the headline, which leads to that answer where it has an address."""
    said = phrases or get_phrases()
    there = earlier.place if earlier.place and earlier.place.startswith("https://") else None
    about: Piece = Stated(earlier.title or earlier.domain, there)
    line = said.line("conversation.pointed", age=Said(format_age(now - earlier.at, said)), about=about)
    again = Button(Action.AGAIN, said.say("buttons.again"))
    return Reply((Text(line),), buttons=(again, Button(Action.REMOVE, said.say("buttons.remove"))))
