"""The lexicon of one language, read from its TOML once a process and never changed.

Everything a rule knows of a language stands there; a rule asks for it by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.model import SourceKind
from bot.reading.patterns import Patterns


class Frame(Enum):
    """The complements of a cue, beside its source (Levin 1993 calls these alternations of verbs of
    communication)."""

    CLAUSE = "clause"
    PERSON = "person"
    QUOTATION = "quotation"
    NOUN = "noun"
    FINDING = "finding"
    BELIEF = "belief"
    ATTITUDE = "attitude"


@dataclass(frozen=True, slots=True)
class Constructions:
    """Patterns of one kind: the finder, and for each entry its label and its pattern as written."""

    patterns: Patterns
    labels: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Small closed sets, lower-case, each named for what the rules ask of it."""

    titles: frozenset[str]
    abbreviations: frozenset[str]
    numbered_abbreviations: frozenset[str]
    exclaimed_names: frozenset[str]
    connective_nouns: frozenset[str]
    adding: frozenset[str]
    adding_nouns: frozenset[str]
    openers: frozenset[str]
    honorifics: frozenset[str]
    times: frozenset[str]
    fame_adjectives: frozenset[str]
    media: frozenset[str]
    campaigns: frozenset[str]
    women: frozenset[str]
    men: frozenset[str]
    rarer_women: frozenset[str]
    rarer_men: frozenset[str]
    partisans: frozenset[str]
    places: frozenset[str]
    place_openers: frozenset[str]
    place_heads: frozenset[str]
    outlets: frozenset[str]
    outlet_names: frozenset[str]
    body_names: frozenset[str]
    numbered_outlets: frozenset[str]
    numbered_parts: frozenset[str]
    titled_outlets: frozenset[str]
    outlet_last_words: frozenset[str]
    body_last_words: frozenset[str]
    anonymous_heads: frozenset[str]
    offices: frozenset[str]
    witnesses: frozenset[str]
    private_ties: frozenset[str]
    person_pronouns: frozenset[str]
    feminine_pronouns: frozenset[str]
    she_nouns: frozenset[str]
    he_nouns: frozenset[str]
    plural_pronouns: frozenset[str]
    thing_pronouns: frozenset[str]
    speech_pronouns: frozenset[str]
    relative_pronouns: frozenset[str]
    impersonal_subjects: frozenset[str]
    definite_determiners: frozenset[str]
    other_determiners: frozenset[str]
    indefinite_determiners: frozenset[str]
    measures: frozenset[str]
    one_of: frozenset[str]
    hearsay: frozenset[str]
    group_nouns: frozenset[str]
    voices: frozenset[str]
    nobody: frozenset[str]
    staff: frozenset[str]
    surveys: frozenset[str]
    authoring: frozenset[str]
    obtaining: frozenset[str]
    employing: frozenset[str]
    firm_nouns: frozenset[str]
    outlet_nouns: frozenset[str]
    outlet_stories: frozenset[str]
    people_nouns: frozenset[str]
    body_nouns: frozenset[str]
    agency_nouns: frozenset[str]
    news_nouns: frozenset[str]
    digests: frozenset[str]
    evidencing: frozenset[str]
    contrasting: frozenset[str]
    contrasting_aside: frozenset[str]
    dismissing: frozenset[str]
    proxies: frozenset[str]
    demonstratives: frozenset[str]
    since_prepositions: frozenset[str]
    denying: frozenset[str]
    stories: frozenset[str]
    artefacts: frozenset[str]
    authenticity: frozenset[str]
    soundness: frozenset[str]
    accounts: frozenset[str]
    generic_adverbs: frozenset[str]
    past_adverbs: frozenset[str]
    correcting: frozenset[str]
    end_prepositions: frozenset[str]
    time_nouns: frozenset[str]
    publication_nouns: frozenset[str]
    past_be: frozenset[str]
    own_pronouns: frozenset[str]
    ability: frozenset[str]
    reasons: frozenset[str]
    requirement_verbs: frozenset[str]
    distant_demonstratives: frozenset[str]
    developments: frozenset[str]
    clause_breaks: frozenset[str]
    particulars: frozenset[str]
    confirmed: frozenset[str]
    truth_adjectives: frozenset[str]
    headline_doubts: frozenset[str]
    alerting: frozenset[str]
    question_words: frozenset[str]
    persistence_adverbs: frozenset[str]
    opposing: frozenset[str]
    reportative: frozenset[str]
    present_adverbs: frozenset[str]
    background_adverbs: frozenset[str]
    scene_openers: frozenset[str]
    unknown_yet: frozenset[str]
    exclaiming: frozenset[str]
    tidings: frozenset[str]
    telling_verbs: frozenset[str]
    revealing_verbs: frozenset[str]
    missing_words: frozenset[str]
    denial_words: frozenset[str]
    claiming: frozenset[str]
    asserting: frozenset[str]
    rejecting: frozenset[str]
    relaying: frozenset[str]
    following_adjectives: frozenset[str]
    starting_verbs: frozenset[str]
    readiness_adjectives: frozenset[str]
    advising: frozenset[str]
    topical: frozenset[str]
    reading_verbs: frozenset[str]
    anaphors: frozenset[str]
    deed_cues: frozenset[str]
    naming: frozenset[str]
    answering: frozenset[str]
    asking: frozenset[str]
    replying: frozenset[str]
    showing: frozenset[str]
    undertaking: frozenset[str]
    nounlike: frozenset[str]
    conditions: frozenset[str]
    person_relatives: frozenset[str]
    examples: frozenset[str]
    inverting: frozenset[str]
    always_verbs: frozenset[str]
    conjunctions: frozenset[str]
    introducing: frozenset[str]
    quoting: frozenset[str]
    attaching: frozenset[str]
    attaching_to_names: frozenset[str]
    clausal_prepositions: frozenset[str]
    describing: frozenset[str]
    beliefs: frozenset[str]
    verb_particles: frozenset[str]
    accusing: frozenset[str]
    withholding: frozenset[str]
    placing: frozenset[str]
    plural_owners: frozenset[str]
    possessive: frozenset[str]
    possessive_of_plurals: frozenset[str]
    causing: frozenset[str]
    accompanying: frozenset[str]
    citing: frozenset[str]
    connectors: frozenset[str]
    particles: frozenset[str]
    joining: frozenset[str]
    genitive: frozenset[str]
    subordinators: frozenset[str]
    periods: frozenset[str]
    relative_times: frozenset[str]
    month_names: frozenset[str]
    before_months: frozenset[str]
    relative_days: frozenset[str]
    auxiliaries: frozenset[str]
    be: frozenset[str]
    negations: frozenset[str]
    leaning_words: frozenset[str]
    connectives: frozenset[str]
    concluding: frozenset[str]
    before_colon: frozenset[str]
    fronting: frozenset[str]
    hypothetical: frozenset[str]
    complementisers: frozenset[str]
    that: frozenset[str]
    infinitive: frozenset[str]
    negators: frozenset[str]
    be_or_have: frozenset[str]
    agents: frozenset[str]
    passive_markers: frozenset[str]
    agent: frozenset[str]
    as_marker: frozenset[str]
    object_relatives: frozenset[str]
    thing_relatives: frozenset[str]
    the: frozenset[str]
    gendered_titles: frozenset[str]
    small_in_names: frozenset[str]
    articles: frozenset[str]
    sentence_openers: frozenset[str]
    clause_subjects: frozenset[str]
    approximating: frozenset[str]
    abstract_endings: tuple[str, ...]
    plural_endings: tuple[str, ...]
    participle_endings: tuple[str, ...]
    reflexive_endings: tuple[str, ...]
    outlet_endings: tuple[str, ...]
    possessive_endings: tuple[str, ...]
    outlet_prefixes: tuple[str, ...]
    office_prefixes: tuple[str, ...]
    nation_prefixes: tuple[str, ...]
    peoples_endings: tuple[str, ...]


SHORTEST, INTRODUCTION = 3, 6  # tokens of a line that hands over to a report
HANDING_OVER = frozenset({"…", "...", ":"})
NO_CUE: tuple[str, frozenset[Frame]] = ("", frozenset())


@dataclass(frozen=True)
class Lexicon:
    """The words and constructions of one language, lower-case; `singularise` is that of a common noun."""

    words: Words
    singularise: Callable[[str], str]
    cues: Mapping[str, tuple[str, frozenset[Frame]]]  # form → lemma, frames
    phrasal: Constructions
    noun_cues: frozenset[str]
    kinds: Mapping[SourceKind, frozenset[str]]
    anonymous: Constructions
    agentless: Constructions
    hedges: Constructions
    lookalikes: Constructions
    caveats: Constructions
    settled: Constructions
    debunks: Constructions
    captions: Constructions
    relays: Constructions
    citing_prepositions: Constructions
    hearers: Constructions
    publishers: Constructions
    events: Mapping[str, frozenset[str]]

    def find_cue(self, word: str) -> tuple[str, frozenset[Frame]]:
        """Return the lemma and the frames of a cue; an empty lemma and none for a word that is no cue."""
        return self.cues.get(word, NO_CUE)

    def find_events(self, lowers: frozenset[str]) -> frozenset[str]:
        """Return the names of the events that some words tell of."""
        return frozenset(name for name, words in self.events.items() if words & lowers)

    def find_kind(self, word: str, among: Iterable[SourceKind] = SourceKind) -> SourceKind | None:
        """Return the first of these kinds that a noun says, in their order."""
        return next((kind for kind in among if word in self.kinds.get(kind, frozenset())), None)

    def find_noun_kind(self, noun: str, among: Iterable[SourceKind] = SourceKind) -> SourceKind | None:
        """Return the kind that a common noun says, its plural too: “institutions”, “directors” are groups."""
        kinds = tuple(among)
        one = self.find_kind(noun, kinds)
        many = None if one is not None else self.find_kind(self.singularise(noun), kinds)
        return SourceKind.GROUP if many in {SourceKind.PERSON, SourceKind.ORGANISATION} else one or many

    def guess_noun_kind(self, noun: str, among: Iterable[SourceKind] = SourceKind) -> SourceKind | None:
        """Return the kind that a common noun says, also one that is seldom a source: “slugger”."""
        known = self.find_noun_kind(noun, among)
        one = self.singularise(noun)
        many = one != noun
        if known is not None:
            return known
        if one in self.words.people_nouns:
            return SourceKind.GROUP if many else SourceKind.PERSON
        body = SourceKind.GROUP if many else SourceKind.ORGANISATION
        return body if one in self.words.body_nouns else None

    def stem(self, noun: str) -> str:
        """Return a noun without the ending of a plural; cheap, and not always a word."""
        return remove_ending(noun, self.words.plural_endings)

    def is_time(self, word: str) -> bool:
        """Return whether a capitalised word names a day or a month, or a small one a day relative to now. The
        capitals of "USA TODAY" do neither."""
        relative = word in self.words.relative_days
        return word.lower() in self.words.times and (word.istitle() or relative)


def is_introduction_only(sentence: Sequence[str], lexicon: Lexicon) -> bool:
    """Return whether a line only introduces a report: “South Front reports…”."""
    if not SHORTEST <= len(sentence) <= INTRODUCTION or sentence[-1] not in HANDING_OVER:
        return False
    return lexicon.find_cue(sentence[-2])[0] in lexicon.words.introducing


def remove_ending(word: str, endings: Iterable[str]) -> str:
    """Return a word without the first of these endings that it has."""
    for ending in endings:
        if word.endswith(ending):
            return word.removesuffix(ending)
    return word


def remove_prefixes(word: str, prefixes: Iterable[str]) -> str:
    """Return a word without any of these prefixes that it opens with, taken away in their order."""
    for prefix in prefixes:
        word = word.removeprefix(prefix)
    return word
