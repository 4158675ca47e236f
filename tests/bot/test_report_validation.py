from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.model import (
    Anchor,
    Chain,
    End,
    Excerpt,
    Original,
    Report,
    Source,
    SourceKind,
    Stance,
    Standing,
    Step,
    chain_end,
)
from bot.report_validation import find_first_fault
from tests.bot.written import bridge, plain

REPORT = bridge()
PAGE, BLOG, PEOPLE = REPORT.chains[0].steps


def chained(*steps: Step, end: End = End.WITHHELD) -> Report:
    return replace(REPORT, chains=(Chain(True, steps, end),))


def with_first_source(**changes: Any) -> Report:
    return replace(REPORT, sources=(replace(REPORT.sources[0], **changes), *REPORT.sources[1:]))


def test_what_reading_found_is_borne_out() -> None:
    assert find_first_fault(REPORT) is None


def test_a_page_may_be_called_by_its_outlet_its_host_or_its_own_words() -> None:
    own = REPORT.article.cut(4, 10)
    assert find_first_fault(chained(replace(PAGE, name="harbour-post.example"), BLOG, PEOPLE)) is None
    assert find_first_fault(chained(replace(PAGE, name=own.text, evidence=own), BLOG, PEOPLE)) is None
    assert find_first_fault(plain(outlet="This page")) is None
    assert find_first_fault(plain(url="http://[")) is not None


ARTICLE = REPORT.article
CLAIM = REPORT.claim
assert CLAIM is not None
ELSEWHERE = ARTICLE.cut(0, 3)
LINKED = replace(
    ARTICLE, links=(Anchor("https://a.example/", ELSEWHERE),), canonical_url="https://b.example/"
)


def with_original(url: str, anchor: Excerpt | None, of: int | None = None, among: bool = True) -> Report:  # noqa: FBT001, FBT002  # a case
    """One original, which its source lists too where `among`."""
    original = Original(url, anchor, "by hand", of)
    listed = (original,) if of is not None and among else ()
    first, *others = REPORT.sources
    sources = (replace(first, originals=listed), *others)
    return replace(REPORT, article=LINKED, originals=(original,), sources=sources)


def test_an_original_is_a_link_of_the_article_or_its_canonical_address() -> None:
    assert find_first_fault(with_original("https://a.example/", ELSEWHERE)) is None
    assert find_first_fault(with_original("https://a.example/", ELSEWHERE, 0)) is None
    assert find_first_fault(with_original("https://b.example/", None)) is None


@pytest.mark.parametrize(
    ("report", "complaint"),
    [
        (
            replace(REPORT, article=replace(ARTICLE, blocks=ARTICLE.blocks[::-1])),
            "article.blocks[1] begins before",
        ),
        (
            replace(REPORT, claim=replace(CLAIM, statement=ELSEWHERE)),
            "claim.statement does not stand in its sentence",
        ),
        (replace(REPORT, claim=replace(CLAIM, stance=Stance.ASSERTS)), "claim.stance does not fit"),
        (
            replace(REPORT, claim=replace(CLAIM, caveats=(replace(CLAIM.caveats[0], words=ELSEWHERE),))),
            "claim.caveats[0] does not stand in its sentence",
        ),
        (
            replace(REPORT, hedges=(replace(REPORT.hedges[0], words=ELSEWHERE),)),
            "hedges[0] does not stand in its sentence",
        ),
        (
            replace(REPORT, attributions=(replace(REPORT.attributions[0], source_id=1),)),
            "attributions[0].source is no mention of source 1",
        ),
        (
            replace(REPORT, attributions=(replace(REPORT.attributions[0], source=None),)),
            "attributions[0].source is no mention of source 0",
        ),
        (
            replace(REPORT, attributions=(replace(REPORT.attributions[0], reporting=False),)),
            "attributions[0].reporting is false",
        ),
        (
            chained(PAGE, replace(BLOG, evidence=PEOPLE.evidence), PEOPLE),
            "chains[0].steps[1].evidence does not mention source 0",
        ),
        (with_original("https://c.example/", ELSEWHERE), "originals[0] is no link of the article"),
        (with_original("https://a.example/", None), "originals[0].url is not the page's canonical_url"),
        (
            with_original("https://a.example/", ELSEWHERE, 0, among=False),
            "originals[0] is not among the originals of source 0",
        ),
        (
            replace(with_original("https://a.example/", ELSEWHERE, 0), originals=()),
            "sources[0].originals[0] is not among the report's originals",
        ),
        (chained(replace(PAGE, name="Reuters"), BLOG, PEOPLE), "chains[0].steps[0].name is neither"),
        (chained(PAGE, replace(BLOG, name="Reuters"), PEOPLE), "chains[0].steps[1].name is neither"),
        (chained(PAGE, replace(BLOG, name="Maria Lindqvist"), PEOPLE), "chains[0].steps[1].name is neither"),
        (chained(PAGE, replace(BLOG, name=" "), PEOPLE), "chains[0].steps[1].name is neither"),
        (chained(PAGE, BLOG, replace(PEOPLE, name="officials")), "chains[0].steps[2].name is neither"),
        (chained(PAGE, replace(BLOG, evidence=None), PEOPLE), "chains[0].steps[1] has no evidence"),
        (chained(PAGE, BLOG, PEOPLE, end=End.NAMED), "chains[0].end does not fit the last step"),
        (chained(PAGE, BLOG), "chains[0].end does not fit the last step"),
        (with_first_source(aliases=("Reuters",)), "sources[0].aliases[0] does not stand in the text"),
        (with_first_source(aliases=("",)), "sources[0].aliases[0] does not stand in the text"),
        (
            with_first_source(standing=Standing.BY_OFFICE),
            "sources[0].standing does not fit whether it is named",
        ),
        (with_first_source(relayed_by=0), "sources[0].relayed_by is the source itself"),
    ],
)
def test_what_nothing_bears_out_is_named_with_its_place(report: Report, complaint: str) -> None:
    assert (find_first_fault(report) or "").startswith(complaint)


@pytest.mark.parametrize(
    ("kind", "standing", "end"),
    [
        (SourceKind.PERSON, Standing.NAMED, End.NAMED),
        (SourceKind.PERSON, Standing.BY_OFFICE, End.OFFICE),
        (SourceKind.PERSON, Standing.WITHHELD, End.WITHHELD),
        (SourceKind.GROUP, Standing.BY_OFFICE, End.OFFICE),
        (SourceKind.DOCUMENT, Standing.BY_OFFICE, End.DOCUMENT),
        (SourceKind.OUTLET, Standing.NAMED, End.OUTLET),
        (SourceKind.OUTLET, Standing.BY_OFFICE, End.OFFICE),
        (SourceKind.ANONYMOUS, Standing.WITHHELD, End.WITHHELD),
    ],
)
def test_a_chain_ends_as_the_source_of_its_last_step_is(
    kind: SourceKind, standing: Standing, end: End
) -> None:
    named = standing is Standing.NAMED
    source = Source(0, REPORT.sources[0].name, named, kind, (), standing=standing)
    assert chain_end([PAGE, replace(BLOG, source_id=0)], [source]) is end


def test_a_chain_of_the_page_alone_ends_with_an_outlet() -> None:
    assert chain_end([PAGE], []) is chain_end([], []) is End.OUTLET
