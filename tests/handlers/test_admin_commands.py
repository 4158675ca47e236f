# ruff: noqa: E501  # lines of a table stand on one line

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from rich.console import Console
from sqlalchemy import insert
from typer.testing import CliRunner

from bot.history import HistoryEntry
from bot.places import Person, Room
from bot.rooms import Mode
from handlers import admin_commands, cli
from storage.engine import open_engine
from storage.history import SqlHistory
from storage.objections import SqlObjections
from storage.rooms import SqlRooms
from storage.tables import AuditRow, RoomRow
from tests.bot.written import plain
from tests.storage.databases import postgres

HEARSAY = Path(sys.executable).with_name("hearsay")
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DALE = Room("discord", "100", private=False, server="1")
LAKELAND = Room("telegram", "-200/3", private=False, server="-200")
EVIL = "\x1b[2J\x1b]0;x\x07\u202egnp\u200b\n[red]{x}"  # clears a screen, names a window, turns text round
BRIDGE = HistoryEntry(
    NOW,
    "courier.example/b",
    "https://courier.example/b",
    "courier.example",
    "The bridge at Dale",
    "Dale Courier",
    flagged=True,
    sources=2,
    hedges=3,
)
FERRY = replace(BRIDGE, key="ports.example/f", domain="ports.example", title="The ferry", flagged=False)


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


def hearsay(*words: str) -> Ended:
    found = CliRunner().invoke(cli.app, list(words))
    return Ended(found.exit_code, found.stdout, found.stderr)


def listed(*words: str) -> str:
    """What is printed where nothing goes wrong."""
    found = hearsay(*words)
    assert (found.code, found.err) == (0, "")
    return found.out


@pytest.fixture(params=["sqlite", "postgres"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path | str]:
    """Where the settings say that everything is kept; nothing is there yet."""
    monkeypatch.chdir(tmp_path)
    if request.param == "sqlite":
        monkeypatch.setenv("HEARSAY_DATABASE", str(tmp_path / "hearsay.sqlite3"))
        yield tmp_path / "hearsay.sqlite3"
    else:
        with postgres() as address:
            monkeypatch.setenv("HEARSAY_DATABASE_URL", address)
            yield address


@pytest.fixture
def full(database: Path | str) -> Path | str:
    asyncio.run(_fill(database))
    return database


async def _fill(database: Path | str) -> None:
    engine = await open_engine(database)
    rooms, history = SqlRooms(engine, lambda: NOW), SqlHistory(engine)
    domains = frozenset(f"{letter}.example" for letter in "abcdefg")
    await rooms.change("telegram", "-200/3", lambda now: now.with_value("domains_ignored", domains), None)
    await rooms.change("discord", "100", lambda now: now.with_value("mode", Mode.OFF), Person("discord", "7"))
    await rooms.change("discord", "100", lambda now: now.with_value("log_channel", None), None)
    await rooms.mark_left("telegram", "-200/3")
    await rooms.mark_left("discord", "300")
    await history.add(DALE, BRIDGE, plain(), "a1")
    await history.add(LAKELAND, FERRY, plain(), "a1")
    objections = SqlObjections(engine, lambda: NOW)
    await objections.add(DALE, None, "courier.example/b")
    await objections.add(LAKELAND, Person("telegram", "8"), "ports.example/f", "Owen Pike never said so")
    await engine.dispose()


@pytest.fixture
def hostile(database: Path | str) -> None:
    """Everything that a stranger may have written is as bad as it can be."""
    asyncio.run(_harm(database))


async def _harm(database: Path | str) -> None:
    engine = await open_engine(database)
    room = Room("discord", EVIL, private=False)
    values = {"mode": "loud" + EVIL, "gossip" + EVIL: [EVIL], "keywords_ignored": ["dale" + EVIL]}
    change = {"at": NOW, "platform": "discord", "room": EVIL, "who": EVIL, "setting": "gossip" + EVIL}
    async with engine.begin() as connection:
        await connection.execute(
            insert(RoomRow).values(platform="discord", id=EVIL, settings=values, version=1, changed=NOW)
        )
        await connection.execute(insert(AuditRow).values(change | {"old": None, "new": {"value": EVIL}}))
    await SqlHistory(engine).add(room, replace(BRIDGE, title=EVIL, domain=EVIL), plain(), "a1")
    await SqlObjections(engine, lambda: NOW).add(room, None, "courier.example/" + EVIL, EVIL)
    await engine.dispose()


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("full")
def test_rooms_are_a_table_of_what_is_set_there() -> None:
    assert listed("rooms") == snapshot("""\
Room             Changed (UTC)     Left (UTC)        What is set
discord:100      2026-11-26 12:00                    mode: off; log_channel: none
discord:300      2026-11-26 12:00  2026-11-26 12:00  nothing
telegram:-200/3  2026-11-26 12:00  2026-11-26 12:00  domains_ignored: a.example, b.example, c.example, d.example, e.example, and 2 more
""")


@pytest.mark.usefixtures("full")
def test_history_is_a_table_of_what_was_checked() -> None:
    assert listed("history") == snapshot("""\
When (UTC)        Room             Domain           Flag         Title
2026-11-26 12:00  telegram:-200/3  ports.example                 The ferry
2026-11-26 12:00  discord:100      courier.example  unconfirmed  The bridge at Dale
""")


@pytest.mark.usefixtures("full")
def test_audit_is_a_table_of_who_changed_what() -> None:
    assert listed("audit") == snapshot("""\
When (UTC)        Room             By        Setting          Change
2026-11-26 12:00  discord:100      not kept  log_channel      not set → none
2026-11-26 12:00  discord:100      7         mode             not set → off
2026-11-26 12:00  telegram:-200/3  not kept  domains_ignored  not set → a.example, b.example, c.example, d.example, e.example, and 2 more
""")


@pytest.mark.usefixtures("full")
def test_wrong_is_a_table_of_what_readers_object_to() -> None:
    assert listed("wrong") == snapshot("""\
When (UTC)        Room             Link               What the reader says
2026-11-26 12:00  telegram:-200/3  ports.example/f    Owen Pike never said so
2026-11-26 12:00  discord:100      courier.example/b
""")


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (["bri"], ["The bridge at Dale"]),
        (["dale", "bridge"], ["The bridge at Dale"]),
        (["--flagged"], ["The bridge at Dale"]),
        (["--domain", "https://www.ports.example/"], ["The ferry"]),
        (["--room", "telegram:-200/3"], ["The ferry"]),
        (["--room", "telegram:-200/3", "bridge"], []),
        (["--size", "1", "--page", "2"], ["The bridge at Dale"]),
        (["' OR 1=1 --"], []),
    ],
)
def test_a_history_is_searched(words: list[str], titles: list[str]) -> None:
    found = json.loads(listed("history", "--json", *words))
    assert [one["title"] for one in found["history"]] == titles


@pytest.mark.usefixtures("full")
def test_changes_are_those_of_one_room_where_it_is_named() -> None:
    found = json.loads(listed("audit", "--room", "discord:100", "--json"))
    assert [one["setting"] for one in found["audit"]] == ["log_channel", "mode"]


@pytest.mark.usefixtures("full")
def test_a_long_list_has_pages_and_says_so() -> None:
    first, last, beyond = (hearsay("audit", "--size", "2", "--page", str(page)) for page in (1, 2, 7))
    assert first.out.splitlines()[-1] == "Page 1 of 2, 3 in all. The next one: --page 2"
    assert last.out.splitlines()[-1] == "Page 2 of 2, 3 in all."
    assert beyond == Ended(0, "There is no page 7; the last one is 2.\n", "")
    assert len(last.out.splitlines()) == 4


def test_what_holds_nothing_says_so(database: Path | str) -> None:
    asyncio.run(_made(database))
    assert [hearsay(name).out for name in ("rooms", "history", "audit", "wrong")] == snapshot(
        [
            "No room has its own settings yet.\n",
            "No check fits.\n",
            "Nobody has changed a setting yet.\n",
            "No reader has called an answer wrong yet.\n",
        ]
    )
    assert json.loads(listed("rooms", "--json")) == {"page": 1, "pages": 0, "total": 0, "rooms": []}


async def _made(database: Path | str) -> None:
    await (await open_engine(database)).dispose()


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("full")
def test_json_holds_everything_of_an_entry() -> None:
    found = [
        json.loads(listed(name, "--json", "--size", "1")) for name in ("rooms", "history", "audit", "wrong")
    ]
    assert found == snapshot(
        [
            {
                "page": 1,
                "pages": 3,
                "total": 3,
                "rooms": [
                    {
                        "platform": "discord",
                        "id": "100",
                        "settings": {"mode": "off", "log_channel": None},
                        "changed": "2026-11-26T12:00:00+00:00",
                        "left": None,
                    }
                ],
            },
            {
                "page": 1,
                "pages": 2,
                "total": 2,
                "history": [
                    {
                        "platform": "telegram",
                        "room": "-200/3",
                        "at": "2026-11-26T12:00:00+00:00",
                        "key": "ports.example/f",
                        "url": "https://courier.example/b",
                        "domain": "ports.example",
                        "title": "The ferry",
                        "outlet": "Dale Courier",
                        "flagged": False,
                        "sources": 2,
                        "hedges": 3,
                        "pasted": False,
                        "spoiler": False,
                        "place": None,
                    }
                ],
            },
            {
                "page": 1,
                "pages": 3,
                "total": 3,
                "audit": [
                    {
                        "at": "2026-11-26T12:00:00+00:00",
                        "platform": "discord",
                        "room": "100",
                        "who": None,
                        "setting": "log_channel",
                        "old": None,
                        "new": {"value": None},
                    }
                ],
            },
            {
                "page": 1,
                "pages": 2,
                "total": 2,
                "wrong": [
                    {
                        "at": "2026-11-26T12:00:00+00:00",
                        "platform": "telegram",
                        "room": "-200/3",
                        "who": "8",
                        "key": "ports.example/f",
                        "note": "Owen Pike never said so",
                    }
                ],
            },
        ]
    )


# ── strangers' words ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("name", ["rooms", "history", "audit", "wrong"])
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_no_list_lets_a_stranger_reach_the_terminal(name: str, form: tuple[str, ...]) -> None:
    found = hearsay(name, *form)
    assert found.code == 0
    assert found.out.replace("\n", "").isprintable()
    assert "[red]{x}" in found.out


@pytest.mark.usefixtures("hostile")
def test_what_this_hearsay_does_not_know_is_listed_as_it_is_written() -> None:
    kept = hearsay("rooms").out
    assert 'mode: "loud' in kept
    assert 'gossip[2J]0;xgnp [red]{x}: ["' in kept


# ── what goes wrong ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["rooms", "history", "audit", "wrong"])
def test_a_list_makes_no_database(database: Path | str, name: str) -> None:
    found = hearsay(name)
    assert (found.code, found.out) == (2, "")
    if isinstance(database, Path):
        assert found.err == f"There is no database {database} yet: Hearsay makes it when it first starts.\n"
        assert not database.exists()
    else:
        assert "is not ready to be read" in found.err
        assert found.err.count("\n") == 1


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["history", "--room", "dale"],
            "“dale” is not a room: write the platform, a colon and the id, as in discord:1234.",
        ),
        (
            ["audit", "--room", ":5\x1b[2J"],
            "“:5[2J” is not a room: write the platform, a colon and the id, as in discord:1234.",
        ),
        (
            ["history", "--domain", "no domain"],
            "“no domain” is not a domain; write it like news.example.",
        ),
        (["history", "👍"], "This search has no word in it. Type the beginning of a word."),
        (["history", "👍", "--room", "dale"], "This search has no word in it. Type the beginning of a word."),
    ],
)
def test_what_cannot_be_sought_is_one_sentence(words: list[str], sentence: str) -> None:
    assert hearsay(*words) == Ended(2, "", sentence + "\n")


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    "words", [["--page", "0"], ["--size", "0"], ["--page", "9" * 30], ["--size", "1001"], ["--page", "x"]]
)
def test_a_page_that_cannot_be_is_bad_usage(words: list[str]) -> None:
    assert hearsay("rooms", *words).code == 2


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("name", ["rooms", "history", "audit", "wrong"])
def test_the_largest_page_is_only_beyond_the_last(name: str) -> None:
    assert hearsay(name, "--page", "1000000", "--size", "1000").out == (
        "There is no page 1000000; the last one is 1.\n"
    )


# ── backup ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A SQLite database in a folder that is its own; a copy is of SQLite alone."""
    path = tmp_path / "hearsay.sqlite3"
    asyncio.run(_fill(path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEARSAY_DATABASE", str(path))
    return path


def run(*words: str, **env: str) -> Ended:
    """A process of its own."""
    done = subprocess.run(
        [HEARSAY, *words], capture_output=True, timeout=120, env={**os.environ, **env}, check=False
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_backup_is_a_copy_in_a_file_of_its_own(file: Path) -> None:
    found = run("backup", "copy of may.sqlite3")
    copy = file.with_name("copy of may.sqlite3")
    size = f"{copy.stat().st_size:,}"
    assert found == Ended(
        0, f"copy of may.sqlite3 now holds everything: {size} bytes. SQLite finds no fault in it.\n", ""
    )
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert run("history", HEARSAY_DATABASE=str(copy)) == run("history")


def test_a_backup_is_never_written_over_anything(file: Path) -> None:
    mine = file.with_name("mine")
    mine.write_text("mine")
    assert run("backup", "mine") == Ended(
        2, "", "mine is there already, and a backup is never written over it.\n"
    )
    assert mine.read_text() == "mine"


def test_without_a_database_there_is_no_backup(file: Path) -> None:
    file.unlink()
    assert run("backup", "copy") == Ended(
        2, "", f"There is no database {file} yet: Hearsay makes it when it first starts.\n"
    )
    assert list(file.parent.iterdir()) == []


def test_a_backup_can_be_made_while_hearsay_holds_the_lock_to_write(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as writing:
        writing.execute("BEGIN IMMEDIATE")
        writing.execute("DELETE FROM wrong")
        assert run("backup", "copy").code == 0
        assert run("wrong", "--json") == run("wrong", "--json", HEARSAY_DATABASE=str(file.with_name("copy")))


def test_postgresql_has_a_tool_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HEARSAY_DATABASE_URL", "postgresql://owen:secret@127.0.0.1:1/hearsay")
    found = hearsay("backup", str(tmp_path / "copy"))
    assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)
    assert "pg_dump" in found.err
    assert "secret" not in found.err


# ── around them ─────────────────────────────────────────────────────────────────────────────────────


def test_a_terminal_folds_what_is_too_wide_and_loses_nothing() -> None:
    cells = {"when": "2026-11-26 12:00", "room": "discord:" + "1" * 30, "title": "bridge " * 20}
    out = StringIO()
    Console(file=out, width=60, markup=False).print(
        admin_commands._TrimmedTable(admin_commands._table([cells]))
    )
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 60
    assert out.getvalue().count("bridge") == 20
    assert out.getvalue().count("1") == 30 + 3
    assert all(line == line.rstrip() for line in lines)


def test_help_names_each_of_them_with_its_options() -> None:
    runner = CliRunner(env={"COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb"})
    overview = runner.invoke(cli.app, ["--help"]).stdout
    assert all(f"{name} " in overview for name in ("rooms", "history", "audit", "wrong", "backup"))
    for name in ("rooms", "history", "audit", "wrong"):
        shown = runner.invoke(cli.app, [name, "--help"]).stdout
        assert all(option in shown for option in ("--page", "--size", "--json"))
    assert "pg_dump" in runner.invoke(cli.app, ["backup", "--help"]).stdout


def test_the_command_line_starts_without_what_lists_need() -> None:
    script = "import sys; from handlers import cli; print([m for m in sys.modules if m in ('sqlalchemy', 'alembic', 'handlers.admin_commands')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=120, check=True)
    assert done.stdout == b"[]\n"
