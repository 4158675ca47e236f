"""The choice of outlets that passed the news on, of those that the text mentions and no rule lists.

A candidate is a name of an outlet or a platform. Its features are what stands around each place where it is
named. `python -m tests.training outlet_choice train` learns the weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import log1p

from bot.model import SourceKind
from bot.reading.annotators.base import Finding
from bot.reading.annotators.sentence_views import READ
from bot.reading.decisions.linear import Features, load_model
from bot.reading.document import Document, Sentence
from bot.reading.entities import Entity, Name
from bot.reading.names import Names
from bot.reading.quotes import Quotation
from bot.reading.source_entries import SourceEntry
from bot.reading.tags import Tag

WEIGHTS = "outlet_choice"
OUTLETS = frozenset({SourceKind.OUTLET, SourceKind.SOCIAL_MEDIA})
MOST = 20  # names of one outlet that are looked at
BEFORE, GOVERNING = 7, 3  # tokens of a description, and from a preposition to the word that governs it
LEADING = 2  # sentences at the head of a page
QUOTED = 6  # tokens of a quotation that says something
MARKS = '"“”‘’'
BRACKETS = "()[]"


class OutletChoice:
    """Describes the outlets that a document mentions, and decides which of them passed the news on."""

    def __init__(
        self, document: Document, names: Names, found: Sequence[Finding], quotations: Sequence[Quotation]
    ) -> None:
        self._document, self._names, self._lexicon = document, names, document.lexicon
        self._sources = {t for f in found if f.source is not None for t in range(*f.source)}
        self._told = {t for f in found for content in f.content for t in range(*content)}
        self._quoted = {t for q in quotations for t in range(q.first, q.last)}
        long = [q for q in quotations if q.last - q.first > QUOTED]
        self._quoting = {
            i
            for q in long
            for i in range(document.sentence_of[q.first], document.sentence_of[q.last - 1] + 1)
        }

    def find_candidates(self, entries: Iterable[SourceEntry]) -> Iterator[Entity]:
        """Yield the outlets and platforms that are named and have no entry, but for those that only place or
        employ a speaker, or did not answer."""
        listed = {entry.entity.id for entry in entries if entry.entity is not None}
        for entity in self._names.entities:
            if entity.kind in OUTLETS and entity.id not in listed:
                names = entity.names[:MOST]
                if not all(self._is_silent(name) for name in names):
                    yield entity

    def _is_silent(self, name: Name) -> bool:
        tags, at = self._document.tags, name.last
        sentence = self._sentence_of(name)
        owner = name.owns or (at < sentence.last and tags[at].is_possessive_marker)
        negated = any(
            word in self._lexicon.words.negations
            for word in self._document.lowers[at : min(sentence.last, at + GOVERNING)]
        )
        return negated or (name.first in self._sources and not owner)

    def explain(self, entity: Entity) -> str | None:
        """Return the features for which an outlet passed the news on; None where it did not."""
        model = load_model(WEIGHTS)
        told = self.describe(entity)
        features = model.keep_known(told)
        return ", ".join(model.explain(features)) if model.accepts(features) else None

    def describe(self, entity: Entity) -> Features:
        """Return the features of an outlet that are not 0."""
        names = [name for name in entity.names[:MOST] if self._sentence_of(name).role in READ]
        told = Counter(word for name in names for word in set(self._describe_mention(name)))
        told.update(self._describe_name(entity))
        features = {**dict.fromkeys(told, 1.0), "namings": log1p(len(entity.names))}
        shares = ("in what is said", "in a quotation", "beside a quotation", "owner")
        return features | {f"share {name}": told[name] / len(names) for name in shares if told[name]}

    def _sentence_of(self, name: Name) -> Sentence:
        return self._document.sentences[self._document.sentence_of[name.first]]

    def _describe_name(self, entity: Entity) -> Iterator[str]:
        """Yield the form of an outlet's name, and where on the page it stands."""
        words, places = (
            self._document.words,
            [self._document.sentence_of[n.first] for n in entity.names[:MOST]],
        )
        yield f"kind: {entity.kind.value}"
        yield f"known by: {entity.judged.why.partition(':')[0]}"
        key = entity.fullest.key
        forms = {
            "one word": len(key) == 1,
            "digits": any(c.isdigit() for word in key for c in word),
            "a dot inside": any("." in word[1:-1] for word in key),
            "capitals": any(name.capitals for name in entity.names),
            "at the head of the page": any(place <= LEADING for place in places),
            "in a headline": any(self._document.sentences[p].role not in READ for p in places),
            "alone in its sentence": any(
                self._sentence_of(n).last - self._sentence_of(n).first <= n.last - n.first + 2
                for n in entity.names[:MOST]
            ),
            "an account": words[entity.fullest.first].startswith("@"),
        }
        yield from (form for form, fits in forms.items() if fits)

    # one mention ────────────────────────────────────────────────────────────────────────────────────

    def _describe_mention(self, name: Name) -> Iterator[str]:
        sentence, places = self._sentence_of(name), range(name.first, name.last)
        yield from self._describe_before(name, sentence)
        yield from self._describe_behind(name, sentence)
        forms = {
            "in a source": not self._sources.isdisjoint(places),
            "in what is said": not self._told.isdisjoint(places),
            "in the page's own words": self._told.isdisjoint(places),
            "in a quotation": not self._quoted.isdisjoint(places),
            "beside a quotation": self._document.sentence_of[name.first] in self._quoting,
        }
        yield from (form for form, fits in forms.items() if fits)

    def _describe_before(self, name: Name, sentence: Sentence) -> Iterator[str]:
        """Yield what describes a name, and what governs it."""
        document, at = self._document, name.first - 1
        if at >= sentence.first and document.lowers[at] in self._lexicon.words.the:
            yield "article"
        while at >= max(sentence.first, name.first - BEFORE) and _describes(document.tags[at]):
            if document.tags[at].is_common_noun:
                yield from (f"described: {sort}" for sort in self._sort_noun(at))
            elif at in self._names.at:
                yield "described: name"
            at -= 1
        if at < sentence.first:
            yield "at the beginning"
        elif document.tags[at].is_preposition or document.tags[at].is_infinitive_marker:
            yield from self._describe_governor(at, sentence)
        elif document.tags[at].is_verb:
            yield from (f"object of {sort}" for sort in self._sort_verb(at))
        elif document.tags[at].is_conjunction:
            yield "after and"
            if at - 1 in self._names.at:
                yield "listed with a name"
        else:
            word = document.words[at]
            yield "after a mark" if word in MARKS else "in brackets" if word in BRACKETS else "after"
            yield f"after {document.tags[at].upos.value}"

    def _describe_governor(self, at: int, sentence: Sentence) -> Iterator[str]:
        """Yield the preposition before a name with the class of the word that governs it."""
        document, preposition = self._document, self._document.lowers[at]
        yield preposition
        for here in range(at - 1, max(sentence.first, at - 1 - GOVERNING) - 1, -1):
            tag = document.tags[here]
            if here in self._names.at:
                yield f"name {preposition}"
                return
            if tag.is_noun or tag.is_verb:
                sorts = self._sort_verb(here) if tag.is_verb else self._sort_noun(here)
                yield from (f"{sort} {preposition}" for sort in sorts)
                if tag.is_past_participle:
                    yield f"participle {preposition}"
                if tag.is_noun and here > sentence.first and document.tags[here - 1].is_verb:
                    yield from (f"{sort}, noun {preposition}" for sort in self._sort_verb(here - 1))
                return

    def _describe_behind(self, name: Name, sentence: Sentence) -> Iterator[str]:
        """Yield what a name owns, describes or does, or the mark behind it."""
        document, at = self._document, name.last
        if at >= sentence.last:
            yield "at the end"
            return
        tag = document.tags[at]
        if tag.is_possessive_marker or name.owns:
            yield "owner"
            yield from (f"owner of {sort}" for sort in self._sort_owned(at + 1, sentence))
        elif tag.is_common_noun:
            yield from (f"before {sort}" for sort in self._sort_owned(at, sentence))
        elif tag.is_verb or tag.is_adverb:
            while at + 1 < sentence.last and (
                document.tags[at].is_adverb or document.lowers[at] in self._lexicon.words.auxiliaries
            ):
                at += 1
            if document.tags[at].is_verb:
                yield from (f"subject of {sort}" for sort in self._sort_verb(at))
        else:
            forms = {
                "comma": tag.is_comma, "bracket": document.words[at] in BRACKETS, "stop": tag.is_stop,
                "colon": document.words[at] == ":", "relative": tag.is_relative, "and": tag.is_conjunction,
                "preposition": tag.is_preposition,
            }  # fmt: skip
            yield from (f"behind: {form}" for form, fits in forms.items() if fits)

    def _sort_owned(self, at: int, sentence: Sentence) -> Iterator[str]:
        """Yield the class of the noun phrase at a token, and whether it names somebody who speaks."""
        document = self._document
        while at + 1 < sentence.last and document.tags[at].is_adjective:
            at += 1
        while at + 1 < sentence.last and document.tags[at].is_common_noun and document.tags[at + 1].is_noun:
            if at + 1 in self._names.at:
                yield from (f"{sort} with a name" for sort in self._sort_noun(at))
            at += 1
        owned = self._names.of(at) if at < sentence.last else None
        if owned is not None:
            yield owned.kind.value
            if at in self._sources:
                yield "a speaker"
        elif at < sentence.last and document.tags[at].is_noun:
            yield from self._sort_noun(at)

    # classes of words ───────────────────────────────────────────────────────────────────────────────

    def _sort_noun(self, at: int) -> Iterator[str]:
        document, words = self._document, self._lexicon.words
        kind = self._lexicon.find_noun_kind(document.lowers[at])
        yield "noun" if kind is None else kind.value
        if document.stems[at] in self._lexicon.noun_cues:
            yield "noun of saying"
        if document.lowers[at] in words.stories:
            yield "story"

    def _sort_verb(self, at: int) -> Iterator[str]:
        lemma, frames = self._lexicon.find_cue(self._document.lowers[at])
        words = self._lexicon.words
        classes = {
            "claiming": words.claiming, "asserting": words.asserting, "quoting": words.quoting,
            "plain saying": words.inverting, "evidencing": words.evidencing, "showing": words.showing,
            "naming": words.naming, "relaying": words.relaying, "obtaining": words.obtaining,
        }  # fmt: skip
        yield from (frame.value for frame in frames) if frames else ("no cue",)
        form = self._document.lowers[at]
        yield from (name for name, known in classes.items() if lemma in known or form in known)


def _describes(tag: Tag) -> bool:
    return tag.is_determiner or tag.is_adjective or tag.is_noun or tag.is_possessive_pronoun or tag.is_numeral
