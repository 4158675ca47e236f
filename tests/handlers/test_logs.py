from __future__ import annotations

import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from handlers.logs import Level, join_structlog, log_to_file, log_to_stderr
from handlers.settings import Settings, secrets


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "telegram", "discord")}
    yield
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
    logging.getLogger("telegram.Bot").critical("Error! Received data was %r", "a private word")
    (said,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert said["event"] == "telegram sent something that cannot be read"


def test_what_is_secret_is_known_from_the_settings() -> None:
    found = Settings.model_validate(
        {
            "discord_token": "d",
            "telegram_token": "900:t",
            "telegram_webhook_secret": "w",
            "database_url": "postgresql://name:word@host/base",
        }
    )
    assert {"d", "900:t", "w", "postgresql://name:word@host/base", "word"} == set(secrets(found))
