"""Never a word about a page that was not read: walls are told for what they are."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Any, Final

import pytest

from bot.errors import CannotRead, ConsentWall, EmptyPage, ErrorPage, NotAnArticle, SignIn, TooShort
from bot.fetching.article import extract_article
from bot.model import Page
from tests.bot.fetching.pages import PARAGRAPHS, TITLE, by_role, fetched, html, paragraphs, report

TOLD: Final[dict[str, Any]] = tomllib.loads(files("bot.fetching").joinpath("walls.toml").read_text("utf-8"))
NEWS: Final = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2031-02-10"}</script>'
)
CONSENT: Final = """
<h1>Before you continue</h1>
<p>We and our 214 partners use cookies to store and read information on your device.</p>
<p>With your consent we use personal data, such as what you read here, for personalised ads and content.</p>
<p>You can change your mind at any time on the privacy page. Read our cookie policy to learn more.</p>
<p>If you reject, we use cookies only for what you ask for.</p>
<button>Accept all</button><button>Reject all</button>
"""


# ── by address ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("https://consent.google.com/m?continue=https://post.example/", ConsentWall),
        ("https://consent.yahoo.com/v2/collectConsent?sessionId=3", ConsentWall),
        ("https://guce.post.example/consent", ConsentWall),
        ("https://accounts.google.com/v3/signin/identifier", SignIn),
        ("https://login.post.example/?next=/news/1", SignIn),
        ("https://post.example/login?next=/news/1", SignIn),
        ("https://www.post.example/account/sign-in/", SignIn),
        ("https://post.example/Login.aspx", SignIn),
    ],
)
def test_an_address_that_leads_to_a_wall_is_not_read(url: str, error: type[CannotRead]) -> None:
    with pytest.raises(error):
        fetched(report(), url=url)


@pytest.mark.parametrize(
    "url",
    [
        "https://post.example/news/login-problems-keep-thousands-out",
        "https://post.example/news/consent",
        "https://loginnews.example/1",
        "https://www.login.example/1",
        "https://[broken/login",
    ],
)
def test_an_address_that_only_speaks_of_walls_is_read(url: str) -> None:
    assert fetched(report(), url=url).title == TITLE


# ── by the page ─────────────────────────────────────────────────────────────────────────────────────


def test_a_consent_page_is_told_from_an_article() -> None:
    with pytest.raises(ConsentWall):
        fetched(CONSENT, title="Before you continue")


def test_a_report_about_consent_with_a_banner_is_read() -> None:
    about = "<p>The court said that consent to cookies must be given freely, and personal data erased.</p>"
    assert fetched(report(about) + CONSENT, NEWS).title == TITLE


@pytest.mark.parametrize(
    "title",
    [
        "404",
        "404 - Not found",
        "Page not found | Harbour Post",
        "Harbour Post - Page not found",
        "Sorry, the page you are looking for cannot be found",
        "Sorry, this page isn't available",
        "This page no longer exists",
        "Oops!",
        "Seite nicht gefunden – Hafenpost",
        "Página no encontrada",
        "Error 404",
        "503 Service Unavailable",
    ],
)
def test_an_error_page_with_status_200_is_told_whatever_stands_below(title: str) -> None:
    with pytest.raises(ErrorPage):
        fetched(f"<h1>{title}</h1><h2>Most read</h2>{paragraphs()}", title=title)


@pytest.mark.parametrize(
    "title",
    [
        "Not found: the ships that never came back",
        "How 404 became the number of lost pages",
        "Errors of the port authority cost millions",
        "Page after page, the archive burns",
        "Access denied to the harbour for a third day",
    ],
)
def test_a_report_whose_headline_sounds_like_an_error_is_read(title: str) -> None:
    assert fetched(report(heading=title), NEWS, title=f"{title} | Harbour Post").title == title


@pytest.mark.parametrize(
    "title", ["Just a moment...", "Attention Required! | Cloudflare", "Access denied", "Are you a robot?"]
)
def test_a_guard_against_robots_is_no_article(title: str) -> None:
    with pytest.raises(ErrorPage):
        fetched(f"<h1>post.example</h1>{paragraphs(*PARAGRAPHS[:2])}", title=title)


def test_a_page_without_an_article_that_asks_for_a_password_is_a_sign_in() -> None:
    with pytest.raises(SignIn):
        fetched(
            "<h1>Welcome</h1><form><input name=u><input type=password></form><p>Please continue.</p>",
            title="Hi",
        )


def test_an_article_with_a_sign_in_form_is_read() -> None:
    assert fetched("<form><input type=password></form>" + report()).title == TITLE


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   ",
        "<script>var a = 1</script>",
        "<div style='display: none'>" + paragraphs() + "</div>",
        "<!-- x -->",
    ],
)
def test_a_page_without_words_is_empty(body: str) -> None:
    with pytest.raises(EmptyPage):
        extract_article(Page("https://post.example/1", html(body, title="").encode()))


def test_too_few_words_are_counted() -> None:
    short = "The harbour stays closed, said Ana Roe, the harbour master. " * 2
    with pytest.raises(TooShort) as caught:
        fetched(f"<article><h1>{TITLE}</h1><p>{short}</p></article>")
    assert caught.value == TooShort(20)


def test_eighty_words_are_enough() -> None:
    assert fetched(f"<article><h1>{TITLE}</h1>{paragraphs()}</article>").partial is None


def test_a_teaser_of_a_paid_article_is_read_and_said_to_be_a_part() -> None:
    paid = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    )
    assert fetched(report(), paid).partial == "paywall"


def test_a_paid_article_that_stands_there_whole_is_no_part() -> None:
    paid = '{"@type": "NewsArticle", "isAccessibleForFree": "False", "wordCount": 90}'
    assert fetched(report(), f'<script type="application/ld+json">{paid}</script>').partial is None
    marked = '{"@type": "NewsArticle", "isAccessibleForFree": false, "hasPart": {"cssSelector": ".paid"}}'
    body = f'<div class="paid">{report()}</div>'
    assert fetched(body, f'<script type="application/ld+json">{marked}</script>').partial is None


def test_a_page_that_was_cut_says_so() -> None:
    assert (
        extract_article(Page("https://post.example/1", html(report()).encode(), cut=True)).partial
        == "cut at 2 MiB"
    )


# ── no article, but something ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<meta property="og:type" content="video.other">', "https://tube.example/watch"),
        (
            '<script type="application/ld+json">{"@type": "VideoObject"}</script>',
            "https://tube.example/watch",
        ),
        ("", "https://www.youtube.com/watch?v=1"),
    ],
)
def test_a_video_is_told_for_what_it_is(head: str, url: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        fetched("<h1>Storm over the harbour</h1><p>12 views</p>", head, url)
    assert caught.value == NotAnArticle("video")


def test_a_short_article_with_a_video_in_it_is_too_short() -> None:
    with pytest.raises(TooShort):
        fetched("<p>Closed, the port authority said.</p>", NEWS + '<meta property="og:video" content="x">')


def test_a_single_post_is_read_from_the_page() -> None:
    post = '<script type="application/ld+json">{"@type": "SocialMediaPosting"}</script>'
    found = fetched("<article><p>The harbour stays closed until Friday, we are told.</p></article>", post)
    assert by_role(found)[-1] == ("body", "The harbour stays closed until Friday, w")


def test_a_post_whose_words_stand_in_its_description_is_read_from_there() -> None:
    head = '<meta property="og:description" content="Both basins stay closed until Friday.">'
    found = fetched(
        "<noscript>Turn on JavaScript.</noscript><p>Log in</p>", head, "https://x.com/ana/status/1"
    )
    assert by_role(found)[-1] == ("body", "Both basins stay closed until Friday.")


def test_a_post_without_words_is_told_for_what_it_is() -> None:
    with pytest.raises(NotAnArticle) as caught:
        fetched("<p>Log in</p>", url="https://x.com/ana/status/1")
    assert caught.value == NotAnArticle("post")


def test_an_invitation_to_sign_in_is_not_read_as_a_post() -> None:
    head = '<meta property="og:description" content="Log in to see what Ana and others are sharing.">'
    with pytest.raises(SignIn):
        fetched("<p>Log in</p>", head, "https://www.instagram.com/p/1")


def test_every_pattern_of_the_walls_compiles() -> None:
    listed = (
        *TOLD["consent"]["speaks"],
        *TOLD["consent"]["buttons"],
        *TOLD["error"]["titles"],
        *TOLD["error"]["guards"],
    )
    assert all(re.compile(pattern) for pattern in listed)
