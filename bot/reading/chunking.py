"""Tokens → phrases: a sentence as a row of chunks, and the subject of each verb group.

The chunker is one pass over parts of speech (Abney 1991, "Parsing by chunks"). What matters here is where
a noun phrase begins and ends, which word heads it, which verb groups have which subject, and what is
opaque: spoken quotations are one chunk each.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from bot.model import SourceKind
from bot.reading.document import Document, Sentence, is_a_time
from bot.reading.quotes import Quotation
from bot.reading.tags import Tag


class Chunk(Enum):
    """The kinds of chunks."""

    NOUN = "noun phrase"
    VERB = "verb group"
    PREPOSITION = "preposition"
    CONJUNCTION = "and, or, but"
    THAT = "complementiser"
    SUBORDINATOR = "while, although, because"
    RELATIVE = "who, which, whose"
    COMMA = "comma"
    DASH = "dash or bracket"
    COLON = "colon or semicolon"
    QUOTE = "spoken quotation"
    TIME = "day, month or date"
    ADVERB = "adverb"
    END = "final stop"
    OTHER = "anything else"


class Phrase(NamedTuple):
    """Tokens `first` to `last` (end exclusive); `head` is the token that names the phrase."""

    kind: Chunk
    first: int
    last: int
    head: int


APPROXIMATION = 3  # tokens of “as many as”
DASHES = frozenset({"-", "--", "–", "—", "―", "(", ")", "[", "]"})
SIGNS = {",": Chunk.COMMA, ":": Chunk.COLON, ";": Chunk.COLON, **dict.fromkeys(DASHES, Chunk.DASH)}
QUOTE_MARKS = frozenset({'"', "“", "”", "''", "``", "‘", "«", "»", "„"})


def chunk_sentence(document: Document, sentence: Sentence, spoken: Sequence[Quotation]) -> tuple[Phrase, ...]:
    """The chunks of one sentence. `spoken` are the quotations that overlap it, in order."""
    row: list[Phrase] = []
    at, quotes = sentence.first, iter(spoken)
    quote = next(quotes, None)
    while at < sentence.last:
        while quote is not None and quote.last <= at:
            quote = next(quotes, None)
        if quote is not None and quote.first <= at:
            end = min(quote.last, sentence.last)
            row.append(Phrase(Chunk.QUOTE, at, end, at))
        else:
            limit = sentence.last if quote is None else min(sentence.last, quote.first)
            row.append(_build_chunk(document, at, limit))
        at = row[-1].last
    return tuple(row)


def _build_chunk(document: Document, at: int, limit: int) -> Phrase:
    """The chunk that starts at token `at`."""
    tag, word, lexicon = document.tags[at], document.lowers[at], document.lexicon
    for entry in lexicon.citing_prepositions.patterns.find_starting(word):
        match = lexicon.citing_prepositions.patterns.match(entry, document, at, limit)
        if match is not None:
            return Phrase(Chunk.PREPOSITION, at, match.last, at)  # "according to"
    if is_a_time(document, at) and (tag.is_common_noun or tag.is_singular_name or tag.is_plain_adverb):
        return _build_time(document, at, limit)
    if (
        word in lexicon.words.relative_times
        and at + 1 < limit
        and document.lowers[at + 1] in lexicon.words.periods
        and not tag.is_singular_name
    ):
        return Phrase(Chunk.TIME, at, at + 2, at + 1)
    if tag.is_existential and at > 0 and document.tags[at - 1].is_plural and at + 1 < limit:
        return Phrase(Chunk.ADVERB, at, at + 1, at)  # "polls there show", not "there is"
    counted = _skip_approximation(document, at, limit)
    if counted > at:
        return _build_noun_phrase(document, counted, limit)._replace(first=at)
    mere_adverb = tag.is_comparing_adverb and (  # “later said” against “more people”
        at + 1 >= limit or not document.tags[at + 1].can_open_noun_phrase
    )
    starts = tag.can_open_noun_phrase and not mere_adverb
    attributive = (  # “…, fundraising documents show”: a participle before the noun that a verb follows
        tag.is_present_participle
        and word not in lexicon.cues
        and document.lowers[at - 1] in {",", ";"}
        and 0 < at < limit - 2
        and document.tags[at + 1].is_plural_noun
        and document.tags[at + 2].is_finite
    )
    if starts or word in QUOTE_MARKS or attributive:
        return _build_noun_phrase(document, at, limit)
    if tag.is_infinitive_marker and not _is_infinitive(document, at, limit):
        return Phrase(Chunk.PREPOSITION, at, at + 1, at)
    negates = tag.is_plain_adverb and word in lexicon.words.negators
    if tag.is_verb or _is_infinitive(document, at, limit) or negates:
        return _build_verb_group(document, at, limit)
    return Phrase(_classify(document, at), at, at + 1, at)


def _skip_approximation(document: Document, at: int, limit: int) -> int:
    """Return the number that two or more words make an approximate one, “at least one”; else the token."""
    words, end = document.lexicon.words.approximating, at
    while end < min(limit, at + APPROXIMATION) and document.lowers[end] in words:
        end += 1
    approximate = end > at + 1 and end < limit and document.tags[end].is_numeral
    return end if approximate else at


def _is_infinitive(document: Document, at: int, limit: int) -> bool:
    """“to” before a plain verb, whatever the tagger took it for."""
    return document.lowers[at] in document.lexicon.words.infinitive and any(
        tag.is_infinitive for tag in document.tags[at + 1 : min(limit, at + 3)]
    )


def _classify(document: Document, at: int) -> Chunk:
    tag, word, words = document.tags[at], document.lowers[at], document.lexicon.words
    if word in SIGNS:
        return SIGNS[word]
    if tag.is_preposition:
        if word in words.subordinators:
            return Chunk.SUBORDINATOR
        return Chunk.THAT if word in words.that else Chunk.PREPOSITION
    if tag.is_conjunction:
        return Chunk.CONJUNCTION if word in words.conjunctions else Chunk.OTHER  # "both he and she"
    if tag.is_adverb:
        return Chunk.ADVERB
    if tag.is_stop:
        return Chunk.END
    return Chunk.RELATIVE if tag.is_relative or tag.is_relative_adverb else Chunk.OTHER


def _build_time(document: Document, at: int, limit: int) -> Phrase:
    end = at + 1
    while end < limit and (
        document.lexicon.is_time(document.words[end])
        or document.tags[end].is_numeral
        or document.lowers[end] in document.lexicon.words.periods  # "Wednesday morning"
    ):
        end += 1
    return Phrase(Chunk.TIME, at, end, at)


def _build_noun_phrase(document: Document, at: int, limit: int) -> Phrase:
    """From determiner to head; possessives chain ("Sanders's campaign manager"), scare quotes join."""
    tags, words = document.tags, document.words
    head, end, nouns = at, at, False
    if tags[at].is_personal_pronoun or tags[at].is_existential:
        return Phrase(Chunk.NOUN, at, at + 1, at)
    while end < limit:
        tag = tags[end]
        if tag.is_noun or _is_role_tagged_as_adjective(document, end, limit):
            if is_a_time(document, end) and nouns:
                break
            head, nouns = end, True
        elif tag.is_possessive_marker or (
            document.lowers[end] in document.lexicon.words.possessive_of_plurals
            and nouns
            and end + 1 < limit
            and (tags[end + 1].is_noun or tags[end + 1].is_adjective)
        ):
            nouns = False
        elif words[end] in QUOTE_MARKS:
            if end > at and end + 1 < limit and not tags[end + 1].is_noun and not nouns:
                break
        elif tag.can_stand_before_noun:
            if nouns and not _continues_noun_phrase(document, end, limit):
                break
        elif nouns and _is_state(document, end, limit):
            end += 1
        elif nouns or end == at or not _is_adjectival(document, at, end, limit):
            break
        end += 1
    end = max(end, at + 1)
    period = document.lowers[at] in document.lexicon.words.relative_times and (
        document.lowers[head] in document.lexicon.words.periods or document.lexicon.is_time(words[head])
    )  # “last week”, “two days”, “last November”
    kind = Chunk.TIME if period else Chunk.NOUN
    return Phrase(kind, at, end, head if nouns or head > at else end - 1)


def _is_adjectival(document: Document, first: int, at: int, limit: int) -> bool:
    """A word that is no adjective among those before a noun: “a newly revealed call”, or what joins two of
    them, which a comma does only after a determiner: “a strong and old bridge”."""
    if at + 2 >= limit:
        return False
    tags, here = document.tags, document.tags[at]
    if here.is_plain_adverb:
        described = tags[at + 1].is_plain_adjective or tags[at + 1].is_participle
        return described and (tags[at + 2].is_plain_adjective or tags[at + 2].is_noun)
    joins = here.is_conjunction or (here.is_comma and tags[first].is_specifier)
    return joins and tags[at - 1].is_adjective and tags[at + 1].is_adjective and tags[at + 2].is_noun


def _is_role_tagged_as_adjective(document: Document, at: int, limit: int) -> bool:
    """“a law enforcement official who”: a role that the tagger took for an adjective."""
    ends = at + 1 >= limit or not document.tags[at + 1].can_open_noun_phrase
    plain = document.tags[at].is_plain_adjective or document.tags[at].is_plain_adverb
    return plain and ends and document.lowers[at] in document.lexicon.kinds[SourceKind.PERSON]


def _continues_noun_phrase(document: Document, at: int, limit: int) -> bool:
    """After a noun, a number or an adjective stays inside only in a name ("Deir Ezzor 24 outlet") or before
    a role ("Dale University political scientist Owen Pike")."""
    tags = document.tags
    if tags[at].is_numeral:
        return tags[at - 1].is_name
    if tags[at].is_plain_adjective and document.lowers[at] in document.lexicon.kinds[SourceKind.PERSON]:
        return True  # "executive Owen Pike"
    if not tags[at].is_plain_adjective or at + 1 >= limit or not tags[at - 1].is_noun:
        return False
    if tags[at - 1].is_name and document.words[at][0].isupper() and tags[at + 1].is_noun:
        return True
    for ahead in range(at, min(limit, at + 4)):
        if document.lowers[ahead] in document.lexicon.kinds[SourceKind.PERSON]:
            return True
        if not (tags[ahead].is_plain_adjective or tags[ahead].is_noun):
            return False
    return False


def _is_state(document: Document, at: int, limit: int) -> bool:
    """“Jackson, Miss.”: the comma before the short name of a state; not “in Dale, U.S. officials said”."""
    if document.words[at] != "," or at + 1 >= limit or not document.tags[at - 1].is_name:
        return False
    if at + 2 < limit and document.tags[at + 2].is_noun:
        return False
    word, bare = document.words[at + 1], document.lowers[at + 1].rstrip(".")
    short = word[0].isupper() and word[-1] == "." and bare not in document.lexicon.words.titles
    return short and (word.isupper() or bare in document.lexicon.words.abbreviations)


def _build_verb_group(document: Document, at: int, limit: int) -> Phrase:
    """Auxiliaries, adverbs and the main verb; "to" opens an infinitive of its own.

    Only after an auxiliary does a verb go on with the group, and only with a verb within two words an adverb.
    """
    tags, lowers, words = document.tags, document.lowers, document.lexicon.words
    end, head = at, at
    while end < limit:
        tag = tags[end]
        if tag.is_verb:
            if end > at and tags[head].is_verb:
                auxiliary = tags[head].is_modal or lowers[head] in words.auxiliaries
                if not auxiliary or not (tag.is_infinitive or tag.is_participle or tag.is_past):
                    break
            head = end
        elif tag.is_infinitive_marker or lowers[end] in words.infinitive:
            if end > at:
                break
        elif lowers[end] in words.complementisers:
            break
        elif not tag.is_particle:
            if not (tag.is_plain_adverb or tag.is_comparative_adverb):
                break
            ahead = (after for after in tags[end + 1 : min(limit, end + 3)] if not after.is_plain_adverb)
            if not next(ahead, tag).is_verb:
                break
        end += 1
    return Phrase(Chunk.VERB, at, max(end, at + 1), head)


def is_finite(document: Document, group: Phrase) -> bool:
    """Return whether the group can have a subject of its own: some word in it carries tense. A lone
    participle with an object ("rejected the claims") is a past tense that the tagger misread."""
    tags = document.tags
    if any(tag.is_finite for tag in tags[group.first : group.last]):
        return True
    alone = tags[group.head].is_past_participle and group.first == group.head
    return alone and group.last < len(tags) and _can_open_object(tags[group.last])


def _can_open_object(tag: Tag) -> bool:
    return tag.is_determiner or tag.is_pronoun


def is_passive(document: Document, group: Phrase) -> bool:
    """A participle after a form of "be"; the 's of "he's said he will" stands for "has"."""
    lowers, tags, words = document.lowers, document.tags, document.lexicon.words
    if lowers[group.first] in words.be_or_have and _can_open_object(tags[min(group.last, len(tags) - 1)]):
        return False
    head = tags[group.head]
    return (head.is_past_participle or head.is_past) and any(
        lowers[i] in words.be for i in range(group.first, group.head)
    )


def is_negated(document: Document, group: Phrase) -> bool:
    return any(document.lowers[i] in document.lexicon.words.negations for i in range(group.first, group.last))
