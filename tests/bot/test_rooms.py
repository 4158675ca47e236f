from __future__ import annotations

from dataclasses import replace

from bot.model import Chain, End, Report, Step
from bot.rooms import Finding, Settings, worth_speaking
from tests.bot.reading.texts import read
from tests.bot.written import bridge, plain


def _unflagged() -> Report:
    report = bridge()
    assert report.claim is not None
    return replace(report, claim=replace(report.claim, caveats=()))


def test_a_raised_flag_is_worth_speaking_of() -> None:
    assert worth_speaking(replace(bridge(), chains=()))


def test_a_core_claim_whose_chain_ends_unnamed_is_worth_speaking_of() -> None:
    assert worth_speaking(_unflagged())


def test_the_shorthand_of_a_headline_is_not_worth_speaking_of() -> None:
    body = "Dale, Harbour: the plan was heard on Monday."
    for headline, worth in (("# A judge says it must close", False), ("# Sources say it must close", True)):
        found = read(headline, body)
        step = Step(found.sources[0].name.text, 0, found.sources[0].name, "by hand")
        chained = replace(found, chains=(Chain(True, (step,), End.UNNAMED),))
        assert worth_speaking(chained) is worth


def test_who_speaks_in_the_body_too_is_no_shorthand_of_the_headline() -> None:
    found = read("# A judge says it must close", "The judge said it must close.")
    step = Step(found.sources[0].name.text, 0, found.sources[0].name, "by hand")
    assert worth_speaking(replace(found, chains=(Chain(True, (step,), End.UNNAMED),)))


def test_an_unnamed_end_of_another_chain_is_not() -> None:
    report = _unflagged()
    chains = tuple(replace(chain, of_claim=False) for chain in report.chains)
    assert not worth_speaking(replace(report, chains=chains))


def test_unnamed_people_beside_the_claim_are_not() -> None:
    report = _unflagged()
    chains = tuple(replace(chain, end=End.NAMED) for chain in report.chains)
    assert not worth_speaking(replace(report, chains=chains))


def test_an_ordinary_article_is_not() -> None:
    assert not worth_speaking(plain())


def test_a_room_that_wants_only_the_flag_hears_of_nothing_else() -> None:
    assert not worth_speaking(_unflagged(), Settings(findings=frozenset({Finding.UNCONFIRMED})))
