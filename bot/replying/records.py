"""Stored records as replies: settings, their changes, and the history of a room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Final

from bot.history import HistoryPage
from bot.places import Room
from bot.replies import Label, Line, ListEntry, Piece, Reply, ReplyBlock, Said, SmallPrint, Stated, Text
from bot.replying.failures import remark
from bot.replying.phrasebook import Phrases, get_phrases
from bot.replying.rooms import (
    describe_conflicts,
    describe_values,
    explain_refusal,
    explain_refusals,
    format_value,
    get_help,
    get_label,
)
from bot.room_settings.definitions import SETTING, SETTINGS, BadSetting, Setting
from bot.room_settings.import_export import BadImport
from bot.room_settings.kinds import Value
from bot.room_settings.overrides import Change, Overrides, resolve_settings
from bot.stores import AuditEntry

SHOWN_ITEMS: Final = 5  # of a list, on a panel of all settings
_VALUE, _OLD, _NEW = (
    Said("\0value"),
    Said("\0old"),
    Said("\0new"),
)  # slots; what they hold is a line of its own


def settings_reply(platform: str, server: Overrides, here: Overrides, *, of_server: bool = False) -> Reply:
    """Show every setting of a platform: its value, and where that was set."""
    said = get_phrases()
    title = said.say("commands.settings_server" if of_server else "commands.settings_here")
    entries = (ListEntry(_set(one, server, here, said)) for one in SETTINGS if one.is_of(platform))
    odd = (
        Text((Said(sentence, strong=True),))
        for sentence in describe_conflicts(resolve_settings(server, here), said)
    )
    return Reply((Label((Said(title),)), *entries, *odd))


def setting_reply(one: Setting, server: Overrides, here: Overrides) -> Reply:
    """Show one setting: its value, its help, and the values that it takes."""
    said = get_phrases()
    about = said.say("commands.takes", help=get_help(one, said), takes=describe_values(one, said))
    return Reply((Text(_set(one, server, here, said)), Text((Said(about),))))


def _set(one: Setting, server: Overrides, here: Overrides, said: Phrases) -> Line:
    value: Value = here.get(one.name, server.get(one.name, one.default))
    line = said.line(
        "commands.setting", label=Said(get_label(one, said), strong=True), name=Said(one.name), value=_VALUE
    )
    where = "commands.set_here" if one.name in here else "commands.set_above" if one.name in server else None
    return (
        *chain.from_iterable(
            format_value(one, value, said, SHOWN_ITEMS) if p == _VALUE else (p,) for p in line
        ),
        *((Said(said.say(where)),) if where else ()),
    )


def changes_reply(changes: Sequence[Change]) -> Reply:
    said = get_phrases()
    if not changes:
        return remark("commands.unchanged")
    return Reply(tuple(Text(_change(change, "commands.changed", said)) for change in changes))


def notice_reply(room: str, who: str, changes: Sequence[Change]) -> Reply:
    """Tell a log channel of changed settings, with the names of the room and of the person."""
    said = get_phrases()
    title = said.line("commands.notice", room=Stated(room), who=Stated(who))
    return Reply((Text(title), *(ListEntry(_change(change, "commands.changed", said)) for change in changes)))


def _change(change: Change, key: str, said: Phrases, **more: Piece) -> Line:
    one = SETTING[change.name]
    line = said.line(key, label=Said(get_label(one, said)), old=_OLD, new=_NEW, **more)
    values = {_OLD: change.old, _NEW: change.new}
    filled = (
        format_value(one, values[piece], said, SHOWN_ITEMS)
        if isinstance(piece, Said) and piece in values
        else (piece,)
        for piece in line
    )
    return tuple(chain.from_iterable(filled))


def refusal_reply(error: BadSetting | BadImport) -> Reply:
    """Say why a value or a file is not taken."""
    if isinstance(error, BadSetting):
        return Reply((Text(explain_refusal(error)),))
    first = Text((Said(get_phrases().say("commands.refused")),))
    return Reply((first, *(Text(line) for line in explain_refusals(error))))


def audit_reply(found: Sequence[AuditEntry], room: Room, names: Mapping[str, str]) -> Reply:
    """Show changes of settings. `names` of people, by their ids."""
    said = get_phrases()
    if not found:
        return remark("commands.audit_none")
    entries = []
    for one in found:
        who: Piece = Stated(names.get(one.who, one.who)) if one.who else Said(said.say("commands.somebody"))
        line = _change(one.change, "commands.audit_line", said, when=Said(_when(one.at)), who=who)
        above = () if one.place == room.id else (Said(said.say("commands.set_above")),)
        entries.append(ListEntry((*line, *above)))
    return Reply((Label((Said(said.say("commands.audit")),)), *entries))


def history_reply(found: HistoryPage, page: int, size: int) -> Reply:
    """Show one page; each entry leads to its answer, else to the article."""
    said = get_phrases()
    title = said.count("commands.history", found.total)
    if not found.total:
        return Reply((Text((Said(title),)),))
    blocks: list[ReplyBlock] = [Label((Said(title),))]
    for one in found.entries:
        there = one.place if one.place and one.place.startswith("https://") else one.url
        about = Stated(one.title or one.domain, there)
        of = Said(said.say("commands.history_pasted")) if one.pasted else Stated(one.domain)
        key = "commands.history_line" if about.text else "commands.history_line_untitled"
        line = said.line(key, when=Said(_when(one.at)), about=about, domain=of)
        flag = (Said(said.say("commands.history_flagged")),) if one.flagged else ()
        blocks.append(ListEntry((*line, *flag)))
    pages = -(-found.total // size)
    if pages > 1:
        blocks.append(SmallPrint((Said(said.say("commands.history_page", page=page + 1, pages=pages)),)))
    return Reply(tuple(blocks))


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def personal_data_reply(found: Mapping[str, int]) -> Reply:
    """Say how much of each kind is kept of a person."""
    said = get_phrases()
    kept = [said.count(f"commands.kept.{kind}", n) for kind, n in found.items() if n]
    return (
        remark("commands.privacy_kept", kept=said.list_of(kept))
        if kept
        else remark("commands.privacy_nothing")
    )


def count_reply(key: str, n: int) -> Reply:
    return Reply((Text((Said(get_phrases().count(key, n)),)),))
