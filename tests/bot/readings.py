"""Readers for the tests of `bot.readers`, importable by another process; a page's address says what to do."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

from bot.errors import TooShort
from bot.model import Article, Page, Report

_log = logging.getLogger("bot.tests.readings")


def told(text: str) -> Report:
    return Report(Article(text))


def read(page: Page) -> Report:
    """Answers with the number of its process, or does what the address names."""
    what, _, how = page.url.partition(" ")
    if what == "sleep":
        time.sleep(float(how))
    elif what == "spin":
        _spin(how)
    elif what == "eat":
        bytearray(int(how))
    elif what == "die":
        os._exit(3)
    elif what == "short":
        raise TooShort(61)
    elif what == "break":
        raise LookupError(how)
    elif what == "log":
        _log.warning("the page said %s", how)
    return told(str(os.getpid()))


def _spin(sign: str) -> None:
    """Never ends; leaves a sign that it began."""
    if sign:
        Path(sign).write_text(str(os.getpid()), "utf-8")
    while True:
        pass


def clocked(page: Page) -> Report:
    """When it began and when it ended, on the clock that all processes share."""
    began = time.monotonic()
    time.sleep(float(page.url))
    return told(f"{began} {time.monotonic()}")


def words(text: str) -> Report:
    return told(text.upper())


def nothing() -> None:
    """Loads nothing."""
