"""Phrases → who does what: the subject of a verb group.

Everything walks left or right over the chunks of one sentence, a bounded number of steps each, so the
work stays linear in the text.
"""

from __future__ import annotations

from typing import NamedTuple

from bot.model import SourceKind
from bot.reading.chunking import Chunk, Phrase, is_finite
from bot.reading.document import Document
from bot.reading.noun_phrases import Row, Span, extend_noun_phrase

STEPS = 60  # chunks looked at from one verb; a subject farther away than that is not found
TITLE = 9  # tokens of a title in quotation marks, the marks among them
NEAR = 12  # chunks from a verb to the word that opens its clause
SKIPPED = frozenset({Chunk.ADVERB, Chunk.TIME})


class _SubjectSearch(NamedTuple):
    """State of the search for a subject: the chunk to look at, the token after the last word of the subject,
    and whether an insertion between commas was stepped over."""

    at: int
    end: int | None = None
    inserted: bool = False


def find_subject(document: Document, row: Row, verb: int) -> Span | None:
    """Return the subject of the verb group at index `verb`: to its left, past appositions, relative clauses,
    prepositional phrases and coordinated verbs. None when it has none or it stands after the verb.

    An office set off by one comma is said of the name before it, unless the verb is inserted too: “Lena Ort,
    president and CEO of the club said”, “Lena Ort, a clerk at the port told us”.
    """
    walk: _SubjectSearch | Span | None = _SubjectSearch(verb - 1)
    for _ in range(STEPS):
        if not isinstance(walk, _SubjectSearch):
            break
        walk = None if walk.at < 0 else _step(document, row, walk)
    else:
        return None
    if walk is None:
        return None
    comma = walk.chunk - 1
    if comma < 1 or row[comma].kind is not Chunk.COMMA or row[comma - 1].kind is not Chunk.NOUN:
        return walk
    if comma > 1 and row[comma - 2].kind is not Chunk.QUOTE:
        return walk
    closed = verb + 1 < len(row) and row[verb + 1].kind in {Chunk.COMMA, Chunk.END}
    inserted = closed and not (verb + 2 < len(row) and row[verb + 2].kind is Chunk.QUOTE)
    first, name = document.tags[walk.first], row[comma - 1]
    article = document.lowers[walk.first] in document.lexicon.words.articles
    opens = first.is_singular_noun or first.is_plain_adjective or article
    offices = document.lexicon.kinds[SourceKind.PERSON]
    office = any(document.lowers[i] in offices for i in range(walk.first, row[walk.chunk].last))
    named = document.tags[name.head].is_name
    return Span(name.first, walk.last, comma - 1) if opens and office and named and not inserted else walk


def _step(document: Document, row: Row, walk: _SubjectSearch) -> _SubjectSearch | Span | None:
    """Return the search one chunk further left, or the subject, or None when there is none."""
    at, phrase = walk.at, row[walk.at]
    end = phrase.last if walk.end is None else walk.end
    if phrase.kind in SKIPPED:
        return walk._replace(at=at - 1)
    if phrase.kind is Chunk.NOUN:
        moved = _skip_noun(document, row, at, inserted=walk.inserted)
        if moved != at:
            return walk._replace(at=moved, end=end)
        return _coordinate(document, row, at, end)
    if phrase.kind in {Chunk.COMMA, Chunk.DASH}:
        return _skip_insertion(document, row, walk._replace(end=end))
    if phrase.kind is Chunk.QUOTE:
        return _skip_title(document, row, walk._replace(end=end))
    if phrase.kind is Chunk.PREPOSITION and at + 1 < len(row) and row[at + 1].kind is Chunk.TIME:
        return walk._replace(at=at - 1)  # "Venn on Tuesday said"
    if phrase.kind is Chunk.RELATIVE:
        speaks = at > 0 and document.tags[phrase.head].is_relative_pronoun
        return Span(phrase.first, phrase.last, at) if speaks else None
    if phrase.kind is Chunk.CONJUNCTION:
        joined = _find_earlier_verb(document, row, at)
        return None if joined is None else _SubjectSearch(joined - 1)
    earlier = _skip_verb(document, row, at) if phrase.kind is Chunk.VERB else None
    return None if earlier is None else walk._replace(at=earlier, end=end)


def _skip_insertion(document: Document, row: Row, walk: _SubjectSearch) -> _SubjectSearch | None:
    """Return the search before the insertion that the comma or dash closes. A description or a relative
    clause is part of the subject, “for instance” is not."""
    at, before = walk.at, row[walk.at - 1]
    described = _skip_relative(row, at)
    if described is not None:
        return _SubjectSearch(described, walk.end, inserted=True)
    opening = _find_opening(row, at)
    if opening is not None and row[opening + 1].kind is Chunk.CONJUNCTION:
        left = opening  # "head of space, security, and ports, said": the comma before the whole list
        while left > 1 and row[left].kind is Chunk.COMMA and row[left - 1].kind is Chunk.NOUN:
            left -= 2
        reach = range(left, max(0, left - NEAR), -1)
        opening = next((i for i in reach if row[i].kind is Chunk.COMMA), opening)
    if opening is not None and opening > 1 and row[0].kind is Chunk.PREPOSITION:
        participle = row[1].kind is Chunk.VERB and not any(p.kind is Chunk.COMMA for p in row[2:opening])
        if participle:  # "After winning Dale, Gov. Venn, said"
            return walk._replace(at=at - 1)
    if opening is None:
        state = (
            "," in document.words[before.first : before.last] and document.words[before.last - 1][-1] == "."
        )
        # "Pike of Dale, Miss., said", or the comma that opens the insertion itself
        if (state and row[at].kind is Chunk.COMMA) or (walk.inserted and at > 0):
            return walk._replace(at=at - 1)
        listed = _find_coordinated_verb(document, row, at)
        return None if listed is None else _SubjectSearch(listed - 1)
    aside = row[opening + 1].kind in {Chunk.ADVERB, Chunk.PREPOSITION, Chunk.TIME} and not walk.inserted
    return _SubjectSearch(
        opening - 1,
        None if aside else walk.end,
        inserted=walk.inserted or document.words[row[at].first] not in {")", "]"},
    )


def _find_coordinated_verb(document: Document, row: Row, at: int) -> int | None:
    """“He left, denounced her and said …”: the verb before the comma that shares its subject with the one
    right after it, both of one tense."""
    if at + 1 >= len(row) or row[at + 1].kind is not Chunk.VERB or row[at].kind is not Chunk.COMMA:
        return None
    earlier = _find_earlier_verb(document, row, at)
    if earlier is None or _find_embedding(document, row, earlier) is not None:
        return None
    return earlier if document.tags[row[earlier].head] == document.tags[row[at + 1].head] else None


def _skip_title(document: Document, row: Row, walk: _SubjectSearch) -> _SubjectSearch | None:
    """“host of the Dale Courier's “Morning,” said”: a title in quotation marks, and the comma inside them."""
    at = walk.at
    before = document.tags[row[at - 1].last - 1]
    led = before.is_possessive_marker or before.is_singular_noun or before.is_singular_name
    titled = at > 0 and (row[at - 1].kind is Chunk.PREPOSITION or led)
    if not titled or row[at].last - row[at].first > TITLE:
        return None
    if not any(document.words[i] == "," for i in range(row[at].last - 2, row[at].last)):
        return walk._replace(at=at - 1)
    for left in range(at - 1, max(-1, at - NEAR), -1):
        if row[left].kind is Chunk.COMMA:
            return _SubjectSearch(left - 1, walk.end, inserted=True) if left > 0 else None
    return None


def _skip_relative(row: Row, at: int) -> int | None:
    """Return the chunk before ", who …," when the comma at `at` closes such a clause, however many commas it
    has."""
    for left in range(at - 1, max(0, at - STEPS), -1):
        if row[left].kind in {Chunk.QUOTE, Chunk.COLON, Chunk.END, Chunk.THAT}:
            return None
        if row[left].kind is Chunk.RELATIVE and row[left - 1].kind is row[at].kind:
            fronted = left == 3 and row[0].kind is Chunk.PREPOSITION  # noqa: PLR2004  # "In Dale, which …,"
            return None if left < 2 or fronted else left - 2  # noqa: PLR2004  # a noun phrase and its comma
    return None


def _skip_noun(document: Document, row: Row, at: int, *, inserted: bool) -> int:
    """Return the chunk to look at next when the noun phrase at `at` is no subject; `at` itself when it is."""
    if at == 0:
        return at
    before, head = row[at - 1], row[at].head
    if before.kind is Chunk.NOUN:  # "Venn herself said", "people familiar with it said"
        reflexive = document.lowers[head].endswith(document.lexicon.words.reflexive_endings)
        return at - 1 if reflexive or document.tags[head].is_plain_adjective else at
    if before.kind is Chunk.PREPOSITION:  # the head of "president of the club" stands before it
        return at if _opens_clause(document, before) and not inserted else _skip_adverbs(row, at - 2)
    if before.kind is Chunk.COMMA and inserted and at > 1 and row[at - 2].kind is Chunk.NOUN:
        led = [phrase.kind for phrase in row[max(0, at - 4) : at - 2]]
        fronted = led[-1:] == [Chunk.PREPOSITION] or led == [Chunk.PREPOSITION, Chunk.VERB]
        return at if fronted else at - 2  # "In Dale, …", "After winning Dale, …"
    if before.kind is not Chunk.VERB:
        return at
    if document.tags[before.first].is_infinitive_marker or not is_finite(document, before):
        left = at - 1  # "doctors offering to run the clinic"
        while left > 0 and row[left].kind is Chunk.VERB and not is_finite(document, row[left]):
            left -= 1
        return left if row[left].kind is Chunk.NOUN else at
    if at > 1 and row[at - 2].kind is Chunk.RELATIVE:  # "the man who shot him said"
        past = at - 3
        return past if past >= 0 and row[past].kind is not Chunk.COMMA else max(past - 1, 0)
    return at


def _opens_clause(document: Document, preposition: Phrase) -> bool:
    """“as Venn said”, “after Venn said”."""
    return document.lowers[preposition.first] in document.lexicon.words.clausal_prepositions


def _skip_verb(document: Document, row: Row, at: int) -> int | None:
    """Return the chunk before a modifier of the subject: “a man accused of theft said”, “a man who was hurt
    said”."""
    if at > 0 and row[at - 1].kind is Chunk.RELATIVE:
        return at - 2
    if at > 1 and row[at - 1].kind is Chunk.NOUN and row[at - 2].kind is Chunk.NOUN:
        return at - 2  # "messages Venn provided to lawmakers showed"
    participial = document.lowers[row[at].head].endswith(document.lexicon.words.participle_endings)
    reduced = document.tags[row[at].head].is_past and participial
    return at - 1 if reduced or not is_finite(document, row[at]) else None


def _skip_adverbs(row: Row, left: int) -> int:
    """Return the chunk from `left` on to the left that is no adverb or time; -1 when there is none."""
    while left >= 0 and row[left].kind in SKIPPED:
        left -= 1
    return left


def _find_opening(row: Row, at: int) -> int | None:
    """Return the comma or dash that opens the insertion which the one at `at` closes."""
    kind = row[at].kind
    for left in range(at - 1, max(-1, at - STEPS), -1):
        if row[left].kind is kind:
            return left if left > 0 else None
        if row[left].kind in {Chunk.QUOTE, Chunk.COLON, Chunk.END}:
            return None
    return None


def _coordinate(document: Document, row: Row, at: int, end: int) -> Span | _SubjectSearch:
    """“He and Mr. Allen”: the subject starts at the first of the joined noun phrases. Where those are joined
    after a preposition ("voters in Ohio and Dale"), the search goes on before it."""
    first = at
    while (left := _find_conjunct(document, row, first)) is not None:
        first = left
    if first < at:
        first = _find_list_start(document, row, first)
        governed = first > 0 and row[first - 1].kind is Chunk.PREPOSITION
        if (
            governed and first > 1
        ):  # "voters in Dale and Ort", "a poll released Sunday by the Post and Venn News"
            agent = document.lowers[row[first - 1].first] in document.lexicon.words.agent
            left = _skip_adverbs(row, first - 2)
            reduced = left > 0 and row[left].kind is Chunk.VERB and row[left - 1].kind is Chunk.NOUN
            if row[first - 2].kind is Chunk.NOUN or (agent and reduced):
                return _SubjectSearch(first - 2, end)
        if governed and not _opens_clause(document, row[first - 1]):
            first = at
    one_head = document.tags[row[at].head].is_plural_noun and document.tags[row[first].head].is_name
    return Span(row[first].first, end, at if one_head else first)  # "Harbour and Port Office spokesmen"


def _find_conjunct(document: Document, row: Row, at: int) -> int | None:
    """Return the noun phrase that "and" joins the one at `at` to."""
    joined = at - 1 - (at > 1 and row[at - 1].kind is Chunk.ADVERB)  # "and even engineers"
    pronoun = document.lowers[row[at].first] in document.lexicon.words.clause_subjects
    if joined < 1 or pronoun or row[joined].kind is not Chunk.CONJUNCTION:
        return None
    left = joined - 1
    opening = _find_opening(row, left) if document.words[row[left].first] in {")", "]"} else None
    if opening is not None:  # "Owen Pike (D) and …"
        left = opening - 1
    if row[left].kind is not Chunk.COMMA:
        governed = left > 0 and row[left - 1].kind is Chunk.VERB
        head = document.tags[row[left].head]
        predicate = head.is_adjective and left > 0 and row[left - 1].kind in {Chunk.VERB, Chunk.ADVERB}
        return left if row[left].kind is Chunk.NOUN and not (governed or predicate) else None
    if not document.tags[row[at].head].is_name:
        return None
    # "Mara Venn, Owen Pike, and Lena Ort", "Mara Venn, the mayor, and Lena Ort"
    first = _find_list_start(document, row, left - 1) if row[left - 1].kind is Chunk.NOUN else left
    opening = _find_opening(row, left) if first > 0 else None
    if opening is not None and document.tags[row[opening + 1].first].is_determiner:
        first = opening - 1
    named = row[first].kind is Chunk.NOUN and document.tags[row[first].head].is_name
    return first if first == 0 and named else None


def _find_list_start(document: Document, row: Row, first: int) -> int:
    """“Mara Venn, Owen Pike and …”, “Voters, nurses and …”: what stands before the last two of a list."""
    head = document.tags[row[first].head]
    if not (head.is_name or head.is_plural_noun):
        return first
    at = first
    while at > 1 and row[at - 1].kind is Chunk.COMMA and row[at - 2].kind is Chunk.NOUN:
        other = document.tags[row[at - 2].head]
        if not (other.is_name if head.is_name else other.is_plural_noun):
            break
        at -= 2
    return at if head.is_name or at == 0 else first  # "In Dale, voters and nurses"


def _find_earlier_verb(document: Document, row: Row, at: int) -> int | None:
    """Return the finite verb group that the one at `at` shares its subject with: the last that no other
    clause embeds; one of an open relative clause before that; the last cue, or the last of all, when there is
    no other."""
    last: int | None = None
    cue: int | None = None
    closed = False
    for left in range(at - 1, max(-1, at - STEPS), -1):
        if row[left].kind in {Chunk.COLON, Chunk.END}:
            break
        closed = closed or row[left].kind in {Chunk.COMMA, Chunk.DASH}
        if row[left].kind is not Chunk.VERB or not is_finite(document, row[left]):
            continue
        embedding = _find_embedding(document, row, left)
        if embedding is None or (last is None and not closed and embedding is Chunk.RELATIVE):
            return left
        last = left if last is None else last
        if cue is None and document.lowers[row[left].head] in document.lexicon.cues:
            cue = left
    return last if cue is None else cue


def _find_embedding(document: Document, row: Row, verb: int) -> Chunk | None:
    """Return the kind of word that embeds the clause of the finite verb group at `verb` in another: a
    relative word, "that", a subordinator, or the cue whose content it is. None for a main clause."""
    for left in range(verb - 1, max(-1, verb - NEAR), -1):
        kind = row[left].kind
        if kind in {Chunk.RELATIVE, Chunk.THAT, Chunk.SUBORDINATOR}:
            return kind
        if kind in {Chunk.COMMA, Chunk.COLON, Chunk.QUOTE, Chunk.END}:
            return None
        if kind is Chunk.PREPOSITION and _opens_clause(document, row[left]):
            return Chunk.SUBORDINATOR if left + 1 < verb else None
        if (
            kind is Chunk.VERB
            and left + 2 == verb
            and document.lowers[row[left].head] in document.lexicon.words.causing
        ):
            return Chunk.THAT  # "helping Ort succeed him"
        if kind is Chunk.VERB and is_finite(document, row[left]):
            content = document.lowers[row[left].head] in document.lexicon.cues and left + 1 < verb
            return Chunk.THAT if content and row[verb - 1].kind is not Chunk.CONJUNCTION else None
    return None


def find_main_subject(document: Document, row: Row, before: int) -> Span | None:
    """Return the subject of the last finite verb group before `before`, which a participle clause shares."""
    earlier = _find_earlier_verb(document, row, before)
    if earlier is None:
        return None
    found = find_subject(document, row, earlier)
    inverted = found is None and earlier + 1 < before and row[earlier + 1].kind is Chunk.NOUN
    return (
        extend_noun_phrase(document, row, earlier + 1) if inverted else found
    )  # “…,” said Venn, adding that …
