"""Report validation: names, chains, relays and the verdict of a report must follow from the rest of it.

A span proves itself by its place. These are the rest of what a reply prints, each with the rule by which
reading made it, so a report that was changed by hand is found out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bot.hosts import get_site_name
from bot.model import (
    Anchor,
    Attribution,
    Chain,
    Claim,
    Original,
    Report,
    Source,
    Stance,
    Standing,
    chain_end,
)


def find_first_fault(report: Report) -> str | None:
    """Return the first place that nothing in the report proves, and why; None when all is proved."""
    return next(_find_faults(report), None)


def _find_faults(report: Report) -> Iterator[str]:
    for number, (block, after) in enumerate(pairwise(report.article.blocks), start=1):
        if block.end > after.start:
            yield f"article.blocks[{number}] begins before the one before it ends"
    if report.claim is not None:
        yield from _check_claim(report.claim)
    for number, source in enumerate(report.sources):
        yield from _check_source(source, report, f"sources[{number}]")
    for number, attribution in enumerate(report.attributions):
        yield from _check_attribution(attribution, report, f"attributions[{number}]")
    for number, chain in enumerate(report.chains):
        yield from _check_chain(chain, report, f"chains[{number}]")
    for number, hedge in enumerate(report.hedges):
        if not hedge.sentence.holds(hedge.words):
            yield f"hedges[{number}] does not stand in its sentence"
    for number, original in enumerate(report.originals):
        yield from _check_original(original, report, f"originals[{number}]")


def _check_claim(claim: Claim) -> Iterator[str]:
    if not claim.sentence.holds(claim.statement):
        yield "claim.statement does not stand in its sentence"
    for name, caveats in (("caveats", claim.caveats), ("side_caveats", claim.side_caveats)):
        for number, caveat in enumerate(caveats):
            if not caveat.sentence.holds(caveat.words):
                yield f"claim.{name}[{number}] does not stand in its sentence"
    if claim.unconfirmed and claim.stance is not Stance.UNCONFIRMED:
        yield "claim.stance does not fit claim.unconfirmed"


def _check_source(source: Source, report: Report, place: str) -> Iterator[str]:
    for number, alias in enumerate(source.aliases):
        if not alias.strip() or alias not in report.article.text:
            yield f"{place}.aliases[{number}] does not stand in the text"
    if source.named and source.standing is not Standing.NAMED:
        yield f"{place}.standing does not fit whether it is named"
    if source.relayed_by == source.id:
        yield f"{place}.relayed_by is the source itself"
    for number, original in enumerate(source.originals):
        if original not in report.originals:
            yield f"{place}.originals[{number}] is not among the report's originals"


def _check_attribution(attribution: Attribution, report: Report, place: str) -> Iterator[str]:
    if attribution.source_id is None:
        return
    words = attribution.source
    if words is None or not report.sources[attribution.source_id].is_mentioned_in(words):
        yield f"{place}.source is no mention of source {attribution.source_id}"
    if not attribution.reporting:
        yield f"{place}.reporting is false, but it has a source_id"


def _check_original(original: Original, report: Report, place: str) -> Iterator[str]:
    if original.anchor is None and original.url != report.article.canonical_url:
        yield f"{place}.url is not the page's canonical_url"
    if original.anchor is not None and Anchor(original.url, original.anchor) not in report.article.links:
        yield f"{place} is no link of the article"
    if original.source_id is not None and original not in report.sources[original.source_id].originals:
        yield f"{place} is not among the originals of source {original.source_id}"


def _check_chain(chain: Chain, report: Report, place: str) -> Iterator[str]:
    for number, step in enumerate(chain.steps):
        source = None if step.source_id is None else report.sources[step.source_id]
        proved = step.evidence is not None and step.name in step.evidence.text
        if source is not None:
            proved = proved or step.name == source.name.text
        elif step.evidence is None:
            proved = step.name in {report.article.outlet, get_site_name(report.article.url)}
        if not proved or not step.name.strip():
            yield f"{place}.steps[{number}].name is neither in its evidence nor a name of its source or page"
        if step.evidence is None and (number or source is not None):
            yield f"{place}.steps[{number}] has no evidence"
        if source is not None and step.evidence is not None and not source.is_mentioned_in(step.evidence):
            yield f"{place}.steps[{number}].evidence does not mention source {step.source_id}"
    if chain.end is not chain_end(chain.steps, report.sources):
        yield f"{place}.end does not fit the last step"
