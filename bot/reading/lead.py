"""The sentence that carries the main news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bot.model import BlockRole
from bot.reading.annotators.base import AttributionFrame, Finding
from bot.reading.document import Document, Sentence, is_a_time
from bot.reading.tags import Tag, Upos

CARRIES = frozenset({BlockRole.BODY, BlockRole.ITEM, BlockRole.QUOTE, BlockRole.DECK})
SHORTEST = 6  # tokens of a sentence that can carry news
EARLY = 6  # sentences among which the headline's words decide
TIES = 2  # words of the headline without which a later sentence has nothing of it
TOLD = 3  # sentences in which a text tells the news of its headline
DELAY = 0.12  # share of the headline that a sentence must add to be the lead one place later
SOFT, LABELLED, RELAYED = 0.2, 0.6, 0.3  # what a soft opening, a label, a source cost or bring, on that scale
NEXT = 2  # sentences after a scene that may carry the news
ANNOUNCEMENT = 15  # tokens of a sentence that only announces the next
DATELINE = 8  # tokens
DATELINE_ENDS = frozenset({"—", "–", "--", "―"})
CLAUSE_ENDS = frozenset({",", ";", ":", "—", "–"})
OPENING_MARKS = frozenset({"“", '"', "''", "``"})
NOTE = 3  # sentences of a paragraph that is all caption, credit or note
OBJECT = 5  # tokens of "made a truly shocking admission"
TELLING = 6  # tokens in which "there are … reports" opens a sentence
LONG_VERB = 4  # letters; shorter verbs are auxiliaries and too common to tie two sentences


@dataclass(frozen=True, slots=True)
class Lead:
    """The sentence that carries the main news; `introduced_by` is the finding "X reports …" before it.

    What stands before token `comment_until`, if there is one, is the site's own comment; `why` names the rule
    that chose.
    """

    sentence: int
    introduced_by: int | None
    comment_until: int | None
    why: str


def find_lead(document: Document, found: Sequence[Finding]) -> Lead | None:
    """Return the main news: after an introduced report its first sentence, else the lead."""
    candidates = [i for i, s in enumerate(document.sentences) if _can_carry(document, s)]
    if not candidates:
        places = (
            i for i, s in enumerate(document.sentences) if s.role in CARRIES or s.role is BlockRole.TITLE
        )
        first = next(places, None)
        return None if first is None else Lead(first, None, None, "first sentence, as none can carry news")
    # a headline that is written out is the news itself only where the text does not go on to tell it, or is
    # the claim that a fact-check is about
    news = [(c, document.sentences[c]) for c in candidates]
    body = [s for _, s in news if s.role is not BlockRole.TITLE]
    told = [find_content_words(document, s.first, s.last) for s in body[:TOLD]]
    retold: set[int] = set()
    for place, s in news:
        tidings = document.lowers[s.first] in document.lexicon.words.tidings
        if s.role is not BlockRole.TITLE or (tidings and document.words[s.first + 1] == ":"):
            continue
        words = find_content_words(document, s.first, s.last)
        if any(len(words & sentence) >= TIES for sentence in told):
            retold.add(place)
    candidates = [c for c in candidates if c not in retold]
    return _find_introduced(document, found, candidates) or _choose_early_sentence(
        document, candidates, found
    )


def _can_carry(document: Document, sentence: Sentence) -> bool:
    """Return whether a sentence can carry news: no question, score, name or heading. A first line can when it
    is a sentence like any other: small letters, a verb of its own, its stop, no second line under it."""
    first, last, stop = sentence.first, sentence.last, document.words[sentence.last - 1]
    verbs = [i for i in range(first, last) if document.tags[i].is_finite]
    if last - first < SHORTEST or stop == "?" or (stop != "." and not verbs):
        return False
    if sentence.role is not BlockRole.TITLE:
        return sentence.role in CARRIES
    words = [w for w in document.words[first + 1 : last] if w[0].isalpha()]
    small = sum(w[0].islower() for w in words) > len(words) / 2
    lined = "\n" in document.sentence_excerpt(sentence).text
    relative = document.lexicon.words.relative_pronouns  # "Pike, with a book that is not his."
    own_verb = any(i > first and document.lowers[i - 1] not in relative for i in verbs)
    return stop == "." and small and not lined and own_verb


def _find_introduced(document: Document, found: Sequence[Finding], candidates: list[int]) -> Lead | None:
    """“South Front reports…” on a line of its own, or "The following report", hands over to a report."""
    for number, f in enumerate(found):
        if f.frame is AttributionFrame.INTRODUCTION and document.sentences[f.sentence].role in CARRIES:
            after = next((c for c in candidates if c > f.sentence), None)
            opening = document.sentences[f.sentence].first
            return None if after is None else Lead(after, number, opening, f"after {f.why}")
    relays, definite = document.lexicon.relays, document.lexicon.words.definite_determiners
    for i, sentence in enumerate(document.sentences):
        first = sentence.first
        if sentence.role not in CARRIES or document.lowers[first] not in definite:
            continue
        match = next(relays.patterns.find(document, first, min(first + 4, sentence.last)), None)
        if match is not None:
            after = next((c for c in candidates if c > i), None)
            why = f"after relay: {relays.sources[match.entry]}"
            return None if after is None else Lead(after, None, first, why)
    return None


def _choose_early_sentence(document: Document, candidates: list[int], found: Sequence[Finding]) -> Lead:
    """Return the early sentence that shares most with the headline; each place further down counts against
    it, and so do a soft opening and a label. Where the lead only sets the scene, the next that opens with its
    source wins (the inverted pyramid puts the news first; a scene in front of it is the exception)."""
    titles = (s for s in document.sentences if s.role is BlockRole.TITLE)
    title = frozenset().union(*(find_content_words(document, s.first, s.last) for s in titles))
    early = [document.sentences[c] for c in candidates[:EARLY]]
    counts = (len(title & find_content_words(document, s.first, s.last)) for s in early)
    # one word of the headline ties no later sentence to it
    shared = [n if place == 0 or n >= TIES else 0 for place, n in enumerate(counts)]
    relayed = _find_relay_after_scene(document, early, found)

    def likely(place: int) -> float:
        weak = SOFT * _opens_softly(document, early[place]) + LABELLED * _is_caption_or_note(
            document, early[place]
        )
        return shared[place] / max(len(title), 1) - DELAY * place - weak + RELAYED * (place == relayed)

    best = max(range(len(early)), key=lambda place: (likely(place), -place))
    if best == relayed:
        return Lead(candidates[best], None, None, "opens with its source after a scene")
    plain = "first sentence that can carry news" if best == 0 else "after a soft opening or a label"
    why = f"headline words: {shared[best]} of {len(title)}" if shared[best] else plain
    return Lead(candidates[best], None, None, why)


def _find_relay_after_scene(
    document: Document, early: Sequence[Sentence], found: Sequence[Finding]
) -> int | None:
    """Return the place of the sentence after the lead that opens with its source or turns from the background
    to the news with "now", when the lead has no word of relaying, no date, and only sets the scene."""
    lead, words = early[0], document.lexicon.words
    relaying = not words.reportative.isdisjoint(document.lowers[lead.first : lead.last])
    if relaying or any(is_a_time(document, i) for i in range(lead.first, lead.last)):
        return None
    places = range(1, min(NEXT + 1, len(early)))
    turning = (
        p for p in places if document.lowers[_skip_contrast(document, early[p])] in words.present_adverbs
    )
    turned = next(turning, None)
    if turned is not None or not (
        _opens_softly(document, lead) or _is_caption_or_note(document, lead) or _sets_scene(document, lead)
    ):
        return turned
    openers = {f.begin for f in found if f.reporting and f.lemma in words.introducing and f.content}
    for place in places:  # "According to Venn, …", "The Courier reports that …", "Reports say …"
        first = _skip_contrast(document, early[place])
        two = document.lowers[first : first + 2]
        citing = document.lexicon.citing_prepositions.patterns.find_starting(two[0])
        cited = citing or (two[0] in words.as_marker and two[-1] in words.reportative)
        named = two[0] in words.hearsay | words.stories
        if cited or named or not openers.isdisjoint(range(first, first + 3)):
            return place
    return None


def _skip_contrast(document: Document, sentence: Sentence) -> int:
    """Return the first token that is a word, the one after "but" where that opens the sentence."""
    first = _find_first_word(document, sentence)
    return first + (
        document.lowers[first] in document.lexicon.words.contrasting and first < sentence.last - 1
    )


def _sets_scene(document: Document, sentence: Sentence) -> bool:
    """Return whether it opens with how things were, or its first main verb tells what is and not what
    happened: a copula, a modal, a present."""
    at = sentence.first
    if document.lowers[_find_first_word(document, sentence)] in document.lexicon.words.background_adverbs:
        return True
    while at < sentence.last:
        tag, nxt = document.tags[at], document.tags[at + 1 : at + 4]
        if (tag.is_relative_pronoun or tag.is_preposition) and document.lowers[
            at
        ] in document.lexicon.words.scene_openers:
            at = next(
                (i for i in range(at + 1, sentence.last) if document.words[i] in CLAUSE_ENDS), sentence.last
            )
        elif tag.is_past:
            copula = document.lowers[at] in document.lexicon.words.past_be
            return copula and not any(t.is_past_participle for t in nxt)
        elif tag.is_present:
            if document.tags[at - 1].is_existential:  # "there are growing fears"
                return True
            auxiliary = document.lowers[at] in document.lexicon.words.auxiliaries
            return not (auxiliary and any(t.is_participle for t in nxt))
        elif tag.is_modal:
            return True
        at += 1
    return False


def _find_first_word(document: Document, sentence: Sentence) -> int:
    """Return the first token of a sentence that is a word, its dateline left out: “DALE (AP) — The bridge
    …”."""
    start, place = sentence.first, document.words[sentence.first]
    if place.isupper() and len(place) > 1:
        reach = range(start, min(sentence.last - 1, start + DATELINE))
        start = next((i + 1 for i in reach if document.words[i] in DATELINE_ENDS), start)
    return next((i for i in range(start, sentence.last) if document.words[i][0].isalnum()), start)


def _opens_softly(document: Document, sentence: Sentence) -> bool:
    """Return whether a sentence opens on something that is not yet known, speaks to the reader, or calls on
    him."""
    words, first = document.lexicon.words, _find_first_word(document, sentence)
    opening = document.lowers[first : first + 2]
    exclaims = opening[0] in words.exclaiming and opening[-1] in {",", "!", "-", "–"}
    # "There are unconfirmed reports that …" is news, unlike "There are moments …"
    exists = document.lowers[first : first + TELLING]
    reports = opening[-1] in words.be and not words.hearsay.isdisjoint(exists[2:])
    unknown = (opening[0] in words.unknown_yet and not reports) or exclaims
    calls = document.tags[first].is_infinitive and any(
        map(_is_in_object, document.tags[first + 1 : first + 2])
    )
    announces = document.words[sentence.last - 1] == ":" and sentence.last - sentence.first < ANNOUNCEMENT
    if unknown or calls or announces:
        return True
    if document.tags[first].is_preposition and document.lowers[first] not in words.subordinators:
        # "In a new study, they show …": after a circumstance somebody acts whom nobody has named
        comma = next((i for i in range(first, sentence.last - 1) if document.words[i] == ","), None)
        if comma is not None and document.lowers[comma + 1] in words.anaphors:
            circumstance = range(first, comma)
            if not any(document.tags[i].is_name and not is_a_time(document, i) for i in circumstance):
                return True
    return _addresses_reader(document, sentence) or _announces_only(document, sentence)


def _is_in_object(tag: Tag) -> bool:
    """Return whether a word can follow an imperative: “meet the”, “imagine life”."""
    return (
        tag.is_determiner
        or tag.is_pronoun
        or tag.is_common_noun
        or tag.is_plain_adjective
        or tag.is_plain_adverb
    )


def _announces_only(document: Document, sentence: Sentence) -> bool:
    """“The identity of the man was revealed”, “Ort has made a shocking admission”: that something is told,
    not what it is."""
    words = document.lexicon.words
    end = sentence.last - 2  # the word before the full stop
    if document.lowers[end] in words.tidings:
        return not words.telling_verbs.isdisjoint(document.lowers[max(sentence.first, end - OBJECT) : end])
    nouns = (
        i for i in range(_find_first_word(document, sentence), sentence.last) if document.tags[i].is_noun
    )
    noun = next(nouns, None)
    if noun is None or document.lowers[noun] not in words.particulars:
        return False
    told = (i for i in range(noun + 1, sentence.last - 1) if document.lowers[i] in words.revealing_verbs)
    return any(
        document.lowers[i - 1] in words.be
        and (document.tags[i + 1].is_preposition or document.tags[i + 1].is_stop)
        for i in told
    )


def _addresses_reader(document: Document, sentence: Sentence) -> bool:
    """Return whether a first or second person stands outside quotation marks."""
    inside = False
    for at in range(sentence.first, sentence.last):
        word = document.words[at]
        if word in OPENING_MARKS:
            inside = word == "“" or not inside
        elif word == "”":
            inside = False
        elif not inside and document.lowers[at] in document.lexicon.words.speech_pronouns:
            capital = word.isupper() or (word[0].isupper() and at > sentence.first)
            if len(word) == 1 or not capital:  # else the "US" of the states, the "You" of a title
                return True
    return False


def _is_caption_or_note(document: Document, sentence: Sentence) -> bool:
    """Return whether it is a caption, a credit, an editor's note or an update: by its own words, or by those
    of its short paragraph, which a credit anywhere or a note that opens it marks as a whole."""
    captions = document.lexicon.captions
    if any(captions.patterns.find(document, sentence.first, sentence.last)):
        return True
    opening = document.sentence_of[document.first_of(sentence.block).first]
    paragraph = list(islice(document.rest_of_block(opening), NOTE + 1))
    start = paragraph[0].first
    marked = {
        captions.labels[m.entry]
        for m in captions.patterns.find(document, start, paragraph[-1].last)
        if captions.labels[m.entry] != "note" or m.first == start
    }
    return len(paragraph) <= NOTE and not marked.isdisjoint({"credit", "note"})


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
