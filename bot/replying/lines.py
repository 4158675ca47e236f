"""Single lines of a reply: where and when, who relays whom, and how much was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.model import OFFICE, Chain, End, Hedge, How, Report, Source, SourceKind, Standing, Step
from bot.replies import Line, Piece, Said, Stated
from bot.replying.phrasebook import Phrases
from bot.replying.quoting import count_words, make_host_link, quote, quote_name, quote_or_state

OLD_AFTER: Final = 30  # days; old stories are often shared as new
YEAR: Final = 365.2425  # days
MONTH: Final = YEAR / 12
STALE_AFTER: Final = 3600  # seconds after which a kept page's age is said
MINUTE, HOUR, DAY = 60, 3600, 86400  # seconds


@dataclass(frozen=True, slots=True)
class ReplyTimes:
    """Now, and when the page was fetched where that was earlier."""

    now: datetime
    fetched: datetime | None = None


# ── where and when ──────────────────────────────────────────────────────────────────────────────────


def facts_line(report: Report, times: ReplyTimes, words: Phrases) -> Line:
    """Return the outlet, the date and the age, as far as they are known."""
    article = report.article
    outlet = Stated(article.outlet) if article.outlet else make_host_link(article.url)
    items: list[Piece | None] = [outlet]
    if article.published is not None:
        items += [Said(words.date(article.published)), old_mark(article.published, times.now, words)]
    if is_stale(times):
        age = format_age(timedelta(seconds=_seconds(times)), words)
        items.append(Said(words.say("card.read_before", age=age)))
    return join_pieces([item for item in items if item], words.say("card.between"))


def old_mark(published: date | None, now: datetime, words: Phrases) -> Said | None:
    """As in "published 7 years ago", for what is older than 30 days: old stories pasted as new are a trap."""
    days = (now.date() - published).days if published else 0
    if days <= OLD_AFTER:
        return None
    age = words.span(int(days / YEAR), "year") if days > YEAR else words.span(int(days / MONTH), "month")
    return Said(words.say("card.old", age=age), strong=True)


def is_stale(times: ReplyTimes) -> bool:
    """Return True if the page was read long enough ago to say so, and to offer to read it again."""
    return _seconds(times) >= STALE_AFTER


def _seconds(times: ReplyTimes) -> int:
    return int((times.now - times.fetched).total_seconds()) if times.fetched else 0


def format_age(span: timedelta, words: Phrases) -> str:
    """Format a span as in “2 hours”, in the largest unit that needs no fraction."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < MINUTE:
        return words.say("card.moment")
    if seconds < HOUR:
        return words.span(seconds // MINUTE, "minute")
    return words.span(seconds // HOUR, "hour") if seconds < 2 * DAY else words.span(seconds // DAY, "day")


def join_pieces(items: list[Piece], between: str) -> Line:
    gap = Said(between)
    return tuple(piece for n, item in enumerate(items) for piece in ((gap, item) if n else (item,)))


# ── who relays whom ─────────────────────────────────────────────────────────────────────────────────


def chain_line(report: Report, chain: Chain, words: Phrases, *, ending: bool = True) -> Line:
    """As in: 21WIRE, quoting South Front, citing “special sources”. It names nobody as the origin.

    `ending`: with that sentence on where it ends, if that is sure.
    """
    own = [step for step in chain.steps[:1] if step.source_id is None]
    first = _page(report, own[0] if own else None, words)
    others = chain.steps[len(own) :]
    if not others:
        return (first, Said(words.say("chain.alone")))
    relays: list[Piece] = []
    for step in others:
        source = None if step.source_id is None else report.sources[step.source_id]
        unnamed = not source.named if source else chain.end is End.WITHHELD and step == chain.steps[-1]
        places = [source.name, *source.mentions] if source else []
        places += [step.evidence] if step.evidence else []
        link = Said(words.say(_find_link(source, unnamed=unnamed)))
        relays += [link, quote_or_state(report.article, step.name, places, marks=unnamed)]
        if source is not None and holds_office(source):
            relays.append(Said(words.say("chain.by_office")))
    stop = words.say("chain.stop")
    if ending and chain.end is End.WITHHELD and chain.sure:
        return (first, *relays, Said(stop + words.say("chain.withheld")))
    return (first, *relays, Said(stop.rstrip()))


def _find_link(source: Source | None, *, unnamed: bool) -> str:
    """Return the key of the word that ties a step of a chain to the one before it."""
    if source is not None and source.how is How.RELAYS:
        return "chain.through"
    cited = unnamed or (source is not None and source.kind is SourceKind.DOCUMENT)
    return "chain.citing" if cited else "chain.quoting"


def holds_office(source: Source) -> bool:
    """Return True for an institution or an official: neither residents and experts nor a document hold an
    office."""
    body = source.kind is SourceKind.ORGANISATION or source.standing_why.startswith(OFFICE)
    return source.standing is Standing.BY_OFFICE and body


def _page(report: Report, step: Step | None, words: Phrases) -> Piece:
    """Name the page as it calls itself; one that does not is "this page"."""
    if step is not None and step.name:
        return quote_or_state(report.article, step.name, [step.evidence] if step.evidence else [])
    return Said(words.say("chain.this_text" if report.article.pasted else "chain.this_page"))


# ── how much was found ──────────────────────────────────────────────────────────────────────────────


def counts_line(report: Report, words: Phrases) -> Line:
    """As in: 5 sources named · 1 not named, cited 3 times · read from this page only."""
    flagged = report.claim is not None and report.claim.unconfirmed
    items = [
        words.count("counts.named", len(find_named_sources(report))),
        count_unnamed(report, words),
        words.count("counts.documents", len(find_unnamed_documents(report)))
        if find_unnamed_documents(report)
        else "",
        words.count("counts.more_hedges" if flagged else "counts.hedges", len(find_other_hedges(report))),
    ]
    notes = (Said(words.say("card.bar_note")), *checked_line(report, words))
    found: list[Piece] = [*(Said(item) for item in items if item), *notes]
    return join_pieces(found, words.say("card.between"))


def checked_line(report: Report, words: Phrases) -> Line:
    """As in: read from this page only; nothing was checked elsewhere."""
    return (Said(words.say("card.nowhere_else", read=read_from(report, words))),)


def read_from(report: Report, words: Phrases) -> str:
    """As in: read from this page only."""
    return words.say("card.read_pasted" if report.article.pasted else "card.read_page")


def count_unnamed(report: Report, words: Phrases) -> str:
    found = find_unnamed_sources(report)
    if not found:
        return ""
    cited = words.count("counts.cited", sum(len(s.mentions) for s in found))
    return words.count("counts.unnamed", len(found)) + ", " + cited


def find_named_sources(report: Report) -> list[Source]:
    return [source for source in report.sources if source.named]


def find_unnamed_sources(report: Report) -> list[Source]:
    """People and groups without a name; a document without one hides nobody."""
    return [s for s in report.sources if not s.named and s.kind is not SourceKind.DOCUMENT]


def find_unnamed_documents(report: Report) -> list[Source]:
    """Documents that the text describes and does not call by a name."""
    return [s for s in report.sources if not s.named and s.kind is SourceKind.DOCUMENT]


def find_other_hedges(report: Report) -> list[Hedge]:
    """The hedges without the flag's own words."""
    flag = [caveat.words for caveat in report.claim.caveats] if report.claim else []
    return [h for h in report.hedges if not any(h.words.overlaps(words) for words in flag)]


def has_no_findings(report: Report) -> bool:
    """No hedge, no unnamed source, and nothing that the card would warn of."""
    claim = report.claim
    warned = claim is not None and (claim.unconfirmed or claim.side_caveats)
    return not (report.hedges or find_unnamed_sources(report) or warned or report.conflict)


def nothing_line(report: Report, words: Phrases) -> Line:
    read = words.count("card.words", count_words(report.article))
    sources = words.count("counts.named", len(find_named_sources(report)))
    read_where = read_from(report, words)
    facts = {"sources": _capitalize(sources), "read": _capitalize(read_where)}
    return (Said(words.say("card.nothing_found", words=read, **facts)),)


def _capitalize(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]


def language_line(report: Report, words: Phrases) -> Line:
    code = (report.article.language or "").split("-")[0].lower()
    language = words.language(code)
    if language:
        return (Said(words.say("language.known", language=language)),)
    return words.line("language.unknown", code=Stated(code[:12]))


def claim_line(report: Report) -> Piece | None:
    """The claim for one line."""
    return quote(report.article, report.claim.statement, 200) if report.claim else None


def source_name(report: Report, source: Source) -> Piece:
    return quote_name(report.article, source.name, marks=not source.named)
