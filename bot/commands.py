"""Commands about stored things: settings, their changes, the history, and personal data.

Every command gives a reply; one that cannot reach the store says so and has changed nothing.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from typing import Any, Concatenate, Final, ParamSpec

from bot.history import PAGE, Query, export_csv, export_json
from bot.notices import Notices
from bot.places import Person, Room
from bot.replies import Reply
from bot.replying.diagnosis import Need, diagnose
from bot.replying.failures import remark
from bot.replying.records import (
    audit_reply,
    changes_reply,
    count_reply,
    history_reply,
    personal_data_reply,
    refusal_reply,
    setting_reply,
    settings_reply,
)
from bot.room_settings.definitions import SETTING, BadSetting
from bot.room_settings.domains import parse_domain
from bot.room_settings.import_export import BadImport, export_settings, import_settings
from bot.room_settings.kinds import Value, shorten
from bot.room_settings.overrides import Change, Overrides, merge_layers, resolve_settings
from bot.rooms import DEFAULT
from bot.stores import Edit, Stores

FLAGGED: Final = "flagged"
DOMAIN: Final = "domain:"
_log = logging.getLogger(__name__)
_P = ParamSpec("_P")


def _reply_when_unreachable(
    command: Callable[Concatenate[Commands, _P], Coroutine[Any, Any, Reply]],
) -> Callable[Concatenate[Commands, _P], Coroutine[Any, Any, Reply]]:
    """Reply that the store is out of reach where it is."""

    @functools.wraps(command)
    async def call_safely(self: Commands, /, *args: _P.args, **kwargs: _P.kwargs) -> Reply:
        try:
            return await command(self, *args, **kwargs)
        except OSError as problem:
            _log.warning("a command could not reach the memory: %s", problem)
            return remark("commands.out_of_reach")

    return call_safely


class Commands:
    """The commands, for any platform. The platform decides who may change settings."""

    def __init__(self, stores: Stores, notices: Notices | None = None) -> None:
        self._stores = stores
        self._notices = notices or Notices(stores)

    # ── settings ──

    @_reply_when_unreachable
    async def show_settings(self, room: Room) -> Reply:
        """Show every setting with its value and where it was set."""
        above, here = await self._layers(room)
        return settings_reply(room.platform, above, here, of_server=room.server == room.id)

    @_reply_when_unreachable
    async def show_setting(self, room: Room, name: str) -> Reply:
        """Show one setting with its help."""
        one = SETTING.get(name)
        return _unknown(name) if one is None else setting_reply(one, *await self._layers(room))

    async def get_value(self, room: Room, name: str) -> Value:
        """Return the value of one setting. Raises OSError where the store is out of reach."""
        above, here = await self._layers(room)
        return here.get(name, above.get(name, SETTING[name].default))

    @_reply_when_unreachable
    async def set(self, room: Room, name: str, text: str, who: Person) -> Reply:
        """Set one setting from what somebody typed; "default" takes it back."""
        setting = SETTING.get(name)
        if setting is None:
            return _unknown(name)

        def edit(now: Overrides) -> Overrides:
            if text.strip().casefold() == "default":
                return now.without(name)
            return now.with_value(name, setting.parse(text, now.get(name, setting.default)))

        try:
            return changes_reply(await self._change(room, edit, who))
        except BadSetting as error:
            return refusal_reply(error)

    @_reply_when_unreachable
    async def reset(self, room: Room, who: Person) -> Reply:
        """Take back every setting of this room."""
        changes = await self._change(room, lambda _: Overrides(), who)
        return count_reply("commands.reset", len(changes))

    @_reply_when_unreachable
    async def copy(self, source: Room, room: Room, who: Person) -> Reply:
        """Replace the settings of this room by those of another. Where nothing is set there, that was hardly
        meant: there is `reset` for it."""
        there = await self._stores.rooms.overrides(source.platform, source.id)
        if not there:
            return remark("commands.copied_nothing")
        changes = await self._change(room, lambda _: there, who)
        return count_reply("commands.copied", len(changes))

    async def export_settings(self, room: Room) -> str | Reply:
        """Return the settings of a room as a file."""
        try:
            return export_settings(await self._stores.rooms.overrides(room.platform, room.id))
        except OSError as problem:
            _log.warning("settings could not be exported: %s", problem)
            return remark("commands.out_of_reach")

    @_reply_when_unreachable
    async def import_settings(self, room: Room, file: str | bytes, who: Person) -> Reply:
        """Replace the settings by those of a file, as a whole or not at all."""
        try:
            found = import_settings(file)
        except BadImport as error:
            return refusal_reply(error)
        changes = await self._change(room, lambda _: found, who)
        return count_reply("commands.imported", len(changes)) if changes else remark("commands.unchanged")

    @_reply_when_unreachable
    async def show_audit(self, room: Room, page: int = 0) -> Reply:
        """Show the changes of settings, of this room and of those above it."""
        places = (*room.above, room.id)
        found = await self._stores.rooms.audit(room.platform, *places, page=page)
        names = {
            who: await self._notices.get_person_name(room, who) for who in {one.who for one in found} if who
        }
        return audit_reply(found, room, names)

    async def diagnose(self, room: Room, needs: Sequence[Need] = ()) -> Reply:
        """Show what Hearsay does in this room and what hinders it; `needs`: what the platform grants."""
        try:
            layers = await self._layers(room)
        except OSError as problem:
            _log.warning("a doctor could not reach the memory: %s", problem)
            return remark("doctor.lost")
        seen = self._notices.is_connected(room.platform)
        return diagnose(resolve_settings(*layers), needs, log_channel_seen=seen)

    # ── history ──

    @_reply_when_unreachable
    async def show_history(self, room: Room, text: str = "", page: int = 0, *, logged: bool = False) -> Reply:
        """Show the answers of a room; `text` as somebody typed it: words, "flagged", "domain:…". `logged`:
        with what stands in the log channel alone."""
        query = parse_query(text)
        if query.futile:
            return remark("commands.history_futile")
        found = await self._stores.history.search(room, query, page=page, logged=logged)
        return history_reply(found, page, PAGE)

    async def export_history(self, room: Room, *, table: bool, logged: bool = False) -> str | Reply:
        """Return all answers of a room, as a table (CSV) or as JSON, without the askers. `logged` as in
        `show_history`."""
        try:
            entries = [one async for one in self._stores.history.iterate(room, logged=logged)]
        except OSError as problem:
            _log.warning("the history could not be exported: %s", problem)
            return remark("commands.out_of_reach")
        return export_csv(entries) if table else export_json(entries)

    # ── coming and going ──

    async def mark_left(self, places: Iterable[Room]) -> None:
        """Note that the bot was removed from these rooms: their data goes a day later."""
        await self._stores.mark_left(places)

    async def reconcile_presence(
        self, platform: str, places: AbstractSet[str], *, knows: Callable[[str], bool] = lambda _: False
    ) -> None:
        """Keep the data of these rooms and servers, since the bot is there; that of servers which it `knows`
        and is not in goes a day later."""
        await self._stores.reconcile_presence(platform, places, knows=knows)

    async def welcome(self, places: Iterable[Room]) -> Reply:
        """Greet rooms that the bot was brought into, maybe again."""
        await self._stores.mark_rejoined(places)
        return remark("commands.welcome", days=DEFAULT.retention_days)

    async def mark_rejoined(self, places: Iterable[Room]) -> None:
        """Keep the data of these rooms: the bot is there again."""
        await self._stores.mark_rejoined(places)

    async def find_left_rooms(self, platform: str) -> tuple[str, ...] | None:
        """Return the rooms that the bot was removed from and of which data is left."""
        return await self._stores.find_left_rooms(platform)

    async def move_room(self, old: Room, new: Room) -> None:
        """Move settings and history of a group that has become another one."""
        await self._stores.move_room(old, new)

    # ── people ──

    @_reply_when_unreachable
    async def show_room_privacy(self, room: Room) -> Reply:
        """Show what is kept in a room."""
        return remark("conversation.privacy", days=resolve_settings(*await self._layers(room)).retention_days)

    @_reply_when_unreachable
    async def show_privacy(self, room: Room, person: Person) -> Reply:
        """Show what is kept in a room, and of somebody."""
        here = await self.show_room_privacy(room)
        kept = personal_data_reply(await self._stores.people.count_kept(person))
        return Reply((*here.blocks, *kept.blocks))

    @_reply_when_unreachable
    async def show_kept(self, person: Person) -> Reply:
        return personal_data_reply(await self._stores.people.count_kept(person))

    @_reply_when_unreachable
    async def forget(self, person: Person, *, among_others: bool = False) -> Reply:
        """Forget somebody. `among_others`: others see the reply, so it does not say how much there was."""
        entries = await self._stores.people.forget(person)
        return remark("commands.untied") if among_others else count_reply("commands.forgotten", entries)

    @_reply_when_unreachable
    async def ignore(self, person: Person) -> Reply:
        await self._stores.people.ignore(person)
        return remark("commands.ignored")

    @_reply_when_unreachable
    async def stop_ignoring(self, person: Person) -> Reply:
        await self._stores.people.stop_ignoring(person)
        return remark("commands.heeded")

    async def _change(self, room: Room, edit: Edit, who: Person) -> tuple[Change, ...]:
        """Change settings and their audit together, then tell the log channel."""
        place = (room.platform, room.id)
        changes = await self._stores.rooms.change(*place, edit, who, server=room.server)
        if changes:
            await self._notices.announce_changes(room, changes, who)
        return changes

    async def _layers(self, room: Room) -> tuple[Overrides, Overrides]:
        """Return the settings above a room, and its own."""
        rooms = self._stores.rooms
        above = [await rooms.overrides(room.platform, place) for place in room.above]
        return merge_layers(above), await rooms.overrides(room.platform, room.id)


def parse_query(text: str) -> Query:
    """Parse “bridge flagged domain:courier.example”."""
    words, where, flagged = [], None, False
    for word in text.split():
        name = parse_domain(word.removeprefix(DOMAIN)) if word.casefold().startswith(DOMAIN) else None
        if name is not None:
            where = name
        elif word.casefold() == FLAGGED:
            flagged = True
        else:
            words.append(word)
    return Query(" ".join(words), where, flagged=flagged)


def _unknown(name: str) -> Reply:
    close = get_close_matches(name, list(SETTING), n=1)
    known = {"name": shorten(name)}
    return remark("commands.close", **known, close=close[0]) if close else remark("commands.unknown", **known)
