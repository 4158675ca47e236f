"""A reader that some pages break, as only a bug of ours would: pages themselves are all read."""

from __future__ import annotations

from typing import Final

import bot.readers
from bot.model import Page, Report

BREAKS: Final = "<!-- breaks its reader -->"


def read_page(page: Page) -> Report:
    """Raises for a page that says so, with more of it in the words than any of our own raises."""
    if BREAKS.encode() in page.body:
        raise ValueError(f"a bug that {page.url} brought to light")
    return bot.readers.read_page(page)
