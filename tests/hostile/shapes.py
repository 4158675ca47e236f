"""Pages whose shape is an attack, built from the words of ../shared/eval/hostile_inputs.json."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

PLACES: Final = (
    "harbour market school bridge station library theatre stadium museum airport garden chapel".split()
)
REPORT: Final = "".join(
    f"<p>The {place} stays closed until Friday, the mayor said on Monday at noon.</p>" for place in PLACES
)


def page(body: str, head: str = "") -> str:
    return (
        f'<html lang="en"><head><title>The town stays closed</title>{head}</head><body>{body}</body></html>'
    )


def json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def _laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE l [<!ENTITY l0 "lol">{entities}]>' + page(f"<p>&l9;</p>{REPORT}")


def _attributes() -> str:
    return "<p " + " ".join(f'a{n}="1"' for n in range(300_000)) + ">one</p>"


SHAPES: Final[dict[str, Callable[[], str]]] = {
    "h147": lambda: page("<div>" * 100_000 + REPORT),
    "h148": lambda: page("<div>" * 1_000 + REPORT + "</div>" * 1_000),
    "h149": lambda: page("<span>" * 100_000 + REPORT),
    "h150": lambda: page("<blockquote>" * 3_000 + REPORT),
    "h151": lambda: page("<ul><li>" * 5_000 + REPORT),
    "h152": lambda: page("<table><tr><td>" * 2_000 + REPORT),
    "h153": lambda: page("".join(f'<a href="/{n}">go</a>' for n in range(200_000))),
    "h154": lambda: page("<p>The same words again, the mayor said on Monday at noon.</p>" * 20_000),
    "h155": lambda: page("<p></p>" * 100_000 + REPORT),
    "h156": lambda: page("<h1>one</h1>" * 50_000 + REPORT),
    "h157": lambda: page(_attributes() + REPORT),
    "h158": lambda: page("<p>" + "The mayor said so and left. " * 180_000 + "</p>"),
    "h159": lambda: page(REPORT + '<p title="' + "x" * 5_000_000),
    "h160": lambda: page(REPORT, "<title>" + "word " * 200_000 + "</title>"),
    "h161": lambda: page(REPORT, '<meta name="a" content="b">' * 100_000),
    "h162": lambda: page(REPORT, json_ld('{"@type": "NewsArticle", "headline": "' + "x" * 5_000_000 + '"}')),
    "h163": lambda: page(REPORT, json_ld("[" * 50_000 + "]" * 50_000)),
    "h164": lambda: page("<table><tr><td>one</td></tr></table>" * 10_000 + REPORT),
    "h165": lambda: page('<svg><path d="M0"/></svg>' * 50_000 + REPORT),
    "h166": lambda: page("<p>" + "2031-02-10 " * 90_000 + "</p>" + REPORT),
    "h167": lambda: page("<p>by" + " " * 2_000_000 + "Ana Roe</p>" + REPORT),
    "h168": lambda: page(REPORT).replace("e", "e\0"),
    "h169": lambda: '<html><frameset cols="*"><frame src="/a"></frameset></html>',
    "h170": lambda: "<html><head></head><body><script>" + "var a = 1;" * 10_000 + "</script></body></html>",
    "h171": lambda: page(f'<div style="display:none">{REPORT}</div>'),
    "h172": _laughs,
    "h173": lambda: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + page(f"<p>&e;</p>{REPORT}"),
}
