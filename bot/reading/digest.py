"""Digests: pages that tell several stories and have no main news to sum up."""

from __future__ import annotations

from collections import Counter

from bot.model import BlockRole, Digest
from bot.reading.content_words import CARRIES, find_content_words
from bot.reading.document import Document, Sentence

LEAST = 3  # stories that make a digest
STORY = 30  # tokens of the shortest story
SHARED = 3  # a name or a word of the headline that stands in more than one story of so many joins them


def find_digest(document: Document) -> Digest | None:
    """Return the number of stories under headings of their own, where there are several."""
    sections: list[list[Sentence]] = [[]]
    for sentence in document.sentences:
        if sentence.role is BlockRole.HEADING:
            sections.append([])
        elif sentence.role in CARRIES:
            sections[-1].append(sentence)
    stories = [s for s in sections if s and s[-1].last - s[0].first >= STORY]
    if len(stories) < LEAST:
        return None
    title = [s for s in document.sentences if s.role is BlockRole.TITLE]
    words = (document.lowers[i] for s in title for i in range(s.first, s.last))
    named = next((word for word in words if word in document.lexicon.words.digests), None)
    if named is not None:
        return Digest(len(stories), f"digest by its headline: {named}")
    topic = frozenset().union(*(find_content_words(document, s.first, s.last) for s in title))
    told: Counter[str] = Counter()  # names, and the words of the headline, by the stories that have them
    for story in stories:
        first, last = story[0].first, story[-1].last
        names = {document.lowers[i] for i in range(first, last) if document.tags[i].is_name}
        told.update(names | (topic & find_content_words(document, first, last)))
    apart = max(told.values(), default=1) * SHARED <= len(stories)
    return Digest(len(stories), "stories without a name in common") if apart else None
