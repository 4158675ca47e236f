"""The headline against the body."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import BlockRole, Conflict, Hedge
from bot.reading.annotators.base import Finding
from bot.reading.caveats import Caveats
from bot.reading.document import Prose, Sentence
from bot.reading.languages.lexicon import Frame
from bot.reading.lead import CLAUSE_ENDS, Lead, content_words

TIES = 2  # content words that a headline shares with the claim that it states
MARKS = frozenset({"“", "”", '"', "‘", "'", "''", "?"})
DASHES = frozenset({"-", "--"})  # of a speaker behind a headline


def find_conflict(
    prose: Prose, lead: Lead, caveats: Caveats, hedged: Sequence[Hedge], found: Sequence[Finding]
) -> Conflict | None:
    """Return the conflict of a headline that says plainly what the body calls unconfirmed."""
    title = next((s for s in prose.sentences if s.role is BlockRole.TITLE), None)
    if title is None or not caveats.on_claim:
        return None
    headline, doubt = prose.sentence_excerpt(title), caveats.on_claim[0]
    careful = any(headline.holds(h.words) for h in hedged) or any(
        prose.sentences[f.sentence] == title for f in found
    )
    if careful or _has_reservation(prose, title) or not _states_claim(prose, lead, title):
        return None
    return Conflict(headline, doubt.sentence, f"plain headline against {doubt.why}")


def _has_reservation(prose: Prose, title: Sentence) -> bool:
    """Return whether the headline has quotation marks, a question, a word of doubt, or a speaker behind its
    last comma, dash or colon."""
    tokens = range(title.first, title.last)
    lexicon = prose.lexicon
    doubtful = lexicon.words.headline_doubts | lexicon.words.reportative | lexicon.words.negations
    if not (MARKS | doubtful).isdisjoint(prose.lowers[title.first : title.last]):
        return True
    last = next((i for i in reversed(tokens) if prose.words[i] in CLAUSE_ENDS | DASHES), None)
    behind = () if last is None else prose.lowers[last + 1 : title.last]
    told = any(
        Frame.CLAUSE in lexicon.find_cue(w)[1] or lexicon.find_noun_kind(w) is not None for w in behind
    )
    before = next((i for i in tokens if prose.words[i] == ":"), None)
    announced = before is not None and prose.lowers[before - 1] not in lexicon.words.alerting
    return told or announced


def _states_claim(prose: Prose, lead: Lead, title: Sentence) -> bool:
    """Return whether the headline states something, and what it states is of the claim."""
    claim = prose.sentences[lead.sentence]
    shared = content_words(prose, title.first, title.last) & content_words(prose, claim.first, claim.last)
    states = any(tag.is_finite for tag in prose.tags[title.first : title.last])
    return states and len(shared) >= TIES
