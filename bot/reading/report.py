"""Article → Report: the findings in the order in which they need each other."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Article, Original, Report
from bot.reading.agentless import find_agentless
from bot.reading.annotators.base import Annotator
from bot.reading.annotators.rules import RULES
from bot.reading.caveats import find_caveats
from bot.reading.chains import find_chains
from bot.reading.claim import build_claim
from bot.reading.decisions.sentence_scores import NO_SCORES, score_text
from bot.reading.decisions.sentences import find_candidates
from bot.reading.digest import find_digest
from bot.reading.document import Document, parse_document
from bot.reading.headline import find_conflict
from bot.reading.hedges import find_hedges
from bot.reading.languages.registry import find_language
from bot.reading.lead import find_lead
from bot.reading.names import Names, find_names
from bot.reading.originals import find_originals
from bot.reading.quotes import Quotation, find_quotations
from bot.reading.sources import build_attributions, resolve_sources
from bot.reading.summary import choose_summary


def report(article: Article, annotator: Annotator = RULES) -> Report:
    """Return everything that can be found in an article. An article in a language that cannot be read gets an
    empty report; one whose language nobody states is read in the default one."""
    language = find_language(article.language)
    if language is None:
        return Report(article)
    text = parse_document(article, language)
    return read(text, find_quotations(text), find_names(text), annotator)


def read(text: Document, quoted: tuple[Quotation, ...], named: Names, annotator: Annotator = RULES) -> Report:
    """Return everything that can be found in a text of which the quotations and the names are known."""
    several = find_digest(text)
    scores = NO_SCORES if several is not None else score_text(text)
    resolved = resolve_sources(text, annotator.annotate(text, quoted), named, quoted, scores)
    links = find_originals(text, resolved)
    owned: dict[int | None, list[Original]] = {}
    for link in links:
        owned.setdefault(link.source_id, []).append(link)
    candidates = () if several is not None else find_candidates(text, resolved, quoted, scores.sentences)
    lead = find_lead(text, resolved.findings, candidates) if several is None else None
    hedged = find_hedges(text, resolved, quoted, (lead and lead.comment_until) or 0)
    result = Report(
        text.article,
        sources=tuple(replace(s, originals=tuple(owned.get(s.id, ()))) for s in resolved.sources),
        attributions=build_attributions(text, named, resolved) + find_agentless(text, resolved.findings),
        hedges=hedged,
        originals=links,
        digest=several,
    )
    if lead is None:
        return result
    caveats = find_caveats(text, lead, quoted, resolved, scores.sentences)
    news = build_claim(text, lead, resolved, caveats, hedged)
    return replace(
        result,
        claim=news,
        chains=find_chains(text, lead, resolved, named, news),
        conflict=find_conflict(text, lead, caveats, hedged, resolved.findings),
        chosen=choose_summary(text, lead, candidates, news),
    )
