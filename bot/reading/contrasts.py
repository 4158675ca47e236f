"""Sentences in which somebody else disputes or qualifies the claim."""

from __future__ import annotations

from collections.abc import Iterator

from bot.model import Chosen, Excerpt, SourceKind
from bot.reading.annotators.base import Finding
from bot.reading.content_words import find_content_words, has_dangling_pronoun
from bot.reading.document import Document
from bot.reading.lead import Lead
from bot.reading.sources import ResolvedFindings

LOOKED_AT = 25  # sentences after the claim: further down an article turns to something else


def find_contrasts(document: Document, lead: Lead, resolved: ResolvedFindings) -> tuple[Chosen, ...]:
    """Return the sentences after the claim in which another named source disputes or qualifies it."""
    news = _DisputedClaim(document, lead, resolved)
    chosen: dict[Excerpt, str] = {}
    for f, source in _find_later(document, lead, resolved):
        why = (
            news.find_opposition(f, source) if source is not None and resolved.sources[source].named else None
        )
        if why is not None:
            chosen.setdefault(document.sentence_excerpt(document.sentences[f.sentence]), why)
    return tuple(Chosen(words, why) for words, why in chosen.items())


def _find_later(
    document: Document, lead: Lead, resolved: ResolvedFindings
) -> Iterator[tuple[Finding, int | None]]:
    for f, source in resolved.pairs():
        near = 0 < f.sentence - lead.sentence <= LOOKED_AT
        if near and not has_dangling_pronoun(document, document.sentences[f.sentence]):
            yield f, source


class _DisputedClaim:
    """The claim, as what others say is held against it."""

    def __init__(self, document: Document, lead: Lead, resolved: ResolvedFindings) -> None:
        self._document, self._lexicon = document, document.lexicon
        claim = document.sentences[lead.sentence]
        self._words = find_content_words(document, claim.first, claim.last)
        self._denies = any(document.lexicon.debunks.patterns.find(document, claim.first, claim.last))
        self._tellers = {s for f, s in resolved.pairs() if f.sentence == lead.sentence and s is not None}
        people = (resolved.sources[t] for t in self._tellers if resolved.sources[t].kind is SourceKind.PERSON)
        self._names = {word for person in people for word in person.name.text.split()}

    def find_opposition(self, f: Finding, source: int | None) -> str | None:
        """Return the rule by which a finding is against the claim: what it says of the story itself, its
        sentence's first word, or its verb."""
        spoken = self._document.words[f.source[0] : f.source[1]] if f.source else ()
        proxy = not self._lexicon.words.proxies.isdisjoint(word.lower() for word in spoken)
        if source in self._tellers or (proxy and not self._names.isdisjoint(spoken)):
            return None  # he tells the claim, or speaks for a person who does: "Pike's spokesman"
        called = None if self._denies else self._find_falsehood(f)
        if called is not None or not self._is_about_claim(f):
            return called
        words, turning = self._lexicon.words, self._find_contrast_word(f)
        sentence = self._document.sentences[f.sentence]
        opposing = (words.negations | words.opposing).intersection(
            self._document.lowers[sentence.first : sentence.last]
        )
        if turning is not None and opposing:  # not all that opens with "but" is against the claim
            return f"contrast: {turning}"
        if f.lemma in words.dismissing:
            # what is rejected was said, or is what the claim is of; no other plan, case or person
            document = self._document
            places = range(f.content[0][0], f.content[-1][1]) if f.content else range(0)
            noun = next((document.lowers[i] for i in places if document.tags[i].is_common_noun), "")
            said = not (words.stories | words.that).isdisjoint(document.lowers[i] for i in places)
            if not said and self._lexicon.stem(noun) not in self._words:
                return None
        return f"denial: {f.lemma}" if f.lemma in words.denying else None

    def _is_about_claim(self, f: Finding) -> bool:
        """Return whether a finding has two words of the claim, one of them no name; or one where it denies,
        or speaks of the story itself."""
        document, words = self._document, self._lexicon.words
        first, last = document.sentences[f.sentence].first, document.sentences[f.sentence].last
        shared = find_content_words(document, first, last) & self._words
        plain = any(document.stems[i] in shared and not document.tags[i].is_name for i in range(first, last))
        if not plain or len(shared) > 1:
            return plain
        turning = words.stories | words.negations | words.persistence_adverbs
        if not turning.isdisjoint(document.lowers[f.begin : last]) or f.lemma in words.denying:
            return True
        said = (document.lowers[i] for content in f.content for i in range(*content))
        # "The Courier reported that Venn denied it"
        return any(self._lexicon.find_cue(word)[0] in words.denying for word in said)

    def _find_contrast_word(self, f: Finding) -> str | None:
        """Return the word of contrast that opens a finding's sentence, or stands beside what is said: “Ort,
        however, said …”."""
        words, sentence = self._lexicon.words, self._document.sentences[f.sentence]
        if self._document.lowers[sentence.first] in words.contrasting:
            return self._document.lowers[sentence.first]
        said = {i for content in f.content for i in range(*content)}
        beside = (self._document.lowers[i] for i in range(sentence.first, sentence.last) if i not in said)
        return next((word for word in beside if word in words.contrasting_aside), None)

    def _find_falsehood(self, f: Finding) -> str | None:
        """Return the rule by which a source calls a story false: “Venn said the rumour is not true”."""
        document, debunks = self._document, self._lexicon.debunks
        for first, last in f.content if f.reporting else ():
            if self._lexicon.words.stories.isdisjoint(document.lowers[first:last]):
                continue
            for match in debunks.patterns.find(document, first, last):
                following = document.tags[match.last : match.last + 1]
                if not any(tag.is_common_noun for tag in following):  # "the fake site"
                    return f"called false: {debunks.sources[match.entry]}"
        return None
