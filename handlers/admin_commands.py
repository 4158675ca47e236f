"""`hearsay rooms`, `history`, `audit`, `wrong` and `backup`: what is kept, for whoever runs Hearsay.

Ids, titles and values are strangers' words: every cell goes through `sanitize`, and JSON is plain ASCII.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

import typer
from rich.console import Console, ConsoleOptions, RenderResult
from rich.style import Style
from rich.table import Table
from rich.text import Text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.history import Query
from bot.places import Room
from bot.replies import Quoted
from bot.replying.phrasebook import get_phrases
from bot.replying.rooms import format_value
from bot.replying.sanitize import sanitize
from bot.room_settings.definitions import SETTING, BadSetting
from bot.room_settings.domains import parse_domain
from bot.room_settings.overrides import Overrides
from handlers.settings import database_location, read_settings
from handlers.startup_errors import StartupError
from handlers.terminal.screen import screen
from storage.backup import backup
from storage.engine import CannotStore
from storage.listing import ListedAnswer, ListedChange, ListedRoom, ListPage, SqlLists
from storage.objections import Objection, SqlObjections
from storage.read_only import open_read_only

T = TypeVar("T")
Entry = ListedRoom | ListedAnswer | ListedChange | Objection
E = TypeVar("E", ListedRoom, ListedAnswer, ListedChange, Objection)
Cells = Mapping[str, str]  # by the name of their column; the last one takes what room there is

WIDEST: Final = 60  # columns of a cell that is not the last
ITEMS: Final = 5  # of a setting that is a list
_MOMENTS: Final = frozenset({"when", "changed", "left"})
_HEAD: Final = Style(bold=True, color="cyan")
_FINE: Final = Style(dim=True)


@dataclass(frozen=True, slots=True)
class ListOptions:
    """A page of a list, numbered from 1, and how it is printed."""

    page: int
    size: int
    as_json: bool


def rooms(options: ListOptions) -> None:
    """Print rooms and servers with what is set there. Raises StartupError, as the others do."""
    found = _query_database(lambda engine: SqlLists(engine).rooms(options.page - 1, options.size))
    _print_page("rooms", options, found)


def history(
    options: ListOptions, sought: Sequence[str], room: str | None, within: str | None, *, flagged: bool
) -> None:
    """Print answers, of every room or of one."""
    name = None if within is None else parse_domain(within)
    if within is not None and name is None:
        raise StartupError(get_phrases().say("rooms.faults.domain", item=within))
    query = Query(" ".join(sought), name, flagged)
    if query.futile:
        raise StartupError(get_phrases().say("commands.history_futile"))
    where = _parse_room(room)
    found = _query_database(
        lambda engine: SqlLists(engine).answers(query, where, options.page - 1, options.size)
    )
    _print_page("history", options, found)


def audit(options: ListOptions, room: str | None) -> None:
    """Print changes of settings, of every room or of one."""
    where = _parse_room(room)
    found = _query_database(lambda engine: SqlLists(engine).changes(where, options.page - 1, options.size))
    _print_page("audit", options, found)


def wrong(options: ListOptions) -> None:
    """Print what readers called wrong."""

    async def fetch(engine: AsyncEngine) -> ListPage[Objection]:
        kept = SqlObjections(engine, lambda: datetime.now(UTC))
        return ListPage(await kept.latest(options.page - 1, options.size), await kept.count())

    _print_page("wrong", options, _query_database(fetch))


def back_up(file: str) -> str:
    """Copy the SQLite database into a new file; the sentence that says so."""
    where = database_location(read_settings())
    if isinstance(where, str):
        raise StartupError(_say("pg_dump"))
    try:
        size = backup(where, Path(file))
    except CannotStore as problem:
        raise StartupError(str(problem)) from problem
    return sanitize(_say("backed_up", file=file, size=f"{size:,}"))


# ── what is asked ───────────────────────────────────────────────────────────────────────────────────


def _parse_room(given: str | None) -> Room | None:
    if given is None:
        return None
    platform, _, ident = given.partition(":")
    if not platform or not ident:
        raise StartupError(_say("bad_room", room=given))
    return Room(platform, ident, private=False)


def _query_database(question: Callable[[AsyncEngine], Awaitable[ListPage[T]]]) -> ListPage[T]:
    async def run() -> ListPage[T]:
        async with open_read_only(database_location(read_settings())) as engine:
            return await question(engine)

    try:
        return asyncio.run(run())
    except CannotStore as problem:
        raise StartupError(str(problem)) from problem


# ── an entry as cells ───────────────────────────────────────────────────────────────────────────────


def _cells(one: Entry) -> Cells:
    place = _say("room", platform=one.platform, room=one.id if isinstance(one, ListedRoom) else one.room)
    match one:
        case ListedRoom(settings=settings):
            given = (_say("setting", name=key, value=_display_value(key, settings[key])) for key in settings)
            return {
                "room": place,
                "changed": _format_time(one.changed),
                "left": _format_time(one.left) if one.left else "",
                "set": _say("setting_gap").join(given) or _say("nothing_set"),
            }
        case ListedAnswer(answered=answered):
            return {
                "when": _format_time(answered.at),
                "room": place,
                "domain": answered.domain,
                "flag": _say("flagged") if answered.flagged else "",
                "title": answered.title,
            }
        case ListedChange(setting=setting):
            not_set = get_phrases().say("rooms.not_set")
            old, new = (
                not_set if written is None else _display_value(setting, written.get("value"))
                for written in (one.old, one.new)
            )
            change = _say("change", old=old, new=new)
            who = one.who or _say("by_nobody")
            return {
                "when": _format_time(one.at), "room": place, "who": who, "setting": setting, "change": change,
            }  # fmt: skip
        case Objection():
            return {"when": _format_time(one.at), "room": place, "link": one.key, "note": one.note}


def _format_time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _display_value(name: str, found: object) -> str:
    """Return a value as a person reads it; one that this Hearsay does not know stays as it is written."""
    try:
        value = Overrides.from_json({name: found})[name]
    except BadSetting:
        return json.dumps(found, ensure_ascii=False)
    line = format_value(SETTING[name], value, most=ITEMS)
    return "".join(piece.text for piece in line if not isinstance(piece, Quoted))


# ── printing ────────────────────────────────────────────────────────────────────────────────────────


def _print_page(name: str, options: ListOptions, found: ListPage[E]) -> None:
    pages = -(-found.total // options.size)
    if options.as_json:
        entries = [asdict(one) for one in found.entries]
        for entry in entries:  # what an answer says stands beside the room where it was given
            entry.update(entry.pop("answered", {}))
        whole = {"page": options.page, "pages": pages, "total": found.total, name: entries}
        text = json.dumps(whole, indent=2, default=datetime.isoformat)
        typer.echo(text.replace("\x7f", "\\u007f"))  # the one control character that is ASCII and not escaped
        return
    out = screen()
    if not found.entries:
        out.print(_say("beyond", page=options.page, pages=pages) if pages else _say(f"none.{name}"))
        return
    out.print(_TrimmedTable(_table([_cells(one) for one in found.entries])))
    if pages > 1:
        key = "page" if options.page < pages else "last_page"
        facts = {"page": options.page, "pages": pages, "total": found.total, "next": options.page + 1}
        out.print(Text("\n" + _say(key, **facts), _FINE))


def _table(rows: Sequence[Cells]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=_HEAD)
    last = list(rows[0])[-1]
    for name in rows[0]:
        width = None if name == last else WIDEST
        head = Text(_say(f"heads.{name}"))
        table.add_column(head, max_width=width, overflow="fold", no_wrap=name in _MOMENTS)
    for cells in rows:
        table.add_row(*(Text(sanitize(cell)) for cell in cells.values()))
    return table


class _TrimmedTable:
    """A table without the blanks that fill up its lines."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in console.render_lines(self._table, options, pad=False):
            row = Text.assemble(*((piece.text, piece.style or "") for piece in line))
            row.rstrip()
            yield row


def _say(key: str, **facts: object) -> str:
    return get_phrases().say(f"lists.{key}", **facts)
