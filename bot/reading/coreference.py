"""Coreference resolution, mentions → entries: the name that stands in a mention, and the earlier source that
a pronoun, a role or a definite description stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.model import How, SourceKind
from bot.reading.annotators.base import AttributionFrame, Finding, Range
from bot.reading.antecedents import Antecedent, Antecedents
from bot.reading.decisions.antecedent import (
    Anaphor,
    ChosenAntecedent,
    Described,
    DescribedCandidate,
    Mention,
    choose_antecedent,
    compare_candidates,
)
from bot.reading.decisions.description_features import DescriptionFeatures
from bot.reading.decisions.pronoun_features import PronounFeatures
from bot.reading.description_kinds import BY_HEAD, judge_description
from bot.reading.discourse import Discourse
from bot.reading.document import Document
from bot.reading.entities import Entity, KindJudgement
from bot.reading.languages.lexicon import Frame
from bot.reading.mentions import Mentions, trim_description
from bot.reading.names import Names, find_page_name
from bot.reading.relatives import find_relative_head, is_within_phrase
from bot.reading.relays import Relay
from bot.reading.roles import Roles
from bot.reading.source_entries import SourceEntry
from bot.reading.standing import judge_standing

PEOPLE = (SourceKind.PERSON, SourceKind.GROUP)
BODIES = frozenset({SourceKind.ORGANISATION, SourceKind.OUTLET, SourceKind.DOCUMENT})
SPEAKING = "beside the speaking name"
NESTED = 12  # findings of one sentence that are looked at
LONGEST = 20  # tokens of the noun phrase before a relative clause
WITHHELD = 4  # tokens of “not to be named”
PLAIN = 2  # tokens of “the sources”


class Resolution(NamedTuple):
    """The entry that a mention refers to, and the rule that says so."""

    entry: SourceEntry
    why: str


class Coreference:
    """Coreference resolution: entries as they grow, finding by finding; look-ups keep each step short."""

    def __init__(self, document: Document, names: Names, quoted: frozenset[int]) -> None:
        self.document, self.names, self.lexicon = document, names, document.lexicon
        self.entries: list[SourceEntry] = []
        self._by_entity: dict[int, SourceEntry] = {}
        self._by_key: dict[str, SourceEntry] = {}  # by the noun of a description, and a body's last word
        self._by_words: dict[str, SourceEntry] = {}  # unnamed sources by all their words but the determiners
        self._mentions, self._roles = Mentions(document, names), Roles(document, names)
        self._antecedents = Antecedents(document, names, quoted)
        self._noted: set[tuple[int, Range]] = set()
        self._pages = {e.id for e in names.entities if find_page_name(document, e) is not None}
        self._discourse = Discourse(document, names, self._roles, self._pages, quoted)
        self._pronouns = PronounFeatures(document, self._discourse)
        self._descriptions = DescriptionFeatures(document, self._discourse)
        self._token_to_entry: dict[int, int] = {}
        self._spoke: dict[int, list[tuple[Finding, SourceEntry]]] = {}  # by sentence
        self._owed: list[tuple[SourceEntry, int]] = []  # unnamed sources with the token of who relays them
        # unnamed sources by the token that a relative clause described
        self._described_at: dict[int, SourceEntry] = {}

    def resolve(self, found: Finding) -> Resolution | None:
        """Return the entry of a finding's source, made when it is new."""
        if found.source is None or found.head is None or not found.reporting:
            return None
        resolution = self._resolve_mention(found, found.source, found.head)
        if resolution is None:
            return None
        entry = resolution.entry
        self._note(entry, found.source)
        self._spoke.setdefault(found.sentence, []).append((found, entry))
        self._token_to_entry[found.head] = entry.id
        asks = found.lemma in self.lexicon.words.asking
        self._antecedents.remember(entry, found.head, asks=asks)
        self._discourse.remember(entry, self._mentions.find_head(found.source, found.head))
        return resolution

    def add_relay(self, relay: Relay) -> int | None:
        """Return the id of the entry of who passes words on, made when it is new; None for the page. Who
        speaks too is listed as a speaker."""
        entry = self._find_or_add(relay.entity, relay.name)
        if entry is None:
            return None
        spoke = bool(entry.mentions) and entry.how is How.SPEAKS
        self._note(entry, relay.place)
        entry.how = How.SPEAKS if spoke else How.RELAYS
        if entry.kind is SourceKind.OUTLET:
            self._antecedents.remember_outlet(entry)
        return entry.id

    def _note(self, entry: SourceEntry, mention: Range) -> None:
        entry.how = How.SPEAKS
        if (entry.id, mention) not in self._noted:
            self._noted.add((entry.id, mention))
            entry.mentions.append(mention)

    def _resolve_mention(self, found: Finding, source: Range, head: int) -> Resolution | None:
        head = self._mentions.find_head(source, head)
        word = self.document.lowers[head]
        if self.document.tags[head].is_pronoun:
            return self._resolve_pronoun(found, head)
        if word in self.lexicon.words.relative_pronouns and source[1] - source[0] == 1:
            return self._resolve_relative(found, head)
        if head in self._described_at:  # "voters who fear it say …": one mention, two cues
            return Resolution(self._described_at[head], "described before")
        alone = source[1] - source[0] == 1  # "one, who asked not to be named, said" is somebody
        if (
            alone and word in self.lexicon.words.impersonal_subjects
        ) or word in self.lexicon.words.speech_pronouns:
            return None
        named = self._mentions.find_entity(source, head)
        if named is not None:
            entity, why = named
            if found.frame is AttributionFrame.INTRODUCTION:
                entity.judged = KindJudgement(SourceKind.OUTLET, found.why)
            if entity.kind is SourceKind.PERSON and found.lemma in self.lexicon.words.showing:
                return None  # "Venn showed the crowd a clip"
            entry = self._find_or_add(entity, source)
            for place, conjunct in self._mentions.find_listed(source, entity)[
                1
            ]:  # "Rokita, the DNC and Bosma said"
                other = None if conjunct.id == entity.id else self._find_or_add(conjunct, (place, source[1]))
                if other is not None:
                    self._note(other, source)
            return None if entry is None else Resolution(entry, why)
        return self._resolve_unnamed(found, source, head)

    # named ──────────────────────────────────────────────────────────────────────────────────────────

    def _find_or_add(self, entity: Entity, source: Range) -> SourceEntry | None:
        """Return the entry of an entity, made when nothing was attributed to it before; None for the page."""
        if entity.id in self._pages:
            return None
        entry = self._by_entity.get(entity.id)
        introduced: list[tuple[Range | None, str]] = []
        if entry is None:
            name = entity.fullest
            last = name.acronym_last or name.last
            entry = self._add(entity.judged, entity, (name.first, last), " ".join(name.key))
            self._by_entity[entity.id] = entry
            if entity.kind in {SourceKind.ORGANISATION, SourceKind.OUTLET}:
                self._by_key[self.lexicon.stem(name.key[-1])] = entry
            texts = {self.document.excerpt(n.first, n.last).text for n in entity.names}
            entry.aliases = sorted(texts - {self.document.excerpt(name.first, name.last).text})
            introduced = [
                (self._roles.find_elsewhere(entity), "where the name is introduced"),
                (self._roles.find_epithet(entity), "epithet before the name"),
            ]
        if entry.role is None:
            end, listed = self._mentions.find_listed(source, entity)
            role = self._roles.find_within(source, entity, end if listed else source[1])
            roles = [(role, SPEAKING), *introduced]
            entry.role, entry.role_why = next((one for one in roles if one[0] is not None), (None, ""))
            for at in range(*entry.role) if entry.role else ():  # "the mayor" is the last introduced as one
                if self.document.lowers[at] in self.lexicon.kinds[SourceKind.PERSON]:
                    self._by_key[self.document.stems[at]] = entry
        return entry

    # pronouns and descriptions ──────────────────────────────────────────────────────────────────────

    def _resolve_pronoun(self, found: Finding, head: int) -> Resolution | None:
        word, words = self.document.lowers[head], self.lexicon.words
        antecedent = None
        if word in words.speech_pronouns:
            return None
        if word in words.person_pronouns:
            told = self.document.lowers[head : min(found.cue[1], head + LONGEST)]  # "she declined, saying"
            answers = any(self.lexicon.find_cue(verb)[0] in words.replying for verb in told)
            return self._resolve_person(found, head, self._antecedents.asker if answers else None)
        if word in words.plural_pronouns:
            antecedent = self._antecedents.find_group(head)
        elif word in words.thing_pronouns:
            antecedent = self._antecedents.find_body(head)
        return self._resolve_antecedent(antecedent, head, f"pronoun: {word}")

    def _resolve_person(self, found: Finding, head: int, excluded: SourceEntry | None) -> Resolution | None:
        """Return the entry of whoever "he" or "she" is, who was not the one that asked."""
        mention = Mention((head, head + 1), head)
        rows = [
            (candidate, features)
            for candidate in self._discourse.find_candidates(head)
            if excluded is None or candidate.entry is not excluded
            for features in [self._pronouns.describe(mention, candidate)]
            if features is not None
        ]
        nobody: Described = (None, self._pronouns.describe_nobody(mention))
        chosen = self.choose(Anaphor.PRONOUN, found, [*compare_candidates(rows), nobody])
        return self._resolve_choice(chosen, mention.source, f"pronoun: {self.document.lowers[head]}")

    def _resolve_description(
        self, found: Finding, source: Range, head: int, kind: SourceKind | None
    ) -> Resolution | None:
        """Return the entry of whoever a description such as “the mayor” stands for; None for somebody new."""
        mention = Mention(source, head, kind)
        rows = self._describe_candidates(mention)
        nobody: Described = (None, self._descriptions.describe_nobody(mention, rows))
        chosen = self.choose(Anaphor.DESCRIPTION, found, [*compare_candidates(rows), nobody])
        rule = f"description: {self.document.lowers[head]}"
        return self._resolve_choice(chosen, source, rule) or self._resolve_body(source, head, kind)

    def _describe_candidates(self, mention: Mention) -> list[DescribedCandidate]:
        """Return whom a description may stand for; only those whom the text calls so, where there are any."""
        source, head = mention.source, mention.head
        story = self.document.stems[head] in self.lexicon.words.stories | self.lexicon.words.outlet_stories
        known = (
            *self._discourse.find_holders(self.document.stems[head]),
            *self._discourse.find_candidates(source[0]),
            *(self._discourse.find_next_outlets(head) if story else ()),
        )
        described = (
            (one, self._descriptions.describe(mention, one))
            for one in {one.key: one for one in known}.values()
        )
        rows = [(one, features) for one, features in described if features is not None]
        if self.document.tags[source[0]].is_possessive_pronoun:  # "his lawyer" is not the nearest person
            places = [self._discourse.find_last_mention(one, source[0]) or 0 for one, _ in rows]
            nearest = max(places, default=0)
            rows = [row for row, place in zip(rows, places, strict=True) if place < nearest]
        introduced = [row for row in rows if self._descriptions.is_introduced(mention, row[0])]
        return introduced or rows

    def _resolve_body(self, source: Range, head: int, kind: SourceKind | None) -> Resolution | None:
        """Return the entry of the last body that spoke for “the group”, “the company”, “the paper”."""
        noun, words = self.document.stems[head], self.lexicon.words
        if self.document.lowers[source[0]] not in words.the | words.demonstratives:
            return None
        found = None
        if noun in words.group_nouns:
            found = self._antecedents.find_of_kind(head, frozenset({SourceKind.ORGANISATION}))
        elif noun in words.firm_nouns:
            found = self._antecedents.find_firm(head)
        elif kind is SourceKind.OUTLET:
            found = self._antecedents.find_outlet(head)
        return self._resolve_antecedent(found, head, f"description: {noun}")

    def choose(self, anaphor: Anaphor, found: Finding, rows: Sequence[Described]) -> ChosenAntecedent | None:
        """Return the candidate that an anaphor stands for; None where nobody is likely enough."""
        del found
        return choose_antecedent(anaphor, rows)

    def _resolve_choice(self, chosen: ChosenAntecedent | None, source: Range, rule: str) -> Resolution | None:
        if chosen is None:
            return None
        entity, entry = chosen.candidate
        if entry is None and entity is not None:
            entry = self._find_or_add(entity, source)
        return None if entry is None else Resolution(entry, f"{rule}, {chosen.why}")

    def _resolve_antecedent(self, found: Antecedent | None, head: int, rule: str) -> Resolution | None:
        """Return the entry of an antecedent, made when nothing was attributed to it before."""
        if found is None:
            return None
        entity = found.referent
        entry = self._find_or_add(entity, (head, head + 1)) if isinstance(entity, Entity) else entity
        return None if entry is None else Resolution(entry, f"{rule}, {found.why}")

    def _resolve_relative(self, found: Finding, head: int) -> Resolution | None:
        """“…, who said”: the name or noun phrase right before."""
        at = head - 1
        while at >= 0 and self.document.words[at] in {",", ")"}:
            at -= 1
        who = self.document.lowers[head] in self.lexicon.words.person_relatives
        people = self._find_people_before(at) if who else None
        entity = None if people is not None else self.names.of(at)
        if entity is not None:
            while at >= 0 and self.names.at.get(at) == entity.id:
                at -= 1
            if at > 0 and self.document.lowers[at] in self.lexicon.words.genitive:
                entity = self.names.of(at - 1) or entity
            personal = entity.kind is SourceKind.PERSON or not who
            spoke = entity.id in self._by_entity or self._is_speech(found)
            entry = self._find_or_add(entity, (head, head + 1)) if personal and spoke else None
            return None if entry is None else Resolution(entry, f"relative: {self.document.lowers[head]}")
        known = self._resolve_relative_head(found, at if people is None else people)
        return known or self._resolve_relative_phrase(found, head)

    def _resolve_relative_phrase(self, found: Finding, head: int) -> Resolution | None:
        """Return the entry of the unnamed that a relative clause lets speak."""
        phrase = find_relative_head(self.document, self.names, head) if self._is_speech(found) else None
        if phrase is None or phrase.head in self.names.at:
            return None
        first, last = phrase.words[0], min(found.cue[1] + WITHHELD, len(self.document.words))
        if next(iter(self.lexicon.anonymous.patterns.find(self.document, first, last)), None) is not None:
            return None  # "an engineer who asked not to be named" speaks in the clause around
        return self._resolve_unnamed(found, phrase.words, phrase.head)

    def _resolve_relative_head(self, found: Finding, at: int) -> Resolution | None:
        """Return the unnamed people, the person, or the body or document, that a relative clause tells of."""
        kind = self.lexicon.find_noun_kind(self.document.lowers[at])
        speaks = (kind in BODIES or kind is SourceKind.PERSON) and self._is_speech(found)
        if at < 0 or not (
            self.document.tags[at].is_plural or (speaks and self.document.tags[at].is_singular_noun)
        ):
            return None
        first = at
        while first > 0 and at - first < LONGEST and is_within_phrase(self.document.tags[first - 1]):
            first -= 1
        apposed = self.names.of(first - 2) if first > 1 and self.document.words[first - 1] == "," else None
        if apposed is not None:  # "the Dale PAC, a local group which said"
            entry = self._find_or_add(apposed, (first, at + 1))
            return None if entry is None else Resolution(entry, "relative in apposition")
        resolution = self._resolve_unnamed(found, (first, at + 1), at)
        if resolution is not None:
            self._described_at[at] = resolution.entry
        return resolution

    def _find_people_before(self, at: int) -> int | None:
        """Return the noun for people that "who" means, when a phrase that places them stands between: “voters
        in Dale who”."""
        placed = False
        for here in range(at, max(-1, at - LONGEST), -1):
            tag = self.document.tags[here]
            if tag.is_preposition:
                placed = True
            elif placed and tag.is_plural:
                people = self.lexicon.find_noun_kind(self.document.lowers[here], PEOPLE) is not None
                return here if people else None
            elif placed or not is_within_phrase(tag):
                return None
        return None

    def _is_speech(self, found: Finding) -> bool:
        """Return whether the cue is a verb of saying, not of praise or blame: "Pike, who slams the ferry," is
        about him."""
        _, frames = self.lexicon.find_cue(self.document.lowers[found.cue[1] - 1])
        return bool(frames & {Frame.CLAUSE, Frame.PERSON, Frame.BELIEF})

    def _resolve_unnamed(self, found: Finding, source: Range, head: int) -> Resolution | None:
        """Return an entry with the same head when the mention says "the …"; else an entry of its own."""
        words = self.document.lowers
        noun = self.document.stems[head]
        other = any(words[i] in self.lexicon.words.other_determiners for i in range(source[0], head))
        numbered = source[1] > source[0] + 1 and self.document.tags[source[0] + 1].is_numeral  # "No 10"
        if words[source[0]] in self.lexicon.words.nobody and not numbered:
            return None
        judged = judge_description(self.document, source, head)
        kind = judged.kind
        same = self._resolve_same_noun(noun, source)
        if same is None and not other:
            same = self._resolve_description(
                found, source, head, self.lexicon.guess_noun_kind(words[head], BY_HEAD)
            )
        if same is not None:
            return same
        determiners = self.lexicon.words.indefinite_determiners | self.lexicon.words.definite_determiners
        key = " ".join(words[i] for i in range(*source) if words[i] not in determiners)
        entry = None if other else self._by_words.get(key)
        rule = "same words" if entry is not None else "new"
        if entry is None:
            entry = self._add(judged, None, trim_description(self.document, source, head), key)
            entry.head, entry.standing = head, judge_standing(self.document, head, judged)
            self._by_words[key] = entry
            if kind is not SourceKind.ANONYMOUS or noun not in self._by_key:
                self._by_key[noun] = entry
        if found.outer is not None:
            self._owed.append((entry, found.outer))
        return Resolution(entry, f"{rule}: {words[head]}")

    def link_relays(self) -> None:
        """Note who relays whom, once everybody is known: “the Courier, citing sources, wrote”."""
        for entry, token in self._owed:
            named = self._mentions.find_entity((max(0, token - 6), token + 1), token)
            entity = self.names.at.get(token, -1 if named is None else named[0].id)
            relay = self._by_entity.get(entity)
            relay_id = self._token_to_entry.get(token, None if relay is None else relay.id)
            if entry.relayed_by is None and relay_id != entry.id:
                entry.relayed_by = relay_id
        relays: dict[int, set[int | None]] = {}  # in whose words each speaks; None is the page
        for spoke in self._spoke.values():
            nested = spoke[:NESTED]
            for found, entry in nested:
                closes = bool(found.content) and found.content[0][0] < found.begin  # "…, officials said"
                around = (  # "Venn said engineers believe that …"
                    other.id
                    for f, other in nested
                    if other is not entry and f.says(found.begin) and not (closes and found.says(f.begin))
                )
                relays.setdefault(entry.id, set()).add(next(around, None))
        for entry in self.entries:
            only = relays.get(entry.id, set())
            if entry.entity is None and entry.relayed_by is None and len(only) == 1:
                entry.relayed_by = next(iter(only))

    def _resolve_same_noun(self, noun: str, source: Range) -> Resolution | None:
        """Return the entry of the unnamed source that “the sources” repeats, or of which “one of its sources”
        and “both” are a part; “one relative” is nobody known."""
        words, first = self.document.lowers, source[0]
        alone = source[1] - first == 1 or words[first + 1] in self.lexicon.words.genitive
        part = alone and words[first] in self.lexicon.words.one_of
        plain = source[1] - first == PLAIN and words[first] in self.lexicon.words.definite_determiners
        plain = plain and not self.document.tags[first].is_possessive_pronoun
        known = self._by_key.get(noun) if part or plain else None
        if known is None or (plain and known.entity is None and self._differ_in_number(known, source[1] - 1)):
            return None
        return Resolution(known, f"same noun: {noun}")

    def _differ_in_number(self, known: SourceEntry, head: int) -> bool:
        """Return whether one is a plural and the other is none: “the source” is none of “the sources”."""
        first, tags = self._discourse.find_first_head(known), self.document.tags
        return first is not None and tags[first].is_plural is not tags[head].is_plural

    def _add(self, judged: KindJudgement, entity: Entity | None, name: Range, key: str) -> SourceEntry:
        entry = SourceEntry(len(self.entries), judged, entity, name, key)
        self.entries.append(entry)
        return entry
