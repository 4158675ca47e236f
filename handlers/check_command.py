"""`hearsay check` for one target: an address from the web, or a file that works offline."""

from __future__ import annotations

import asyncio
import sys
from importlib import import_module

from bot.model import Article, Page, Report
from bot.sandbox import run_in_sandbox
from handlers.inputs import is_address, is_page, page, read_input, text

# What reads is heavy and imported in the child alone, while this process loads what prints.


def check_target(target: str, url: str | None) -> Report:
    """The report on a target; `url` is the address of a saved page. Raises CannotCheck."""
    if is_address(target):
        return run_in_sandbox(_read_page, fetch_page(target), meanwhile=_load_printing)
    return check_bytes(read_input(target), target, url)


def check_bytes(body: bytes, target: str, url: str | None) -> Report:
    """The report on what a file holds. Raises CannotCheck."""
    if is_page(body):
        return run_in_sandbox(_read_page, page(body, url), meanwhile=_load_printing)
    return run_in_sandbox(_read_text, text(body, target), url, meanwhile=_load_printing)


def read_saved_article(target: str, url: str | None) -> Article:
    """The article of a file alone. Raises CannotCheck."""
    body = read_input(target)
    return (
        run_in_sandbox(_page_article, page(body, url))
        if is_page(body)
        else run_in_sandbox(_text_article, text(body, target))
    )


def fetch_page(address: str) -> Page:
    from bot.fetching.links import parse_link  # noqa: PLC0415  # the web is not needed for a file
    from bot.replying.phrasebook import get_phrases  # noqa: PLC0415  # as above
    from handlers.settings import read_settings  # noqa: PLC0415  # as above

    settings = read_settings()
    if settings.allow_loopback:
        sys.stderr.write(get_phrases().say("terminal.loopback") + "\n")
    link = parse_link(address, loopback=settings.allow_loopback)

    async def fetch() -> Page:
        from bot.fetching.fetch import HttpFetch  # noqa: PLC0415  # as above
        from handlers.logs import join_structlog  # noqa: PLC0415  # as above

        join_structlog()
        http = HttpFetch(contact=settings.contact, allow_loopback=settings.allow_loopback)
        try:
            return await http.fetch(link)
        finally:
            await http.aclose()

    return asyncio.run(fetch())


def _load_printing() -> None:
    """Load what prints the answer while the child reads."""
    for name in (
        "bot.replying.reply",
        "handlers.terminal.render",
        "handlers.terminal.screen",
    ):
        import_module(name)


def _read_page(given: Page) -> Report:
    from handlers.reader_tasks import read_page  # noqa: PLC0415  # heavy: in the child alone

    return read_page(given)


def _read_text(words: str, url: str | None) -> Report:
    from handlers.reader_tasks import read_text  # noqa: PLC0415  # as above

    return read_text(words, url)


def _page_article(given: Page) -> Article:
    from handlers.reader_tasks import page_article  # noqa: PLC0415  # as above

    return page_article(given)


def _text_article(words: str) -> Article:
    from handlers.reader_tasks import text_article  # noqa: PLC0415  # as above

    return text_article(words)
