"""The tasks of a reading child: a page or a text in, a report out. Heavy to import, so it is imported there
alone."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Article, Page, Report
from handlers.lazy_imports import import_lazily

import_lazily(
    "py3langid"
)  # 0.4 s of a cold start: trafilatura imports it, and a page that states its language needs none

from bot.fetching.article import article_from_text, extract_article  # noqa: E402  # after the line above, on purpose
from bot.reading.report import report  # noqa: E402  # as above


def read_page(page: Page) -> Report:
    return report(page_article(page))


def read_text(text: str, url: str | None) -> Report:
    return report(article_from_text(text, url))


def page_article(page: Page) -> Article:
    """The article of a page; one from a file may come without its address."""
    found = extract_article(page)
    return found if found.url else replace(found, url=None)


def text_article(text: str) -> Article:
    return article_from_text(text)
