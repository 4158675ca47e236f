"""Replies as Telegram's HTML: whatever a page or a person wrote, the message is one that Telegram takes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given, settings
from inline_snapshot import snapshot

from bot.model import Excerpt
from bot.replies import (
    Action,
    BlockQuote,
    Button,
    DetailPanel,
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
from handlers.sanitize import one_line
from handlers.telegram.buttons import answer_keyboard
from handlers.telegram.render import render
from tests.fakes import telegram_limits as limits
from tests.fakes.replies import ferry, replies


def quoted(words: str, *, marks: bool = False, cut: bool = False) -> Quoted:
    return Quoted(Excerpt(0, len(words), words), marks, cut)


def said(count: int) -> tuple[ListEntry, ...]:
    return tuple(ListEntry((Said(f"Source {n}"),), (quoted("w" * 300, marks=True),)) for n in range(count))


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


def parts(markup: str, kind: str) -> list[str]:
    """What the entities of a kind cover, without the joiner that keeps names from being mentions."""
    text, entities = limits.parse(markup)
    raw = text.encode("utf-16-le")
    spans = [(e["offset"] * 2, (e["offset"] + e["length"]) * 2) for e in entities if e["type"] == kind]
    return [raw[start:end].decode("utf-16-le").replace("\u2060", "") for start, end in spans]


@settings(max_examples=30, deadline=None)
@given(replies)
def test_any_reply_is_within_telegrams_limits_and_well_formed(reply: Reply) -> None:
    buttons = answer_keyboard(reply, "a" * 16, [f"-{10**13}", str(10**13)])
    rows = buttons.to_dict()["inline_keyboard"] if buttons else []
    assert limits.faults(render(reply), rows) == []


@settings(max_examples=30, deadline=None)
@given(replies)
def test_every_quotation_block_is_a_whole_quotation_word_for_word(reply: Reply) -> None:
    card = Reply(reply.blocks, spoiler=reply.spoiler)
    whole = {shown(words).strip() for words in in_bars(reply.blocks)}
    assert {part.strip() for part in parts(render(card), "blockquote")} <= whole


@settings(max_examples=30, deadline=None)
@given(replies)
def test_nothing_in_a_message_is_a_mention(reply: Reply) -> None:
    text, _ = limits.parse(render(reply))
    assert not any(after.isalnum() for at, after in pairwise(text) if at == "@")


def test_details_are_folded_under_the_card_by_the_name_of_their_button() -> None:
    assert parts(render(ferry()), "expandable_blockquote") == snapshot(
        [
            """\
Sources (3)
Named
• Harbour Gazette (outlet)
▎the Harbour Gazette reported

• the crews’ union (organisation)
▎union said that nothing has been signed

• Ines Holm (person)
▎said Ines Holm, a ship’s mate\
""",
            """\
Words of doubt (1)
In the report
• “may be over”
▎Ferry strike may be over by …\
""",
        ]
    )


def test_words_that_go_on_are_marked_outside_the_quotation() -> None:
    assert (
        render(Reply((BlockQuote(quoted("It may be", cut=True)),))) == "<blockquote>It may be …</blockquote>"
    )


def test_a_spoiler_covers_every_word_of_the_answer_inside_its_quotations() -> None:
    reply = Reply((Label((Said("What it reports"),)), BlockQuote(quoted("Rain"))), spoiler=True)
    assert render(reply) == snapshot("""\
<b><tg-spoiler>What it reports</tg-spoiler></b>
<blockquote><tg-spoiler>Rain</tg-spoiler></blockquote>\
""")


def test_panels_share_what_the_card_leaves_and_say_how_much_is_missing() -> None:
    panels = (DetailPanel(Action.SOURCES, said(30)), DetailPanel(Action.HEDGES, said(3)))
    buttons = (Button(Action.SOURCES, "Sources (30)"), Button(Action.HEDGES, "Words of doubt (3)"))
    markup = render(Reply((Text((Said("The card"),)),), panels, buttons))
    folded = parts(markup, "expandable_blockquote")
    assert [part.splitlines()[0] for part in folded] == ["Sources (30)", "Words of doubt (3)"]
    assert folded[0].endswith("• Source 29\n\nand 22 more quotations")
    assert folded[1].endswith("www”")


def test_many_links_stay_within_a_hundred_entities() -> None:
    entry = ListEntry((Said("name", strong=True), quoted("said", marks=True)))
    markup = render(Reply((Text((Said("The card"),)),), (DetailPanel(Action.SOURCES, (entry,) * 150),)))
    assert limits.faults(markup, []) == []
    assert markup.endswith("<i>and 53 more</i></blockquote>")


def test_a_card_that_does_not_fit_is_cut_between_blocks() -> None:
    reply = Reply(tuple(BlockQuote(quoted(letter * 400)) for letter in "abcdefghijkl"))
    assert render(reply).endswith("<blockquote>" + "j" * 400 + "</blockquote>\n\n<i>and 2 more</i>")


def test_a_button_for_a_host_without_a_dot_is_left_out() -> None:
    blocks = (Text((Said("x"),)),)
    assert (
        answer_keyboard(
            Reply(blocks, buttons=(Button(Action.OPEN, "Open", "http://localhost/x"),)), "a1", ["1"]
        )
        is None
    )


def test_commands_can_be_tapped_in_our_words_and_not_in_those_of_strangers() -> None:
    words = "/forget it, and/or read news.example/a"
    title = Quoted(Excerpt(0, len(words), words))
    said = render(Reply((Headline(title), Text((Said("See /help."), Stated(" /start"))))))
    assert said == snapshot("""\
<b>“/\u2060forget it, and/or read news.\u2060example/a”</b>

See /help. /\u2060start\
""")


def test_a_bar_that_begins_inside_a_sentence_begins_with_dots() -> None:
    words = "the bridge fell."
    bar = BlockQuote(Quoted(Excerpt(0, len(words), words), marks=False, begun=True))
    assert render(Reply((bar,))) == "<blockquote>… the bridge fell.</blockquote>"
