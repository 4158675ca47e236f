"""The headline against the body."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import BlockRole, Conflict, Hedge
from bot.reading.annotators.base import Finding
from bot.reading.caveats import Caveats
from bot.reading.content_words import find_content_words
from bot.reading.decisions.openings import CLAUSE_ENDS
from bot.reading.document import Document
from bot.reading.languages.lexicon import Frame
from bot.reading.lead import Lead

TIES = 2  # content words that a headline shares with the claim that it states
MARKS = frozenset({"“", "”", '"', "‘", "'", "''", "?"})
DASHES = frozenset({"-", "--"})  # of a speaker behind a headline


def find_conflict(
    document: Document, lead: Lead, caveats: Caveats, hedged: Sequence[Hedge], found: Sequence[Finding]
) -> Conflict | None:
    """Return the conflict of a headline that says plainly what the body calls unconfirmed: without hedge,
    speaker, quotation marks, question or word of doubt, it states something of the claim."""
    title = next((s for s in document.sentences if s.role is BlockRole.TITLE), None)
    if title is None or not caveats.on_claim:
        return None
    headline, doubt = document.sentence_excerpt(title), caveats.on_claim[0]
    if any(headline.holds(h.words) for h in hedged):
        return None
    if any(document.sentences[f.sentence] == title for f in found):
        return None
    tokens, lexicon = range(title.first, title.last), document.lexicon
    doubtful = lexicon.words.headline_doubts | lexicon.words.reportative | lexicon.words.negations
    if not (MARKS | doubtful).isdisjoint(document.lowers[title.first : title.last]):
        return None
    # a speaker behind the last comma or dash, or before a colon
    last = next((i for i in reversed(tokens) if document.words[i] in CLAUSE_ENDS | DASHES), None)
    behind = () if last is None else document.lowers[last + 1 : title.last]
    told = any(
        Frame.CLAUSE in lexicon.find_cue(w)[1] or lexicon.find_noun_kind(w) is not None for w in behind
    )
    before = next((i for i in tokens if document.words[i] == ":"), None)
    announced = before is not None and document.lowers[before - 1] not in lexicon.words.alerting
    claim = document.sentences[lead.sentence]
    shared = find_content_words(document, title.first, title.last) & find_content_words(
        document, claim.first, claim.last
    )
    states = any(tag.is_finite for tag in document.tags[title.first : title.last])
    if told or announced or not states or len(shared) < TIES:
        return None
    return Conflict(headline, doubt.sentence, f"plain headline against {doubt.why}")
