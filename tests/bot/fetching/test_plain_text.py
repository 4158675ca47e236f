"""Plain text is used character for character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fetching.article import article_from_text
from tests.bot.fetching.pages import PARAGRAPHS, by_role

REPORT = "\n\n".join(PARAGRAPHS)


@given(st.text(st.sampled_from("aB. \n\r\t\u00a0\u200b:;—“é🙂\ud800"), max_size=200))
def test_text_is_kept_character_for_character_and_blocks_hold_all_of_its_words(text: str) -> None:
    found = article_from_text(text)
    assert found.text == text
    ends = [0, *(block.end for block in found.blocks)]
    starts = [*(block.start for block in found.blocks), len(text)]
    assert all(not text[end:start].strip() for end, start in zip(ends, starts, strict=True))
    assert all(text[block.start : block.end].strip() for block in found.blocks)


def test_a_text_of_one_word_is_not_refused() -> None:
    assert by_role(article_from_text("Closed.")) == [("body", "Closed.")]


def test_an_empty_text_is_an_article_without_blocks() -> None:
    assert article_from_text("").blocks == ()


def test_blank_lines_part_blocks_and_wrapped_lines_do_not() -> None:
    text = (
        "The port is closed until\nFriday, the mayor said\non Monday.\n \nIt may open sooner.\nNobody knows."
    )
    assert [words for _, words in by_role(article_from_text(text))] == [
        "The port is closed until\nFriday, the may",
        "It may open sooner.",
        "Nobody knows.",
    ]


@pytest.mark.parametrize(
    "headline",
    [
        "Harbour stays closed until Friday",
        "Harbour Stays Closed Until Friday After Storm.",
        "Poll: harbour is the town's first worry.",
        "Port authority keeps both basins closed after storm.",
        "Harbour stays closed; \nFishermen gather at noon as storm damages outer wall.",
        "Is the harbour closed?",
    ],
)
def test_a_first_line_that_reads_like_a_headline_is_the_title(headline: str) -> None:
    found = article_from_text(f"{headline}\n\n{REPORT}")
    assert (found.title, found.blocks[0].role.value) == (headline, "title")


@pytest.mark.parametrize(
    "lead",
    [
        "The harbour stays closed.",
        "Both basins have been closed since Monday by the port authority.",
        "SAN ELMO, Calif. (HP) — Nothing moves.",
        "Nothing moves.",
        "One witness, asked when the harbour would open again for ships, pointed at the wall and laughed.",
    ],
)
def test_a_first_sentence_of_the_report_is_not_its_title(lead: str) -> None:
    assert article_from_text(f"{lead}\n\n{REPORT}").title is None


def test_a_text_of_one_paragraph_has_no_title() -> None:
    assert article_from_text("Harbour stays closed").title is None


def test_what_a_person_copied_along_with_the_report_is_told_from_it() -> None:
    above = "Facebook Twitter RSS\n\nHarbour stays closed\n\n(Image: Harbour Press)"
    text = f"{above}\n\n{REPORT}\n\nREAD MORE AT: Harbour Files"
    roles = [role for role, _ in by_role(article_from_text(text))]
    assert roles == ["tail", "title", "caption", *["body"] * len(PARAGRAPHS), "tail"]


def test_only_pasted_text_is_asked_for_its_language() -> None:
    spanish = (
        "El puerto sigue cerrado hasta el viernes, dijo el lunes la autoridad portuaria tras la tormenta."
    )
    assert article_from_text(spanish).language is None
    pasted = article_from_text(spanish, pasted=True)
    assert (pasted.language, pasted.pasted) == ("es", True)
