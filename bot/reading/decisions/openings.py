"""The opening of a sentence, and what it leans on, as features: what may stand alone, what sets a scene."""

from __future__ import annotations

from itertools import islice

from bot.reading.content_words import has_dangling_pronoun
from bot.reading.document import Document, Sentence, is_a_time
from bot.reading.tags import Tag

DATELINE = 8  # tokens
DATELINE_ENDS = frozenset({"—", "–", "--", "―"})
CLAUSE_ENDS = frozenset({",", ";", ":", "—", "–"})
OPENING_MARKS = frozenset({"“", '"', "''", "``"})
NOTE = 3  # sentences of a paragraph that is all caption, credit or note
OBJECT = 5  # tokens of "made a truly shocking admission"
TELLING = 6  # tokens in which "there are … reports" opens a sentence
PHRASE = 5  # tokens of the noun phrase that opens a sentence
POINTING = 4  # tokens in which "given that report" points back
FRONTED = 10  # tokens of a phrase before the main clause
ANNOUNCEMENT = 15  # tokens of a sentence that only announces the next


def describe_opening(document: Document, sentence: Sentence) -> dict[str, float]:
    """Return the features of a sentence's first words: each 1 where it is so, else 0."""
    words, lowers, tags = document.lexicon.words, document.lowers, document.tags
    first = find_first_word(document, sentence)
    word, second, tag = lowers[first], lowers[min(first + 1, sentence.last - 1)], tags[first]
    turned = second if word in words.contrasting else word  # "But now …"
    exists = lowers[first : first + TELLING]
    reports = second in words.be and not words.hearsay.isdisjoint(exists[2:])
    phrase = _find_definite_phrase(document, sentence, first)
    return {
        "opens with a pronoun": float(
            tag.is_pronoun or word in words.anaphors or _leads_to_pronoun(document, sentence, first)
        ),
        "opens with a demonstrative": float(word in words.leaning_words and not tag.is_pronoun),
        "opens with a connective": float(_ties_back(document, sentence, first)),
        "opens with a contrast": float(word in words.contrasting),
        "opens with a conjunction": float(tag.is_conjunction),
        "opens with a name": float(tag.is_name),
        "opens with an article": float(word in words.indefinite_determiners),
        "opens with a number": float(tag.is_numeral),
        "opens with a preposition": float(tag.is_preposition),
        "opens with a subordinate clause": float(word in words.subordinators or word in words.fronting),
        "opens with a verb": float(tag.is_verb),
        "opens with an adverb": float(tag.is_adverb),
        "opens with a quotation": float(document.words[sentence.first] in OPENING_MARKS | {"‘", "'"}),
        "opens with something known": float(phrase is not None and phrase),
        "opens with something new": float(phrase is not None and not phrase),
        "opens with a surname": float(_is_known_surname(document, first)),
        "opens with its source": float(_cites(document, first)),
        "opens with rumours": float(word in words.hearsay | words.stories or reports),
        "opens with now": float(turned in words.present_adverbs),
        "opens with the background": float(word in words.background_adverbs),
        "opens on something unknown": float(word in words.unknown_yet and not reports),
        "exclaims": float(word in words.exclaiming and second in {",", "!", "-", "–", "."}),
        "points back": float(_points_back(document, sentence, first)),
        "has a dateline": float(first > sentence.first + 1),
    }


def describe_leaning(document: Document, sentence: Sentence) -> dict[str, float]:
    """Return the features of what a sentence leans on beyond its first word, and of what it does not tell."""
    first, last = sentence.first, sentence.last
    lowers, words = document.lowers, document.lexicon.words
    written = document.words[first:last]
    anaphors = [i for i in range(first, last) if lowers[i] in words.anaphors]
    pointing = sum(
        lowers[i] in words.demonstratives and document.tags[i + 1].is_noun for i in range(first, last - 1)
    )
    open_marks = written.count('"') % 2 or written.count("''") % 2 or written.count("“") != written.count("”")
    finite = [i for i in range(first, last) if document.tags[i].is_finite]
    return {
        "a pronoun without antecedent": float(has_dangling_pronoun(document, sentence)),
        "pronouns": min(len(anaphors), 3) / 3,
        "this or that thing": min(pointing, 2) / 2,
        "an open quotation": float(bool(open_marks)),
        "a question": float(written[-1] == "?" or "?" in written[-3:]),
        "an exclamation": float("!" in written[-2:]),
        "no stop": float(not document.tags[last - 1].is_stop and written[-1] not in {"”", '"', "''", "’"}),
        "ends with a colon": float(written[-1] == ":"),
        "announces the next": float(written[-1] == ":" and last - first < ANNOUNCEMENT),
        "no verb": float(not finite),
        "small first letter": float(written[0][0].islower()),
        "addresses the reader": float(addresses_reader(document, sentence)),
        "announces only": float(_announces_only(document, sentence)),
        "calls on the reader": float(_calls(document, sentence)),
        "caption or note": float(is_caption_or_note(document, sentence)),
        "sets a scene": float(_sets_scene(document, sentence)),
    }


def _leads_to_pronoun(document: Document, sentence: Sentence, first: int) -> bool:
    """“Now she has …”, “On Sunday, they …”, “Hours later, his …”, “In it, …”: a pronoun right behind an
    opening that names nobody whom it can mean."""
    lowers, tags, words = document.lowers, document.tags, document.lexicon.words
    if sentence.last - first <= POINTING:
        return False
    if tags[first].is_plain_adverb and lowers[first + 1] in words.clause_subjects & words.anaphors:
        return True
    comma = _find_comma(document, sentence, first)
    if comma is None:
        return False
    pointed = tags[comma - 1].is_pronoun or lowers[comma - 1] in words.demonstratives
    if tags[first].is_preposition and pointed and comma - first < POINTING:
        return True
    pronoun = lowers[comma + 1]
    return (
        pronoun in words.anaphors
        and not tags[first].is_plain_adjective
        and not any(_can_be_meant(document, at, pronoun) for at in range(first, comma))
    )


def _find_comma(document: Document, sentence: Sentence, first: int) -> int | None:
    """Return the comma that ends an opening of a few words."""
    reach = range(first + 1, min(first + FRONTED, sentence.last - 1))
    return next((i for i in reach if document.words[i] == ","), None)


def _can_be_meant(document: Document, at: int, pronoun: str) -> bool:
    """Return whether a word names somebody whom a pronoun behind it can mean."""
    tag, lexicon = document.tags[at], document.lexicon
    if tag.is_name:
        return not is_a_time(document, at)
    if pronoun in lexicon.words.plural_pronouns and tag.is_plural_noun:
        return document.lowers[at] not in lexicon.words.periods
    return tag.is_common_noun and lexicon.guess_noun_kind(document.lowers[at]) is not None


def _ties_back(document: Document, sentence: Sentence, first: int) -> bool:
    """“And …”, “In addition, …”, “So it is no wonder …”, but not “So far, …”."""
    word, words = document.lowers[first], document.lexicon.words
    comma = _find_comma(document, sentence, first)
    if comma is not None and document.tags[first].is_preposition and comma - first < POINTING:
        plain = all(document.tags[i].is_determiner for i in range(first + 1, comma - 1))  # no "sharp turn"
        if plain and document.lowers[comma - 1] in words.connective_nouns:
            return True
    after = document.tags[min(first + 1, len(document.tags) - 1)]
    if word in words.concluding:
        return not (after.is_plain_adverb or after.is_plain_adjective)
    return word in words.connectives and word not in words.contrasting


def _cites(document: Document, first: int) -> bool:
    """“According to Venn, …”, “As the Courier reported, …”."""
    two = document.lowers[first : first + 2]
    citing = any(
        m.first == first
        for m in document.lexicon.citing_prepositions.patterns.find(
            document, first, min(first + 3, len(document.lowers))
        )
    )
    words = document.lexicon.words
    return citing or (two[0] in words.as_marker and two[-1] in words.reportative)


def _find_definite_phrase(document: Document, sentence: Sentence, first: int) -> bool | None:
    """Return whether the noun of “the boy”, which opens a sentence, was told before; None without such."""
    if document.lowers[first] not in document.lexicon.words.the:
        return None
    for at in range(first + 1, min(first + PHRASE, sentence.last - 1)):
        tag, following = document.tags[at], document.tags[at + 1]
        if tag.is_common_noun and not following.is_noun:
            goes_on = following.is_preposition or following.is_relative
            return not goes_on
    return False


def _is_known_surname(document: Document, at: int) -> bool:
    """Return whether a name of one word stands for a fuller one before it."""
    tags = document.tags
    if not tags[at].is_singular_name or (at + 1 < len(tags) and tags[at + 1].is_singular_name):
        return False
    return document.surnames.get(document.lowers[at], at) < at


def _points_back(document: Document, sentence: Sentence, first: int) -> bool:
    """“Given that report, …”, “With these plans, …”, “Since March”, which counts from what is told
    elsewhere."""
    lowers, tags, words = document.lowers, document.tags, document.lexicon.words
    if not (tags[first].is_preposition or tags[first].is_past_participle):
        return False
    after = range(first + 1, min(first + POINTING, sentence.last - 1))
    pointed = any(lowers[i] in words.demonstratives and tags[i + 1].is_noun for i in after)
    return pointed or (lowers[first] in words.since_prepositions and is_a_time(document, first + 1))


def _sets_scene(document: Document, sentence: Sentence) -> bool:
    """Return whether its first main verb tells what is and not what happened: a copula, a modal, a
    present."""
    at = sentence.first
    while at < sentence.last:
        tag, nxt = document.tags[at], document.tags[at + 1 : at + 4]
        opener = (tag.is_relative_pronoun or tag.is_preposition) and document.lowers[
            at
        ] in document.lexicon.words.scene_openers
        if opener:
            at = next(
                (i for i in range(at + 1, sentence.last) if document.words[i] in CLAUSE_ENDS), sentence.last
            )
        elif tag.is_past:
            copula = document.lowers[at] in document.lexicon.words.past_be
            return copula and not any(t.is_past_participle for t in nxt)
        elif tag.is_present:
            if at and document.tags[at - 1].is_existential:  # "there are growing fears"
                return True
            auxiliary = document.lowers[at] in document.lexicon.words.auxiliaries
            return not (auxiliary and any(t.is_participle for t in nxt))
        elif tag.is_modal:
            return True
        at += 1
    return False


def find_first_word(document: Document, sentence: Sentence) -> int:
    """Return the first token of a sentence that is a word, its dateline left out: “DALE (AP) — The bridge
    …”."""
    start, place = sentence.first, document.words[sentence.first]
    if place.isupper() and len(place) > 1:
        reach = range(start, min(sentence.last - 1, start + DATELINE))
        start = next((i + 1 for i in reach if document.words[i] in DATELINE_ENDS), start)
    return next((i for i in range(start, sentence.last) if document.words[i][0].isalnum()), start)


def _calls(document: Document, sentence: Sentence) -> bool:
    """“Meet the man who …”, “Imagine life …”."""
    first = find_first_word(document, sentence)
    return document.tags[first].is_infinitive and any(
        map(_is_in_object, document.tags[first + 1 : first + 2])
    )


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
    nouns = (i for i in range(find_first_word(document, sentence), sentence.last) if document.tags[i].is_noun)
    noun = next(nouns, None)
    if noun is None or document.lowers[noun] not in words.particulars:
        return False
    told = (i for i in range(noun + 1, sentence.last - 1) if document.lowers[i] in words.revealing_verbs)
    return any(
        document.lowers[i - 1] in words.be
        and (document.tags[i + 1].is_preposition or document.tags[i + 1].is_stop)
        for i in told
    )


def addresses_reader(document: Document, sentence: Sentence) -> bool:
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


def is_caption_or_note(document: Document, sentence: Sentence) -> bool:
    """Return whether it is a caption, a credit, an editor's note or an update: by its own words, or by those
    of its short paragraph, which a credit anywhere or a note that opens it marks as a whole."""
    captions = document.lexicon.captions
    if any(captions.patterns.find(document, sentence.first, sentence.last)):
        return True
    opening = document.sentence_of[document.first_of(sentence.block).first]
    paragraph = list(islice(document.rest_of_block(opening), NOTE + 1))
    if len(paragraph) > NOTE:
        return False
    start = paragraph[0].first
    marked = {
        captions.labels[m.entry]
        for m in captions.patterns.find(document, start, paragraph[-1].last)
        if captions.labels[m.entry] != "note" or m.first == start
    }
    return not marked.isdisjoint({"credit", "note"})
