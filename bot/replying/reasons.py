"""`hearsay check --why`: the rule and the lexicon entry behind each finding of a report, with its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.model import (
    Attribution,
    Caveat,
    Entry,
    Excerpt,
    Fine,
    Hedge,
    Label,
    Line,
    Original,
    Piece,
    Reply,
    ReplyBlock,
    Report,
    Said,
    Stated,
    Step,
    Text,
)
from bot.replying.lines import joined, source_name
from bot.replying.quoting import NAME_LIMIT, around, host, quoted
from bot.replying.words import words


def reasons(report: Report) -> Reply:
    """Every finding with the rule that made it, kind by kind; which findings have none is said."""
    blocks = (
        *_caveats(report),
        *_chains(report),
        *_attributions(report),
        *_hedges(report),
        *_originals(report),
    )
    return Reply((*(blocks or (Text((Said(_say("nothing")),)),)), *_unstated(report)))


def _section(name: str, entries: Iterable[Entry]) -> Iterator[ReplyBlock]:
    found = tuple(entries)
    if found:
        yield Label((Said(_say(name)),))
    yield from found


# ── one kind of finding each ────────────────────────────────────────────────────────────────────────


def _caveats(report: Report) -> Iterator[ReplyBlock]:
    for name, caveats in _kinds_of_caveats(report):
        yield from _section(name, (_in_sentence(report, one) for one in caveats))


def _kinds_of_caveats(report: Report) -> Sequence[tuple[str, Sequence[Caveat]]]:
    claim = report.claim
    return (("caveats", claim.caveats), ("side_caveats", claim.side_caveats)) if claim else ()


def _hedges(report: Report) -> Iterator[ReplyBlock]:
    yield from _section("hedges", (_in_sentence(report, one) for one in report.hedges))


def _in_sentence(report: Report, found: Caveat | Hedge) -> Entry:
    line = (quoted(report.article, found.words), *_rule(found.why))
    return Entry(line, (around(report.article, found.words, found.sentence),))


def _attributions(report: Report) -> Iterator[ReplyBlock]:
    """Those that made a source, then those that made none."""
    for name, made in (("attributions", True), ("attitudes", False)):
        found = (one for one in report.attributions if (one.source_id is not None) is made)
        yield from _section(name, (Entry(_attribution(report, one)) for one in found))


def _attribution(report: Report, one: Attribution) -> Line:
    """As in: source “She”, cue “said”, content “it fell”, listed as Mara Venn ← speaker before: say."""
    parts = [
        *([_part(report, "source", [one.source])] if one.source else []),
        *([_part(report, "cue", [one.cue])] if one.cue else []),
        *([_part(report, "content", one.content)] if one.content else []),
    ]
    gap = Said(_say("gap"))
    spelt = [piece for number, part in enumerate(parts) for piece in ((gap, *part) if number else part)]
    return (*spelt, *_listed(report, one), *_rule(one.why))


def _part(report: Report, name: str, found: Sequence[Excerpt]) -> Line:
    pieces: list[Piece] = [quoted(report.article, excerpt) for excerpt in found]
    return (Said(_say(name)), *joined(pieces, _say("content_gap")))


def _listed(report: Report, one: Attribution) -> Line:
    if one.source_id is None:
        return ()
    return words().line("why.listed", name=source_name(report, report.sources[one.source_id]))


def _chains(report: Report) -> Iterator[ReplyBlock]:
    for chain in report.chains:
        name = "chain" if chain.of_claim else "other_chain"
        yield from _section(name, (_step(report, step) for step in chain.steps))


def _step(report: Report, step: Step) -> Entry:
    name = quoted(report.article, step.evidence) if step.evidence else Stated(step.name)
    return Entry((name, *_rule(step.why)))


def _originals(report: Report) -> Iterator[ReplyBlock]:
    yield from _section("originals", (Entry(_original(report, one)) for one in report.originals))


def _original(report: Report, one: Original) -> Line:
    """As in: town.example, of Mara Venn ← link on the source with speaker before: say."""
    there = host(one.url) or Stated(one.url[:NAME_LIMIT])
    if one.source_id is None:
        return (there, *_rule(one.why))
    of = words().line("why.of", name=source_name(report, report.sources[one.source_id]))
    return (there, *of, *_rule(one.why))


# ── what no rule is known of ────────────────────────────────────────────────────────────────────────


def _unstated(report: Report) -> Iterator[ReplyBlock]:
    claim = report.claim
    parts = {
        "claim": claim,
        "contrasts": claim and claim.contrasts,
        "conflict": report.conflict,
        "summary": report.summary,
    }
    what = _say("gap").join(_say(f"unstated_parts.{name}") for name, found in parts.items() if found)
    if what:
        yield Fine((Said(_say("unstated", what=what)),))


def _rule(why: str) -> Line:
    """The rule of a finding; reports that are older than its place in them have none."""
    return Said(_say("by")), Said(why or _say("no_rule"), strong=True)


def _say(key: str, **facts: object) -> str:
    return words().say(f"why.{key}", **facts)
