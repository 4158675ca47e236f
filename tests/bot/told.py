"""Log channels that remember what they were told."""

from __future__ import annotations

from bot.commands import Commands
from bot.notices import Notices
from bot.places import Room
from bot.replies import Reply
from bot.stores import Stores
from tests.bot.lined import lines
from tests.fakes.memory import memory


class Channels:
    """What was posted where."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.posted: list[tuple[Room, str, list[str]]] = []
        self.fault = fault

    async def post_to_log_channel(self, room: Room, channel: str, reply: Reply) -> None:
        if self.fault is not None:
            raise self.fault
        self.posted.append((room, channel, lines(reply)))


def commands(channels: Channels, kept: Stores | None = None) -> Commands:
    kept = kept or memory()
    notices = Notices(kept)
    notices.connect("discord", channels)
    return Commands(kept, notices)


ROOM = Room("discord", "5", private=False, server="1")
