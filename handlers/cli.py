"""The command line. Only what every command needs is imported here: reader processes import it again."""

from __future__ import annotations

import errno
import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import IntEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

import typer

from bot.errors import CannotCheck
from bot.model import Report
from bot.replies import Style
from handlers.startup_errors import StartupError

# ruff: noqa: PLC0415  # every command imports what it alone needs, so that none waits for another's

SIZE: Final = 20  # entries of a list's page
_NOT_WRITTEN: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
_log = logging.getLogger(__name__)

ABOUT: Final = """Read a news article and answer in its own words: what is reported, who says so, how sure
the article itself is, and where the originals are. Hearsay never says whether something is true.

Start with `hearsay run` and paste a link, or check a page that you saved: `hearsay check page.html`."""

CHECK: Final = """Check one article: an address, a saved page, a plain text, or `-` for standard input.

A saved page or text works offline. Exit codes: 0 something was found, 1 nothing was found (no
words of doubt, no unnamed sources), 2 bad usage, 3 the article could not be read, 74 the answer could not be
written.

Examples: `hearsay check https://example.com/news`, `hearsay check page.html --url https://example.com/news`,
`pbpaste | hearsay check - --style full`, `hearsay check page.html --json > report.json`,
`hearsay check page.html --why`"""

EXPLAIN: Final = """Show what the rules see in a few sentences: for whoever mends a rule or a word list.

First each sentence: its words, chunks, quotations, attributions, words of doubt and caveats. Then the whole:
sources, names, claim, and where it comes from. The rule and the word-list entry stand with each finding.

Examples: `hearsay explain "Mara Venn said that the bridge could fall."`, `pbpaste | hearsay explain -`"""

LANGUAGE: Final = "The language to read it in, as in `en`; English where there are no word lists for it."
WHY: Final = "Add the rule and the word-list entry behind each finding; JSON always has them."

BATCH: Final = """Read many articles: JSON lines in, one report a line out, in the same order, on every core.

A line in is `{"id": "a", "text": "…"}` or `{"id": "b", "html": "…", "url": "…"}`. A bad line gets a report
with an `error`, and the batch goes on. Progress stands on standard error when that is a terminal.

Example: `hearsay batch < articles.jsonl > reports.jsonl`"""

VERIFY: Final = """Prove a stored report again, offline: its quotations, names, who quotes whom, its sha256.

With `--page`, also whether the saved page, read again, gives the same text. The file holds one report or,
as `hearsay batch` writes them, one a line. Exit codes: 0 all holds, 1 something does not, 3 not readable."""

RUN: Final = """Start Hearsay: on Discord and Telegram where a token is set, otherwise as a chat right here.

Settings are read from the environment or a `.env` file:

- `HEARSAY_DISCORD_TOKEN`, `HEARSAY_TELEGRAM_TOKEN`: start that platform; both may be set
- `HEARSAY_DISCORD_SHARD_ID`, `HEARSAY_DISCORD_SHARD_COUNT`: which of how many processes (0 of 1)
- `HEARSAY_TELEGRAM_WEBHOOK_URL`: where Telegram brings updates, instead of polling, with
  `HEARSAY_TELEGRAM_WEBHOOK_LISTEN`, `HEARSAY_TELEGRAM_WEBHOOK_PORT`, `HEARSAY_TELEGRAM_WEBHOOK_SECRET`
- `HEARSAY_DATABASE`: the SQLite file in which everything is kept
- `HEARSAY_DATABASE_URL`: a PostgreSQL database instead of that file
- `HEARSAY_RETENTION_DAYS`: how long reports are kept (30)
- `HEARSAY_READERS`: how many pages are read at once (2); 0 leaves all of them to `hearsay worker`
- `HEARSAY_OPERATIONS_LISTEN`, `HEARSAY_OPERATIONS_PORT`: where /healthz, /readyz and /metrics are answered
- `HEARSAY_CONTACT`: an address or page that web sites find in the User-Agent
- `HEARSAY_LOG_FORMAT`: `human` or `json`; `HEARSAY_LOG_LEVEL`: `debug`, `info`, `warning` or `error`
- `HEARSAY_LOG_FILE`: where the terminal chat and the other commands log what went wrong
- `HEARSAY_ALLOW_LOOPBACK`: also read pages on this machine; for developers only"""

ROOMS: Final = (
    "List the rooms and servers where something is set: what, since when, and whether Hearsay has left."
)

WORKER: Final = """Check links for the bots that share a PostgreSQL database, until stopped.

Any number of workers may run, on any number of machines. Each has `HEARSAY_READERS` reader processes
and needs no token. `HEARSAY_DATABASE_URL` names the database. A bot started with `HEARSAY_READERS=0` reads
no page itself. Give each worker on a machine its own `HEARSAY_OPERATIONS_PORT`, or 0."""

DOCTOR: Final = """Check everything that a start needs: settings, clock, database, readers, port and tokens.

Looking changes nothing. Exit codes: 0 nothing stands in the way, 1 something does, 2 settings are wrong."""

HISTORY: Final = """List what was checked, newest first, in every room or in one.

WORDS are beginnings of words in titles, outlets, domains and names of sources.

Examples: `hearsay history bridge`,
`hearsay history --room discord:1234 --flagged --domain courier.example`"""

AUDIT: Final = "List who changed which setting, newest first, in every room or in one."

WRONG: Final = (
    "List the answers that readers called wrong, newest first. They are for review, and never published."
)

BACKUP: Final = """Copy the SQLite database into a new file, also while Hearsay runs, and check the copy.

It never writes over a file. A database in PostgreSQL is backed up with PostgreSQL's own `pg_dump`."""

app = typer.Typer(
    name="hearsay",
    help=ABOUT,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


discord_app = typer.Typer(help="Set up Discord: register the commands, invite the bot.", no_args_is_help=True)
app.add_typer(discord_app, name="discord")


class Exit(IntEnum):
    """The exit codes of a command; 2 is bad usage, settings included."""

    FOUND = 0
    NOTHING = 1
    USAGE = 2
    NOT_READ = 3
    FAULT = 70  # as sysexits.h has it
    NOT_WRITTEN = 74  # as sysexits.h has it
    STOPPED = 130  # as shells have it


def main() -> None:
    """The whole command line, on the standard streams."""
    if not _open_streams():
        _say("Standard output is closed, so there is nowhere to put an answer.")
        sys.exit(Exit.NOT_WRITTEN)
    from handlers.logs import log_to_file
    from handlers.paths import log_file

    log_to_file(log_file())
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads would fight the reader processes
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without our quotation marks still gets the rest
    try:
        app()
    except OSError as problem:  # of the help, which no command of ours prints
        sys.exit(_exit_unwritten(problem).exit_code)


def _open_streams() -> bool:
    """Return True if there is a standard output. A closed input holds nothing, and closed errors go nowhere.

    Opened anew, their numbers are not given to the next file that is opened.
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open()  # noqa: SIM115  # open until the process ends
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115  # as above
    return sys.stdout is not None


def _version(asked: bool) -> None:  # noqa: FBT001  # typer calls it so
    if asked:
        with _report_errors():
            typer.echo(f"hearsay {version('hearsay-bot')}")
        raise typer.Exit


@app.callback()
def hearsay(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None: ...


@app.command(help=CHECK)
def check(
    target: Annotated[str, typer.Argument(metavar="URL|FILE", help="What to check.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON (schema 1).")] = False,
    style: Annotated[Style, typer.Option(help="How long the answer is.")] = "card",
    url: Annotated[str | None, typer.Option(help="The address that a saved page comes from.")] = None,
    why: Annotated[bool, typer.Option("--why", help=WHY)] = False,
) -> None:
    with _report_errors():
        from handlers.check_command import check_target

        try:
            report = check_target(target, url)
        except CannotCheck as error:
            if as_json:
                _print_failure(error)
            raise
        if as_json:
            _print_json(report)
        else:
            _print_reply(report, style)
            if why:
                _print_reasons(report)
        raise typer.Exit(_exit_code(report))


@app.command(help=EXPLAIN)
def explain(
    sentence: Annotated[str, typer.Argument(metavar="SENTENCE", help="The text; - for standard input.")],
    *,
    language: Annotated[str | None, typer.Option(help=LANGUAGE)] = None,
) -> None:
    with _report_errors():
        from handlers.explain_command import explain_text, render_analysis
        from handlers.terminal.screen import screen

        found = explain_text(sentence, language)
        screen().print(render_analysis(found, language))


@app.command(help=BATCH)
def batch() -> None:
    with _report_errors():
        from handlers.batch import main as run_batch

        run_batch()


@app.command(help=VERIFY)
def verify(
    file: Annotated[str, typer.Argument(metavar="REPORT.json", help="The report; - for standard input.")],
    *,
    page: Annotated[str | None, typer.Option(help="The saved page or text to read again.")] = None,
    url: Annotated[str | None, typer.Option(help="The address that the saved page comes from.")] = None,
) -> None:
    with _report_errors():
        from handlers.check_command import read_saved_article
        from handlers.verify import Unreadable, read_report_file, verdicts

        again = read_saved_article(page, url) if page else None
        holds = True
        try:
            for verdict in verdicts(read_report_file(file), again):
                typer.echo(verdict.sentence)
                holds = holds and verdict.holds
        except Unreadable as problem:
            raise _exit_with(str(problem), Exit.NOT_READ) from None
        raise typer.Exit(Exit.FOUND if holds else Exit.NOTHING)


@app.command(help=RUN)
def run() -> None:
    with _report_errors():
        from handlers.app import main as run_app

        run_app()


@app.command(help=WORKER)
def worker() -> None:
    with _report_errors():
        from handlers.app import run_worker

        run_worker()


@app.command(help=DOCTOR)
def doctor() -> None:
    with _report_errors():
        from handlers.doctor import print_checks
        from handlers.settings import read_settings

        well = print_checks(read_settings(), typer.echo)
        raise typer.Exit(Exit.FOUND if well else Exit.NOTHING)


@discord_app.command(help="Tell Discord about the commands; once, and after an update that changes them.")
def sync() -> None:
    with _report_errors():
        from handlers.discord.setup_commands import sync_commands
        from handlers.settings import read_settings

        typer.echo(sync_commands(read_settings().discord_token))


@discord_app.command(help="Print the link that invites the bot with exactly the permissions it needs.")
def invite() -> None:
    with _report_errors():
        from handlers.discord.setup_commands import invitation_link
        from handlers.settings import read_settings

        typer.echo(invitation_link(read_settings().discord_token))


# ── lists for whoever runs Hearsay ──────────────────────────────────────────────────────────────────

Page = Annotated[int, typer.Option(min=1, max=1_000_000, help="Which page of the list.")]
Size = Annotated[int, typer.Option(min=1, max=1000, help="How many entries a page has.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the page as JSON.")]
OneRoom = Annotated[str | None, typer.Option("--room", metavar="PLATFORM:ID", help="Only this room.")]


@app.command(help=ROOMS)
def rooms(*, page: Page = 1, size: Size = SIZE, as_json: AsJson = False) -> None:
    with _report_errors():
        from handlers import admin_commands

        admin_commands.rooms(admin_commands.ListOptions(page, size, as_json))


@app.command(help=HISTORY)
def history(
    sought: Annotated[list[str] | None, typer.Argument(metavar="[WORDS]", help="What to search for.")] = None,
    *,
    room: OneRoom = None,
    flagged: Annotated[
        bool, typer.Option("--flagged", help="Only what says itself it is unconfirmed.")
    ] = False,
    domain: Annotated[str | None, typer.Option(help="Only this domain and those below it.")] = None,
    page: Page = 1,
    size: Size = SIZE,
    as_json: AsJson = False,
) -> None:
    with _report_errors():
        from handlers import admin_commands

        shape = admin_commands.ListOptions(page, size, as_json)
        admin_commands.history(shape, sought or (), room, domain, flagged=flagged)


@app.command(help=AUDIT)
def audit(*, room: OneRoom = None, page: Page = 1, size: Size = SIZE, as_json: AsJson = False) -> None:
    with _report_errors():
        from handlers import admin_commands

        admin_commands.audit(admin_commands.ListOptions(page, size, as_json), room)


@app.command(help=WRONG)
def wrong(*, page: Page = 1, size: Size = SIZE, as_json: AsJson = False) -> None:
    with _report_errors():
        from handlers import admin_commands

        admin_commands.wrong(admin_commands.ListOptions(page, size, as_json))


@app.command(help=BACKUP)
def backup(file: Annotated[str, typer.Argument(metavar="FILE", help="The copy; not there yet.")]) -> None:
    with _report_errors():
        from handlers.admin_commands import back_up

        typer.echo(back_up(file))


# ── printing ────────────────────────────────────────────────────────────────────────────────────────


def _print_json(report: Report) -> None:
    from bot.report_json import to_json

    typer.echo(json.dumps(to_json(report), indent=2))


def _print_failure(error: CannotCheck) -> None:
    from bot.replying.failures import sentence
    from bot.report_json import failure_to_json

    typer.echo(json.dumps(failure_to_json(error, message=sentence(error)), indent=2))


def _print_reply(report: Report, style: Style) -> None:
    from bot.reading.languages.registry import readable_languages
    from bot.replying.reply import reply
    from handlers.terminal.render import render
    from handlers.terminal.screen import screen

    console = screen()
    answer = reply(report, now=datetime.now(UTC), languages=readable_languages(), style=style)
    console.print(render(answer))
    if console.is_terminal and style != "full":
        typer.secho("\nEvery source and word of doubt: add --style full", err=True, dim=True)


def _print_reasons(report: Report) -> None:
    from bot.replying.explanations import reasons
    from handlers.terminal.render import render
    from handlers.terminal.screen import screen

    console = screen()
    console.print()
    console.print(render(reasons(report)))


def _exit_code(report: Report) -> Exit:
    from bot.replying.lines import nothing_found

    return Exit.NOTHING if nothing_found(report) else Exit.FOUND


# ── what goes wrong ─────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _report_errors() -> Iterator[None]:
    """Say as one sentence on standard error whatever ends a command early; the log has the rest."""
    try:
        yield
    except typer.Exit:
        raise
    except KeyboardInterrupt:
        _say("Stopped.")
        raise typer.Exit(Exit.STOPPED) from None
    except CannotCheck as error:
        from bot.replying.failures import sentence
        from handlers.inputs import hint

        raise _exit_with(sentence(error) + hint(error), Exit.NOT_READ) from None
    except OSError as problem:
        raise _exit_unwritten(problem) from None
    except Exception as problem:  # noqa: BLE001  # the last place where a fault can be said
        raise _exit_with_fault(problem) from None


def _exit_unwritten(problem: OSError) -> typer.Exit:
    """A reader that went away wants no more; a full disk is said."""
    if not isinstance(problem, BrokenPipeError) and problem.errno not in _NOT_WRITTEN:
        return _exit_with_fault(problem)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that closing it cannot fail again
    if isinstance(problem, BrokenPipeError):
        return typer.Exit(Exit.FOUND)
    return _exit_with(f"The answer could not be written: {problem.strerror}.", Exit.NOT_WRITTEN)


def _exit_with_fault(problem: Exception) -> typer.Exit:
    from handlers.paths import log_file

    if isinstance(problem, StartupError):
        return _exit_with(str(problem), Exit.USAGE)
    _log.error("a command failed", exc_info=problem)
    return _exit_with(f"Something went wrong in Hearsay itself; the details are in {log_file()}.", Exit.FAULT)


def _exit_with(sentence: str, code: Exit) -> typer.Exit:
    from bot.replying.sanitize import inert

    _say(inert(sentence))  # it may name a file, and file names are strangers' words too
    return typer.Exit(code)


def _say(sentence: str) -> None:
    with suppress(OSError):  # the exit code still tells it
        typer.echo(sentence, err=True)
