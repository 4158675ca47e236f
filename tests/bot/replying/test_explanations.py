# ruff: noqa: E501  # exact words of answers stand on one line

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from inline_snapshot import snapshot

from bot.fetching.article import article_from_html
from bot.model import (
    Article,
    Attribution,
    Block,
    BlockRole,
    Caveat,
    Chain,
    Chosen,
    Claim,
    End,
    Hedge,
    Original,
    Report,
    Step,
)
from bot.reading.report import report
from bot.replies import Label, Said
from bot.replying.explanations import reasons
from tests.bot.lined import lines, quotations
from tests.bot.written import WARNING, bridge, canonical, contradicted, linked

EXAMPLE = Path(__file__).resolve().parents[3] / "docs/example.html"


def read(text: str) -> Report:
    return report(Article(text, (Block(BlockRole.BODY, 0, len(text)),)))


def example() -> Report:
    return report(article_from_html(EXAMPLE.read_text("utf-8"), None))


def test_each_finding_stands_with_its_words_and_its_rule() -> None:
    found = read(
        "The bridge may close, the Dale Courier reported, citing sources. The report is unconfirmed. "
        "Mara Venn supports a new bridge."
    )
    assert found.claim is not None
    told = [f"* “{one.words.text}” ← {one.why}" for one in found.chosen]
    (caveat,) = found.claim.caveats
    assert caveat.why.startswith("caveat: unconfirmed|unverified|uncorroborated|unauthenticated (learnt: ")
    assert lines(reasons(found)) == [
        "**Why it is marked unconfirmed**",
        f"* “unconfirmed” ← {caveat.why}",
        "  > The report is unconfirmed.",
        "**Why this claim**",
        f"* “The bridge may close, the Dale Courier reported, citing sources.” ← {found.claim.why}",
        f"* stance: reports-as-unconfirmed ← {caveat.why}",
        "**Where it comes from**",
        "* “the Dale Courier reported” ← speaker after: report",
        "* “citing sources” ← citing",
        "**Why these sources**",
        "* source “the Dale Courier”, cue “reported”, content “The bridge may close” ← speaker after: report, listed as Dale Courier ← name",
        "* source “sources”, cue “citing”, content “The bridge may close, the Dale Courier reported,” ← citing, listed as “sources” ← new: sources",
        "**Why these are not sources**",
        "* source “Mara Venn”, cue “supports”, content “a new bridge” ← speaker before: support",
        "**What these sources are**",
        "* Dale Courier: outlet ← word of the name: courier",
        "* “sources”: anonymous ← anonymous: sources",
        "**Why these words of doubt**",
        "* “may close” ← modal: may|might <RB>* <VB>",
        "  > The bridge may close, the Dale Courier reported, citing sources.",
        "* “unconfirmed” ← disclaimer: unconfirmed|unverified|uncorroborated|unauthenticated",
        "  > The report is unconfirmed.",
        "**Why this summary**",
        *told,
    ]


def test_no_rule_of_a_report_is_left_out() -> None:
    found = example()
    claim = found.claim
    assert claim is not None
    told = "\n".join(lines(reasons(found)))
    findings: tuple[Caveat | Claim | Chosen | Attribution | Hedge | Step | Original, ...] = (
        *claim.caveats,
        *claim.side_caveats,
        claim,
        *claim.against,
        *found.chosen,
        *found.attributions,
        *found.hedges,
        *(step for chain in found.chains for step in chain.steps),
        *found.originals,
    )
    assert all(f" ← {one.why}" in told for one in findings)
    assert f"stance: {claim.stance} ← {claim.stance_why}" in told


def test_every_step_of_a_chain_has_its_own_rule() -> None:
    told = lines(reasons(example()))
    start = told.index("**Where it comes from**")
    assert told[start + 1 : start + 4] == [
        "* “Lakeland Ledger” ← page: its name in the text",
        "* “the Dale Courier reported” ← speaker after: report",
        "* “citing two people familiar with the plan” ← citing",
    ]


def test_an_original_stands_by_its_host_with_its_source_and_its_rule() -> None:
    assert "* b.example ← original: by hand" in lines(reasons(linked(bridge(), ["https://b.example/x"])))
    assert "* quay.example, of Quay Street blog ← original: by hand" in lines(reasons(canonical(bridge())))


def test_a_finding_whose_rule_was_not_kept_says_so() -> None:
    older = replace(bridge(), chains=(Chain(True, (Step("Harbour Post", None, None, ""),), End.OUTLET),))
    assert "* Harbour Post ← no rule was kept" in lines(reasons(older))


def test_the_lines_of_a_headline_conflict_stand_with_their_rule() -> None:
    told = lines(reasons(contradicted(bridge(), "Old bridge to close in May", WARNING)))
    start = told.index("**Why the headline conflicts with the article**")
    assert told[start + 1 : start + 3] == [
        "* “Old bridge to close in May” ← conflict: by hand",
        f"  > {WARNING}",
    ]


def test_a_report_without_findings_says_so() -> None:
    assert lines(reasons(Report(Article("")))) == ["No rule made a finding."]


def test_every_quotation_is_the_articles_own_words() -> None:
    found = example()
    shown = quotations(reasons(found))
    assert shown
    assert all(found.article.text[q.excerpt.start : q.excerpt.end] == q.excerpt.text for q in shown)


def test_a_kind_without_findings_has_no_heading() -> None:
    found = reasons(read("Mara Venn said that the bridge fell."))
    assert [block.line[0] for block in found.blocks if isinstance(block, Label)] == snapshot(
        [
            Said(text="Why this claim"),
            Said(text="Where it comes from"),
            Said(text="Why these sources"),
            Said(text="What these sources are"),
            Said(text="Why this summary"),
        ]
    )
