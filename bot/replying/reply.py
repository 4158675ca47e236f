"""Report → Reply: typed blocks with the words of `phrases`, no markup."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import assert_never

from bot.errors import CannotCheck
from bot.model import Report
from bot.ports import StoredReport
from bot.replies import Action, Button, Fine, Panel, Reply, ReplyBlock, Said, Style, Text
from bot.replying.card import EVERY, brief, brief_nothing, card, full, headline, nothing, opening
from bot.replying.details import hedges_panel, page_panel, sources_panel
from bot.replying.failures import failure, sentence
from bot.replying.lines import (
    Moment,
    checked,
    is_stale,
    language_line,
    nothing_found,
    other_hedges,
)
from bot.replying.phrasebook import Words, words
from bot.replying.quoting import host
from bot.rooms import CardSection


def reply(
    report: Report,
    *,
    now: datetime,
    style: Style = "card",
    fetched: datetime | None = None,
    sections: Collection[CardSection] = EVERY,
    languages: Collection[str],
    phrases: Words | None = None,
) -> Reply:
    """The answer about one article. `languages`: those that can be read; `fetched`: when its page was
    read, where that was earlier than now; `sections`: what a card shows beside what always stands."""
    said = phrases or words()
    moment = Moment(now, fetched)
    if not _is_read(report, languages):
        return _unread(report, moment, said, style)
    if style == "full":
        return _full(report, moment, said)
    panels = tuple(_panels(report, said))
    again = (Button(Action.AGAIN, said.say("buttons.again")),) if is_stale(moment) else ()
    blocks = _blocks(report, moment, said, style, sections)
    return Reply(blocks, panels, (*_buttons(report, panels, said), *again))


def several(
    found: Sequence[tuple[str, StoredReport | CannotCheck]],
    *,
    now: datetime,
    more: int = 0,
    languages: Collection[str],
    phrases: Words | None = None,
) -> Reply:
    """One answer about several links (each with its outcome): a line or two each, the details together."""
    said = phrases or words()
    blocks = [b for url, outcome in found for b in _short(url, outcome, now, languages, said)]
    reports = [o.report for _, o in found if isinstance(o, StoredReport)]
    panels = _merged([_described(r, languages, said) for r in reports])
    buttons = [_panel_button(p, reports, said) for p in panels]
    more_line = [Fine((Said(said.count("counts.more_links", more)),))] if more else []
    return Reply((*blocks, *more_line), panels, (*buttons, *_standing(said), *_numbered(reports, said)))


def with_more(answer: Reply, more: int, phrases: Words | None = None) -> Reply:
    """The answer with a word on links that were left unchecked."""
    said = phrases or words()
    line = Fine((Said(said.count("counts.more_links", more)),))
    return Reply((*answer.blocks, line), answer.panels, answer.buttons, answer.spoiler) if more else answer


# ── one article ─────────────────────────────────────────────────────────────────────────────────────


def _is_read(report: Report, languages: Collection[str]) -> bool:
    language = report.article.language
    return language is None or language.split("-")[0].lower() in languages


def _blocks(
    report: Report, moment: Moment, said: Words, style: Style, sections: Collection[CardSection]
) -> tuple[ReplyBlock, ...]:
    nothing_here = nothing_found(report)
    match style:
        case "card":
            return nothing(report, moment, said) if nothing_here else card(report, moment, said, sections)
        case "brief":
            return brief_nothing(report, moment, said) if nothing_here else brief(report, moment, said)
        case "full":
            return full(report, moment, said)
        case _:
            assert_never(style)


def _full(report: Report, moment: Moment, said: Words) -> Reply:
    """Everything at once: the details are blocks of the answer itself."""
    panels = tuple(_panels(report, said))
    blocks = chain(full(report, moment, said), *(panel.blocks for panel in panels))
    return Reply(tuple(blocks), (), tuple(_buttons(report, (), said)))


def _unread(report: Report, moment: Moment, said: Words, style: Style) -> Reply:
    """What can be said of a page in a language without a lexicon."""
    blocks = (*opening(report, moment, said), Text(language_line(report, said)), Fine(checked(report, said)))
    panel = page_panel(report, said)
    if style == "full":
        return Reply((*blocks, *panel.blocks), (), (*_standing(said), *_open(report, said)))
    links = Button(Action.SOURCES, said.say("buttons.links", n=len(report.article.links)))
    return Reply(blocks, (panel,), (links, *_standing(said), *_open(report, said)))


def _panels(report: Report, said: Words) -> Iterator[Panel]:
    yield sources_panel(report, said)
    hedges = hedges_panel(report, said)
    if hedges.blocks:
        yield hedges


def _buttons(report: Report, panels: Sequence[Panel], said: Words) -> Iterator[Button]:
    yield from (_panel_button(panel, [report], said) for panel in panels)
    yield from _standing(said)
    yield from _open(report, said)


def _panel_button(panel: Panel, reports: Sequence[Report], said: Words) -> Button:
    if panel.action is Action.HEDGES:
        hedges = sum(len(other_hedges(r)) for r in reports)
        return Button(panel.action, said.say("buttons.hedges" if hedges else "buttons.flag", n=hedges))
    return Button(panel.action, said.say("buttons.sources", n=sum(len(r.sources) for r in reports)))


def _standing(said: Words) -> tuple[Button, Button]:
    return (
        Button(Action.WRONG, said.say("buttons.wrong")),
        Button(Action.REMOVE, said.say("buttons.remove")),
    )


def _open(report: Report, said: Words) -> Iterator[Button]:
    if host(report.article.url):
        yield Button(Action.OPEN, said.say("buttons.open"), report.article.url)


# ── several links ───────────────────────────────────────────────────────────────────────────────────


def _short(
    url: str, outcome: StoredReport | CannotCheck, now: datetime, languages: Collection[str], said: Words
) -> Iterator[ReplyBlock]:
    if isinstance(outcome, CannotCheck):
        there = host(url)
        yield Text(
            (
                *((there, Said(said.say("conversation.several_gap"))) if there else ()),
                Said(sentence(outcome, said)),
            )
        )
        return
    yield from headline(outcome.report)
    if _is_read(outcome.report, languages):
        yield from _blocks(outcome.report, Moment(now, outcome.fetched), said, "brief", EVERY)
    else:
        yield Text(language_line(outcome.report, said))


def _described(report: Report, languages: Collection[str], said: Words) -> tuple[Report, tuple[Panel, ...]]:
    read = _is_read(report, languages)
    return report, tuple(_panels(report, said)) if read else (page_panel(report, said),)


def _merged(found: Sequence[tuple[Report, tuple[Panel, ...]]]) -> tuple[Panel, ...]:
    """One panel of a kind, each article's part under its headline."""
    merged: dict[Action, tuple[ReplyBlock, ...]] = {}
    for report, panels in found:
        for panel in panels:
            merged[panel.action] = (*merged.get(panel.action, ()), *headline(report), *panel.blocks)
    return tuple(Panel(action, blocks) for action, blocks in merged.items())


def _numbered(reports: Sequence[Report], said: Words) -> Iterator[Button]:
    for n, report in enumerate(reports, start=1):
        if host(report.article.url):
            yield Button(Action.OPEN, said.say("buttons.open_numbered", n=n), report.article.url)


def given_aside(found: Reply, *, showable: bool = True) -> Reply:
    """As one person alone sees it, who may show it to everybody, if it is about a page; there is nothing to
    remove then."""
    said = words()
    shows = showable and any(
        button.action is Action.WRONG for button in found.buttons
    )  # it is about an article
    show = (Button(Action.SHOW, said.say("buttons.show")),) if shows else ()
    kept = tuple(button for button in found.buttons if button.action is not Action.REMOVE)
    return replace(found, buttons=(*show, *kept))


__all__ = ["failure", "given_aside", "reply", "several", "with_more"]
