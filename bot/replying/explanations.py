"""`hearsay check --why`: the rule and the lexicon entry behind each finding of a report, with its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.model import Attribution, Caveat, Chosen, Excerpt, Hedge, Report, Source, Step
from bot.replies import Label, Line, ListEntry, Piece, Reply, ReplyBlock, Said, Stated, Text
from bot.replying.lines import join_pieces, source_name
from bot.replying.phrasebook import get_phrases
from bot.replying.quoting import NAME_LIMIT, make_host_link, quote, quote_around, quote_as_block


def reasons(report: Report) -> Reply:
    """List every finding with the rule that made it, kind by kind."""
    attributions = report.attributions
    blocks = (
        *_caveats(report),
        *_claim(report),
        *_digest(report),
        *_conflict(report),
        *_chains(report),
        *_chosen(report, "contrasts", report.claim.against if report.claim else ()),
        # those that made a source, then those that made none
        *_section("attributions", (_attribution(report, a) for a in attributions if a.source_id is not None)),
        *_section("attitudes", (_attribution(report, a) for a in attributions if a.source_id is None)),
        *_section("kinds", (ListEntry(_kind(report, one)) for one in report.sources)),
        *_hedges(report),
        *_originals(report),
        *_chosen(report, "summary", report.chosen),
    )
    return Reply(blocks or (Text((Said(_say("nothing")),)),))


def _section(name: str, entries: Iterable[ListEntry]) -> Iterator[ReplyBlock]:
    found = tuple(entries)
    if found:
        yield Label((Said(_say(name)),))
    yield from found


# ── one kind of finding each ────────────────────────────────────────────────────────────────────────


def _caveats(report: Report) -> Iterator[ReplyBlock]:
    for name, caveats in report.claim.concerns if report.claim else ():
        yield from _section(name, (_in_sentence(report, one) for one in caveats))


def _claim(report: Report) -> Iterator[ReplyBlock]:
    """The sentence, and how the article puts it."""
    claim = report.claim
    if claim is None:
        return
    stance = (Said(_say("stance", stance=claim.stance.value)), *_rule(claim.stance_why))
    yield from _section("claim", [_sentence(report, claim.sentence, claim.why), ListEntry(stance)])


def _digest(report: Report) -> Iterator[ReplyBlock]:
    if report.digest is not None:
        stories = Said(_say("stories", n=report.digest.stories))
        yield from _section("digest", [ListEntry((stories, *_rule(report.digest.why)))])


def _conflict(report: Report) -> Iterator[ReplyBlock]:
    found = report.conflict
    if found is not None:
        line = (quote(report.article, found.headline), *_rule(found.why))
        yield from _section("conflict", [ListEntry(line, (quote_as_block(report.article, found.body),))])


def _chosen(report: Report, name: str, sentences: Iterable[Chosen]) -> Iterator[ReplyBlock]:
    yield from _section(name, (_sentence(report, one.words, one.why) for one in sentences))


def _sentence(report: Report, sentence: Excerpt, why: str) -> ListEntry:
    return ListEntry((quote(report.article, sentence), *_rule(why)))


def _hedges(report: Report) -> Iterator[ReplyBlock]:
    yield from _section("hedges", (_in_sentence(report, one) for one in report.hedges))


def _in_sentence(report: Report, found: Caveat | Hedge) -> ListEntry:
    line = (quote(report.article, found.words), *_rule(found.why))
    return ListEntry(line, (quote_around(report.article, found.words, found.sentence),))


def _attribution(report: Report, one: Attribution) -> ListEntry:
    """As in: source “She”, cue “said”, content “it fell”, listed as Mara Venn ← speaker before: say."""
    parts = [
        *([_part(report, "source", [one.source])] if one.source else []),
        *([_part(report, "cue", [one.cue])] if one.cue else []),
        *([_part(report, "content", one.content)] if one.content else []),
    ]
    gap = Said(_say("gap"))
    spelt = [piece for number, part in enumerate(parts) for piece in ((gap, *part) if number else part)]
    listed = (*_whose(report, "listed", one.source_id), *_rule(one.source_why)) if one.source_why else ()
    return ListEntry((*spelt, *_rule(one.why), *listed))


def _kind(report: Report, one: Source) -> Line:
    """As in: Mara Venn: person ← given name: mara, role “mayor” ← beside the speaking name."""
    kind = get_phrases().line("why.kind", name=source_name(report, one), kind=Said(one.kind.value))
    if one.role is None:
        return (*kind, *_rule(one.why))
    role = get_phrases().line("why.role", role=quote(report.article, one.role))
    return (*kind, *_rule(one.why), *role, *_rule(one.role_why))


def _part(report: Report, name: str, found: Sequence[Excerpt]) -> Line:
    pieces: list[Piece] = [quote(report.article, excerpt) for excerpt in found]
    return (Said(_say(name)), *join_pieces(pieces, _say("content_gap")))


def _whose(report: Report, phrase: str, source_id: int | None) -> Line:
    if source_id is None:
        return ()
    return get_phrases().line(f"why.{phrase}", name=source_name(report, report.sources[source_id]))


def _chains(report: Report) -> Iterator[ReplyBlock]:
    for chain in report.chains:
        name = "chain" if chain.of_claim else "other_chain"
        yield from _section(name, (_step(report, step) for step in chain.steps))


def _step(report: Report, step: Step) -> ListEntry:
    name = quote(report.article, step.evidence) if step.evidence else Stated(step.name)
    return ListEntry((name, *_rule(step.why)))


def _originals(report: Report) -> Iterator[ReplyBlock]:
    """Yield entries as in: “in May” → town.example, of Mara Venn ← host: bears an affiliation."""
    entries = []
    for one in report.originals:
        carried = (quote(report.article, one.anchor), Said(_say("leads"))) if one.anchor else ()
        there = make_host_link(one.url) or Stated(one.url[:NAME_LIMIT])
        entries.append(ListEntry((*carried, there, *_whose(report, "of", one.source_id), *_rule(one.why))))
    yield from _section("originals", entries)


def _rule(why: str) -> Line:
    """The rule of a finding; reports that are older than its place in them have none."""
    return Said(_say("by")), Said(why or _say("no_rule"), strong=True)


def _say(key: str, **facts: object) -> str:
    return get_phrases().say(f"why.{key}", **facts)
