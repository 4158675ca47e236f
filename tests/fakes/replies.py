"""A reply about an article written for these tests, and replies built from any text at all."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.model import Article, Excerpt
from bot.replies import (
    Action,
    BlockQuote,
    Button,
    DetailPanel,
    Headline,
    Label,
    Line,
    ListEntry,
    Quoted,
    Reply,
    ReplyBlock,
    Said,
    SmallPrint,
    Stated,
    Text,
)
from bot.replying.sanitize import sanitize

URL = "https://example.org/harbour/ferry-talks"

_ARTICLE = Article(
    text=(
        "Ferry strike may be over by Monday, two sources say\n"
        "The strike is over, the Harbour Gazette reported, citing people close to the talks. "
        "The report could not be confirmed on Friday night. "
        "However, the crews’ union said that nothing has been signed. "
        "“We may sail on Monday,” said Ines Holm, a ship’s mate."
    ),
    url=URL,
    outlet="C&S",
)


def cut(words: str) -> Excerpt:
    start = _ARTICLE.text.index(words)
    return _ARTICLE.cut(start, start + len(words))


def ferry(*, spoiler: bool = False) -> Reply:
    """A card about a strike that never was, with its panels and buttons."""
    return Reply(_card(), _panels(), _buttons(), spoiler)


def _card() -> tuple[ReplyBlock, ...]:
    claim = cut("The strike is over, the Harbour Gazette reported, citing people close to the talks.")
    return (
        Headline(Quoted(cut("Ferry strike may be over by Monday, two sources say"), marks=False)),
        SmallPrint((Stated("C&S"), Said(" · lines with a bar are quoted"))),
        Label((Said("UNCONFIRMED: the article says so itself"),)),
        BlockQuote(Quoted(cut("The report could not be confirmed on Friday night."), marks=False)),
        Label((Said("What it reports"),)),
        BlockQuote(Quoted(claim, marks=False)),
        Label((Said("Who says so"),)),
        Text((
            Stated("C&S"), Said(", quoting "), Quoted(cut("Harbour Gazette"), marks=False),
            Said(", citing "), Quoted(cut("people close to the talks")),
            Said(". It names nobody as the origin."),
        )),
        SmallPrint((Said("3 sources named · read from this page only; nothing was checked elsewhere"),)),
    )  # fmt: skip


def _panels() -> tuple[DetailPanel, ...]:
    return (
        DetailPanel(
            Action.SOURCES,
            (
                Label((Said("Named"),)),
                _source("Harbour Gazette", "outlet", "the Harbour Gazette reported"),
                _source("the crews’ union", "organisation", "union said that nothing has been signed"),
                _source("Ines Holm", "person", "said Ines Holm, a ship’s mate"),
            ),
        ),
        DetailPanel(
            Action.HEDGES,
            (
                Label((Said("In the report"),)),
                ListEntry(
                    (Quoted(cut("may be over")),),
                    (_evidence("Ferry strike may be over by", cut_off=True),),
                ),
            ),
        ),
    )


def _source(name: str, kind: str, evidence: str) -> ListEntry:
    line = (Quoted(cut(name), marks=False), Said(f" ({kind})"))
    return ListEntry(line, (_evidence(evidence),))


def _evidence(words: str, *, cut_off: bool = False) -> Quoted:
    return Quoted(cut(words), marks=False, cut=cut_off)


def _buttons() -> tuple[Button, ...]:
    return (
        Button(Action.SOURCES, "Sources (3)"),
        Button(Action.HEDGES, "Words of doubt (1)"),
        Button(Action.REMOVE, "Remove"),
        Button(Action.OPEN, "Open article", URL),
    )


def titled(title: str) -> Reply:
    """A reply whose headline, bar and outlet are a stranger's worst words."""
    words = Article(text=title).cut(0, len(title))
    return Reply((
        Headline(Quoted(words, marks=False)),
        SmallPrint((Stated(title, "https://example.org/a_(b)"), Said("  *not* bold"))),
        BlockQuote(Quoted(words, marks=False)),
        Text((Said("They say: "), Quoted(words, url="https://e.example/?y=1&z=<2>"))),
    ))  # fmt: skip


# ── any reply ───────────────────────────────────────────────────────────────────────────────────────

_NASTY = (
    "@everyone", "<@123>", "`", "```", "**", "__", "||", "> ", ">>> ", "# ", "-# ", "1. ", "- ", "\\",
    "[a](b)", "https://x.example/", "\u202e", "\u2066", "\u200b", "\u00ad", "<script>", "</b>", "&amp;", "&",
    "\n", "\r", "\x00", "\u00a0", "😀", "\ud83d", "é", "…", "”", "~~", "@ada_l",
)  # fmt: skip
_words = st.one_of(
    st.text(st.characters(), min_size=1, max_size=40),
    st.lists(st.sampled_from(_NASTY) | st.text(max_size=6), min_size=1, max_size=12).map("".join),
    st.builds(lambda char, n: char * n, st.sampled_from("a*<&@😀"), st.integers(100, 900)),
).filter(sanitize)
_urls = st.sampled_from(
    [
        None,
        URL,
        "https://example.org/a_(b)?q=<é>",
        "https://bücher.example/",
        "https://example.org/" + "x" * 700,
    ]
)
_excerpts = _words.map(lambda text: Excerpt(0, len(text), text))
_quoted = st.builds(Quoted, _excerpts, st.booleans(), st.booleans(), _urls)
_lines: st.SearchStrategy[Line] = st.lists(
    st.one_of(st.builds(Said, _words, st.booleans()), st.builds(Stated, _words, _urls), _quoted),
    min_size=1,
    max_size=4,
).map(tuple)
_blocks: st.SearchStrategy[ReplyBlock] = st.one_of(
    st.builds(Headline, _quoted),
    st.builds(Label, _lines),
    st.builds(BlockQuote, _quoted),
    st.builds(Text, _lines),
    st.builds(SmallPrint, _lines),
    st.builds(ListEntry, _lines, st.lists(_quoted, max_size=6).map(tuple)),
)
_many: st.SearchStrategy[tuple[ReplyBlock, ...]] = st.lists(_blocks, min_size=1, max_size=12).map(tuple)
_details = st.lists(st.sampled_from([Action.SOURCES, Action.HEDGES]), unique=True).flatmap(
    lambda actions: st.tuples(*(st.builds(DetailPanel, st.just(action), _many) for action in actions))
)
replies = st.builds(
    Reply,
    _many,
    _details,
    st.sampled_from([(), _buttons(), (Button(Action.OPEN, "Open", "https://example.org/" + "y" * 600),)]),
    st.booleans(),
)
