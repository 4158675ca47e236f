"""Walls in the place of an article: consent, sign-in, "not found", a guard against robots.

Law 3: never a word about a page that was not read. Each of these is told by what it is and ends the check.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from bot.errors import ConsentWall, ErrorPage, SignIn
from bot.fetching.blocks import Passage, fold_whitespace
from bot.fetching.metadata import PageMetadata

_LITTLE: Final = 250  # words; a guard's page has fewer, a story about one has more
_CONSENT_MOST: Final = 700  # words
_INVITATION: Final = 300  # characters
_TOPICS: Final = 3
_SHARE: Final = 0.6
_MOST_CONTROLS: Final = 300
_TITLE_PARTS: Final = re.compile(r"\s+[|–—·»:-]\s+|\s*[|·]\s*")


@dataclass(frozen=True, slots=True)
class WallPatterns:
    """The patterns of walls.toml, ready to match."""

    consent_hosts: frozenset[str]
    consent: tuple[re.Pattern[str], ...]
    agree: re.Pattern[str]
    sign_in_hosts: frozenset[str]
    sign_in_paths: frozenset[str]
    sign_in: re.Pattern[str]
    errors: re.Pattern[str]
    guards: re.Pattern[str]
    post_hosts: frozenset[str]
    video_hosts: frozenset[str]


@cache
def load_walls() -> WallPatterns:
    told: dict[str, Any] = tomllib.loads(files("bot.fetching").joinpath("walls.toml").read_text("utf-8"))
    return WallPatterns(
        consent_hosts=frozenset(told["consent"]["hosts"]),
        consent=tuple(re.compile(topic, re.IGNORECASE) for topic in told["consent"]["speaks"]),
        agree=_compile(told["consent"]["buttons"]),
        sign_in_hosts=frozenset(told["sign_in"]["hosts"]),
        sign_in_paths=frozenset(told["sign_in"]["paths"]),
        sign_in=_compile(told["sign_in"]["speaks"]),
        errors=_compile(told["error"]["titles"]),
        guards=_compile(told["error"]["guards"]),
        post_hosts=frozenset(told["post"]["hosts"]),
        video_hosts=frozenset(told["video"]["hosts"]),
    )


def _compile(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(patterns) + ")", re.IGNORECASE)


# ── by address ──────────────────────────────────────────────────────────────────────────────────────


def refuse_address(url: str) -> None:
    """Raise ConsentWall or SignIn for an address that leads to nothing else."""
    host, path = _split_address(url)
    first, _, site = host.partition(".")
    first = first if "." in site else ""  # "login.example" is a site of that name
    if first in load_walls().consent_hosts:
        raise ConsentWall
    folders = [segment.partition(".")[0] for segment in path.split("/")]  # "login.aspx" without its ending
    if first in load_walls().sign_in_hosts or not load_walls().sign_in_paths.isdisjoint(folders):
        raise SignIn


def _split_address(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return (parts.hostname or "").lower().removeprefix("www."), parts.path.lower()


def is_post_host(url: str | None) -> bool:
    return _is_on(load_walls().post_hosts, url)


def is_video_host(url: str | None) -> bool:
    return _is_on(load_walls().video_hosts, url)


def _is_on(hosts: frozenset[str], url: str | None) -> bool:
    host = _split_address(url or "")[0]
    return host in hosts or host.partition(".")[2] in hosts


# ── by what stands on the page ──────────────────────────────────────────────────────────────────────


def refuse_page(root: HtmlElement, about: PageMetadata, page: Sequence[Passage]) -> None:
    """Raise ErrorPage or ConsentWall for a page that is one, however much text it holds besides."""
    parts = list(_find_titles(root))
    dated_article = about.is_article and about.published is not None
    if any(load_walls().errors.fullmatch(part) for part in parts) and not dated_article:
        raise ErrorPage
    if _count_words(page) < _LITTLE and any(load_walls().guards.fullmatch(part) for part in parts):
        raise ErrorPage
    labels = (
        fold_whitespace(control.get("value") or control.text_content())
        for control in _find_controls(root, "button", "input", "a")
    )
    if not about.is_article and _speaks_of_consent(page) and any(map(load_walls().agree.match, labels)):
        raise ConsentWall


def refuse_empty(root: HtmlElement, about: PageMetadata) -> None:
    """Raise SignIn where a page without an article asks for a password."""
    if not about.is_article and any(
        field.get("type") == "password" for field in _find_controls(root, "input")
    ):
        raise SignIn


def refuse_invitation(words: str) -> None:
    """Raise SignIn for the words with which a host of posts asks its visitors in."""
    if load_walls().sign_in.search(words[:_INVITATION]):
        raise SignIn


def _find_titles(root: HtmlElement) -> Iterator[str]:
    """Yield the first headings, and the title element with its parts, without the full stop."""
    for heading in islice(root.iter("h1"), 2):
        yield _read_title(heading)
    for title in islice(root.iter("title"), 1):
        yield _read_title(title)
        yield from (part.strip(" .") for part in _TITLE_PARTS.split(_read_title(title)))


def _read_title(element: HtmlElement) -> str:
    return fold_whitespace(element.text_content()[:1000]).rstrip(" .!")


def _count_words(page: Iterable[Passage]) -> int:
    return sum(passage.words for passage in page)


def _speaks_of_consent(page: Sequence[Passage]) -> bool:
    if not 0 < (total := _count_words(page)) <= _CONSENT_MOST:
        return False
    topics = load_walls().consent
    told = [passage for passage in page if any(topic.search(passage.text) for topic in topics)]
    different = sum(any(topic.search(passage.text) for passage in told) for topic in topics)
    return different >= _TOPICS and _count_words(told) >= _SHARE * total


def _find_controls(root: HtmlElement, *tags: str) -> Iterator[HtmlElement]:
    return islice(root.iter(*tags), _MOST_CONTROLS)
