"""What people ask of the memory: settings, their changes, the history, and what is kept of themselves.

Every command gives a reply; one that cannot reach the memory says so and has changed nothing.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from typing import Any, Concatenate, Final, ParamSpec

from bot.history import PAGE, Query, as_csv, as_json
from bot.notices import Notices
from bot.places import Person, Room
from bot.replies import Reply
from bot.replying.diagnosis import Need, diagnosis
from bot.replying.failures import remark
from bot.replying.records import (
    audit_reply,
    changes_reply,
    counted,
    history_reply,
    kept_reply,
    refused_reply,
    setting_reply,
    settings_reply,
)
from bot.room_settings.definitions import SETTING, BadSetting
from bot.room_settings.domains import domain
from bot.room_settings.import_export import BadImport, exported, imported
from bot.room_settings.kinds import Value, shortened
from bot.room_settings.overrides import Change, Overrides, layered, settings
from bot.rooms import DEFAULT
from bot.stores import Edit, Stores

FLAGGED: Final = "flagged"
DOMAIN: Final = "domain:"
_log = logging.getLogger(__name__)
_P = ParamSpec("_P")


def _reachable(
    command: Callable[Concatenate[Commands, _P], Coroutine[Any, Any, Reply]],
) -> Callable[Concatenate[Commands, _P], Coroutine[Any, Any, Reply]]:
    """Says that the memory is out of reach where it is."""

    @functools.wraps(command)
    async def safely(self: Commands, /, *args: _P.args, **kwargs: _P.kwargs) -> Reply:
        try:
            return await command(self, *args, **kwargs)
        except OSError as problem:
            _log.warning("a command could not reach the memory: %s", problem)
            return remark("commands.out_of_reach")

    return safely


class Commands:
    """For any platform. Whether somebody may change settings is the platform's to know."""

    def __init__(self, memory: Stores, notices: Notices | None = None) -> None:
        self._memory = memory
        self._notices = notices or Notices(memory)

    # ── settings ──

    @_reachable
    async def show_settings(self, room: Room) -> Reply:
        """Every setting with its value and where it was set."""
        above, here = await self._layers(room)
        return settings_reply(room.platform, above, here, of_server=_is_server(room))

    @_reachable
    async def show_setting(self, room: Room, name: str) -> Reply:
        """One setting with its help."""
        one = SETTING.get(name)
        return _unknown(name) if one is None else setting_reply(one, *await self._layers(room))

    async def get_value(self, room: Room, name: str) -> Value:
        """What one setting is. Raises OSError where the memory is out of reach."""
        above, here = await self._layers(room)
        return here.get(name, above.get(name, SETTING[name].default))

    @_reachable
    async def set(self, room: Room, name: str, text: str, who: Person) -> Reply:
        """One setting from what somebody typed; "default" takes it back."""
        setting = SETTING.get(name)
        if setting is None:
            return _unknown(name)

        def edit(now: Overrides) -> Overrides:
            if text.strip().casefold() == "default":
                return now.without(name)
            return now.having(name, setting.parse(text, now.get(name, setting.default)))

        try:
            return changes_reply(await self._change(room, edit, who))
        except BadSetting as error:
            return refused_reply(error)

    @_reachable
    async def reset(self, room: Room, who: Person) -> Reply:
        """Everything back to what stands above this room."""
        changes = await self._change(room, lambda _: Overrides(), who)
        return counted("commands.reset", len(changes))

    @_reachable
    async def copy(self, source: Room, room: Room, who: Person) -> Reply:
        """What is set in another room is set here, and nothing else. Where nothing is set there, that was
        hardly meant: there is `reset` for it."""
        there = await self._memory.rooms.overrides(source.platform, source.id)
        if not there:
            return remark("commands.copied_nothing")
        changes = await self._change(room, lambda _: there, who)
        return counted("commands.copied", len(changes))

    async def export_settings(self, room: Room) -> str | Reply:
        """The settings of a room as a file."""
        try:
            return exported(await self._memory.rooms.overrides(room.platform, room.id))
        except OSError as problem:
            _log.warning("settings could not be exported: %s", problem)
            return remark("commands.out_of_reach")

    @_reachable
    async def import_settings(self, room: Room, file: str | bytes, who: Person) -> Reply:
        """A file in the place of what is set; all of it or nothing."""
        try:
            found = imported(file)
        except BadImport as error:
            return refused_reply(error)
        changes = await self._change(room, lambda _: found, who)
        return counted("commands.imported", len(changes)) if changes else remark("commands.unchanged")

    @_reachable
    async def show_audit(self, room: Room, page: int = 0) -> Reply:
        """Who changed which setting, of this room and of what stands above it."""
        places = (*room.above, room.id)
        found = await self._memory.rooms.audit(room.platform, *places, page=page)
        names = {
            who: await self._notices.get_person_name(room, who) for who in {one.who for one in found} if who
        }
        return audit_reply(found, room, names)

    async def diagnose(self, room: Room, needs: Sequence[Need] = ()) -> Reply:
        """What Hearsay does in this room, and what hinders it; `needs`: what the platform grants."""
        try:
            layers = await self._layers(room)
        except OSError as problem:
            _log.warning("a doctor could not reach the memory: %s", problem)
            return remark("doctor.lost")
        seen = self._notices.is_connected(room.platform)
        return diagnosis(settings(*layers), needs, log_channel_seen=seen)

    # ── history ──

    @_reachable
    async def show_history(self, room: Room, text: str = "", page: int = 0, *, logged: bool = False) -> Reply:
        """What was checked here; `text` as somebody typed it: words, "flagged", "domain:…". `logged`: whether
        who asks may see what stands in the log channel alone."""
        query = query_of(text)
        if query.futile:
            return remark("commands.history_futile")
        found = await self._memory.history.search(room, query, page=page, logged=logged)
        return history_reply(found, page, PAGE)

    async def export_history(self, room: Room, *, table: bool, logged: bool = False) -> str | Reply:
        """All that was checked here, as a table (CSV) or as JSON; nobody who asked is in it. `logged` as in
        `history`."""
        try:
            entries = [one async for one in self._memory.history.iterate(room, logged=logged)]
        except OSError as problem:
            _log.warning("the history could not be exported: %s", problem)
            return remark("commands.out_of_reach")
        return as_csv(entries) if table else as_json(entries)

    # ── coming and going ──

    async def mark_left(self, places: Iterable[Room]) -> None:
        """The bot was removed from these rooms, and all that is kept of them goes a day later."""
        await self._memory.mark_left(places)

    async def reconcile_presence(
        self, platform: str, places: AbstractSet[str], *, knows: Callable[[str], bool] = lambda _: False
    ) -> None:
        """The bot is in these rooms and servers, so nothing of them goes; of servers that it `knows` about
        and is not in, all goes a day later."""
        await self._memory.reconcile_presence(platform, places, knows=knows)

    async def welcome(self, places: Iterable[Room]) -> Reply:
        """The bot was brought into these rooms, maybe again; what it says there first."""
        await self._memory.mark_rejoined(places)
        return remark("commands.welcome", days=DEFAULT.retention_days)

    async def mark_rejoined(self, places: Iterable[Room]) -> None:
        """The bot is in these rooms again, and nothing of them goes."""
        await self._memory.mark_rejoined(places)

    async def find_left_rooms(self, platform: str) -> tuple[str, ...] | None:
        """The rooms that the bot was removed from, as long as anything is kept of them."""
        return await self._memory.find_left_rooms(platform)

    async def move_room(self, old: Room, new: Room) -> None:
        """A group has become another one: its settings and history follow."""
        await self._memory.move_room(old, new)

    # ── people ──

    @_reachable
    async def show_room_privacy(self, room: Room) -> Reply:
        """What is kept in a room."""
        return remark("conversation.privacy", days=settings(*await self._layers(room)).retention_days)

    @_reachable
    async def show_privacy(self, room: Room, person: Person) -> Reply:
        """What is kept in a room, and of somebody."""
        here = await self.show_room_privacy(room)
        kept = kept_reply(await self._memory.people.count_kept(person))
        return Reply((*here.blocks, *kept.blocks))

    @_reachable
    async def show_kept(self, person: Person) -> Reply:
        return kept_reply(await self._memory.people.count_kept(person))

    @_reachable
    async def forget(self, person: Person, *, among_others: bool = False) -> Reply:
        """How much there was is for nobody else to see."""
        entries = await self._memory.people.forget(person)
        return remark("commands.untied") if among_others else counted("commands.forgotten", entries)

    @_reachable
    async def ignore(self, person: Person) -> Reply:
        await self._memory.people.ignore(person)
        return remark("commands.ignored")

    @_reachable
    async def stop_ignoring(self, person: Person) -> Reply:
        await self._memory.people.stop_ignoring(person)
        return remark("commands.heeded")

    async def _change(self, room: Room, edit: Edit, who: Person) -> tuple[Change, ...]:
        """On record with the change itself; the log channel is told after that."""
        place = (room.platform, room.id)
        changes = await self._memory.rooms.change(*place, edit, who, server=room.server)
        if changes:
            await self._notices.announce_changes(room, changes, who)
        return changes

    async def _layers(self, room: Room) -> tuple[Overrides, Overrides]:
        """What is set above a room, and in it."""
        rooms = self._memory.rooms
        above = [await rooms.overrides(room.platform, place) for place in room.above]
        return layered(above), await rooms.overrides(room.platform, room.id)


def query_of(text: str) -> Query:
    """“bridge flagged domain:courier.example” as a query."""
    words, where, flagged = [], None, False
    for word in text.split():
        name = domain(word.removeprefix(DOMAIN)) if word.casefold().startswith(DOMAIN) else None
        if name is not None:
            where = name
        elif word.casefold() == FLAGGED:
            flagged = True
        else:
            words.append(word)
    return Query(" ".join(words), where, flagged=flagged)


def _is_server(room: Room) -> bool:
    return room.server == room.id


def _unknown(name: str) -> Reply:
    close = get_close_matches(name, list(SETTING), n=1)
    known = {"name": shortened(name)}
    return remark("commands.close", **known, close=close[0]) if close else remark("commands.unknown", **known)
