"""Proper names: where they stand, and which of them name the same thing.

A full name, its surname, its acronym in brackets and its initials are one `Entity`. Headlines are read
last, because in Title Case everything looks like a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.model import BlockRole, SourceKind
from bot.reading.document import Document, Sentence, is_a_time
from bot.reading.entities import Entity, KindJudgement, Name
from bot.reading.entity_kinds import is_evidently_person, judge_by_context, judge_kind, judge_name
from bot.reading.languages.lexicon import Lexicon, Words, remove_prefixes
from bot.reading.tags import Tag

UNTRUSTED = frozenset({BlockRole.TITLE, BlockRole.HEADING})
ACRONYM = range(2, 7)  # letters
FULL = 2  # words of a given name and a surname
BEARERS = 50  # of one surname that are told apart by more than their full names
LONGEST = 12  # tokens; the longest real organisation names hold nine


@dataclass(frozen=True, slots=True)
class Names:
    """All names of an article: the entities, and for each token of a name its entity."""

    entities: tuple[Entity, ...]
    at: dict[int, int]

    def of(self, token: int) -> Entity | None:
        """The entity whose name the token is part of."""
        return self.entities[self.at[token]] if token in self.at else None

    def past(self, token: int, last: int) -> int:
        """The first token after the name at `token`, at most `last`."""
        entity = self.at.get(token)
        while token < last and self.at.get(token) == entity:
            token += 1
        return token

    def entity(self, first: int, last: int) -> Entity | None:
        """The entity that is named by the last name in the token range."""
        return next(filter(None, map(self.of, range(last - 1, first - 1, -1))), None)


def find_names(document: Document) -> Names:
    """Every name and what it names, body first."""
    joined = _EntityIndex(document.lexicon)
    late: list[Name] = []
    for sentence in document.sentences:
        found = _find_in_range(document, sentence.first, sentence.last)
        if sentence.role in UNTRUSTED or _is_in_title_case(document, sentence):
            late += found
        else:
            for name in found:
                joined.add(name)
    for name in late:
        joined.add(name, only_known=True)
    for entity in joined.entities:
        if entity.kind is SourceKind.PERSON and not is_evidently_person(entity, document.lexicon):
            said = (judge_by_context(document, n) for n in entity.names)
            located = (
                KindJudgement(SourceKind.ORGANISATION, "somebody is in it")
                if _is_located(document, entity)
                else None
            )
            placed = (
                KindJudgement(SourceKind.ORGANISATION, "capitals inside")
                if _is_camel_case(document, entity)
                else located
            )
            entity.judged = next(filter(None, said), placed) or entity.judged
    return Names(tuple(joined.entities), joined.at)


def _is_camel_case(document: Document, entity: Entity) -> bool:
    """“SpaceX”, “OrbitBeyond”: a capital inside a word, as brands have it; “McVenn” is a person."""
    word = document.words[entity.names[0].first]
    alone = all(len(n.key) == 1 for n in entity.names)
    return alone and bool(CAMEL.fullmatch(word))


def _is_located(document: Document, entity: Entity) -> bool:
    """“in Amazonas”, “at Cambridge”: one word that somebody or something is in names a place."""
    words = document.lexicon.words.placing
    within = (n for n in entity.names if n.first > 0 and document.lowers[n.first - 1] in words)
    owner = len(document.tags)
    placed = any(n.last == owner or not document.tags[n.last].is_possessive_marker for n in within)
    return placed and all(len(n.key) == 1 for n in entity.names)


def _is_in_title_case(document: Document, sentence: Sentence) -> bool:
    """A sentence in Title Case or capitals, where everything looks like a name."""
    if any(document.words[i].startswith("@") for i in range(sentence.first, sentence.last)):
        return False  # "— Mara Venn (@venn) January 6, 2020"
    words = [w for w in document.words[sentence.first : sentence.last] if len(w) > LONG and w[0].isalpha()]
    return len(words) > 2 and all(w[0].isupper() for w in words)  # noqa: PLR2004  # a name alone has two


LONG = 3  # letters; shorter words keep small letters in Title Case


def _find_in_range(document: Document, first: int, last: int) -> Iterator[Name]:
    at = first
    while at < last:
        if not _is_proper(document, at) or (
            at == first and _is_common(document.lowers[at], document.lexicon)
        ):
            at += 1
            continue
        end = _find_end_of_name(document, at, last)
        yield from _build_names(document, at, end, last)
        at = end


def _is_proper(document: Document, at: int) -> bool:
    """A proper noun, a word of digits and capitals ("21WIRE"), or a capitalised adjective before one."""
    word, tag = document.words[at], document.tags[at]
    if not word[0].isalnum() or is_a_time(document, at) or _is_description(word):
        return False
    if tag.is_name or (word[0].isdigit() and any(c.isupper() for c in word[1:])):
        return True
    if tag.is_singular_noun and word.isupper() and len(word) in ACRONYM:
        return True
    if not document.language.capitals_name:
        return False
    if tag.is_common_noun and word[0].isupper() and at > 0 and _leads_to_name(document.tags[at - 1]):
        return True
    return (
        tag.is_plain_adjective
        and word[0].isupper()
        and at + 1 < len(document.tags)
        and document.tags[at + 1].is_name
    )


def _leads_to_name(tag: Tag) -> bool:
    """A word after which a capitalised noun is a name: “the Council”, “Dale Council”, “of Council”."""
    return tag.is_determiner or tag.is_singular_name or tag.is_preposition


def _is_common(word: str, lexicon: Lexicon) -> bool:
    """A common noun that is capitalised only because it opens the sentence: “Engineers said”."""
    common = lexicon.find_kind(word, (SourceKind.GROUP, SourceKind.PERSON, SourceKind.DOCUMENT))
    return (
        common is not None
        or word in lexicon.words.anonymous_heads
        or word in lexicon.words.openers
        or word in lexicon.cues
    )


def _is_description(word: str) -> bool:
    """“US-backed” describes a name and is no part of it."""
    return word.rpartition("-")[2][:1].islower() and "-" in word


def _find_end_of_name(document: Document, at: int, last: int) -> int:
    """Capitalised words, joined by particles, and by "of", "for", "and" inside organisations' names."""
    end = at + 1
    while end < last and end - at < LONGEST:
        if _is_proper(document, end) or (document.tags[end].is_numeral and document.words[end].isdigit()):
            end += 1
        elif _joins_name(document, at, end, last):
            end += 2
        elif _is_apostrophe_of_owners(document, end, last):
            end += 1
        elif _is_campaign(document, end, last):
            return end + 1 + (document.tags[end].is_possessive_marker)
        else:
            break
    return end


def _is_apostrophe_of_owners(document: Document, at: int, last: int) -> bool:
    """The apostrophe of "the Harbour Workers' Union": many own a body that is named after them."""
    if not document.tags[at].is_possessive_marker or at + 1 >= last or not _is_proper(document, at + 1):
        return False
    many = (
        document.lowers[at] in document.lexicon.words.possessive_of_plurals
        or document.lowers[at - 1] in document.lexicon.words.plural_owners
    )
    bodies = document.lexicon.kinds[SourceKind.ORGANISATION]
    return many and any(document.lowers[i] in bodies for i in range(at + 1, min(last, at + 4)))


def _is_campaign(document: Document, at: int, last: int) -> bool:
    """“the Venn campaign”, “Venn's team”: a body that bears a name is named by it."""
    if document.tags[at].is_possessive_marker:
        at += 1
    further = at + 1 < last and document.tags[at + 1].is_noun  # "a Venn campaign official"
    return at < last and document.lowers[at] in document.lexicon.words.campaigns and not further


def _joins_name(document: Document, at: int, end: int, last: int) -> bool:
    word = document.lowers[end]
    if end + 1 >= last or word not in document.lexicon.words.connectors or not _is_proper(document, end + 1):
        return False
    if word in document.lexicon.words.particles:
        return True
    return word not in document.lexicon.words.joining and any(
        document.lowers[i] in document.lexicon.kinds[SourceKind.ORGANISATION] for i in range(at, end)
    )


def _build_names(document: Document, at: int, end: int, last: int) -> Iterator[Name]:
    first = max(
        _skip_titles(document, at, end), _skip_office(document, at, end), _skip_place(document, at, end)
    )
    if document.words[end - 1].isdigit() and end - first == 1:
        return
    if (
        end - first == 1
        and document.words[first][-1] == "."
        and document.lowers[first][:-1] in document.lexicon.words.abbreviations
    ):
        return  # "Jackson, Miss., …"
    acronym, acronym_last = _find_acronym(document, end, last)
    key = tuple(document.lowers[first:end])
    if key[-1] in document.lexicon.words.partisans or _is_people(document, first, end):
        return  # "the Arizona Republican", "Democrats": a description and a group
    capitals = end - first == 1 and document.words[first].isupper() and len(document.words[first]) in ACRONYM
    if capitals and key[0] in document.lexicon.kinds[SourceKind.PERSON]:
        return  # "CEO"
    title = document.lowers[first - 1].rstrip(".") if first > at else ""
    owns = not document.lexicon.words.possessive.isdisjoint(key)
    yield Name(first, end, key, title, capitals, owns, acronym, acronym_last)


def _is_people(document: Document, first: int, end: int) -> bool:
    """“Democrats”, “the Russians”, “Asian Americans”."""
    last, lexicon = document.lowers[end - 1], document.lexicon
    if end - first == 1 and last in lexicon.kinds[SourceKind.GROUP]:
        return True
    people = last.endswith(lexicon.words.peoples_endings)
    return people and judge_kind(tuple(document.lowers[first:end]), lexicon) is SourceKind.PERSON


def _skip_place(document: Document, at: int, end: int) -> int:
    """Past the "Ukraine" of "envoy to Ukraine Owen Pike"."""
    placed = (
        at > 1
        and (document.tags[at - 1].is_preposition or document.tags[at - 1].is_infinitive_marker)
        and document.lowers[at] in document.lexicon.words.places
    )
    office = placed and document.lowers[at - 2] in document.lexicon.kinds[SourceKind.PERSON]
    return at + 1 if office and _is_full_name(document, at + 1, end) else at


def _skip_titles(document: Document, at: int, end: int) -> int:
    """Past "New York City Mayor" or "Gen."; a name that ends as an organisation's does keeps its words."""
    titles = [i + 1 for i in range(at, end - 1) if _is_honorific(document.lowers[i], document.lexicon)]
    if not titles or document.lowers[titles[-1]] in document.lexicon.words.connectors:
        return at
    rest = tuple(document.lowers[titles[-1] : end])
    person = judge_kind(rest, document.lexicon) is SourceKind.PERSON
    only_titles = all(_is_honorific(document.lowers[i], document.lexicon) for i in range(at, titles[-1]))
    return titles[-1] if person and (len(rest) > 1 or only_titles) else at


def _skip_office(document: Document, at: int, end: int) -> int:
    """Past the "State" of "Secretary of State Mara Venn"."""
    office = (
        at > 1
        and document.lowers[at - 1] in document.lexicon.words.genitive
        and _is_honorific(document.lowers[at - 2], document.lexicon)
    )
    return at + 1 if office and _is_full_name(document, at + 1, end) else at


def _is_full_name(document: Document, first: int, end: int) -> bool:
    """A forename and a surname, or more."""
    key = tuple(document.lowers[first:end])
    return len(key) >= FULL and judge_kind(key, document.lexicon) is SourceKind.PERSON


def _is_honorific(word: str, lexicon: Lexicon) -> bool:
    bare = remove_prefixes(word.rstrip("."), lexicon.words.office_prefixes)
    return any(
        bare in words
        for words in (
            lexicon.words.honorifics,
            lexicon.words.titles,
            lexicon.kinds[SourceKind.PERSON],
            lexicon.words.partisans,
        )
    )


def _find_acronym(document: Document, at: int, last: int) -> tuple[str | None, int]:
    """“(SOHR)” after a name."""
    if at + 2 < last and document.words[at] == "(" and document.words[at + 2] == ")":
        word = document.words[at + 1]
        party = "-" in word[:2] or "." in word[:2]  # "(R-TX)"
        if word.isupper() and 2 <= len(word) <= 8 and not party:  # noqa: PLR2004  # acronyms
            return word.lower(), at + 3
    return None, 0


class _EntityIndex:
    """Entities as they grow, with the look-ups that keep joining linear."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.entities: list[Entity] = []
        self.at: dict[int, int] = {}
        self._lexicon = lexicon
        self._by_suffix: dict[tuple[str, ...], int] = {}  # "Wasserman Schultz" of Debbie Wasserman Schultz
        self._by_key: dict[tuple[str, ...], int] = {}
        self._by_word: dict[str, int] = {}
        self._surnames: dict[str, dict[int, None]] = {}  # those who bear each, in order
        self._given: dict[int, set[str]] = {}  # the first words of each entity's longer names

    def add(self, name: Name, *, only_known: bool = False) -> None:
        known = self._find_known(name)
        if known is None:
            if only_known:
                return
            known = len(self.entities)
            self.entities.append(Entity(known, self._judge_kind(name)))
        entity = self.entities[known]
        entity.names.append(name)
        entity.acronym = entity.acronym or name.acronym
        if entity.kind is SourceKind.PERSON:
            entity.judged = self._judge_kind(name)
        self._remember(name, known)

    def _judge_kind(self, name: Name) -> KindJudgement:
        """Capitals alone ("NASA") name an organisation, unless a title says that it is a person."""
        judged = judge_name(name.key, self._lexicon, titled=bool(name.title))
        letters = judged.kind is SourceKind.PERSON and name.capitals and not name.title
        return KindJudgement(SourceKind.ORGANISATION, "capitals alone") if letters else judged

    def _find_known(self, name: Name) -> int | None:
        exact = self._by_key.get(name.key)
        if exact is not None and (len(name.key) > 1 or name.key[0] not in self._surnames):
            return exact
        if len(name.key) == 1:
            return self._find_bearer(name)
        suffix = self._by_suffix.get(name.key)
        if suffix is not None:
            return suffix
        if self._judge_kind(name)[0] is SourceKind.OUTLET:  # "Daily News", then "New York Daily News"
            shorter = (self._by_key.get(name.key[i:]) for i in range(1, len(name.key) - 1))
            known = next(
                (e for e in shorter if e is not None and self.entities[e].kind is SourceKind.OUTLET), None
            )
            if known is not None:
                return known
        short = self._find_by_nickname(name)
        if short is not None:
            return short
        found = self._by_key.get((name.key[0], name.key[-1]))
        if found is not None:
            return found
        found = self._by_key.get((name.key[-1],))  # a surname joins the first full name that ends in it
        if found is not None and found not in self._given and self.entities[found].kind is SourceKind.PERSON:
            return found
        if name.acronym is None:
            return None
        return self._by_word.get(name.acronym, self._by_key.get((name.acronym,)))

    def _find_by_nickname(self, name: Name) -> int | None:
        """“Josh Apte” is Joshua Apte."""
        for entity in self._find_bearers(name.key[-1]) if len(name.key) == FULL else ():
            pairs = (sorted((name.key[0], other), key=len) for other in self._given[entity])
            if any(len(short) >= FULL + 1 and long.startswith(short) for short, long in pairs):
                return entity
        return None

    def _find_bearer(self, name: Name) -> int | None:
        """Return the bearer of a surname alone: of those who bear it and fit its title, the one named most
        often."""
        word = name.key[0]
        known = self._by_word.get(word, self._by_key.get(name.key))
        other = (
            self._lexicon.words.men if name.title in self._lexicon.words.women else self._lexicon.words.women
        )
        told = name.title in self._lexicon.words.gendered_titles
        fitting = [e for e in self._find_bearers(word) if not (told and not self._given[e].isdisjoint(other))]
        return max(fitting, key=lambda e: len(self.entities[e].names), default=known)

    def _find_bearers(self, surname: str) -> Iterator[int]:
        return islice(self._surnames.get(surname, ()), BEARERS)

    def _remember(self, name: Name, entity: int) -> None:
        self._by_key.setdefault(name.key, entity)
        if len(name.key) > 1:
            person = self.entities[entity].kind is SourceKind.PERSON
            self._given.setdefault(entity, set()).add(name.key[0])
            self._by_key.setdefault((name.key[0], name.key[-1]), entity)
            if person or self.entities[entity].kind is SourceKind.OUTLET:
                for at in range(1, len(name.key) - 1):
                    self._by_suffix.setdefault(name.key[at:], entity)
            if person:
                self._surnames.setdefault(name.key[-1], {}).setdefault(entity)
            if self.entities[entity].kind is SourceKind.OUTLET:
                self._by_word[name.key[-1]] = entity
            if person:
                self._by_word.setdefault(name.key[0], entity)
            connectors = self._lexicon.words.connectors
            self._by_word.setdefault("".join(w[0] for w in name.key if w not in connectors), entity)
        if name.acronym:
            self._by_word[name.acronym] = entity
        for at in range(name.first, name.last):
            self.at[at] = entity


def find_page_name(document: Document, entity: Entity) -> Name | None:
    """The first name by which an entity is the page itself; None when a longer name says that it is not."""
    outlet = document.article.outlet
    if outlet is None:
        return None
    own = [
        n
        for n in entity.names
        if is_same_outlet(document.excerpt(n.first, n.last).text, outlet, document.lexicon.words)
    ]
    others = any(len(n.key) > 1 and n not in own for n in entity.names)
    return None if others or not own else own[0]


def is_same_outlet(name: str, outlet: str, lexicon: Words) -> bool:
    """Return whether a name in the text is the page's own: equal, its initials ("WSJ"), or a short form that
    keeps its number and a word ("21WIRE" of the 21st Century Wire)."""
    if _strip_article(name, lexicon) == _strip_article(outlet, lexicon):
        return True
    small = lexicon.small_in_names | DOMAINS
    words = [w.lower() for w in WORD_OF_NAME.findall(outlet) if w.lower() not in small]
    short = name.lower()
    if name.isupper() and len(words) > 1 and short == "".join(w[0] for w in words):
        return True
    pieces = re.findall(r"\d+|[a-z]+", short)
    numbered = len(pieces) > 1 and any(p.isdigit() for p in pieces)
    return numbered and all(any(w.startswith(p) if p.isdigit() else w == p for w in words) for p in pieces)


CAMEL = re.compile(r"[A-Z][a-z]{3,}[A-Z]\w*")  # not "McVenn", "MacPike", "DeOrt"
WORD_OF_NAME = re.compile(r"\d+[a-z]*|[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
DOMAINS = frozenset({"com", "org", "net", "co", "uk"})  # endings of a host that is given as a name


def _strip_article(text: str, lexicon: Words) -> str:
    first, _, rest = text.lower().partition(" ")
    return "".join(c for c in (rest if first in lexicon.the else text.lower()) if c.isalnum())
