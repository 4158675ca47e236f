"""The names of channels and people on Discord."""

from __future__ import annotations

import discord

from bot.places import Room


class DiscordNames:
    """Asked for where they are not at hand, and kept nowhere. Raises DiscordException."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def get_room_name(self, room: Room) -> str | None:
        server = self._client.get_guild(int(room.id))
        if server is not None:
            return server.name
        channel = self._client.get_channel(int(room.id))
        name = getattr(channel, "name", None)
        return f"#{name}" if name else None

    async def get_person_name(self, room: Room, person: str) -> str | None:
        server = None if room.server is None else self._client.get_guild(int(room.server))
        if server is None:
            return None
        member = server.get_member(int(person)) or await server.fetch_member(int(person))
        return member.display_name
