"""Posts of others on a page."""

from __future__ import annotations

from tests.bot.fetching.pages import read, report


def test_an_embedded_post_keeps_its_words_and_links() -> None:
    post = (
        '<div class="social-media-embed"><blockquote class="twitter-tweet">'
        "<p>Nothing moves, I can see it from here.</p>"
        '— Bo Lind (@bo) <a href="https://x.com/bo/status/1">May 2, 2031</a></blockquote>'
        '<script src="w.js"></script></div>'
    )
    found = read(report(post))
    assert "Nothing moves, I can see it from here." in found.text
    assert [link.url for link in found.links] == ["https://x.com/bo/status/1"]
