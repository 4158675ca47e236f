"""The chat's commands about what is remembered, in the room where the person is.

A person at a terminal may try every setting: `/room dale` goes to a room that is shared, as a channel is,
where a message is only a message and `/check` asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from bot.commands import Commands
from bot.places import Person, Room
from bot.replies import Reply
from bot.replying.failures import remark
from handlers import paging

PLATFORM: Final = "terminal"
SERVER: Final = "everywhere"
HERE: Final = Room(PLATFORM, "here", private=True)
YOU: Final = Person(PLATFORM, "you")
LARGEST: Final = 1 << 20  # bytes of a file that is looked at

Show = Callable[[Reply], None]


class TerminalCommands:
    """`room` is where the person is."""

    def __init__(self, commands: Commands, show: Show) -> None:
        self._commands = commands
        self._show = show
        self.room = HERE
        self.named: dict[str, Callable[[str], Awaitable[None]]] = {
            "room": self._go,
            "settings": self._settings,
            "doctor": self._doctor,
            "audit": self._audit,
            "history": self._history,
            "export": self._export,
            "import": self._import,
            "forget": self._of_person(commands.forget),
            "ignoreme": self._of_person(commands.ignore),
            "heedme": self._of_person(commands.stop_ignoring),
        }

    async def describe_person(self) -> None:
        """Show what is kept of this person."""
        self._show(await self._commands.show_kept(YOU))

    async def _go(self, name: str) -> None:
        """Go to a shared room, or back to where nobody else reads."""
        wanted = name.strip().lower()
        private = wanted in ("", HERE.id)
        self.room = HERE if private else Room(PLATFORM, wanted, private=False, server=SERVER)
        self._show(remark("terminal.room_here") if private else remark("terminal.room", name=wanted))

    async def _settings(self, typed: str) -> None:
        """Show or change settings: all of them; one, by name and value; "reset"; "copy" from another room;
        "all …" for every room."""
        first, _, rest = typed.partition(" ")
        room = self.room
        if first == "all":
            room = Room(PLATFORM, SERVER, private=False, server=SERVER)
            first, _, rest = rest.strip().partition(" ")
        if not first:
            self._show(await self._commands.show_settings(room))
        elif first == "reset":
            self._show(await self._commands.reset(room, YOU))
        elif first == "copy" and rest.strip():
            source = Room(PLATFORM, rest.strip().lower(), private=False, server=SERVER)
            self._show(await self._commands.copy(source, room, YOU))
        elif rest.strip():
            self._show(await self._commands.set(room, first, rest.strip(), YOU))
        elif first == "copy":
            self._show(remark("terminal.copy_hint"))
        else:
            self._show(await self._commands.show_setting(room, first))

    async def _doctor(self, _: str) -> None:
        self._show(await self._commands.diagnose(self.room))

    async def _audit(self, page: str) -> None:
        self._show(await self._commands.show_audit(self.room, paging.parse_page(page)))

    async def _history(self, typed: str) -> None:
        text, page = paging.split_page(typed)
        self._show(await self._commands.show_history(self.room, text, page, logged=True))

    async def _export(self, typed: str) -> None:
        """Write settings, or "history", into a file that is named and not there yet."""
        what, _, name = typed.rpartition(" ")
        if not name:
            self._show(remark("terminal.export_hint"))
            return
        made = (
            await self._commands.export_history(self.room, table=name.lower().endswith(".csv"), logged=True)
            if what.strip() == "history"
            else await self._commands.export_settings(self.room)
        )
        self._show(await asyncio.to_thread(_write_file, name, made) if isinstance(made, str) else made)

    async def _import(self, name: str) -> None:
        given = await asyncio.to_thread(_read_file, name)
        self._show(
            await self._commands.import_settings(self.room, given, YOU) if isinstance(given, bytes) else given
        )

    def _of_person(self, command: Callable[[Person], Awaitable[Reply]]) -> Callable[[str], Awaitable[None]]:
        """Return a command of the person's own, which needs nothing typed."""

        async def run(_: str) -> None:
            self._show(await command(YOU))

        return run


def _read_file(name: str) -> bytes | Reply:
    try:
        with Path(name).expanduser().open("rb") as file:
            return file.read(LARGEST)
    except (OSError, ValueError, RuntimeError) as problem:
        return remark("terminal.no_file", name=name, why=_why(problem))


def _write_file(name: str, text: str) -> Reply:
    """A file is never written over."""
    try:
        with Path(name).expanduser().open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except (OSError, ValueError, RuntimeError) as problem:
        return remark("terminal.no_file", name=name, why=_why(problem))
    return remark("terminal.written", name=name)


def _why(problem: Exception) -> str:
    return getattr(problem, "strerror", None) or "the name cannot be used"
