"""The words that tell what a sentence is about."""

from __future__ import annotations

from bot.model import BlockRole
from bot.reading.document import Document, Sentence
from bot.reading.tags import Upos

ABOVE = frozenset({BlockRole.TITLE, BlockRole.DECK})  # what stands above a report
CARRIES = frozenset({BlockRole.BODY, BlockRole.ITEM, BlockRole.QUOTE, BlockRole.DECK})
LONG_VERB = 4  # letters; shorter verbs are auxiliaries and too common to tie two sentences


def find_content_words(document: Document, first: int, last: int) -> frozenset[str]:
    """Return nouns, names, verbs and numbers, in lower case; plurals without their s."""
    return frozenset(
        document.stems[i]
        for i in range(first, last)
        if document.tags[i].is_content_word
        and (document.tags[i].upos is not Upos.VERB or len(document.words[i]) > LONG_VERB)
    )


def has_dangling_pronoun(document: Document, sentence: Sentence) -> bool:
    """Return whether a pronoun stands before anything that it could mean."""
    for at in range(sentence.first, sentence.last):
        if document.tags[at].is_name:
            return False
        if document.lowers[at] in document.lexicon.words.anaphors:
            return True
    return False
