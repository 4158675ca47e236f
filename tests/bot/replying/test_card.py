"""The card of one article."""

# ruff: noqa: E501  # the exact words of a reply stand on one line

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from inline_snapshot import snapshot

from bot.model import Attribution, Caveat, Chain, End, How, Report, SourceKind, Stance, Standing, Step
from bot.replies import QUOTATION_LIMIT, Action, Quoted
from bot.replying.card import CARD_LIMIT, count_characters
from bot.replying.reply import compose_reply as reply_about
from tests.bot.lined import buttons, lines, panel, quotations
from tests.bot.written import DENIAL, EXPERT, bridge, contradicted, linked, long_words, plain, written

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
reply = partial(reply_about, languages={"en"})


def test_the_card_has_the_layout_of_the_seed() -> None:
    found = reply(bridge(), now=NOW)
    assert lines(found) == snapshot(
        [
            "### Old bridge to close in May",
            "-# Harbour Post · 2 November 2026",
            "**UNCONFIRMED: the article says so itself**",
            "> The following account is unconfirmed, but it raises a question that the town has asked for years.",
            "**What it reports**",
            "> The city and the ferry company have agreed to close the old bridge in May, the Quay Street blog reported on Monday citing people close to the talks.",
            "**Who says so**",
            "Harbour Post, quoting Quay Street blog, citing “people close to the talks”. It names nobody as the origin.",
            "**The article also says**",
            "> However, the Harbour Workers’ Union (HWU) said that the talks are still going on.",
            "-# 3 sources named · 1 not named, cited 2 times · 1 more word of doubt · lines with a bar are quoted · read from this page only; nothing was checked elsewhere",
        ]
    )
    assert buttons(found) == snapshot("[Sources (4)] [Words of doubt (1)] [Wrong?] [Remove] [Open article ↗]")


def test_nothing_found_is_one_sentence() -> None:
    found = reply(plain(), now=NOW)
    assert lines(found) == snapshot(
        [
            "### Bridge reopens",
            "-# harbour-post.example",
            "No words of doubt and no unnamed sources in the 9 words I could read. 1 source named. Read from this page only.",
        ]
    )
    assert buttons(found) == snapshot("[Sources (1)] [Wrong?] [Remove] [Open article ↗]")
    assert lines(reply(plain(), now=NOW, style="brief")) == snapshot(
        [
            "No words of doubt and no unnamed sources in the 9 words I could read. 1 source named. Read from this page only.",
            "-# harbour-post.example",
        ]
    )


def test_an_article_older_than_30_days_is_marked() -> None:
    def mark(published: date) -> str:
        report = bridge()
        return lines(reply(replace(report, article=replace(report.article, published=published)), now=NOW))[1]

    assert mark(date(2026, 10, 26)) == snapshot("-# Harbour Post · 26 October 2026")
    assert mark(date(2026, 10, 25)) == snapshot("-# Harbour Post · 25 October 2026 · published 1 month ago")
    assert mark(date(2026, 1, 1)) == snapshot("-# Harbour Post · 1 January 2026 · published 10 months ago")
    assert mark(date(2019, 2, 10)) == snapshot("-# Harbour Post · 10 February 2019 · published 7 years ago")


def test_a_page_that_states_no_date_gets_none() -> None:
    report = bridge()
    undated = replace(report, article=replace(report.article, published=None, outlet=None))
    assert lines(reply(undated, now=NOW))[1] == snapshot("-# harbour-post.example")


def test_a_page_read_some_hours_ago_is_said_to_be_and_can_be_read_again() -> None:
    earlier = reply(bridge(), now=NOW, fetched=NOW - timedelta(hours=2))
    assert lines(earlier)[1] == snapshot("-# Harbour Post · 2 November 2026 · page read 2 hours ago")
    assert Action.AGAIN in [button.action for button in earlier.buttons]
    assert lines(reply(bridge(), now=NOW, fetched=NOW - timedelta(minutes=2))) == lines(
        reply(bridge(), now=NOW)
    )


def test_other_languages_get_their_links_and_quotations() -> None:
    w = written(
        "El puente cerrará", "El alcalde lo dijo ayer: «el puente cerrará en mayo».", language="es-AR"
    )
    quotation = Attribution(None, None, (w.cut("el puente cerrará en mayo"),), True, "quotation: by hand")
    found = reply(Report(w.article, attributions=(quotation,)), now=NOW)
    assert lines(found) == snapshot(
        [
            "### El puente cerrará",
            "-# harbour-post.example",
            "This article is in Spanish; I can list its links and quotations but not yet its sources.",
            "-# read from this page only; nothing was checked elsewhere",
        ]
    )
    assert panel(found, Action.SOURCES) == snapshot(
        ["-# Links: none on this page.", "**Quotations on this page**", "* “el puente cerrará en mayo”"]
    )
    assert buttons(found) == snapshot("[Links (0)] [Wrong?] [Remove] [Open article ↗]")


def test_a_language_without_a_name_is_named_by_its_code() -> None:
    w = written("Titolo", "Testo.", language="xx-Latn")
    assert lines(reply(Report(w.article), now=NOW))[-2] == snapshot(
        "This article is in a language that I cannot read yet (xx); I can list its links and quotations but not yet its sources."
    )


def test_a_part_of_a_page_is_said_to_be_one() -> None:
    assert lines(reply(bridge(partial="paywall"), now=NOW))[2] == snapshot(
        "I could read only a part of this page: the rest is behind a paywall."
    )
    assert lines(reply(bridge(partial="cut at 2 MiB"), now=NOW))[2] == snapshot(
        "I could read only a part of this page (cut at 2 MiB)."
    )
    assert lines(reply(bridge(partial="paywall"), now=NOW, style="brief"))[1] == snapshot(
        "I could read only a part of this page: the rest is behind a paywall."
    )


def test_a_headline_that_says_more_than_the_body_stands_beside_it() -> None:
    found = reply(contradicted(bridge(), "Old bridge to close in May", "unconfirmed"), now=NOW)
    at = lines(found).index("**The headline states what the article calls unconfirmed**")
    assert lines(found)[at : at + 5] == snapshot(
        [
            "**The headline states what the article calls unconfirmed**",
            "Headline:",
            "> Old bridge to close in May",
            "Article:",
            "> unconfirmed",
        ]
    )


def test_a_caveat_on_a_detail_is_shown_as_one() -> None:
    report = plain()
    assert report.claim is not None
    words = report.article.cut(report.claim.statement.start, report.claim.statement.end)
    aside = Caveat(words, report.claim.sentence, "by hand")
    found = reply(replace(report, claim=replace(report.claim, side_caveats=(aside,))), now=NOW)
    assert "**A caveat on a detail**" in lines(found)
    assert "UNCONFIRMED" not in " ".join(lines(found))


def test_a_caveat_on_a_detail_is_shown_once() -> None:
    report = bridge()
    assert report.claim is not None
    chosen = written(*report.article.text.split("\n\n")).chosen(EXPERT)
    aside = Caveat(chosen.words, chosen.words, "by hand")
    told = replace(report, claim=replace(report.claim, side_caveats=(aside,)), chosen=(chosen,))
    found = lines(reply(told, now=NOW))
    assert sum(chosen.words.text[:40] in line for line in found) == 1


def test_a_card_never_says_in_its_own_words_that_the_article_denies_its_claim() -> None:
    report = bridge()
    assert report.claim is not None
    denied = replace(report, claim=replace(report.claim, caveats=(), stance=Stance.DENIES))
    asserted = replace(denied, claim=replace(report.claim, caveats=(), stance=Stance.ASSERTS))
    assert lines(reply(denied, now=NOW)) == lines(reply(asserted, now=NOW))


def test_originals_are_shown_by_the_host_that_they_lead_to() -> None:
    report = linked(bridge(), ["https://www.quay.example/a", "https://quay.example/b", "javascript:alert(1)"])
    found = reply(report, now=NOW)
    assert "Originals: quay.example" in lines(found)
    assert panel(found, Action.SOURCES)[-3:] == snapshot(
        ["**Links to originals**", "* quay.example", "* quay.example"]
    )


def test_a_page_without_links_says_so() -> None:
    assert panel(reply(bridge(), now=NOW), Action.SOURCES)[-1] == "-# Links: none on this page."


def test_every_chain_end_has_its_words() -> None:
    report = bridge()
    said = [
        lines(reply(replace(report, chains=(Chain(True, steps, end),)), now=NOW))
        for steps, end in [
            (report.chains[0].steps[:2], End.OUTLET),
            (report.chains[0].steps[:1], End.OUTLET),
            ((Step("", None, None, ""), Step("Maria Lindqvist", 2, None, "")), End.NAMED),
            (report.chains[0].steps[2:], End.WITHHELD),
            ((), End.OUTLET),
        ]
    ]
    assert [one[one.index("**Who says so**") + 1] for one in said] == snapshot(
        [
            "Harbour Post, quoting Quay Street blog.",
            "Harbour Post, in its own voice.",
            "This page, quoting Maria Lindqvist.",
            "This page, citing “people close to the talks”. It names nobody as the origin.",
            "This page, in its own voice.",
        ]
    )


def test_an_office_is_said_to_be_one_and_an_outlet_to_have_passed_it_on() -> None:
    report = bridge()
    blog, people = report.sources[0], report.sources[3]
    told = replace(blog, how=How.RELAYS)
    office = replace(
        people, kind=SourceKind.GROUP, standing=Standing.BY_OFFICE, standing_why="office: people"
    )
    chain = replace(report.chains[0], end=End.OFFICE)
    relayed = replace(report, sources=(told, *report.sources[1:3], office), chains=(chain,))
    shown = reply(relayed, now=NOW)
    assert lines(shown)[lines(shown).index("**Who says so**") + 1] == snapshot(
        "Harbour Post, through Quay Street blog, citing “people close to the talks”, by office."
    )
    listed = "\n".join(panel(shown, Action.SOURCES))
    assert "Quay Street blog (outlet, passed it on)" in listed
    assert "“people close to the talks”, by office, through Quay Street blog" in listed


@pytest.mark.parametrize(
    ("kind", "why", "told"),
    [
        (SourceKind.GROUP, "office: police", True),
        (SourceKind.ORGANISATION, "kind: organisation", True),
        (SourceKind.GROUP, "witness: residents", False),
        (SourceKind.GROUP, "kind: group", False),
        (SourceKind.OUTLET, "unnamed media: local", False),
        (SourceKind.DOCUMENT, "kind: document", False),
    ],
)
def test_only_an_institution_or_an_official_is_said_to_speak_by_office(
    kind: SourceKind, why: str, *, told: bool
) -> None:
    report = bridge()
    source = replace(report.sources[3], kind=kind, standing=Standing.BY_OFFICE, standing_why=why)
    chain = replace(report.chains[0], end=End.OFFICE)
    changed = replace(report, sources=(*report.sources[:3], source), chains=(chain,))
    assert any(line.endswith("by office.") for line in lines(reply(changed, now=NOW))) == told


def test_counts_are_singular_and_plural() -> None:
    report = bridge()
    people = report.sources[3]
    once, often = (
        replace(people, id=1, relayed_by=None, mentions=people.mentions[:1]),
        replace(people, id=2, relayed_by=None),
    )
    some = replace(report, sources=(report.sources[0], once, often), attributions=(), chains=())
    none = replace(report, sources=(replace(once, id=0),), attributions=(), chains=(), hedges=())
    assert lines(reply(some, now=NOW))[-1] == snapshot(
        "-# 1 source named · 2 not named, cited 3 times · 1 more word of doubt · lines with a bar are quoted · read from this page only; nothing was checked elsewhere"
    )
    assert lines(reply(none, now=NOW))[-1] == snapshot(
        "-# no source named · 1 not named, cited once · no other words of doubt · lines with a bar are quoted · read from this page only; nothing was checked elsewhere"
    )
    assert buttons(reply(none, now=NOW)) == snapshot(
        "[Sources (1)] [Why unconfirmed] [Wrong?] [Remove] [Open article ↗]"
    )


def test_a_single_unnamed_person_is_counted_as_not_named() -> None:
    w = written("Bridge", "The bridge will close, a city official said.")
    one = replace(
        bridge().sources[3],
        id=0,
        name=w.cut("a city official"),
        mentions=(w.cut("a city official"),),
        relayed_by=None,
    )
    assert "1 not named, cited once" in lines(reply(Report(w.article, sources=(one,)), now=NOW))[-1]


def test_no_quotation_is_longer_than_the_law_allows_and_cuts_are_at_words() -> None:
    report = long_words(5000)
    for style in ("card", "brief", "full"):
        found = reply(report, now=NOW, style=style)
        for quoted in quotations(found):
            assert len(quoted.excerpt.text) <= QUOTATION_LIMIT
            assert not quoted.cut or report.article.text[quoted.excerpt.end].isspace()


def test_a_late_caveat_stands_in_what_is_shown_of_its_sentence() -> None:
    report = long_words(5000)
    shown = lines(reply(report, now=NOW))
    bar = shown[shown.index("**UNCONFIRMED: the article says so itself**") + 1]
    assert "unconfirmed" in bar


def test_a_card_stays_about_a_thousand_characters_long() -> None:
    assert count_characters(reply(long_words(5000), now=NOW).blocks) <= CARD_LIMIT
    assert count_characters(reply(bridge(), now=NOW).blocks) <= CARD_LIMIT


def test_what_is_not_needed_goes_first_when_a_card_gets_long() -> None:
    report = bridge()
    assert report.claim is not None
    w = written(*report.article.text.split("\n\n"))
    many = tuple(w.chosen(part) for part in (DENIAL, EXPERT))
    crowded = replace(report, claim=replace(report.claim, against=many))
    labels = [line for line in lines(reply(crowded, now=NOW)) if line.startswith("**")]
    assert labels[:3] == [
        "**UNCONFIRMED: the article says so itself**",
        "**What it reports**",
        "**Who says so**",
    ]


def test_a_title_that_stands_only_in_metadata_is_no_quotation() -> None:
    w = written("Ignored", "Text of the page.")
    bare = replace(w.article, blocks=w.article.blocks[1:], title="From the metadata")
    assert lines(reply(Report(bare), now=NOW))[0] == "**From the metadata**"
    assert not any(isinstance(q, Quoted) for q in quotations(reply(Report(bare), now=NOW)))
