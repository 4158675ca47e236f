from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from rich.console import Console

from bot.fetching.plain_text import article_from_text
from bot.reading.explain import analyse
from handlers.explain_command import LONGEST, explain_text, limit_text, render_analysis
from handlers.startup_errors import StartupError

EVIL = "\x1b[31mMara\u202e Venn[/] said :smile: [bold]it fell[/bold]\x9b2J\x07."


def printed(text: str, width: int = 80, language: str | None = None) -> list[str]:
    out = io.StringIO()
    console = Console(file=out, width=width, markup=False, emoji=False, highlight=False)
    console.print(render_analysis(analyse(article_from_text(text)), language))
    return out.getvalue().splitlines()


def test_a_sentence_is_laid_out_in_sections_that_fit_the_screen() -> None:
    assert printed("“The old bridge may well fall,” said Mara Venn, the mayor of Dale.", 50) == snapshot(
        [
            "Read as English.",
            "",
            "1. “The old bridge may well fall,” said Mara Venn,",
            "   the mayor of Dale. (body)",
            "",
            "   Chunks",
            "     spoken quotation  “/`` The/DT old/JJ",
            "                       bridge/NN may/MD well/RB",
            "                       fall/VB ,/, ”/''",
            "     verb group        said/VBD",
            "     noun phrase       Mara/NNP Venn/NNP  (head:",
            "                       Venn)",
            "     comma             ,/,",
            "     noun phrase       the/DT mayor/NN  (head:",
            "                       mayor)",
            "     preposition       of/IN",
            "     noun phrase       Dale/NNP",
            "     final stop        ./.",
            "",
            "   Quotations",
            "     speech  “The old bridge may well fall,”",
            "",
            "   Attributions",
            "     source     Mara Venn, the mayor of Dale",
            "     cue        said",
            "     content    “The old bridge may well fall,”",
            "     reporting  yes",
            "     why        inverted: say",
            "     listed as  [0] Mara Venn",
            "     why        name",
            "",
            "   Words of doubt",
            "     words     may well fall",
            "     category  modal",
            "     voice     source: [0] Mara Venn",
            "     why       modal: may|might <RB>* <VB>",
            "",
            "   No caveats here.",
            "",
            "Sources",
            "  name      [0] Mara Venn",
            "  kind      person, named",
            "  why       given name: mara",
            "  role      mayor of Dale",
            "  why       beside the speaking name",
            "  mentions  Mara Venn, the mayor of Dale",
            "",
            "Names",
            "  person  Mara Venn",
            "  person  Dale",
            "",
            "Claim",
            "  statement  “The old bridge may well fall,”",
            "  why        first of few sentences; near the",
            "             start; in an early paragraph",
            "  stance     reports-as-unconfirmed",
            "  why        inverted: say",
            "",
            "Where it comes from",
            "  of the claim  Mara Venn  (end: named)",
            "  why           inverted: say",
            "",
            "Summary",
            "  words  “The old bridge may well fall,” said Mara",
            "         Venn, the mayor of Dale.",
            "  why    claim",
        ]
    )


def test_a_caveat_says_what_it_concerns_and_what_else_fits_is_shown() -> None:
    lines = printed("The Dale Courier could not verify the report that the bridge fell.")
    assert "   Caveats" in lines
    assert "     concerns  the claim" in lines
    assert "     look-alike  could not  (entry: could not|n't)" in lines


def test_what_is_gathered_from_all_sentences_stands_with_its_rules() -> None:
    text = (
        "Bridge at Dale has fallen\n\nThe bridge at Dale has fallen, Owen Pike told the Lake Courier.\n\n"
        "The reports are unconfirmed.\n\nHowever, Mara Venn said that the bridge still stands.\n"
    )
    lines = printed(text, 120)
    assert lines[lines.index("Claim") :] == snapshot(
        [
            "Claim",
            "  statement  The bridge at Dale has fallen",
            "  why        encoder: news, most of all; in an early paragraph; near the start",
            "  stance     reports-as-unconfirmed",
            "  why        caveat: unconfirmed|unverified|uncorroborated|unauthenticated (learnt: concerns the claim by the rules,",  # noqa: E501  # exact words
            "             kind: failure, distance)",
            "",
            "Contrasts",
            "  words  However, Mara Venn said that the bridge still stands.",
            "  why    contrast: however",
            "",
            "Headline conflict",
            "  headline  Bridge at Dale has fallen",
            "  body      The reports are unconfirmed.",
            "  why       plain headline against caveat: unconfirmed|unverified|uncorroborated|unauthenticated (learnt: concerns the",  # noqa: E501  # exact words
            "            claim by the rules, kind: failure, distance)",
            "",
            "Where it comes from",
            "  of the claim  Lake Courier → Owen Pike  (end: named)",
            "  why           told with speaker after: tell → speaker after: tell",
            "",
            "Summary",
            "  words  The bridge at Dale has fallen, Owen Pike told the Lake Courier.",
            "  why    claim",
            "",
            "  words  The reports are unconfirmed.",
            "  why    adds facts: a caveat; distance from the chosen; near the start",
            "",
            "  words  Mara Venn said that the bridge still stands.",
            "  why    adds facts: distance from the chosen; the news; read by the encoder",
        ]
    )


def test_what_no_rule_looks_at_is_said() -> None:
    lines = printed("Photo: Mara Venn said so.\n\nThe bridge fell, Owen Pike said on Monday in Dale.")
    assert "1. Photo: Mara Venn said so. (caption)" in lines
    assert "     rules  the rules for attributions do not look here" in lines


def test_the_language_that_is_read_is_named() -> None:
    assert printed("It fell.", language="en-GB")[0] == "Read as English."
    assert printed("It fell.", language="xx")[0] == (
        "I have no word lists for “xx” yet, so I read this as English."
    )


@pytest.mark.parametrize("nothing", ["", " \n\t", "\u202e\x07"])
def test_an_empty_text_is_refused_in_one_sentence(nothing: str) -> None:
    with pytest.raises(StartupError, match=r"^There is no text to explain: [^.]*\.$"):
        limit_text(nothing)


def test_more_than_anybody_looks_through_is_refused_in_one_sentence() -> None:
    with pytest.raises(
        StartupError, match=r"^This text has 5,001 characters, and I explain at most 5,000 at [^.]*\.$"
    ):
        limit_text("x" * (LONGEST + 1))


def test_the_text_is_read_in_a_process_of_its_own_and_comes_back_whole() -> None:
    text = "Mara Venn said it fell."
    assert explain_text(text, None) == analyse(article_from_text(text))


@pytest.mark.parametrize("width", [20, 80])
def test_no_sign_of_a_stranger_moves_hides_or_colours_anything(width: int) -> None:
    out = "".join(printed(EVIL, width, language=EVIL))
    assert not set(out) & set("\x1b\u202e\x9b\x07")
    assert width < 80 or "[bold]it fell[/bold]" in out


@given(st.text(min_size=1, max_size=200), st.integers(min_value=1, max_value=120))
def test_any_text_is_shown_at_any_width_without_trailing_blanks(text: str, width: int) -> None:
    assert all(line == line.rstrip() for line in printed(text, max(width, 60)))
    printed(text, width)
