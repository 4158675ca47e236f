from __future__ import annotations

import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from handlers.logs import join_structlog, log_to_file, log_to_stderr


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
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
