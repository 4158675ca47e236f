from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.model import Chain, End, Kind, Report, Source, Step, chain_end
from bot.proof import unproved
from tests.bot.written import bridge, plain

REPORT = bridge()
PAGE, BLOG, PEOPLE = REPORT.chains[0].steps


def chained(*steps: Step, end: End = End.UNNAMED) -> Report:
    return replace(REPORT, chains=(Chain(True, steps, end),))


def with_first_source(**changes: Any) -> Report:
    return replace(REPORT, sources=(replace(REPORT.sources[0], **changes), *REPORT.sources[1:]))


def test_what_reading_found_is_borne_out() -> None:
    assert unproved(REPORT) is None


def test_a_page_may_be_called_by_its_outlet_its_host_or_its_own_words() -> None:
    own = Step("old bridge", None, REPORT.article.cut(4, 10))
    assert unproved(chained(Step("harbour-post.example", None, None), BLOG, PEOPLE)) is None
    assert unproved(chained(replace(own, name=REPORT.article.cut(4, 10).text), BLOG, PEOPLE)) is None
    assert unproved(plain(outlet="This page")) is None
    assert unproved(plain(url="http://[")) is not None


@pytest.mark.parametrize(
    ("report", "complaint"),
    [
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
        (with_first_source(relayed_by=0), "sources[0].relayed_by is the source itself"),
    ],
)
def test_what_nothing_bears_out_is_named_with_its_place(report: Report, complaint: str) -> None:
    assert (unproved(report) or "").startswith(complaint)


@pytest.mark.parametrize(
    ("kind", "named", "end"),
    [
        (Kind.PERSON, True, End.NAMED),
        (Kind.PERSON, False, End.UNNAMED),
        (Kind.GROUP, False, End.UNNAMED),
        (Kind.ORGANISATION, False, End.NAMED),
        (Kind.DOCUMENT, False, End.DOCUMENT),
        (Kind.OUTLET, True, End.OUTLET),
        (Kind.ANONYMOUS, False, End.UNNAMED),
    ],
)
def test_a_chain_ends_as_the_source_of_its_last_step_is(kind: Kind, named: bool, end: End) -> None:  # noqa: FBT001  # a case
    source = Source(0, REPORT.sources[0].name, named, kind, ())
    assert chain_end([PAGE, replace(BLOG, source_id=0)], [source]) is end


def test_a_chain_of_the_page_alone_ends_with_an_outlet() -> None:
    assert chain_end([PAGE], []) is chain_end([], []) is End.OUTLET
