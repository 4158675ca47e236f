"""Replies as Components V2: whatever a page or a person wrote, the message is one that Discord takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from discord import ui
from hypothesis import given, settings
from inline_snapshot import snapshot

from bot.answer_cache import Answer
from bot.model import Excerpt
from bot.replies import (
    Action,
    BlockQuote,
    Button,
    Headline,
    Label,
    ListEntry,
    Quoted,
    Reply,
    ReplyBlock,
    Said,
    SmallPrint,
    Stated,
    Text,
)
from handlers.discord.buttons import answer_buttons
from handlers.discord.delivery import thread_name
from handlers.discord.render import render, render_pages, render_text
from handlers.sanitize import one_line
from tests.fakes import discord_limits as limits
from tests.fakes.replies import URL, ferry, replies, titled

_MEANT = re.compile(
    r"""
      \\(?P<escaped>[^0-9A-Za-z\s])
    | \[(?P<label>(?:\\.|[^\[\]\\])*)\]\(https?://[^()\s]*\)
    """,
    re.VERBOSE,
)


def quoted(words: str, *, marks: bool = False, cut: bool = False, url: str | None = None) -> Quoted:
    return Quoted(Excerpt(0, len(words), words), marks, cut, url)


def unescaped(markdown: str) -> str:
    return _MEANT.sub(lambda found: found["escaped"] or unescaped(found["label"]), markdown)


def unmarked(markdown: str) -> str:
    """What Discord would still read as markup once escapes and our own links are taken away."""
    return _MEANT.sub(lambda found: "" if found["escaped"] else unmarked(found["label"]), markdown)


def shown(words: Quoted) -> str:
    text = one_line(words.excerpt.text)
    return (f"“{text}”" if words.marks else text) + (" …" if words.cut else "")


def in_bars(blocks: tuple[ReplyBlock, ...]) -> Iterator[Quoted]:
    for block in blocks:
        match block:
            case BlockQuote(words):
                yield words
            case ListEntry(_, evidence):
                yield from evidence
            case Headline() | Label() | Text() | SmallPrint():
                pass


@settings(max_examples=30, deadline=None)
@given(replies)
async def test_any_reply_is_within_discords_limits(reply: Reply) -> None:
    for blocks in (reply.blocks, *(panel.blocks for panel in reply.panels)):
        view = render(Reply(blocks, spoiler=reply.spoiler), answer_buttons(reply, "a" * 32, ["9" * 20] * 2))
        parts = view.to_components()  # type: ignore[no-untyped-call]  # discord.py leaves it without annotations
        body = {"components": parts, "flags": limits.COMPONENTS_V2}
        assert limits.faults(body) == []


@settings(max_examples=30, deadline=None)
@given(replies)
def test_every_line_with_a_bar_is_a_whole_quotation_word_for_word(reply: Reply) -> None:
    bars = [unescaped(line[2:]) for line in render_text(reply.blocks).split("\n") if line.startswith("> ")]
    assert set(bars) <= {shown(words) for words in in_bars(reply.blocks)}


@settings(max_examples=30, deadline=None)
@given(replies)
def test_nothing_that_was_written_elsewhere_has_a_meaning_in_markdown(reply: Reply) -> None:
    for line in render_text(reply.blocks).split("\n"):
        ours = re.sub(r"^(?:### |-# |> )", "", line)
        left = unmarked(ours)
        assert not set(left) & set("@<>`~_|[]\\")
        assert "*" not in left.replace("**", "")
        assert "://" not in left
        assert not re.match(r"\s*(?:#{1,3} |-#? |\+ |\d+\. )", ours)


def test_a_bar_for_every_quotation_and_small_print_close_to_the_headline() -> None:
    assert render_text(ferry().blocks) == snapshot("""\
### Ferry strike may be over by Monday, two sources say
-# C&S · lines with a bar are quoted

**UNCONFIRMED: the article says so itself**
> The report could not be confirmed on Friday night.

**What it reports**
> The strike is over, the Harbour Gazette reported, citing people close to the talks.

**Who says so**
C&S, quoting Harbour Gazette, citing “people close to the talks”. It names nobody as the origin.

-# 3 sources named · read from this page only; nothing was checked elsewhere\
""")


def test_words_that_go_on_are_marked_outside_the_quotation() -> None:
    entry = ListEntry((quoted("may be", marks=True),), (quoted("It may be so", marks=True, cut=True),))
    assert render_text((entry,)) == "“may be”\n> “It may be so” …"


def test_a_name_with_an_address_is_a_link_and_brackets_in_the_address_do_not_end_it() -> None:
    line = (Stated("news.example", "https://news.example/a_(b)?q=é"), Said(" says"))
    assert render_text((Text(line),)) == "[news.example](https://news.example/a_%28b%29?q=%C3%A9) says"


def test_an_address_that_is_not_for_the_web_is_no_link() -> None:
    assert render_text((Text((Stated("press me", "javascript:alert(1)"),)),)) == "press me"


def test_lines_that_would_become_lists_or_headings_stay_lines() -> None:
    blocks = (
        BlockQuote(quoted("1. Go")),
        BlockQuote(quoted("- go")),
        Text((Said("# go"),)),
        SmallPrint((Said("-# go"),)),
    )
    assert render_text(blocks) == "> 1\\. Go\n> \\- go\n\n\\# go\n\n-# \\-# go"


def test_strong_words_in_a_label_do_not_undo_its_weight() -> None:
    assert render_text((Label((Said("Flag: "), Said("up", strong=True))),)) == "**Flag: up**"


def test_lines_that_do_not_fit_are_counted() -> None:
    entries = tuple(ListEntry((Said(f"Source {n} " + "n" * 388),), (quoted("evidence"),)) for n in range(30))
    lines = render_text((Label((Said("Sources (30)"),)), *entries)).split("\n")
    assert lines[-3:] == ["Source 8 " + "n" * 388, "", "-# and 21 more"]


def test_evidence_gives_way_to_names_and_every_entry_has_one_before_any_has_a_second() -> None:
    evidence = (quoted("a" * 300), quoted("b" * 300))
    lines = render_text(tuple(ListEntry((Said(f"Source {n}"),), evidence) for n in range(12))).split("\n")
    assert [line for line in lines if line.startswith("Source")] == [f"Source {n}" for n in range(12)]
    assert (lines.count("> " + "a" * 300), lines.count("> " + "b" * 300)) == (12, 0)
    assert lines[-1] == "-# and 12 more quotations"


def test_a_label_is_not_left_without_its_content() -> None:
    blocks = (Text((Said("first"),)), Label((Said("Next"),)), BlockQuote(quoted("w" * 4000)))
    assert render_text(blocks) == "first\n\n-# and 1 more"


def test_a_link_that_is_too_long_for_a_button_has_none() -> None:
    long = "https://example.org/" + "x" * 600
    reply = Reply((Text((Said("x"),)),), buttons=tuple(b for b in ferry().buttons if b.url))
    assert [b.url for b in answer_buttons(reply, "a1", ["1"])] == [URL]  # type: ignore[attr-defined]  # all are link buttons
    longer = Reply(reply.blocks, buttons=(type(reply.buttons[0])(reply.buttons[0].action, "Open", long),))
    assert answer_buttons(longer, "a1", ["1"]) == []


@settings(max_examples=30, deadline=None)
@given(replies)
def test_pages_hold_everything_within_the_limit_and_cut_no_quotation(reply: Reply) -> None:
    for blocks in (reply.blocks, *(panel.blocks for panel in reply.panels)):
        found = render_pages(blocks)
        assert all(limits.units(page) <= 4000 for page in found)
        bars = [unescaped(line[2:]) for page in found for line in page.split("\n") if line.startswith("> ")]
        wanted = [shown(words) for words in in_bars(blocks)]
        assert set(bars) <= set(wanted)
        if all(len(words) < 1000 for words in wanted):
            assert len(bars) == len(wanted)


def test_a_heading_goes_to_the_page_of_what_follows_it() -> None:
    long = ListEntry((Said("word " * 500),))
    found = render_pages((long, Label((Said("Not named"),)), long))
    assert [page.startswith("**Not named**") for page in found] == [False, True]


@pytest.mark.parametrize(("length", "where"), [(400, "button"), (600, "text"), (4000, "nowhere")])
def test_an_address_that_is_too_long_for_a_button_stands_in_the_text(length: int, where: str) -> None:
    url = "https://example.org/" + "x" * length
    reply = Reply((Text((Said("word " * 900),)),), buttons=(Button(Action.OPEN, "Open article ↗", url),))
    made = answer_buttons(reply, "a1", ["1"])
    view = render(reply, made)
    (shown,) = (item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))
    assert (len(made), f"[Open article ↗]({url})" in shown) == (where == "button", where == "text")
    assert limits.units(shown) <= 4000


@pytest.mark.parametrize("title", ["新" * 120, "🌊" * 120, "a" * 120])
def test_a_thread_has_the_beginning_of_its_headline(title: str) -> None:
    name = thread_name(Answer("a1", titled(title)))
    assert limits.units(name) <= 100
    assert name.startswith(title[:5])


def test_a_bar_that_begins_inside_a_sentence_begins_with_dots() -> None:
    words = "the bridge fell."
    bar = BlockQuote(Quoted(Excerpt(0, len(words), words), marks=False, begun=True))
    assert render_text((bar,)) == "> … the bridge fell."
