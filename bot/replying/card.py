"""The public answer to one article: sections in reading order, cut to the length of a card."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.model import Caveat, Claim, Excerpt, Report
from bot.replies import (
    BlockQuote,
    Headline,
    Label,
    Line,
    ListEntry,
    Piece,
    Quoted,
    ReplyBlock,
    Said,
    SmallPrint,
    Stated,
    Text,
)
from bot.replying.lines import (
    ReplyTimes,
    chain_line,
    claim_line,
    counts_line,
    facts_line,
    join_pieces,
    nothing_line,
    read_from,
)
from bot.replying.phrasebook import Phrases
from bot.replying.quoting import find_title, make_host_link, quote, quote_around, quote_as_block
from bot.rooms import CardSection as Named

CARD_LIMIT: Final = 1100  # characters in all: one short message, about 1,000 and a little leeway
BAR_LIMITS: Final = (280, 220, 160)  # characters of one quotation on a card: the first that fits
TITLE_LIMIT: Final = 160
BRIEF_LIMIT: Final = 120
EVERY: Final = frozenset(Named)
HOSTS: Final = 3  # originals named on the card; the panel has them all


@dataclass(frozen=True, slots=True)
class BlockGroup:
    """Blocks that stand or go together. `needed`: they are never left out."""

    blocks: tuple[ReplyBlock, ...]
    needed: bool = True


# ── the three lengths ───────────────────────────────────────────────────────────────────────────────


def compose_card(
    report: Report, times: ReplyTimes, words: Phrases, sections: Collection[Named] = EVERY
) -> tuple[ReplyBlock, ...]:
    """`sections`: those that a room wants beside what always stands."""
    top = compose_opening(report, times, words)
    end = SmallPrint(counts_line(report, words))
    room = CARD_LIMIT - count_characters((*top, end))
    body: list[ReplyBlock] = []
    for limit in BAR_LIMITS:
        kept = list(_sections(report, words, limit, sections))
        # Sections that are not needed go where they do not fit, the last ones first.
        while sum(count_characters(s.blocks) for s in kept) > room and not all(s.needed for s in kept):
            del kept[max(n for n, section in enumerate(kept) if not section.needed)]
        body = [block for section in kept for block in section.blocks]
        if count_characters(body) <= room:
            break
    return (*top, *body, end)


def compose_full(report: Report, times: ReplyTimes, words: Phrases) -> tuple[ReplyBlock, ...]:
    sections = _sections(report, words, None, EVERY)
    body = [block for section in sections for block in section.blocks]
    return (*compose_opening(report, times, words), *body, SmallPrint(counts_line(report, words)))


def compose_brief(report: Report, times: ReplyTimes, words: Phrases) -> tuple[ReplyBlock, ...]:
    """One line, and in small print where it stood, when, and what was read."""
    chain = next((chain_line(report, c, words, ending=False) for c in report.chains if c.of_claim), ())
    claim = claim_line(report)
    line: Line
    if report.claim and report.claim.unconfirmed:
        flag = Said(words.say("card.unconfirmed"), strong=True)
        evidence = words.line("card.brief_evidence", words=_flag_words(report, report.claim))
        line = (flag, *evidence, *chain)
    elif claim is None:
        line = (_without_claim(report, words),)
    else:
        line = (claim, Said(words.say("card.brief_gap")), *chain) if chain else (claim,)
    between = Said(words.say("card.between"))
    about = facts_line(report, times, words)
    notes = (*about, *([between] if about else []), Said(read_from(report, words)))
    return (Text(line), *_partial(report, words), SmallPrint(notes))


def brief_nothing(report: Report, times: ReplyTimes, words: Phrases) -> tuple[ReplyBlock, ...]:
    about = facts_line(report, times, words)
    return (Text(nothing_line(report, words)), *([SmallPrint(about)] if about else []))


def compose_nothing_found(report: Report, times: ReplyTimes, words: Phrases) -> tuple[ReplyBlock, ...]:
    return (*compose_opening(report, times, words), Text(nothing_line(report, words)))


def compose_opening(report: Report, times: ReplyTimes, words: Phrases) -> tuple[ReplyBlock, ...]:
    """Compose headline, outlet and date, and a warning if only a part could be read."""
    about = facts_line(report, times, words)
    return (*compose_headline(report), *([SmallPrint(about)] if about else []), *_partial(report, words))


def compose_headline(report: Report) -> Iterator[ReplyBlock]:
    """Yield the title as it stands in the text; one that only the page's metadata states is no quotation."""
    found = find_title(report.article)
    if found:
        yield Headline(quote(report.article, found, TITLE_LIMIT, marks=False))
    elif report.article.title:
        yield Label((Stated(report.article.title[:TITLE_LIMIT]),))


def _partial(report: Report, words: Phrases) -> Iterator[ReplyBlock]:
    why = report.article.partial
    if why:
        key = f"partial.{why}" if words.has(f"partial.{why}") else "partial.other"
        yield Text((Said(words.say(key, why=why), strong=True),))


def _without_claim(report: Report, words: Phrases) -> Said:
    if report.digest is None:
        return Said(words.say("card.claim_missing"))
    return Said(words.say("card.digest", n=report.digest.stories))


def _flag_words(report: Report, claim: Claim) -> Quoted:
    """The caveat with the words that lead up to it, where they are few."""
    caveat = claim.caveats[0]
    start = caveat.sentence.start
    if not caveat.sentence.holds(caveat.words) or caveat.words.end - start > BRIEF_LIMIT:
        return quote(report.article, caveat.words, BRIEF_LIMIT)
    return quote(report.article, report.article.cut(start, caveat.words.end), BRIEF_LIMIT)


# ── sections ────────────────────────────────────────────────────────────────────────────────────────


def _sections(
    report: Report, words: Phrases, limit: int | None, wanted: Collection[Named]
) -> Iterator[BlockGroup]:
    """In reading order. `limit` None: everything, each quotation as long as the law allows."""
    claim = report.claim
    if claim is None:
        yield BlockGroup((Text((_without_claim(report, words),)),))
    else:
        yield from _flag(report, claim, words, limit)
        if Named.HEADLINE_CONFLICT in wanted:
            yield from _conflict(report, words, limit)
        aside = _choose_side_caveats(claim, limit) if Named.CAVEAT_ON_A_DETAIL in wanted else ()
        yield from _claim(report, claim, words, limit, aside)
    if Named.WHO_SAYS_SO in wanted:
        yield from _chains(report, words)
    if claim is not None and Named.ALSO_SAYS in wanted:
        yield from _also(report, claim, words, limit)
    if claim is not None and Named.CAVEAT_ON_A_DETAIL in wanted:
        yield from _details(report, claim, words, limit)
    if Named.ORIGINALS in wanted:
        yield from _originals(report, words)


def _flag(report: Report, claim: Claim, words: Phrases, limit: int | None) -> Iterator[BlockGroup]:
    if claim.unconfirmed:
        shown = claim.caveats if limit is None else claim.caveats[:1]
        bars = _make_block_quotes(
            quote_around(report.article, c.words, c.sentence, *_cap(limit)) for c in shown
        )
        yield BlockGroup((_make_label("card.unconfirmed", words), *bars))


def _conflict(report: Report, words: Phrases, limit: int | None) -> Iterator[BlockGroup]:
    if report.conflict is None:
        return
    lines = (
        ("card.conflict_headline", report.conflict.headline),
        ("card.conflict_body", report.conflict.body),
    )
    pairs = [
        block
        for key, line in lines
        for block in (
            Text((Said(words.say(key)),)),
            BlockQuote(quote_as_block(report.article, line, *_cap(limit))),
        )
    ]
    yield BlockGroup((_make_label("card.conflict", words), *pairs))


def _claim(
    report: Report, claim: Claim, words: Phrases, limit: int | None, aside: Sequence[Caveat]
) -> Iterator[BlockGroup]:
    """The claim, then each further sentence of the summary that is neither shown elsewhere nor against it;
    `aside`: the caveats on a detail that the card shows."""
    bar = quote_around(report.article, claim.statement, claim.sentence, *_cap(limit))
    yield BlockGroup((_make_label("card.reports", words), BlockQuote(bar)))
    shown = [claim.sentence, *(c.sentence for c in (*claim.caveats, *aside)), *claim.contrasts]
    for fact in _exclude_overlaps(report.summary, shown):
        yield BlockGroup((BlockQuote(quote_as_block(report.article, fact, *_cap(limit))),), needed=False)


def _chains(report: Report, words: Phrases) -> Iterator[BlockGroup]:
    lines = [Text(chain_line(report, chain, words)) for chain in report.chains if chain.of_claim]
    if lines:
        yield BlockGroup((_make_label("card.who", words), *lines))


def _also(report: Report, claim: Claim, words: Phrases, limit: int | None) -> Iterator[BlockGroup]:
    """The first sentence that disputes the claim. A full answer has all of them."""
    shown = [claim.sentence, *(c.sentence for c in claim.caveats)]
    found = _exclude_overlaps(claim.contrasts, shown)[: 1 if limit is not None else None]
    bars = _make_block_quotes(quote_as_block(report.article, e, *_cap(limit)) for e in found)
    if bars:
        yield BlockGroup((_make_label("card.also", words), bars[0]), needed=False)
        yield from (BlockGroup((bar,), needed=False) for bar in bars[1:])


def _details(report: Report, claim: Claim, words: Phrases, limit: int | None) -> Iterator[BlockGroup]:
    shown = _choose_side_caveats(claim, limit)
    bars = _make_block_quotes(quote_around(report.article, c.words, c.sentence, *_cap(limit)) for c in shown)
    if bars:
        yield BlockGroup((_make_label("card.detail", words), *bars), needed=False)


def _choose_side_caveats(claim: Claim, limit: int | None) -> tuple[Caveat, ...]:
    return claim.side_caveats if limit is None else claim.side_caveats[:1]


def _originals(report: Report, words: Phrases) -> Iterator[BlockGroup]:
    places: list[Piece] = []
    for original in report.originals:
        there = make_host_link(original.url)
        if there and there.text not in [p.text for p in places if isinstance(p, Stated)]:
            places.append(there)
    if places:
        shown = join_pieces(places[:HOSTS], words.say("card.host_gap"))
        yield BlockGroup((Text((Said(words.say("card.originals")), *shown)),), needed=False)


def _cap(limit: int | None) -> tuple[int, ...]:
    return () if limit is None else (limit,)


def _make_label(key: str, words: Phrases) -> Label:
    return Label((Said(words.say(key)),))


def _make_block_quotes(found: Iterable[Quoted]) -> list[BlockQuote]:
    """Make a bar of each excerpt, once."""
    return [BlockQuote(words) for words in dict.fromkeys(found)]


def _exclude_overlaps(found: Iterable[Excerpt], shown: Iterable[Excerpt]) -> list[Excerpt]:
    """Return the excerpts that overlap neither those shown already nor each other."""
    kept: list[Excerpt] = []
    already = list(shown)
    for excerpt in found:
        if not any(excerpt.overlaps(other) for other in [*already, *kept]):
            kept.append(excerpt)
    return kept


# ── length ──────────────────────────────────────────────────────────────────────────────────────────


def count_characters(blocks: Iterable[ReplyBlock]) -> int:
    """Count the characters that a reader sees, without markup."""
    pieces: list[Piece] = []
    for block in blocks:
        match block:
            case Headline(words) | BlockQuote(words):
                pieces.append(words)
            case Label(line) | Text(line) | SmallPrint(line):
                pieces += line
            case ListEntry(line, evidence):
                pieces += (*line, *evidence)
    return sum(len(p.excerpt.text) + 3 if isinstance(p, Quoted) else len(p.text) for p in pieces)
