"""The details behind the buttons: every source with its evidence, every hedge in its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.model import (
    Anchor,
    Article,
    Attribution,
    BlockRole,
    Excerpt,
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
    join_pieces,
    source_name,
)
from bot.replying.phrasebook import Phrases
from bot.replying.quoting import make_host_link, merge_excerpts, quote, quote_around, quote_as_block

EVIDENCE: Final = 3  # quotations shown for one source; how often it is cited is said
EVIDENCE_LIMIT: Final = 300  # characters of one
CUES: Final = 4  # of a source's own verbs
SHOWN: Final = 60  # entries of one part of a panel; no real article has more
LISTED: Final = 40  # links or quotations of a page in another language


def make_sources_panel(report: Report, words: Phrases) -> DetailPanel:
    said: dict[int, list[Attribution]] = {}
    for attribution in report.attributions:
        if attribution.source_id is not None and attribution.reporting:
            said.setdefault(attribution.source_id, []).append(attribution)
    index = _ReportIndex(report, said)
    named = find_named_sources(report)
    unnamed, described = find_unnamed_sources(report), find_unnamed_documents(report)
    blocks = (
        *([] if named else [_make_label("sources.none_named", words)]),
        *_list_sources("sources.named", named, index, words, _line_of_named),
        *_list_sources("sources.unnamed", unnamed, index, words, _line_of_unnamed),
        *_list_sources("sources.documents", described, index, words, _line_of_unnamed),
        *_other_chains(report, words),
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
    if found:
        yield _make_label(heading, words)
    article = index.report.article
    for source in found[:SHOWN]:
        merged = [merge_excerpts(article, (a.source, a.cue, *a.content)) for a in index.by(source)]
        evidence = _remove_nested([e for e in merged if e] or list(source.mentions))
        quoted = tuple(quote_as_block(article, e, EVIDENCE_LIMIT) for e in evidence[:EVIDENCE])
        yield ListEntry(make_line(index, source, words), quoted)
    yield from _count_more(len(found) - SHOWN, words)


def _count_more(count: int, words: Phrases) -> Iterator[ReplyBlock]:
    """Say how many entries a panel leaves out."""
    if count > 0:
        yield SmallPrint((Said(words.say("sources.more", n=count)),))


def _line_of_named(index: _ReportIndex, source: Source, words: Phrases) -> Line:
    """As in: James F. Jeffrey (person, “US envoy”): “said” → state.gov."""
    kind = words.say(f"sources.kinds.{source.kind.value}")
    about: list[Piece] = [Said(words.say("sources.open") + kind)]
    if source.role and not source.name.overlaps(source.role):
        about += [Said(words.say("sources.role")), quote(index.report.article, source.role)]
    about.append(Said(words.say("sources.close")))
    return (
        source_name(index.report, source),
        *about,
        *_cues(index, source, words),
        *_originals_of(source, words),
    )


def _line_of_unnamed(index: _ReportIndex, source: Source, words: Phrases) -> Line:
    """As in: “special sources”, through Deir Ezzor 24, cited 3 times: “citing”."""
    through: Line = ()
    if source.relayed_by is not None:
        through = words.line(
            "sources.through", name=source_name(index.report, index.report.sources[source.relayed_by])
        )
    cited = Said(words.say("sources.cited", cited=words.count("counts.cited", len(source.mentions))))
    originals = _originals_of(source, words) if source.kind is SourceKind.DOCUMENT else ()
    return (source_name(index.report, source), *through, cited, *_cues(index, source, words), *originals)


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


def _other_chains(report: Report, words: Phrases) -> Iterator[ReplyBlock]:
    chains = [c for c in report.chains if not c.of_claim and len(c.steps) > 1]
    if chains:
        yield _make_label("sources.other_chains", words)
    yield from (Text(chain_line(report, c, words)) for c in chains[:SHOWN])
    yield from _count_more(len(chains) - SHOWN, words)


def _list_links(
    heading: str, article: Article, links: Sequence[Original | Anchor], words: Phrases
) -> Iterator[ReplyBlock]:
    """Yield an entry for each link: the words that carry it, and its host."""
    entries = [e for link in links if (e := _link(article, link.url, link.anchor, words))]
    if not entries:
        yield SmallPrint((Said(words.say("sources.no_links")),))
        return
    yield _make_label(heading, words)
    yield from entries[:SHOWN]
    yield from _count_more(len(entries) - SHOWN, words)


def _link(article: Article, url: str, anchor: Excerpt | None, words: Phrases) -> ListEntry | None:
    there = make_host_link(url)
    if there is None:
        return None
    if anchor is None:
        return ListEntry((there,))
    return ListEntry((quote(article, anchor, EVIDENCE_LIMIT), Said(words.say("sources.original")), there))


# ── hedges ──────────────────────────────────────────────────────────────────────────────────────────


def _flag(report: Report, words: Phrases) -> Iterator[ReplyBlock]:
    caveats = report.claim.caveats if report.claim else ()
    if caveats:
        yield _make_label("hedges.flag", words)
    for caveat in caveats[:SHOWN]:
        evidence = quote_around(report.article, caveat.words, caveat.sentence, EVIDENCE_LIMIT)
        yield ListEntry((quote(report.article, caveat.words, EVIDENCE_LIMIT),), (evidence,))


def _hedges(report: Report, words: Phrases) -> Iterator[ReplyBlock]:
    for voice in Voice:
        found = [hedge for hedge in find_other_hedges(report) if hedge.voice is voice]
        if found:
            yield _make_label(f"hedges.{voice.value}", words)
        for hedge in found[:SHOWN]:
            category = Said(
                words.say("hedges.category", category=words.say(f"hedges.categories.{hedge.category.value}"))
            )
            by: Line = ()
            if hedge.source_id is not None:
                by = words.line("hedges.by", name=source_name(report, report.sources[hedge.source_id]))
            evidence = quote_around(report.article, hedge.words, hedge.sentence, EVIDENCE_LIMIT)
            yield ListEntry((quote(report.article, hedge.words, EVIDENCE_LIMIT), category, *by), (evidence,))
        yield from _count_more(len(found) - SHOWN, words)


def _make_label(key: str, words: Phrases) -> Label:
    return Label((Said(words.say(key)),))
