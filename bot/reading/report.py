"""Article → Report: the findings in the order in which they need each other."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Article, Original, Report, Source
from bot.reading.annotators.base import Annotator
from bot.reading.annotators.rules import RULES
from bot.reading.caveats import doubts
from bot.reading.chains import chains
from bot.reading.claim import claim
from bot.reading.digest import digest
from bot.reading.document import Prose, prose
from bot.reading.headline import conflict
from bot.reading.hedges import hedges
from bot.reading.languages.registry import find_language
from bot.reading.lead import find_lead
from bot.reading.names import Names, names
from bot.reading.originals import originals
from bot.reading.quotes import Quotation, quotations
from bot.reading.sources import attributions, who
from bot.reading.summary import summary


def report(article: Article, annotator: Annotator = RULES) -> Report:
    """Everything that can be found in an article. An article in a language that cannot be read gets an empty
    report; one whose language nobody states is read in the default one."""
    language = find_language(article.language)
    if language is None:
        return Report(article)
    text = prose(article, language)
    return read(text, quotations(text), names(text), annotator)


def read(text: Prose, quoted: tuple[Quotation, ...], named: Names, annotator: Annotator = RULES) -> Report:
    """Everything that can be found in a text of which the quotations and the names are known."""
    said = who(text, annotator.annotate(text, quoted), named, quoted)
    links = originals(text, said)
    several = digest(text)
    lead = find_lead(text, said.found) if several is None else None
    hedged = hedges(text, said, quoted, (lead and lead.comment_until) or 0)
    result = Report(
        text.article,
        sources=_with_originals(said.sources, links),
        attributions=attributions(text, said),
        hedges=hedged,
        originals=links,
        digest=several,
    )
    if lead is None:
        return result
    doubted = doubts(text, lead, quoted)
    news = claim(text, lead, said, doubted, hedged)
    return replace(
        result,
        claim=news,
        chains=chains(text, lead, said, named),
        conflict=conflict(text, lead, doubted, hedged, said.found),
        chosen=summary(text, lead, said, news),
    )


def _with_originals(sources: tuple[Source, ...], links: tuple[Original, ...]) -> tuple[Source, ...]:
    tied: dict[int | None, list[Original]] = {}
    for original in links:
        tied.setdefault(original.source_id, []).append(original)
    return tuple(replace(s, originals=tuple(tied.get(s.id, ()))) for s in sources)
