"""The command line. Only what every command needs is imported here: reader processes import it again."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.errors import CannotCheck
from bot.model import Report
from bot.replies import Style
from handlers import cli_texts
from handlers.cli_exits import Exit, exit_unwritten, exit_with, report_errors, say

if TYPE_CHECKING:
    from handlers.settings import EnvironmentSettings

# ruff: noqa: PLC0415  # every command imports what it alone needs, so that none waits for another's

SIZE: Final = 20  # entries of a list's page

app = typer.Typer(
    name="hearsay",
    help=cli_texts.ABOUT,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


discord_app = typer.Typer(help="Set up Discord: register the commands, invite the bot.", no_args_is_help=True)
app.add_typer(discord_app, name="discord")


def main() -> None:
    """The whole command line, on the standard streams."""
    if not _open_streams():
        say("Standard output is closed, so there is nowhere to put an answer.")
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
        sys.exit(exit_unwritten(problem).exit_code)


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
        with report_errors():
            typer.echo(f"hearsay {version('hearsay-bot')}")
        raise typer.Exit


@app.callback()
def hearsay(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None: ...


@app.command(help=cli_texts.CHECK)
def check(
    target: Annotated[str, typer.Argument(metavar="URL|FILE", help="What to check.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON (schema 1).")] = False,
    style: Annotated[Style, typer.Option(help="How long the answer is.")] = "card",
    url: Annotated[str | None, typer.Option(help="The address that a saved page comes from.")] = None,
    why: Annotated[bool, typer.Option("--why", help=cli_texts.WHY)] = False,
) -> None:
    with report_errors():
        from handlers.check_command import check_target

        _require_weights()
        try:
            report = check_target(target, url)
        except CannotCheck as error:
            if as_json:
                from bot.replying.failures import explain_failure
                from bot.report_json import failure_to_json

                typer.echo(json.dumps(failure_to_json(error, message=explain_failure(error)), indent=2))
            raise
        if as_json:
            from bot.report_json import to_json

            typer.echo(json.dumps(to_json(report), indent=2))
        else:
            _print_reply(report, style, why=why)
        from bot.replying.lines import has_no_findings

        raise typer.Exit(Exit.NOTHING if has_no_findings(report) else Exit.FOUND)


@app.command(help=cli_texts.EXPLAIN)
def explain(
    sentence: Annotated[str, typer.Argument(metavar="SENTENCE", help="The text; - for standard input.")],
    *,
    language: Annotated[str | None, typer.Option(help=cli_texts.LANGUAGE)] = None,
) -> None:
    with report_errors():
        from handlers.explain_command import explain_text, render_analysis
        from handlers.terminal.screen import screen

        _require_weights()
        found = explain_text(sentence, language)
        screen().print(render_analysis(found, language))


@app.command(help=cli_texts.BATCH)
def batch() -> None:
    with report_errors():
        from handlers.batch import main as run_batch

        _require_weights()
        run_batch()


@app.command(help=cli_texts.VERIFY)
def verify(
    file: Annotated[str, typer.Argument(metavar="REPORT.json", help="The report; - for standard input.")],
    *,
    page: Annotated[str | None, typer.Option(help="The saved page or text to read again.")] = None,
    url: Annotated[str | None, typer.Option(help="The address that the saved page comes from.")] = None,
) -> None:
    with report_errors():
        from handlers.check_command import read_saved_article
        from handlers.verify import Unreadable, read_report_file, verdicts

        again = read_saved_article(page, url) if page else None
        holds = True
        try:
            for verdict in verdicts(read_report_file(file), again):
                typer.echo(verdict.sentence)
                holds = holds and verdict.holds
        except Unreadable as problem:
            raise exit_with(str(problem), Exit.NOT_READ) from None
        raise typer.Exit(Exit.FOUND if holds else Exit.NOTHING)


@app.command(help=cli_texts.RUN)
def run() -> None:
    with report_errors():
        from handlers.app import main as run_app

        _require_weights()
        run_app()


@app.command(help=cli_texts.WORKER)
def worker() -> None:
    with report_errors():
        from handlers.app import run_worker

        _require_weights()
        run_worker()


def _require_weights() -> None:
    """Raise StartupError before anything is read with weights that cannot be used."""
    from handlers.weights import require_weights

    require_weights()


def _read_settings() -> EnvironmentSettings:
    """Return the settings, and keep their secrets out of the log file."""
    from handlers.logs import redact_log_file
    from handlers.settings import read_settings, secret_values

    settings = read_settings()
    redact_log_file(secret_values(settings))
    return settings


@app.command(help=cli_texts.DOCTOR)
def doctor() -> None:
    with report_errors():
        from handlers.doctor import print_checks

        well = print_checks(_read_settings(), typer.echo)
        raise typer.Exit(Exit.FOUND if well else Exit.NOTHING)


@discord_app.command(help="Tell Discord about the commands; once, and after an update that changes them.")
def sync() -> None:
    with report_errors():
        from handlers.discord.setup_commands import sync_commands

        typer.echo(sync_commands(_read_settings().discord_token))


@discord_app.command(help="Print the link that invites the bot with exactly the permissions it needs.")
def invite() -> None:
    with report_errors():
        from handlers.discord.setup_commands import invitation_link

        typer.echo(invitation_link(_read_settings().discord_token))


# ── lists for whoever runs Hearsay ──────────────────────────────────────────────────────────────────

Page = Annotated[int, typer.Option(min=1, max=1_000_000, help="Which page of the list.")]
Size = Annotated[int, typer.Option(min=1, max=1000, help="How many entries a page has.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the page as JSON.")]
OneRoom = Annotated[str | None, typer.Option("--room", metavar="PLATFORM:ID", help="Only this room.")]


@app.command(help=cli_texts.ROOMS)
def rooms(*, page: Page = 1, size: Size = SIZE, as_json: AsJson = False) -> None:
    with report_errors():
        from handlers import admin_commands

        admin_commands.rooms(admin_commands.ListOptions(page, size, as_json))


@app.command(help=cli_texts.HISTORY)
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
    with report_errors():
        from handlers import admin_commands

        options = admin_commands.ListOptions(page, size, as_json)
        admin_commands.history(options, sought or (), room, domain, flagged=flagged)


@app.command(help=cli_texts.AUDIT)
def audit(*, room: OneRoom = None, page: Page = 1, size: Size = SIZE, as_json: AsJson = False) -> None:
    with report_errors():
        from handlers import admin_commands

        admin_commands.audit(admin_commands.ListOptions(page, size, as_json), room)


@app.command(help=cli_texts.WRONG)
def wrong(*, page: Page = 1, size: Size = SIZE, as_json: AsJson = False) -> None:
    with report_errors():
        from handlers import admin_commands

        admin_commands.wrong(admin_commands.ListOptions(page, size, as_json))


@app.command(help=cli_texts.BACKUP)
def backup(file: Annotated[str, typer.Argument(metavar="FILE", help="The copy; not there yet.")]) -> None:
    with report_errors():
        from handlers.admin_commands import back_up

        typer.echo(back_up(file))


# ── printing ────────────────────────────────────────────────────────────────────────────────────────


def _print_reply(report: Report, style: Style, *, why: bool) -> None:
    from bot.reading.languages.registry import readable_languages
    from bot.replying.reply import compose_reply
    from handlers.terminal.render import render
    from handlers.terminal.screen import screen

    console = screen()
    answer = compose_reply(report, now=datetime.now(UTC), languages=readable_languages(), style=style)
    console.print(render(answer))
    if console.is_terminal and style != "full":
        typer.secho("\nEvery source and word of doubt: add --style full", err=True, dim=True)

    if why:
        from bot.replying.explanations import reasons

        console.print()
        console.print(render(reasons(report)))
