"""What opens a sentence can be described in any text."""

import pytest

from bot.fetching.article import article_from_text
from bot.reading.decisions.openings import describe_opening
from bot.reading.document import parse_document
from bot.reading.languages.registry import default_language
from bot.reading.report import report


@pytest.mark.parametrize("text", ["::{{0", "According", "According to", "As", "As the", "“", "…"])
def test_a_text_that_ends_in_its_opening_is_described(text: str) -> None:
    assert report(article_from_text(text)).article.text == text


@pytest.mark.parametrize(
    ("text", "ties"),
    [
        ("So it is no wonder that the mayor of Dale fears for the ferry.", True),
        ("So the town hall of Dale closed the ferry on Monday.", True),
        ("Hence the ferry of Dale was closed on Monday.", True),
        ("So far, 20 people have left the town of Dale.", False),
        ("So many people left the town of Dale that the ferry sank.", False),
        ("The mayor of Dale said so on Monday.", False),
        ("In addition, the ferry of Dale was closed on Monday.", True),
        ("As a result, the ferry of Dale was closed.", True),
        ("In a sharp turn, the ferry of Dale was closed.", False),
        ("In addition to the ferry, the port of Dale was closed.", False),
        ("In a statement, the port of Dale said so.", False),
    ],
)
def test_a_conclusion_ties_a_sentence_to_the_one_before(text: str, *, ties: bool) -> None:
    document = parse_document(article_from_text(text), default_language())
    assert describe_opening(document, document.sentences[0])["opens with a connective"] == ties


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Now she is at the helm of the ferry.", True),
        ("On Sunday, they took pictures of the ferry.", True),
        ("Two days later, they left the ferry in Dale.", True),
        ("Hours later, he led the police to the ferry.", True),
        ("On Friday, his lawyer went to the port.", True),
        ("In it, the mayor of Dale denied all of it.", True),
        ("With this, the port moves to the north.", True),
        ("In Dale, they met the mayor on Friday.", False),
        ("Like other mayors, they met the king.", False),
        ("As a guard, he saw the ferry sink.", False),
        ("Today it is said that the ferry sank.", False),
        ("After the storm, it was seen at Dale.", False),
    ],
)
def test_a_pronoun_behind_an_opening_that_names_nobody_leans_on_what_was_said_before(
    text: str, *, leads: bool
) -> None:
    document = parse_document(article_from_text(text), default_language())
    assert describe_opening(document, document.sentences[0])["opens with a pronoun"] == leads
