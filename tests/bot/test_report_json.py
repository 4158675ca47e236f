from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadStatus
from bot.model import (
    Anchor,
    Article,
    Attribution,
    Block,
    BlockRole,
    Category,
    Caveat,
    Chain,
    Chosen,
    Claim,
    Conflict,
    Digest,
    End,
    Excerpt,
    Hedge,
    How,
    Original,
    Report,
    Source,
    SourceKind,
    Stance,
    Standing,
    Step,
    Voice,
)
from bot.report_json import InvalidReport, failure_to_json, from_json, spans, to_json, validate_report
from tests.bot.written import WARNING, bridge, canonical, contradicted, plain

KEYS = (
    "schema id error worth_speaking article claim sources attributions chains hedges headline_conflict "
    "summary digest originals"
).split()

WORDS = st.text(max_size=12)


@st.composite
def excerpts(draw: st.DrawFn, article: Article) -> Excerpt:
    start = draw(st.integers(0, len(article.text) - 1))
    return article.cut(start, draw(st.integers(start + 1, len(article.text))))


@st.composite
def articles(draw: st.DrawFn) -> Article:
    text = draw(st.text(min_size=1, max_size=80))
    bare = Article(text)
    some = excerpts(bare)
    return Article(
        text,
        tuple(
            Block(draw(st.sampled_from(BlockRole)), e.start, e.end) for e in draw(st.lists(some, max_size=2))
        ),
        tuple(Anchor(draw(WORDS), e) for e in draw(st.lists(some, max_size=2))),
        url=draw(st.none() | WORDS),
        canonical_url=draw(st.none() | WORDS),
        title=draw(st.none() | WORDS),
        outlet=draw(st.none() | WORDS),
        authors=tuple(draw(st.lists(WORDS, max_size=2))),
        published=draw(st.none() | st.dates()),
        stated_in=tuple(sorted(draw(st.dictionaries(WORDS, WORDS, max_size=2)).items())),
        language=draw(st.none() | WORDS),
        partial=draw(st.none() | WORDS),
        pasted=draw(st.booleans()),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    article = draw(articles())
    some = excerpts(article)
    maybe = st.none() | some
    few = st.lists(some, max_size=2).map(tuple)
    count = draw(st.integers(0, 3))
    whose = st.none() | st.integers(0, count - 1) if count else st.none()
    caveats = st.lists(st.builds(Caveat, some, some, WORDS), max_size=2).map(tuple)
    sources = tuple(
        Source(
            n,
            draw(some),
            draw(st.booleans()),
            draw(st.sampled_from(SourceKind)),
            draw(few),
            tuple(draw(st.lists(WORDS, max_size=2))),
            draw(maybe),
            draw(whose),
            tuple(draw(st.lists(st.builds(Original, WORDS, maybe, WORDS, st.just(n)), max_size=2))),
            how=draw(st.sampled_from(How)),
            standing=draw(st.sampled_from(Standing)),
        )
        for n in range(count)
    )
    chosen = st.lists(st.builds(Chosen, some, WORDS), max_size=2).map(tuple)
    claims = st.builds(Claim, some, some, WORDS, st.sampled_from(Stance), WORDS, caveats, caveats, chosen)
    steps = st.lists(st.builds(Step, WORDS, whose, maybe, WORDS), max_size=3).map(tuple)
    return Report(
        article,
        claim=draw(st.none() | claims),
        sources=sources,
        attributions=draw(_few(st.builds(Attribution, maybe, maybe, few, st.booleans(), WORDS, whose))),
        chains=draw(_few(st.builds(Chain, st.booleans(), steps, st.sampled_from(End)))),
        hedges=draw(
            _few(
                st.builds(Hedge, some, st.sampled_from(Category), some, st.sampled_from(Voice), WORDS, whose)
            )
        ),
        conflict=draw(st.none() | st.builds(Conflict, some, some, WORDS)),
        chosen=draw(chosen),
        digest=draw(st.none() | st.builds(Digest, st.integers(2, 30), WORDS)),
        originals=draw(_few(st.builds(Original, WORDS, maybe, WORDS, whose))),
    )


def _few(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=2).map(tuple)


@settings(max_examples=50, deadline=None)  # a report holds many draws
@given(reports())
def test_any_report_survives_json(report: Report) -> None:
    assert from_json(json.loads(json.dumps(to_json(report)))) == report


@settings(max_examples=50, deadline=None)  # a report holds many draws
@given(reports())
def test_every_span_of_a_report_is_the_articles_own_words(report: Report) -> None:
    assert all(
        report.article.text[span["start"] : span["end"]] == span["text"] for _, span in spans(to_json(report))
    )


def test_every_key_is_present_in_a_report_and_in_a_failure() -> None:
    assert list(to_json(bridge(), "a")) == KEYS
    assert list(failure_to_json(BadStatus(403), "b")) == KEYS


def test_a_failure_has_its_kind_its_sentence_and_nothing_else() -> None:
    found = failure_to_json(BadStatus(403), "b", "No.")
    assert found["error"] == {"kind": "bad_status", "message": "No."}
    assert not any(found[key] for key in KEYS if key not in ("schema", "id", "error"))


def test_worth_speaking_is_said_in_the_json() -> None:
    assert to_json(bridge())["worth_speaking"] is True
    assert to_json(plain())["worth_speaking"] is False


def _older() -> dict[str, Any]:
    """A report as it was stored before every finding named its rule."""
    found = to_json(contradicted(canonical(bridge()), "Old bridge to close in May", WARNING))
    claim = found["claim"]
    chosen = [claim, *claim["contrasts"], found["headline_conflict"], *found["summary"]]
    steps = [step for chain in found["chains"] for step in chain["steps"]]
    tied = [original for source in found["sources"] for original in source["originals"]]
    for finding in (*chosen, *steps, *tied, *found["originals"]):
        del finding["why"]
    del claim["stance_why"]
    for source in found["sources"]:
        del source["how"], source["standing"], source["standing_why"]
    found["chains"][0]["end"] = "unnamed"
    return found


def test_a_report_that_is_older_than_some_rules_is_proved_without_them() -> None:
    older = validate_report(_older())
    claim, conflict = older.claim, older.conflict
    assert claim is not None
    assert conflict is not None
    assert (claim.why, claim.stance_why, conflict.why) == ("", "", "")
    assert {one.why for one in (*claim.against, *older.chosen)} == {""}
    assert {one.why for one in older.originals} == {""}
    assert {step.why for chain in older.chains for step in chain.steps} == {""}


def test_an_older_report_says_who_is_withheld_by_its_kinds() -> None:
    older = validate_report(_older())
    assert [source.standing for source in older.sources] == [*[Standing.NAMED] * 3, Standing.WITHHELD]
    assert {source.how for source in older.sources} == {How.SPEAKS}
    assert older.chains[0].end is End.WITHHELD


def _spoilt(*path: str | int, value: object) -> dict[str, Any]:
    found = to_json(bridge())
    place: Any = found
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return found


def _nested(depth: int) -> object:
    found: object = 1
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    ("spoilt", "complaint"),
    [
        (
            _spoilt("hedges", 1, "text", value="will be"),
            r"hedges\[1\]: the article's words at \d+:\d+ are others",
        ),
        (_spoilt("claim", "statement", "end", value=10**6), r"claim\.statement: no words at"),
        (_spoilt("article", "sha256", value="0" * 64), "article.sha256 does not fit"),
        (_spoilt("article", "text", value="Other words."), "article.sha256 does not fit"),
        (_spoilt("sources", 0, "id", value=4), r"sources\[0\]: its id is 4"),
        (_spoilt("hedges", 0, "source_id", value=9), r"hedges\[0\]: there is no source 9"),
        (_spoilt("claim", "unconfirmed", value=False), "claim.unconfirmed does not fit"),
        (_spoilt("claim", "stance", value="true"), "claim.stance: 'true' is not a valid Stance"),
        (_spoilt("schema", value=2), "schema 2, not 1"),
        (_spoilt("schema", value=True), "schema is not a whole number"),
        (_spoilt("error", value={}), r"error\.kind is missing"),
        (_spoilt("article", "url", value=5), r"article\.url is not a text"),
        (_spoilt("article", "title", value=[1]), r"article\.title is not a text"),
        (_spoilt("article", "authors", value="abc"), r"article\.authors is not a list"),
        (_spoilt("article", "published", value="soon"), r"article\.published: "),
        (_spoilt("hedges", 0, "why", value=5), r"hedges\[0\]\.why is not a text"),
        (_spoilt("claim", "stance_why", value=None), r"claim\.stance_why is not a text"),
        (_spoilt("summary", 0, "why", value=None), r"summary\[0\]\.why is not a text"),
        (_spoilt("chains", 0, "steps", 0, "why", value=5), r"chains\[0\]\.steps\[0\]\.why is not a text"),
        (_spoilt("hedges", 0, "source_id", value=True), r"hedges\[0\]\.source_id is not a whole number"),
        (_spoilt("claim", "statement", "start", value=False), r"claim\.statement\.start is not a whole"),
        (_spoilt("sources", 3, "relayed_by", value=4), r"sources\[3\]\.relayed_by: there is no source 4"),
        (
            _spoilt("hedges", 0, "sentence", "text", value="No."),
            r"hedges\[0\]\.sentence: the article's words",
        ),
        (_spoilt("extra", value={"start": 0, "end": 2, "text": "No"}), "extra: the article's words"),
        (_spoilt("extra", value={"start": True, "end": 2, "text": "h"}), "extra.start is not a whole number"),
        (_spoilt("extra", value=_nested(2000)), "nested too deeply"),
        (_spoilt("summary", value=None), "not a report of schema 1"),
        (failure_to_json(BadStatus(403)), "this check failed"),
        ({}, "not a report of schema 1"),
    ],
)
def test_json_that_does_not_fit_its_text_is_refused_with_its_place(
    spoilt: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(InvalidReport, match=complaint):
        from_json(spoilt)


def test_a_report_is_proved_with_all_that_a_reply_shows() -> None:
    assert validate_report(to_json(bridge())) == bridge()
    full = contradicted(canonical(bridge()), "Old bridge to close in May", WARNING)
    assert validate_report(to_json(full)) == full


@pytest.mark.parametrize(
    ("spoilt", "complaint"),
    [
        (_spoilt("worth_speaking", value=False), "worth_speaking does not fit the report"),
        (
            _spoilt("chains", 0, "steps", 1, "name", value="Reuters"),
            r"chains\[0\]\.steps\[1\]\.name is neither",
        ),
        (_spoilt("chains", 0, "end", value="named"), r"chains\[0\]\.end does not fit"),
        (_spoilt("sources", 1, "aliases", value=["Reuters"]), r"sources\[1\]\.aliases\[0\] does not stand"),
        (_spoilt("sources", 3, "relayed_by", value=3), r"sources\[3\]\.relayed_by is the source itself"),
    ],
)
def test_what_a_reply_would_show_without_proof_is_refused(spoilt: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidReport, match=complaint):
        validate_report(spoilt)
