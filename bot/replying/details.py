"""The details behind the buttons: every source with its evidence, every hedge in its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from bot.model import (
    Anchor,
    Article,
    Attribution,
    BlockRole,
    Excerpt,
    Hedge,
    How,
    Original,
    Report,
    Source,
    SourceKind,
    Voice,
)
from bot.replies import (
    Action,
    DetailPanel,
    Label,
    Line,
    ListEntry,
    Piece,
    ReplyBlock,
    Said,
    SmallPrint,
    Text,
)
from bot.replying.lines import (
    chain_line,
    find_named_sources,
    find_other_hedges,
    find_unnamed_documents,
    find_unnamed_sources,
    holds_office,
    join_pieces,
    source_name,
)
from bot.replying.phrasebook import Phrases
from bot.replying.quoting import make_host_link, merge_excerpts, quote, quote_around, quote_as_block

EVIDENCE: Final = 3  # quotations shown for one source; how often it is cited is said
EVIDENCE_LIMIT: Final = 300  # characters of one
CUES: Final = 4  # of a source's own verbs
SHOWN: Final = 60  # entries of one part of a panel; no real article has more
_T = TypeVar("_T")
LISTED: Final = 40  # links or quotations of a page in another language


def make_sources_panel(report: Report, words: Phrases) -> DetailPanel:
    said: dict[int, list[Attribution]] = {}
    for attribution in report.attributions:
        if attribution.source_id is not None and attribution.reporting:
            said.setdefault(attribution.source_id, []).append(attribution)
    index = _ReportIndex(report, said)
    chains = [c for c in report.chains if not c.of_claim and len(c.steps) > 1]
    named = find_named_sources(report)
    unnamed, described = find_unnamed_sources(report), find_unnamed_documents(report)
    blocks = (
        *([] if named else [_make_label("sources.none_named", words)]),
        *_list_sources("sources.named", named, index, words, _line_of_named),
        *_list_sources("sources.unnamed", unnamed, index, words, _line_of_unnamed),
        *_list_sources("sources.documents", described, index, words, _line_of_unnamed),
        *_list_entries("sources.other_chains", chains, lambda c: Text(chain_line(report, c, words)), words),
        *_list_links("sources.links", report.article, report.originals, words),
    )
    return DetailPanel(Action.SOURCES, blocks)


def make_hedges_panel(report: Report, words: Phrases) -> DetailPanel:
    return DetailPanel(Action.HEDGES, (*_flag(report, words), *_hedges(report, words)))


def make_page_panel(report: Report, words: Phrases) -> DetailPanel:
    """Make the panel of a page in a language that cannot be read: its links and its quotations."""
    article = report.article
    links = _list_links("sources.page_links", article, article.links[:LISTED], words)
    blocks = [article.cut(b.start, b.end) for b in article.blocks if b.role is BlockRole.QUOTE]
    found = _remove_nested([*blocks, *(c for a in report.attributions for c in a.content)])
    heading = [_make_label("sources.quotations", words)] if found else []
    quotations = (ListEntry((quote(article, e, EVIDENCE_LIMIT),)) for e in found[:LISTED])
    return DetailPanel(Action.SOURCES, (*links, *heading, *quotations))


# ── sources ─────────────────────────────────────────────────────────────────────────────────────────


def _list_sources(
    heading: str,
    found: Sequence[Source],
    index: _ReportIndex,
    words: Phrases,
    make_line: Callable[[_ReportIndex, Source, Phrases], Line],
) -> Iterator[ReplyBlock]:
    article = index.report.article

    def make_entry(source: Source) -> ListEntry:
        merged = [merge_excerpts(article, (a.source, a.cue, *a.content)) for a in index.by(source)]
        evidence = _remove_nested([e for e in merged if e] or list(source.mentions))
        quoted = tuple(quote_as_block(article, e, EVIDENCE_LIMIT) for e in evidence[:EVIDENCE])
        return ListEntry(make_line(index, source, words), quoted)

    return _list_entries(heading, found, make_entry, words)


def _list_entries(
    heading: str, found: Sequence[_T], make_entry: Callable[[_T], ReplyBlock], words: Phrases
) -> Iterator[ReplyBlock]:
    """Yield the heading, the first entries, and how many the panel leaves out."""
    if found:
        yield _make_label(heading, words)
    yield from map(make_entry, found[:SHOWN])
    if len(found) > SHOWN:
        yield SmallPrint((Said(words.say("sources.more", n=len(found) - SHOWN)),))


def _line_of_named(index: _ReportIndex, source: Source, words: Phrases) -> Line:
    """As in: James F. Jeffrey (person, “US envoy”): “said” → state.gov."""
    kind = words.say(f"sources.kinds.{source.kind.value}")
    about: list[Piece] = [Said(words.say("sources.open") + kind)]
    if source.role and not source.name.overlaps(source.role):
        about += [Said(words.say("sources.role")), quote(index.report.article, source.role)]
    if source.how is How.RELAYS:
        about.append(Said(words.say("sources.relays")))
    about.append(Said(words.say("sources.close")))
    return (
        source_name(index.report, source),
        *about,
        *_cues(index, source, words),
        *_originals_of(source, words),
    )


def _line_of_unnamed(index: _ReportIndex, source: Source, words: Phrases) -> Line:
    """As in: “special sources”, through Deir Ezzor 24, cited 3 times: “citing”; or “police”, by office."""
    through: Line = ()
    if source.relayed_by is not None:
        through = words.line(
            "sources.through", name=source_name(index.report, index.report.sources[source.relayed_by])
        )
    cited = Said(words.say("sources.cited", cited=words.count("counts.cited", len(source.mentions))))
    originals = _originals_of(source, words) if source.kind is SourceKind.DOCUMENT else ()
    office = (Said(words.say("sources.by_office")),) if holds_office(source) else ()
    return (
        source_name(index.report, source),
        *office,
        *through,
        cited,
        *_cues(index, source, words),
        *originals,
    )


def _cues(index: _ReportIndex, source: Source, words: Phrases) -> Line:
    """The article's own verbs, each once."""
    found = {a.cue.text.lower(): a.cue for a in index.by(source) if a.cue}
    pieces: list[Piece] = [
        quote(index.report.article, cue, EVIDENCE_LIMIT) for cue in list(found.values())[:CUES]
    ]
    return (
        (Said(words.say("sources.cues")), *join_pieces(pieces, words.say("sources.cue_gap")))
        if pieces
        else ()
    )


def _originals_of(source: Source, words: Phrases) -> Line:
    places = dict.fromkeys(there for there in (make_host_link(o.url) for o in source.originals) if there)
    return tuple(piece for there in places for piece in (Said(words.say("sources.original")), there))


@dataclass(frozen=True, slots=True)
class _ReportIndex:
    """A report, and the attributions of each source."""

    report: Report
    said: Mapping[int, Sequence[Attribution]]

    def by(self, source: Source) -> Sequence[Attribution]:
        return self.said.get(source.id, ())


def _remove_nested(found: list[Excerpt]) -> list[Excerpt]:
    """Return excerpts in the order of the text, without those that lie inside another."""
    kept: list[Excerpt] = []
    for excerpt in sorted(set(found), key=lambda e: (e.start, -e.end)):
        if not kept or excerpt.end > kept[-1].end:
            kept.append(excerpt)
    return kept


def _list_links(
    heading: str, article: Article, links: Sequence[Original | Anchor], words: Phrases
) -> Iterator[ReplyBlock]:
    """Yield an entry for each link: the words that carry it, and its host."""
    entries: list[ReplyBlock] = []
    for link in links:
        if there := make_host_link(link.url):
            carried: Line = ()
            if link.anchor is not None:
                carried = quote(article, link.anchor, EVIDENCE_LIMIT), Said(words.say("sources.original"))
            entries.append(ListEntry((*carried, there)))
    if not entries:
        return iter((SmallPrint((Said(words.say("sources.no_links")),)),))
    return _list_entries(heading, entries, lambda entry: entry, words)


# ── hedges ──────────────────────────────────────────────────────────────────────────────────────────


def _flag(report: Report, words: Phrases) -> Iterator[ReplyBlock]:
    caveats = report.claim.caveats if report.claim else ()
    if caveats:
        yield _make_label("hedges.flag", words)
    for caveat in caveats[:SHOWN]:
        evidence = quote_around(report.article, caveat.words, caveat.sentence, EVIDENCE_LIMIT)
        yield ListEntry((quote(report.article, caveat.words, EVIDENCE_LIMIT),), (evidence,))


def _hedges(report: Report, words: Phrases) -> Iterator[ReplyBlock]:
    def make_entry(hedge: Hedge) -> ListEntry:
        category = words.say(f"hedges.categories.{hedge.category.value}")
        by: Line = ()
        if hedge.source_id is not None:
            by = words.line("hedges.by", name=source_name(report, report.sources[hedge.source_id]))
        evidence = quote_around(report.article, hedge.words, hedge.sentence, EVIDENCE_LIMIT)
        line = (
            quote(report.article, hedge.words, EVIDENCE_LIMIT),
            Said(words.say("hedges.category", category=category)),
            *by,
        )
        return ListEntry(line, (evidence,))

    for voice in Voice:
        found = [hedge for hedge in find_other_hedges(report) if hedge.voice is voice]
        yield from _list_entries(f"hedges.{voice.value}", found, make_entry, words)


def _make_label(key: str, words: Phrases) -> Label:
    return Label((Said(words.say(key)),))
