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
from bot.reading.document import Prose, Sentence, is_a_time
from bot.reading.quotes import Quotation


class Chunk(Enum):
    """What a chunk is."""

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


NOUN_TAGS = ("NN", "NNS", "NNP", "NNPS")
PRE_NOUN = frozenset({"DT", "PRP$", "CD", "JJ", "JJR", "JJS", "PDT", "VBN", "VBG", "$", "RBS", "RBR"})
STARTS_NOUN = frozenset(NOUN_TAGS) | PRE_NOUN - {"VBN", "VBG"} | {"PRP", "EX"}
VERBS = ("VB", "MD")
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
DASHES = frozenset({"-", "--", "–", "—", "―", "(", ")", "[", "]"})
QUOTE_MARKS = frozenset({'"', "“", "”", "''", "``", "‘", "«", "»", "„"})


def phrases(prose: Prose, sentence: Sentence, spoken: Sequence[Quotation]) -> tuple[Phrase, ...]:
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
            row.append(_chunk(prose, at, limit))
        at = row[-1].last
    return tuple(row)


def _chunk(prose: Prose, at: int, limit: int) -> Phrase:
    """The chunk that starts at token `at`."""
    tag, word = prose.fine[at], prose.lowers[at]
    if word == "according" and at + 1 < limit and prose.lowers[at + 1] == "to":
        return Phrase(Chunk.PREPOSITION, at, at + 2, at)
    if is_a_time(prose, at) and tag in {"NNP", "NN", "RB", "NNS"}:
        return _time(prose, at, limit)
    if (
        word in prose.lexicon.words.relative_times
        and at + 1 < limit
        and prose.lowers[at + 1] in prose.lexicon.words.periods
        and tag != "NNP"
    ):
        return Phrase(Chunk.TIME, at, at + 2, at + 1)
    if tag == "EX" and not _existential(prose, at, limit):
        return Phrase(Chunk.ADVERB, at, at + 1, at)
    starts = tag in STARTS_NOUN and not _mere_adverb(prose, at, limit)
    if starts or word in QUOTE_MARKS or _attributive(prose, at, limit):
        return _noun_phrase(prose, at, limit)
    if tag == "TO" and not _infinitive(prose, at, limit):
        return Phrase(Chunk.PREPOSITION, at, at + 1, at)
    if tag.startswith(VERBS) or _infinitive(prose, at, limit) or (tag == "RB" and word in {"n't", "not"}):
        return _verb_group(prose, at, limit)
    return Phrase(_simple(prose, at), at, at + 1, at)


def _existential(prose: Prose, at: int, limit: int) -> bool:
    """“there is” against “polls there show”."""
    return at == 0 or prose.fine[at - 1] not in {"NNS", "NNPS"} or at + 1 >= limit


def _attributive(prose: Prose, at: int, limit: int) -> bool:
    """“…, fundraising documents show”: a participle before the noun that a verb follows."""
    opens = at > 0 and prose.lowers[at - 1] in {",", ";"} and prose.fine[at] == "VBG"
    plain = opens and prose.lowers[at] not in prose.lexicon.cues and at + 2 < limit
    return plain and prose.fine[at + 1] == "NNS" and prose.fine[at + 2] in FINITE


def _infinitive(prose: Prose, at: int, limit: int) -> bool:
    """“to” before a plain verb, whatever the tagger took it for."""
    return (
        prose.lowers[at] in prose.lexicon.words.infinitive and "VB" in prose.fine[at + 1 : min(limit, at + 3)]
    )


def _mere_adverb(prose: Prose, at: int, limit: int) -> bool:
    """“later said” against “more people”: a comparative that no noun phrase follows."""
    return prose.fine[at] in {"RBR", "RBS"} and (at + 1 >= limit or prose.fine[at + 1] not in STARTS_NOUN)


def _simple(prose: Prose, at: int) -> Chunk:
    tag, word = prose.fine[at], prose.lowers[at]
    if word == ",":
        return Chunk.COMMA
    if word in DASHES:
        return Chunk.DASH
    if word in {":", ";"}:
        return Chunk.COLON
    if word in prose.lexicon.words.subordinators and tag == "IN":
        return Chunk.SUBORDINATOR
    if word in prose.lexicon.words.that and tag == "IN":
        return Chunk.THAT
    if tag == "CC" and word not in prose.lexicon.words.conjunctions:
        return Chunk.OTHER  # "both he and she"
    return BY_TAG.get(tag, Chunk.OTHER)


BY_TAG = {
    "IN": Chunk.PREPOSITION,
    "CC": Chunk.CONJUNCTION,
    ".": Chunk.END,
    **dict.fromkeys(("RB", "RBR", "RBS"), Chunk.ADVERB),
    **dict.fromkeys(("WP", "WDT", "WP$", "WRB"), Chunk.RELATIVE),
}


def _time(prose: Prose, at: int, limit: int) -> Phrase:
    end = at + 1
    while end < limit and (
        prose.lexicon.is_time(prose.words[end])
        or prose.fine[end] == "CD"
        or prose.lowers[end] in prose.lexicon.words.periods  # "Wednesday morning"
    ):
        end += 1
    return Phrase(Chunk.TIME, at, end, at)


def _noun_phrase(prose: Prose, at: int, limit: int) -> Phrase:
    """From determiner to head; possessives chain ("Sanders's campaign manager"), scare quotes join."""
    tags, words = prose.fine, prose.words
    head, end, nouns = at, at, False
    if tags[at] in {"PRP", "EX"}:
        return Phrase(Chunk.NOUN, at, at + 1, at)
    while end < limit:
        tag = tags[end]
        if tag in NOUN_TAGS or _role_as_adjective(prose, end, limit):
            if is_a_time(prose, end) and nouns:
                break
            head, nouns = end, True
        elif tag == "POS" or (words[end] in {"’", "'"} and nouns and _possessive(prose, end, limit)):
            nouns = False
        elif words[end] in QUOTE_MARKS:
            if end > at and end + 1 < limit and tags[end + 1] not in NOUN_TAGS and not nouns:
                break
        elif tag in PRE_NOUN:
            if nouns and not _goes_on(prose, end, limit):
                break
        elif nouns and _state(prose, end, limit):
            end += 1
        elif nouns or end == at or not _adjectival(prose, at, end, limit):
            break
        end += 1
    end = max(end, at + 1)
    kind = Chunk.TIME if _period(prose, at, head) else Chunk.NOUN
    return Phrase(kind, at, end, head if nouns or head > at else end - 1)


def _adjectival(prose: Prose, first: int, at: int, limit: int) -> bool:
    """Whether a word that is no adjective stands among those before a noun: “a strong and old bridge”,
    “a newly revealed call”."""
    if prose.fine[at] == "RB":
        described = at + 2 < limit and prose.fine[at + 1] in {"JJ", "VBN", "VBG"}
        return described and prose.fine[at + 2] in {"JJ", *NOUN_TAGS}
    return prose.fine[at] in {"CC", ","} and _adjectives(prose, first, at, limit)


def _role_as_adjective(prose: Prose, at: int, limit: int) -> bool:
    """“a law enforcement official who”: a role that the tagger took for an adjective."""
    ends = at + 1 >= limit or prose.fine[at + 1] not in STARTS_NOUN
    return (
        prose.fine[at] in {"JJ", "RB"} and ends and prose.lowers[at] in prose.lexicon.kinds[SourceKind.PERSON]
    )


def _period(prose: Prose, first: int, head: int) -> bool:
    """“last week”, “two days”, “last November”."""
    return prose.lowers[first] in prose.lexicon.words.relative_times and (
        prose.lowers[head] in prose.lexicon.words.periods or prose.lexicon.is_time(prose.words[head])
    )


def _possessive(prose: Prose, at: int, limit: int) -> bool:
    return at + 1 < limit and (prose.fine[at + 1] in NOUN_TAGS or prose.fine[at + 1].startswith("JJ"))


def _goes_on(prose: Prose, at: int, limit: int) -> bool:
    """After a noun, a number or an adjective stays inside only in a name ("Deir Ezzor 24 outlet") or before
    a role ("Dale University political scientist Owen Pike")."""
    tags = prose.fine
    if tags[at] == "CD":
        return tags[at - 1].startswith("NNP")
    if tags[at] == "JJ" and prose.lowers[at] in prose.lexicon.kinds[SourceKind.PERSON]:
        return True  # "executive Owen Pike"
    if tags[at] != "JJ" or at + 1 >= limit or not tags[at - 1].startswith("NN"):
        return False
    proper = tags[at - 1].startswith("NNP")
    if proper and prose.words[at][0].isupper() and tags[at + 1].startswith("NN"):
        return True
    for ahead in range(at, min(limit, at + 4)):
        if prose.lowers[ahead] in prose.lexicon.kinds[SourceKind.PERSON]:
            return True
        if tags[ahead] not in {"JJ", *NOUN_TAGS}:
            return False
    return False


def _state(prose: Prose, at: int, limit: int) -> bool:
    """“Jackson, Miss.”: the comma before the short name of a state."""
    if prose.words[at] != "," or at + 1 >= limit or not prose.fine[at - 1].startswith("NNP"):
        return False
    word, bare = prose.words[at + 1], prose.lowers[at + 1].rstrip(".")
    short = word[0].isupper() and word[-1] == "." and bare not in prose.lexicon.titles
    return short and (word.isupper() or bare in prose.lexicon.abbreviations)


def _adjectives(prose: Prose, first: int, at: int, limit: int) -> bool:
    """Two adjectives before one noun, joined by "and" or, after a determiner, by a comma."""
    return (
        (prose.fine[at] == "CC" or prose.fine[first] in {"DT", "PRP$", "CD"})
        and prose.fine[at - 1].startswith("JJ")
        and at + 2 < limit
        and prose.fine[at + 1].startswith("JJ")
        and prose.fine[at + 2] in NOUN_TAGS
    )


def _verb_group(prose: Prose, at: int, limit: int) -> Phrase:
    """Auxiliaries, adverbs and the main verb; "to" opens an infinitive of its own."""
    tags = prose.fine
    end, head = at, at
    while end < limit:
        tag = tags[end]
        if tag.startswith(VERBS):
            if end > at and tags[head].startswith(VERBS) and not _joins(prose, head, end):
                break
            head = end
        elif tag == "TO" or prose.lowers[end] in prose.lexicon.words.infinitive:
            if end > at:
                break
        elif (
            prose.lowers[end] in prose.lexicon.words.complementisers
            or tag not in {"RB", "RBR", "RP"}
            or (tag != "RP" and not _verb_follows(tags, end, limit))
        ):
            break
        end += 1
    return Phrase(Chunk.VERB, at, max(end, at + 1), head)


def _joins(prose: Prose, head: int, at: int) -> bool:
    """Whether the verb at `at` continues a group whose latest verb is `head`: only after an auxiliary."""
    auxiliary = prose.fine[head] == "MD" or prose.lowers[head] in prose.lexicon.words.auxiliaries
    return auxiliary and prose.fine[at] in {"VB", "VBN", "VBG", "VBD"}


def _verb_follows(tags: Sequence[str], at: int, limit: int) -> bool:
    """An adverb stays inside a group when a verb comes within two words."""
    for ahead in range(at + 1, min(limit, at + 3)):
        if tags[ahead].startswith(VERBS):
            return True
        if tags[ahead] != "RB":
            return False
    return False


def finite(prose: Prose, group: Phrase) -> bool:
    """Whether the group can have a subject of its own: some word in it carries tense. A lone participle
    with an object ("rejected the claims") is a past tense that the tagger misread."""
    if any(prose.fine[i] in FINITE for i in range(group.first, group.last)):
        return True
    alone = prose.fine[group.head] == "VBN" and group.first == group.head
    return alone and group.last < len(prose.fine) and prose.fine[group.last] in OBJECTS


OBJECTS = frozenset({"DT", "PRP", "PRP$"})


def passive(prose: Prose, group: Phrase) -> bool:
    """A participle after a form of "be"; the 's of "he's said he will" stands for "has"."""
    if prose.lowers[group.first] == "'s" and prose.fine[min(group.last, len(prose.fine) - 1)] in OBJECTS:
        return False
    return prose.fine[group.head] in {"VBN", "VBD"} and any(
        prose.lowers[i] in prose.lexicon.words.be for i in range(group.first, group.head)
    )


def negated(prose: Prose, group: Phrase) -> bool:
    return any(prose.lowers[i] in prose.lexicon.words.negations for i in range(group.first, group.last))
