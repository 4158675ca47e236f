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
    ],
)
def test_a_conclusion_ties_a_sentence_to_the_one_before(text: str, *, ties: bool) -> None:
    document = parse_document(article_from_text(text), default_language())
    assert describe_opening(document, document.sentences[0])["opens with a connective"] == ties
