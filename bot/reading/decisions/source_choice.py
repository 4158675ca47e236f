"""The choice of sources, of those whom the rules found: to whom an editor would give an entry.

A candidate is an entry with the findings that it is the source of. Its features are the grammar of its
mentions, the cues, what is said, and where. `python -m tests.training source_choice train` learns the
weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log1p

from bot.model import How, SourceKind
from bot.reading.annotators.base import Finding
from bot.reading.decisions.linear import Features, load_models
from bot.reading.decisions.mention_scores import SCORED, MentionScores
from bot.reading.document import Document
from bot.reading.entities import Entity
from bot.reading.entity_kinds import is_evidently_person
from bot.reading.languages.lexicon import Frame
from bot.reading.names import UNTRUSTED, Names
from bot.reading.source_entries import SourceEntry

NAMED, UNNAMED = "named", "unnamed"
DEFINITE = "definite"
WEIGHTS = "source_choice"
PEOPLE = frozenset({SourceKind.PERSON, SourceKind.GROUP, SourceKind.ANONYMOUS})
BODIES = frozenset({SourceKind.ORGANISATION, SourceKind.OUTLET})
LEAST = 2  # tokens of what is said
MOST = 20  # findings of an entry that are looked at


class SourceChoice:
    """Describes the candidates of a document, and decides which of them are sources."""

    def __init__(
        self, document: Document, names: Names, quoted: frozenset[int], scores: MentionScores
    ) -> None:
        self._document, self._names, self._quoted, self._scores = document, names, quoted, scores
        self._lexicon = document.lexicon
        self._first: dict[str, int] = {}  # where each noun stands first
        for at in range(len(document.words) - 1, -1, -1):
            if document.tags[at].is_noun:
                self._first[document.stems[at]] = at
        self._kinds = {e.kind for e in names.entities}

    def explain_refusal(self, entry: SourceEntry, findings: Sequence[Finding]) -> str | None:
        """Return the features for which a candidate is no source; None for a source."""
        told = self.describe(entry, findings)
        model = load_models(WEIGHTS)[name_model(entry, told)]
        features = model.keep_known(told)
        if model.accepts(features):
            return None
        return f"no source: {', '.join(model.explain(features, yes=False))}"

    def describe(self, entry: SourceEntry, findings: Sequence[Finding]) -> Features:
        """Return the features of a candidate that are not 0."""
        findings = findings[:MOST]
        told = [*self._describe_place(entry), *(t for f in findings for t in self._describe_finding(f))]
        told += (
            self._describe_words(entry) if entry.entity is None else self._describe_name(entry, entry.entity)
        )
        several = {
            "mentions": log1p(len(entry.mentions)),
            "findings": log1p(len(findings)),
            "words of the name": log1p(entry.name[1] - entry.name[0]),
            "namings": log1p(len(entry.entity.names)) if entry.entity else 0.0,
        }
        several |= self._scores.describe(
            (self._document.starts[first], self._document.ends[last - 1]) for first, last in entry.mentions
        )
        return {**dict.fromkeys(told, 1.0), **{name: value for name, value in several.items() if value}}

    # what is said, and how ──────────────────────────────────────────────────────────────────────────

    def _describe_finding(self, found: Finding) -> Iterator[str]:
        """Yield the construction, the class and the form of the cue, and the form of what is said."""
        words, lexicon = self._lexicon.words, self._lexicon
        yield f"construction: {found.frame.value}"
        frames = lexicon.find_cue(found.lemma)[1]
        yield from (f"cue: {frame.value}" for frame in Frame if frame in frames)
        yield from (f"only cue: {frame.value}" for frame in frames if len(frames) == 1)
        classes = {
            "evidencing": words.evidencing, "asking": words.asking, "answering": words.answering,
            "denying": words.denying, "claiming": words.claiming, "deed": words.deed_cues,
            "belief": words.beliefs, "plain saying": words.inverting, "asserting": words.asserting,
        }  # fmt: skip
        yield from (f"cue of {name}" for name, lemmas in classes.items() if found.lemma in lemmas)
        yield from self._describe_cue(found)
        if found.told is not None:
            yield "somebody is told"
        if found.width < LEAST:
            yield "hardly anything is said"
        if not found.content:
            return
        first, last = found.content[0]
        if first in self._quoted or last - 1 in self._quoted:
            yield "said in quotation marks"
        if self._document.lowers[first] in words.that:
            yield "said after that"
        if any(self._document.tags[i].is_finite for i in range(first, min(last, first + MOST))):
            yield "said in a clause"

    def _describe_cue(self, found: Finding) -> Iterator[str]:
        """Yield the tense and mood of the cue, and whether it stands in a quotation."""
        words, document = self._lexicon.words, self._document
        cue, last = range(*found.cue), document.tags[found.cue[1] - 1]
        forms = {
            "past": last.is_past, "present": last.is_present, "participle": last.is_present_participle,
            "infinitive": any(document.tags[i].is_infinitive_marker for i in cue),
            "modal": any(document.tags[i].is_modal for i in cue),
            "negated": any(document.lowers[i] in words.negations for i in cue),
            "with an auxiliary": any(document.lowers[i] in words.auxiliaries for i in cue),
        }  # fmt: skip
        yield from (f"cue {form}" for form, fits in forms.items() if fits)
        if found.begin in self._quoted:
            yield "speaks inside a quotation"

    def _describe_place(self, entry: SourceEntry) -> Iterator[str]:
        """Yield the part of the page where the candidate is met first, and whom it goes through."""
        index = self._document.sentence_of[min(entry.mentions)[0]]
        role = self._document.sentences[index].role
        yield f"met in: {role.value}"
        places = {self._document.sentence_of[first] for first, _ in entry.mentions}
        if all(self._document.sentences[place].role in UNTRUSTED for place in places):
            yield "only in headlines"
        if entry.relayed_by is not None:
            yield "relayed"
        if entry.how is How.RELAYS:
            yield "relays"

    # who says it ────────────────────────────────────────────────────────────────────────────────────

    def _describe_words(self, entry: SourceEntry) -> Iterator[str]:
        """Yield the class of the head and of the determiner of an unnamed candidate, and what it holds."""
        document, (first, last), head = self._document, entry.name, entry.head
        kind, tag = entry.kind, document.tags[head]
        sort = self._find_sort(entry)
        number = "many" if tag.is_plural else "one"
        determiner = self._describe_determiner(first, head)
        yield f"kind: {kind.value}"
        yield f"{sort}, {number}"
        if determiner is DEFINITE:
            of_kind = not self._kinds.isdisjoint(BODIES if kind in BODIES else {kind})
            known = self._first.get(document.stems[head], head) < first
            determiner = "known" if known else "definite beside a name" if of_kind else DEFINITE
            determiner += " and described" * (last > head + 1 or head > first + 1)
        yield determiner
        yield f"{determiner}, {sort}"
        if not tag.is_noun:
            yield "its head is no noun"
        if document.lowers[head].endswith(self._lexicon.words.abstract_endings):
            yield "an abstract noun"
        if self._first.get(document.stems[head], head) < first:
            yield "its noun stands before"
            yield f"its noun stands before: {determiner}"
        yield from self._describe_modifiers(first, head, last)

    def _find_sort(self, entry: SourceEntry) -> str:
        """Return the coarse class of an unnamed candidate's head."""
        noun, kind = self._document.lowers[entry.head], entry.kind
        if kind is not SourceKind.ANONYMOUS and self._lexicon.find_noun_kind(noun) is None:
            return "an unknown noun"
        if kind in PEOPLE:
            return "people"
        if noun in self._lexicon.words.stories:
            return "a story"
        return "a body" if kind in BODIES else "a post" if kind is SourceKind.SOCIAL_MEDIA else "a document"

    def _describe_determiner(self, first: int, head: int) -> str:
        words, word, tag = self._lexicon.words, self._document.lowers[first], self._document.tags[first]
        classes = (
            ("negative", words.negations),
            ("other", words.other_determiners),
            (DEFINITE, words.the),
            ("indefinite", words.articles),
            ("counted", words.indefinite_determiners | words.one_of),
            (
                "demonstrative",
                words.definite_determiners if not tag.is_possessive_pronoun else frozenset[str](),
            ),
        )
        if tag.is_possessive_pronoun:
            return "owned by a pronoun"
        if tag.is_numeral:
            return "counted"
        if any(self._document.tags[i].is_possessive_marker for i in range(first, head)):
            return "owned"
        return next((name for name, known in classes if word in known), "bare")

    def _describe_modifiers(self, first: int, head: int, last: int) -> Iterator[str]:
        tags, words, names = self._document.tags, self._document.words, self._names
        before, after = range(first, head), range(head + 1, last)
        forms = {
            "a name before the head": any(i in names.at for i in before),
            "an adjective before the head": any(tags[i].is_adjective for i in before),
            "a noun before the head": any(tags[i].is_common_noun for i in before),
            "a name after the head": any(i in names.at for i in after),
            "a preposition after the head": head + 1 < last and tags[head + 1].is_preposition,
            "a relative clause": any(tags[i].is_relative for i in after),
            "a verb inside": any(tags[i].is_finite for i in range(first, last)),
            "a comma inside": any(tags[i].is_comma for i in range(first, last)),
            "a conjunction inside": any(tags[i].is_conjunction for i in range(first, last)),
            "no word at its beginning": not words[first][0].isalnum(),
            "capitals": words[head][0].isupper() and head > first,
            "a capital inside its sentence": words[first][0].isupper()
            and first > self._document.sentences[self._document.sentence_of[first]].first,
        }
        yield from (name for name, fits in forms.items() if fits)

    def _describe_name(self, entry: SourceEntry, entity: Entity) -> Iterator[str]:
        """Yield the form and the kind of a name, and where it stands in the text."""
        document, (first, last) = self._document, entry.name
        yield f"kind: {entity.kind.value}"
        yield f"known by: {entity.judged.why.partition(':')[0]}"
        person = entity.kind is SourceKind.PERSON
        spoken = [any(self._names.at.get(i) == entity.id for i in range(*m)) for m in entry.mentions]
        forms = {
            "evidently a person": is_evidently_person(entity, self._lexicon),
            "one word": len(entity.fullest.key) == 1,
            "one word for a person": person and len(entity.fullest.key) == 1,
            "a place": entity.judged.place,
            "a title before it": any(n.title for n in entity.names),
            "small letters inside": any(document.words[i][0].islower() for i in range(first, last)),
            "digits inside": any(c.isdigit() for i in range(first, last) for c in document.words[i]),
            "a capital before it": first > 0 and document.words[first - 1][0].isupper()
            and document.sentence_of[first - 1] == document.sentence_of[first]
            and first - 1 not in self._names.at,
            "a capital after it": last < len(document.words) and document.words[last][0].isupper()
            and document.sentence_of[last] == document.sentence_of[first],
            "a noun after it": last < len(document.words) and document.tags[last].is_common_noun,
            "never named where it speaks": not any(spoken),
            "always named where it speaks": all(spoken),
            "named in a longer mention": any(m[1] - m[0] > last - first + 2 for m in entry.mentions),
            "named before it speaks": entity.names[0].first < min(entry.mentions)[0],
            "no name at its head": not document.tags[last - 1].is_name,
        }  # fmt: skip
        yield from (name for name, fits in forms.items() if fits)


def name_model(entry: SourceEntry, features: Features) -> str:
    """Return the name of the model that knows what a candidate is described by."""
    name = UNNAMED if entry.entity is None else NAMED
    return f"{name}, {SCORED}" if SCORED in features else name
