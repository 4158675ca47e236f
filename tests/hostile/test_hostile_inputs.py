"""Hostile links and servers: each of their entries gives its expected result.

Entries that are addresses are used as they stand; those described in words have a setting in `settings`.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final

import pytest

from bot.errors import (
    BadAnswer,
    BadStatus,
    CannotCheck,
    EmptyPage,
    NameNotFound,
    NotALink,
    NotAnArticle,
    RedirectsNowhere,
    RefusedAddress,
    RefusedPort,
    RefusedScheme,
    RefusedUserinfo,
    TimedOut,
    TooLarge,
    TooManyRedirects,
)
from bot.fetching.fetch import FetchLimits
from bot.fetching.ip_addresses import is_refused
from bot.fetching.links import find_links, make_dedup_key, make_story_key, parse_link
from bot.model import Page
from tests.hostile.inputs import FETCHING, Entry, each
from tests.hostile.settings import Authority, Met, meet, setting_of
from tests.servers import PATIENT, PUBLIC, Internet, html, places, redirect, serve

SAME_STORY: Final = "same story"
UNFOLLOWED: Final = "h093"
NO_ANSWER_TO_A_NAME: Final = "h053"
HASTY: Final = FetchLimits(total=0.5, name=0.2)

EXPECTED: Final[dict[str, tuple[type[CannotCheck], ...]]] = {
    "refused: address": (RefusedAddress,),
    "refused: address (at that hop)": (RefusedAddress,),
    "refused: userinfo or backslash": (RefusedUserinfo,),
    "refused: port": (RefusedPort,),
    "refused: scheme": (RefusedScheme,),
    "refused: scheme or port": (RefusedScheme, RefusedPort),
    "not a link: ignored or one plain sentence": (NotALink,),
    "failed: name not found (plain sentence)": (NameNotFound,),
    "failed: too many redirects (5)": (TooManyRedirects,),
    "failed: the page redirects to nowhere": (RedirectsNowhere,),
    "failed: plain sentence (address too long or header too large)": (BadAnswer,),
    "failed: too large": (TooLarge,),
    "failed: timed out (15 s total)": (TimedOut,),
    "failed: bad answer": (BadAnswer,),
    "not an article page": (NotAnArticle, EmptyPage),
    "plain sentence with the status": (BadStatus,),
    "plain sentence with the status; nothing of the challenge page is reported": (BadStatus,),
}


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def no_refused_address_was_dialled(met: Met) -> bool:
    public = not any(is_refused(ip_address(address)) for address in met.dialled)
    return public and met.connections <= len(met.dialled)  # a failed handshake counts as none


@pytest.mark.parametrize("entry", each(FETCHING, but=SAME_STORY))
async def test_a_hostile_input_gives_its_expected_result(entry: Entry, authority: Authority) -> None:
    expected = EXPECTED[entry.expected]
    hasty = TimedOut in expected or entry.id == NO_ANSWER_TO_A_NAME
    met = await meet(setting_of(entry), HASTY if hasty else PATIENT, authority)
    # A meta refresh is a page like others: it is never followed, so there is no hop to refuse.
    assert isinstance(met.result, Page if entry.id == UNFOLLOWED else expected)
    assert no_refused_address_was_dialled(met)


@pytest.mark.parametrize("entry", each(FETCHING, but=SAME_STORY))
def test_a_hostile_input_in_a_message_is_read_without_harm(entry: Entry) -> None:
    for found in find_links(f"look: {setting_of(entry).url} !"):
        assert parse_link(found.url) == found


STORY: Final = "https://news.example/world/2026/11/rain-in-town"

SPELLINGS: Final[dict[str, tuple[str, ...]]] = {
    "h189": (f"{STORY}?utm_source=chat&utm_medium=social&utm_campaign=x",),
    "h190": (f"{STORY}?fbclid=IwAR0abc", f"{STORY}?gclid=Cj0KCQ", f"{STORY}?gclid=a&fbclid=b"),
    "h191": (f"{STORY}#comments", f"{STORY}#:~:text=rain"),
    "h193": ("https://m.news.example/world/2026/11/rain-in-town",),
    "h195": (
        f"https://www.google.com/url?q={STORY}&sa=D",
        "https://www.google.de/url?url=https%3A%2F%2Fnews.example%2Fworld%2F2026%2F11%2Frain-in-town",
    ),
    "h196": (STORY.replace("https", "http"), STORY.replace("https", "HTTPS")),
    "h197": (f"{STORY}/",),
}
STATED: Final[dict[str, tuple[str, str]]] = {
    "h192": ("https://news.example/amp/world/2026/11/rain-in-town?x=1", STORY),
    "h198": (STORY, "https://agency.example.org/2026/rain-in-town"),
    "h199": (STORY, "https://news.example/"),
    "h200": (STORY, "http://127.0.0.1/world/2026/11/rain-in-town"),
}
SHORTENED: Final = {
    "t.co/a": redirect("http://bit.ly/b"),
    "bit.ly/b": redirect("http://lnkd.in/c"),
    "lnkd.in/c": redirect(STORY.replace("https", "http") + "?utm_source=t.co"),
    "news.example/world/2026/11/rain-in-town?utm_source=t.co": html(),
}


@pytest.mark.parametrize("entry", each(FETCHING, only=SAME_STORY))
async def test_a_story_is_stored_once_under_all_its_addresses(entry: Entry) -> None:
    assert await keys_of(entry.id) == {make_dedup_key(STORY)}


async def keys_of(entry_id: str) -> set[str]:
    if entry_id in STATED:
        return {make_story_key(*STATED[entry_id])}
    if entry_id in SPELLINGS:
        return {make_dedup_key(spelling) for spelling in SPELLINGS[entry_id]}
    return {await key_behind_shorteners()}


async def key_behind_shorteners() -> str:
    async with serve(places(SHORTENED)) as site:
        names = {host: [PUBLIC] for host in ("t.co", "bit.ly", "lnkd.in", "news.example")}
        page = await Internet(names, http=site).fetch(parse_link("http://t.co/a"))
        return make_story_key(page.url, None)
