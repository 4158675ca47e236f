"""The language of a page that states none."""

from __future__ import annotations

from bot.fetching.article import article_from_html
from tests.bot.fetching.pages import URL, html, report


def test_a_language_is_looked_for_only_when_the_page_states_none() -> None:
    assert article_from_html(html(report(), lang=' lang="fr"'), URL).language == "fr"
    found = article_from_html(html(report(), lang=""), URL)
    assert (found.language, dict(found.stated_in).get("language")) == ("en", None)
