"""Whether what a report says beyond its spans can be shown: names, chains, relays and the verdict on it.

A span proves itself by its place. These are the rest of what a reply prints, each with the rule by which
reading made it, so a report that was changed by hand is found out.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.model import Article, Chain, Report, Source, Step, chain_end


def unproved(report: Report) -> str | None:
    """The first place that nothing in the report bears out, and why; None when all is borne out."""
    return next(_unproved(report), None)


def _unproved(report: Report) -> Iterator[str]:
    for number, source in enumerate(report.sources):
        yield from _source(source, report.article, f"sources[{number}]")
    for number, chain in enumerate(report.chains):
        yield from _chain(chain, report, f"chains[{number}]")


def _source(source: Source, article: Article, place: str) -> Iterator[str]:
    for number, alias in enumerate(source.aliases):
        if not alias.strip() or alias not in article.text:
            yield f"{place}.aliases[{number}] does not stand in the text"
    if source.relayed_by == source.id:
        yield f"{place}.relayed_by is the source itself"


def _chain(chain: Chain, report: Report, place: str) -> Iterator[str]:
    for number, step in enumerate(chain.steps):
        if not _borne_out(step, report):
            yield f"{place}.steps[{number}].name is neither in its evidence nor a name of its source or page"
        if step.evidence is None and (number or step.source_id is not None):
            yield f"{place}.steps[{number}] has no evidence"
    if chain.end is not chain_end(chain.steps, report.sources):
        yield f"{place}.end does not fit the last step"


def _borne_out(step: Step, report: Report) -> bool:
    if not step.name.strip():
        return False
    if step.evidence is not None and step.name in step.evidence.text:
        return True
    if step.source_id is not None:
        return step.name == report.sources[step.source_id].name.text
    return step.evidence is None and step.name in _page_names(report.article)


def _page_names(article: Article) -> set[str | None]:
    return {article.outlet, _host(article.url)}


def _host(url: str | None) -> str | None:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.") or None
    except ValueError:  # brackets that hold no address
        return None
