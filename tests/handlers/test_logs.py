from __future__ import annotations

import json
import logging
import stat
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.log_context import bind_check_id
from handlers import cli
from handlers.logs import _LEAST, Form, Level, join_structlog, log_to_file, log_to_stderr, redact_log_file
from handlers.settings import EnvironmentSettings, secret_values


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in _LEAST}
    yield
    logging.captureWarnings(capture=False)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_a_log_file_is_made_when_there_is_something_to_log(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "hearsay.log"
    log_to_file(path)
    logging.getLogger("a").info("nothing that a person must know")
    assert not path.parent.exists()
    logging.getLogger("a").error("a page broke the reader")
    assert path.read_text().endswith("ERROR a: a page broke the reader\n")


def test_a_log_file_is_its_owners_alone(tmp_path: Path) -> None:
    log_to_file(tmp_path / "hearsay.log")
    logging.getLogger("a").error("one")
    assert stat.S_IMODE((tmp_path / "hearsay.log").stat().st_mode) == 0o600


def test_a_log_file_that_cannot_be_made_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log_to_file(tmp_path / "file" / "hearsay.log")
    logging.getLogger("a").error("one")
    logging.getLogger("a").error("two")


def test_no_secret_reaches_the_log_file(tmp_path: Path) -> None:
    path = tmp_path / "hearsay.log"
    log_to_file(path)
    redact_log_file(["very-secret"])
    problem = ValueError("cannot reach https://api.telegram.org/bot900:token/getMe")
    logging.getLogger("library").error("very-secret was refused", exc_info=problem)
    said = path.read_text()
    assert "[secret] was refused" in said
    assert "https://api.telegram.org/[...]" in said
    assert "900" not in said


def test_addresses_are_redacted_in_the_log_file_before_settings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "hearsay.log"
    log_to_file(path)
    logging.getLogger("library").error("refused: postgresql://name:word@host/base")
    assert path.read_text().endswith("refused: postgresql://host/[...]\n")


def test_a_command_that_reads_the_settings_keeps_their_secrets_out_of_the_log_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARSAY_DISCORD_TOKEN", "very-secret")
    log_to_file(tmp_path / "hearsay.log")
    cli._read_settings()
    logging.getLogger("library").error("very-secret was refused")
    assert (tmp_path / "hearsay.log").read_text().endswith("[secret] was refused\n")


def test_structlog_joins_the_log_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log_to_file(tmp_path / "hearsay.log")
    join_structlog()
    structlog.get_logger("bot").warning("fetched", host="harbour-post.example")
    assert "fetched" in (tmp_path / "hearsay.log").read_text()
    assert capsys.readouterr() == ("", "")


def test_lines_for_machines_are_json_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("json", "info")
    structlog.get_logger("bot").info("fetched", host="harbour-post.example")
    logging.getLogger("library").warning("careful")
    logging.getLogger("library").debug("too much")
    out, err = capsys.readouterr()
    ours, theirs = map(json.loads, err.splitlines())
    assert (ours["event"], ours["host"], ours["level"], ours["logger"]) == (
        "fetched",
        "harbour-post.example",
        "info",
        "bot",
    )
    assert (theirs["event"], theirs["level"]) == ("careful", "warning")
    assert out == ""


def test_lines_for_people_are_plain_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("human", "info")
    structlog.get_logger("bot").info("fetched", host="harbour-post.example")
    err = capsys.readouterr().err
    assert "fetched" in err
    assert "host=harbour-post.example" in err
    assert "\x1b" not in err


def test_an_exception_keeps_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("json", "info")
    logging.getLogger("bot").error("broken", exc_info=RuntimeError("a bug"))
    assert "RuntimeError: a bug" in json.loads(capsys.readouterr().err)["exception"]


def test_no_secret_is_shown_whoever_logs_it(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("human", "info", ["900:a/secret", ""])
    structlog.get_logger("bot").warning("refused", token="900:a/secret")
    problem = ValueError("900%3Aa%2Fsecret was rejected")
    logging.getLogger("library").error("it failed for 900:a/secret", exc_info=problem)
    err = capsys.readouterr().err
    assert "900" not in err
    assert err.count("[secret]") == 3


@pytest.mark.parametrize("level", ["debug", "info"])
def test_addresses_and_messages_that_libraries_would_log_are_not_logged(
    capsys: pytest.CaptureFixture[str], level: Level
) -> None:
    log_to_stderr("json", level)
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot900:token/getMe")
    logging.getLogger("telegram.ext.Updater").debug("Webhook received data: %s", "a private word")
    logging.getLogger("discord.gateway").debug("For Shard ID 0: WebSocket Event: a private word")
    logging.getLogger("aiosqlite").debug("executing %s", "INSERT a private word")
    logging.getLogger("telegram.Bot").critical("Error! Received data was %r", "a private word")
    (said,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert said["event"] == "telegram sent something that cannot be read"


def test_what_is_secret_is_known_from_the_settings() -> None:
    found = EnvironmentSettings.model_validate(
        {
            "discord_token": "d",
            "telegram_token": "900:t",
            "telegram_webhook_secret": "w",
            "database_url": "postgresql://name:word@host/base",
        }
    )
    assert {"d", "900:t", "w", "postgresql://name:word@host/base", "word"} == set(secret_values(found))


@pytest.mark.parametrize("form", ["human", "json"])
def test_every_line_within_a_check_carries_its_id(capsys: pytest.CaptureFixture[str], form: Form) -> None:
    log_to_stderr(form, "info")
    with bind_check_id("a1b2"):
        structlog.get_logger("bot").info("fetched", host="harbour-post.example")
        logging.getLogger("bot").error("broken", exc_info=RuntimeError("a bug"))
        logging.getLogger("discord.http").warning("slow down")
    logging.getLogger("bot").info("at rest")
    err = capsys.readouterr().err
    lines = [line for line in err.splitlines() if any(said in line for said in ("fetched", "broken", "slow"))]
    mark = '"check": "a1b2"' if form == "json" else "check=a1b2"
    assert [mark in line for line in lines] == [True, True, True]
    assert err.count("a1b2") == 3


def test_lines_of_a_check_carry_its_id_in_a_file_too(tmp_path: Path) -> None:
    log_to_file(tmp_path / "hearsay.log")
    join_structlog()
    with bind_check_id("a1b2"):
        structlog.get_logger("bot").warning("one")
        logging.getLogger("bot").warning("two")
    logging.getLogger("bot").warning("three")
    said = [line.partition("WARNING ")[2] for line in (tmp_path / "hearsay.log").read_text().splitlines()]
    assert said == ["bot check=a1b2: one", "bot check=a1b2: two", "bot: three"]


@pytest.mark.parametrize("form", ["human", "json"])
@pytest.mark.parametrize(
    "address",
    [
        "https://harbour-post.example/hidden/way?token=hidden",
        "https://harbour-post.example?hidden",
        "https://harbour-post.example/o'hidden",
        "https://harbour-post.example/<hidden>",
        "https://harbour-post.example/\\hidden",
        "https://hidden:hidden@harbour-post.example",
        "wss://harbour-post.example:8443/hidden",
    ],
)
def test_of_an_address_the_host_alone_is_shown_whoever_logs_it(
    capsys: pytest.CaptureFixture[str], form: Form, address: str
) -> None:
    log_to_stderr(form, "info")
    problem = ValueError(f"cannot read {address}\nas it is")
    logging.getLogger("library").error("it failed: %s at once", address, exc_info=problem)
    structlog.get_logger("bot").info("fetched", reason=repr(problem), host="harbour-post.example")
    err = capsys.readouterr().err
    assert "hidden" not in err
    assert "harbour-post.example" in err
    assert "at once" in err
    assert "as it is" in err
    if form == "json":
        assert len([json.loads(line) for line in err.splitlines()]) == 2


def test_a_secret_is_found_however_it_is_spelled(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("json", "info", ['pä%22ss"wörd'])
    for spelled in ('pä%22ss"wörd', "p%C3%A4%2522ss%22w%C3%B6rd", 'pä"ss"wörd'):
        logging.getLogger("library").error("refused: %s", spelled)
    said = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert said == ["refused: [secret]"] * 3


def test_a_line_that_cannot_be_written_shows_nothing_of_what_was_to_stand_in_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_to_stderr("json", "info")
    logging.getLogger("library").error("%d links", "a private word")
    (said,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert (said["event"], said["logger"]) == ("a line could not be logged", "library")


def test_warnings_of_libraries_are_lines_like_others(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("json", "info")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("of age", DeprecationWarning, stacklevel=1)
    assert "of age" in json.loads(capsys.readouterr().err)["event"]
