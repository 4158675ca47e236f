from __future__ import annotations

import io
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from rich.console import Console

from bot.model import Article
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
from bot.replying.reply import compose_reply
from handlers.terminal.render import first_line, render
from tests.bot.written import bridge

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
EVIL = "\x1b[31m[bold red]x[/]\u202e:smile:\x07\n\x9b2J https://evil.example/"


def shown(answer: Reply, width: int = 100, *, colour: bool = False, keys: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        markup=False,
        emoji=False,
        highlight=False,
        force_terminal=colour,
        color_system="truecolor" if colour else None,
    )
    console.print(render(answer, keys=keys))
    return out.getvalue()


def every_block(words: str) -> tuple[ReplyBlock, ...]:
    quoted = Quoted(Article(words).cut(0, len(words)), url=words)
    line = (Said(words), Stated(words, url=words), quoted)
    return (
        Headline(quoted),
        Label(line),
        BlockQuote(quoted),
        Text(line),
        SmallPrint(line),
        ListEntry(line, (quoted,)),
    )


def test_a_card_is_readable_without_colour() -> None:
    assert shown(compose_reply(bridge(), now=NOW, languages={"en"}), width=72).splitlines() == snapshot(
        [
            "Old bridge to close in May",
            "Harbour Post · 2 November 2026",
            "",
            "UNCONFIRMED: the article says so itself",
            "│ The following account is unconfirmed, but it raises a question that ",
            "│ the town has asked for years.",
            "",
            "What it reports",
            "│ The city and the ferry company have agreed to close the old bridge in ",
            "│ May, the Quay Street blog reported on Monday citing people close to ",
            "│ the talks.",
            "",
            "Who says so",
            "Harbour Post, quoting Quay Street blog, citing “people close to the ",
            "talks”. It names nobody as the origin.",
            "",
            "The article also says",
            "│ However, the Harbour Workers’ Union (HWU) said that the talks are ",
            "│ still going on.",
            "",
            "3 sources named · 1 not named, cited 2 times · 1 more word of doubt · ",
            "lines with a bar are quoted · read from this page only; nothing was ",
            "checked elsewhere",
        ]
    )


def test_every_wrapped_line_of_a_quotation_has_its_bar() -> None:
    words = "harbour " * 40
    bar = BlockQuote(Quoted(Article(words).cut(0, len(words)), marks=False))
    lines = shown(Reply((bar,)), width=30).splitlines()
    assert len(lines) > 5
    assert all(line.startswith("│ ") and len(line) <= 30 for line in lines)


def test_evidence_stands_indented_under_its_entry() -> None:
    article = Article("said so")
    entry = ListEntry((Said("Maria"),), (Quoted(article.cut(0, 7), marks=False, cut=True),))
    assert shown(Reply((entry,))) == "• Maria\n  │ said so…\n"


def test_colour_says_nothing_that_the_words_do_not() -> None:
    answer = compose_reply(bridge(), now=NOW, languages={"en"})
    coloured = shown(answer, colour=True)
    assert "\x1b[" in coloured
    assert Console(file=io.StringIO()).render_str(coloured) is not None


def test_nothing_of_a_stranger_reaches_the_terminal_as_a_command() -> None:
    for block in every_block(EVIL):
        found = shown(Reply((block,)))
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(found)
        assert "[bold red]x[/]" in found
        assert ":smile:" in found


@given(st.text(st.characters(), min_size=1, max_size=40))
def test_any_words_are_shown_without_control_characters(words: str) -> None:
    for block in every_block(words):
        found = shown(Reply((block,)))
        assert all(letter.isprintable() or letter == "\n" for letter in found)
        found.encode()


def test_only_web_addresses_become_links() -> None:
    web = Text((Stated("quay.example", url="https://quay.example/a"),))
    script = Text((Stated("quay.example", url="javascript:alert(1)"),))
    assert "https://quay.example/a" in shown(Reply((web,)), colour=True)
    assert "javascript" not in shown(Reply((script,)), colour=True)


def test_the_keys_are_those_of_the_buttons_that_there_are() -> None:
    buttons = (
        Button(Action.SOURCES, "Sources (3)"),
        Button(Action.SHOW, "Show"),
        Button(Action.REMOVE, "Remove"),
    )
    answer = Reply((Text((Said("x"),)),), buttons=buttons)
    assert shown(answer, keys=True).splitlines()[-1] == "[s] Sources (3)   [e] Show   [x] Remove"
    assert shown(answer) == "x\n"
    assert shown(Reply(answer.blocks), keys=True) == "x\n"


def test_an_answer_is_listed_by_its_first_words() -> None:
    assert first_line(compose_reply(bridge(), now=NOW, languages={"en"})) == "Old bridge to close in May"
    assert first_line(Reply(())) == ""


def test_a_bar_that_begins_inside_a_sentence_begins_with_dots() -> None:
    article = Article("the bridge fell.")
    bar = BlockQuote(Quoted(article.cut(0, 16), marks=False, begun=True))
    assert shown(Reply((bar,))) == "│ … the bridge fell.\n"
