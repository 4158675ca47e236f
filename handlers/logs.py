"""Logs for people or for machines, redacted; never on standard output, which belongs to the answers."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote, unquote

from bot.log_context import current_check_id

Level = Literal["debug", "info", "warning", "error"]
Form = Literal["human", "json"]


# What these log below is the address of each request, whole messages of people, or what is stored.
_LEAST: Final = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "telegram": logging.INFO,
    "discord": logging.INFO,
    "aiosqlite": logging.INFO,
    "psycopg": logging.WARNING,
    "procrastinate": logging.WARNING,
}


_SECRET: Final = 8  # characters

# Paths and queries can be what makes a link private, and an address of Discord holds what edits a private
# answer. What a backslash escapes in JSON belongs to it, but for the end of a line.
_ADDRESS: Final = re.compile(
    r"""(?P<scheme>\b[a-z][a-z0-9+.-]{1,20}://)
        (?:[^\s/?\#"\\]*@)?                 # who signs in, and his password
        (?P<host>[^\s/?\#"\\\x1b]*)
        (?P<rest>[/?\#](?:[^\s"\\\x1b]|\\[^n])+)? """,
    re.IGNORECASE | re.VERBOSE,
)


class Redactor:
    """Redacts secrets in a log line, and all of an address but the host. The addresses of Telegram hold its
    token, as do some libraries' complaints."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # A short word would be found, and so betrayed, in every other line.
        ways = {way for one in secrets for way in (one, quote(one, safe=""), unquote(one))}
        ways |= {json.dumps(way)[1:-1] for way in ways}
        self._secrets = sorted((way for way in ways if len(way) >= _SECRET), key=len, reverse=True)

    def redact(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return _ADDRESS.sub(
            lambda found: found["scheme"] + found["host"] + ("/[...]" if found["rest"] else ""), line
        )


class LazyFileHandler(logging.FileHandler):
    """Make the log's folder and file, its owner's alone, when a first line is logged, and redact each line.

    One that cannot be made is done without.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", delay=True)
        self.redactor = Redactor()

    def format(self, record: logging.LogRecord) -> str:
        return self.redactor.redact(super().format(record))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
            super().emit(record)
        except OSError:
            logging.getLogger().removeHandler(self)

    def _open(self) -> TextIOWrapper:
        def private(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        return open(self.baseFilename, "a", encoding=self.encoding, opener=private)


def log_to_file(path: Path, level: Level = "warning") -> None:
    """Log to a file what the people who read a command's output need not see, redacted. Light to import."""

    def add_check(record: logging.LogRecord) -> bool:
        check = current_check_id()
        record.about = "" if check is None else f" check={check}"
        return True

    handler = LazyFileHandler(path)
    handler.addFilter(add_check)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s%(about)s: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


def redact_log_file(secrets: Iterable[str]) -> None:
    """Redact these secrets too in the file of `log_to_file`, now that the settings are read."""
    redactor = Redactor(secrets)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, LazyFileHandler):
            handler.redactor = redactor


class RedactingHandler(logging.StreamHandler[Any]):
    """Redacts secrets and addresses in every line, whoever logs it."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._redactor = Redactor(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.redact(super().format(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the library's name
        """The library would show, beside the line, all that was to stand in it."""
        said = {"name": record.name, "levelno": record.levelno, "levelname": record.levelname}
        instead = logging.makeLogRecord({**said, "msg": "a line could not be logged"})
        with suppress(Exception):
            self.stream.write(self.format(instead) + self.terminator)


def log_to_stderr(form: Form, level: Level, secrets: Iterable[str] = ()) -> None:
    """Log to standard error, for a bot that runs on its own: structlog and the libraries' loggers in one
    form, without the `secrets`, and without what people write."""
    import structlog  # noqa: PLC0415  # 0.3 s that a single check does not wait for

    for library, least in _LEAST.items():
        logging.getLogger(library).setLevel(max(logging.getLevelName(level.upper()), least))
    handler = RedactingHandler(secrets)
    handler.addFilter(_hide_content)
    last: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if form == "json":
        last += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        plain = structlog.dev.plain_traceback
        last += [structlog.dev.ConsoleRenderer(colors=handler.stream.isatty(), exception_formatter=plain)]
    first = [*_common_processors(), structlog.stdlib.ExtraAdder()]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=first, processors=last))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(capture=True)  # or the libraries' would stand between the lines as they are
    join_structlog(structlog.stdlib.ProcessorFormatter.wrap_for_formatter)


def _hide_content(record: logging.LogRecord) -> bool:
    """Replace what the library says of an update that it cannot read: it would show everything, whoever wrote
    it."""
    if record.name.startswith("telegram") and "data was" in str(record.msg):
        record.msg, record.args, record.exc_info = "telegram sent something that cannot be read", (), None
    return True


def join_structlog(*last: Any) -> None:
    """Send lines of structlog where the standard library's go, instead of to standard output."""
    import structlog  # noqa: PLC0415  # as above

    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_common_processors(),
            *(last or [structlog.stdlib.render_to_log_kwargs]),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def _common_processors() -> list[Any]:
    import structlog  # noqa: PLC0415  # as above

    def add_check(_: Any, __: str, said: Any) -> Any:
        check = current_check_id()
        return said if check is None else {**said, "check": check}

    return [
        structlog.contextvars.merge_contextvars,
        add_check,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
