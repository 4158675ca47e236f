"""Proper names: where they stand, and which of them name the same thing.

A full name, its surname, its acronym in brackets and its initials are one `Entity`. Headlines are read
last, because in Title Case everything looks like a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.model import BlockRole, SourceKind
from bot.reading.document import Document, Sentence, is_a_time
from bot.reading.entities import Entity, KindJudgement, Name
from bot.reading.entity_index import FULL, EntityIndex
from bot.reading.entity_kinds import (
    DOMAIN,
    STATION,
    is_evidently_person,
    is_signed_with_handle,
    judge_by_context,
    judge_kind,
    judge_single_word,
    judge_whole,
)
from bot.reading.languages.lexicon import Lexicon, Words, remove_prefixes
from bot.reading.tags import Tag

UNTRUSTED = frozenset({BlockRole.TITLE, BlockRole.HEADING})
ACRONYM = range(2, 7)  # letters
POST = 8  # tokens between an office and the end of its field
KNOWN = 5  # tokens of a well-known name
DASHES = frozenset({"—", "–", "-", "--"})
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
    joined = EntityIndex(document.lexicon)
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
        if all(is_signed_with_handle(document, name) for name in entity.names):
            entity.judged = KindJudgement(SourceKind.SOCIAL_MEDIA, "handle after the name")
        elif entity.kind is SourceKind.PERSON and not is_evidently_person(entity, document.lexicon):
            said = next(filter(None, (judge_by_context(document, name) for name in entity.names)), None)
            entity.judged = said or judge_single_word(document, entity) or entity.judged
    return Names(tuple(joined.entities), joined.at)


def _is_in_title_case(document: Document, sentence: Sentence) -> bool:
    """A sentence in Title Case or capitals, where everything looks like a name."""
    if any(document.words[i].startswith("@") for i in range(sentence.first, sentence.last)):
        return False  # "— Mara Venn (@venn) January 6, 2020"
    words = [w for w in document.words[sentence.first : sentence.last] if len(w) > LONG and w[0].isalpha()]
    return len(words) > 2 and all(w[0].isupper() for w in words)  # noqa: PLR2004  # a name alone has two


LONG = 3  # letters; shorter words keep small letters in Title Case


def _find_in_range(document: Document, first: int, last: int) -> list[Name]:
    at, word, lexicon = first, document.lowers[first], document.lexicon
    if _find_known_whole(document, first, last) is None and (
        word in lexicon.words.anonymous_heads
        or word in lexicon.words.openers
        or word in lexicon.cues
        or lexicon.find_kind(word, (SourceKind.GROUP, SourceKind.PERSON, SourceKind.DOCUMENT)) is not None
    ):
        at += 1  # “Engineers said”: capitalised only because it opens the sentence
    found: list[Name] = []
    while at < last:
        known = _find_known_whole(document, at, last)
        if known is None and not _is_proper(document, at):
            at += 1
            continue
        end = _find_end_of_name(document, at, last) if known is None else known
        name = _build_name(document, at, end, last)
        if name is not None:
            name = _fit_to_acronym(document, name, first)
            while found and found[-1].last > name.first:
                found.pop()
            found.append(name)
        at = end
    return found


def _is_proper(document: Document, at: int) -> bool:
    """A proper noun, a word of digits and capitals ("21WIRE"), or a capitalised adjective before one."""
    word, tag = document.words[at], document.tags[at]
    if not word[0].isalnum() or is_a_time(document, at):
        return False
    if DOMAIN.fullmatch(document.lowers[at]) or _is_labelled(document, at):
        return True
    if _is_description(word) and not _ends_given_name(document, at):
        return False
    if tag.is_name or (word[0].isdigit() and any(c.isupper() for c in word[1:])):
        return True
    if tag.is_singular_noun and word.isupper() and len(word) in ACRONYM:
        return True
    if tag.is_numeral and word.isupper() and STATION.fullmatch(word.lower()):
        return True  # "told WDAL", which a tagger takes for a numeral
    if not document.language.capitals_name:
        return False
    outlet = document.lowers[at] in document.lexicon.kinds[SourceKind.OUTLET]
    broadcaster = outlet and _is_name_at(document, at + 1)  # "Radio Free Asia"
    led = broadcaster or (at > 0 and _leads_to_name(document.tags[at - 1]))
    if tag.is_common_noun and word[0].isupper() and led:
        return True
    return tag.is_plain_adjective and word[0].isupper() and _is_name_at(document, at + 1)


def _is_name_at(document: Document, at: int) -> bool:
    return at < len(document.tags) and document.tags[at].is_name


def _is_labelled(document: Document, at: int) -> bool:
    """Return whether a capitalised word inside a sentence stands right before a noun for outlets: “told
    People magazine”."""
    opens = at == document.sentences[document.sentence_of[at]].first
    after = document.words[at + 1 : at + 2]
    if opens or not after or not document.words[at].istitle() or document.tags[at].is_adjective:
        return False
    return after[0] in document.lexicon.words.titled_outlets


def _find_known_whole(document: Document, at: int, last: int) -> int | None:
    """Return the end of the longest well-known name of several words that begins at a token, however a tagger
    takes its words: “Business Insider predicts”, “News of the World”."""
    if not document.words[at][0].isupper() or document.lowers[at] in document.lexicon.words.the:
        return None
    known = document.lexicon.words.outlet_names | document.lexicon.words.body_names
    for end in range(min(last, at + KNOWN), at + 1, -1):
        if document.words[end - 1][0].isupper() and "_".join(document.lowers[at:end]) in known:
            return end
    return None


def _leads_to_name(tag: Tag) -> bool:
    """A word after which a capitalised noun is a name: “the Council”, “Dale Council”, “of Council”, “to
    People”."""
    return tag.is_determiner or tag.is_singular_name or tag.is_preposition or tag.is_infinitive_marker


def _is_description(word: str) -> bool:
    """“US-backed” describes a name and is no part of it."""
    return word.rpartition("-")[2][:1].islower() and "-" in word


def _ends_given_name(document: Document, at: int) -> bool:
    """Return whether a word with a small part after its hyphen is the second of a name: “Han Dong-ho”."""
    part = document.lowers[at].rpartition("-")[2]
    short = len(part) <= LONG + 1 and not part.endswith(document.lexicon.words.participle_endings)
    follows = at > 0 and document.tags[at - 1].is_name and document.tags[at].is_name
    return short and follows and document.words[at][0].isupper()


def _find_end_of_name(document: Document, at: int, last: int) -> int:
    """Capitalised words, joined by particles, and by "of", "for", "and" inside organisations' names."""
    end, lowers, words = at + 1, document.lowers, document.lexicon.words
    while end < last and end - at < LONGEST:
        if _is_proper(document, end) or (
            document.tags[end].is_numeral and document.words[end].replace(".", "", 1).isdigit()
        ):
            end += 1
            continue
        joined = _skip_joint(document, at, end, last)
        agency = lowers[end : end + FULL]  # "the Mehr news agency"
        if (
            end == at + 1
            and len(agency) == FULL
            and agency[0] in words.news_nouns
            and agency[1] in words.agency_nouns
        ):
            return end + FULL
        if joined == end:  # “the Venn campaign”, “Venn's team”: a body that bears a name is named by it
            body = end + document.tags[end].is_possessive_marker
            further = body + 1 < last and document.tags[body + 1].is_noun  # "a Venn campaign official"
            bears = body < last and lowers[body] in words.campaigns and not further
            return body + 1 if bears else end
        end = joined
    return end


def _skip_joint(document: Document, at: int, end: int, last: int) -> int:
    """Past the "of" of "Port of Dale", or the apostrophe of "the Harbour Workers' Union", after a name that
    started at `at`: many own a body that is named after them."""
    words, lowers = document.lexicon.words, document.lowers
    bodies = document.lexicon.kinds[SourceKind.ORGANISATION]
    outlets = document.lexicon.kinds[SourceKind.OUTLET] | words.outlets
    if end + 1 < last and lowers[end] in words.genitive and lowers[end - 1] in outlets:
        return end + 2 if _is_proper(document, end + 1) else end  # “the Voice of Dale”
    body = any(lowers[i] in bodies for i in range(at, end))
    article = (
        end + 2 < last and lowers[end + 1] in words.the and lowers[end] in words.connectors | words.placing
    )
    if body and article and _is_proper(document, end + 2):
        return end + 3  # “the Office of the Harbour Master”, “the Council for Peace in the Dale”
    if end + 1 >= last or not _is_proper(document, end + 1):
        return end
    word = lowers[end]
    if word in words.joining:
        return end + 2 if _joins_topics(document, at, end, last) else end
    if word in words.connectors:
        return end + 2 if word in words.particles or body else end
    many = word in words.possessive_of_plurals or lowers[end - 1] in words.plural_owners
    owned = document.tags[end].is_possessive_marker and many
    headed = any(lowers[i] in bodies for i in range(end + 1, min(last, end + 4)))
    return end + 1 if owned and headed else end


def _joins_topics(document: Document, at: int, end: int, last: int) -> bool:
    """Return whether the "and" at `end` stands inside the name that started at `at`: “the Bureau of Ports and
    Inland Waterways”, “the Competition and Markets Authority”; not “the Bank of Dale and Mara Venn”."""
    lowers, lexicon, words = document.lowers, document.lexicon, document.lexicon.words
    stop = end + 1
    while stop < last and stop - end < LONGEST and _is_proper(document, stop):
        stop += 1
    bodies = lexicon.kinds[SourceKind.ORGANISATION]
    headed = lowers[stop - 1] in bodies
    topic = headed or _is_topic(document, stop - 1)
    governed = any(lowers[i] in bodies and lowers[i + 1] in words.connectors for i in range(at, end - 1))
    given = lowers[end + 1] in words.women | words.men or lowers[end + 1] in words.places
    if governed:
        return topic and not given and not (headed and stop - end > 1 + FULL)
    return topic and stop - end > FULL and end == at + 1 and _is_topic(document, at)


def _is_topic(document: Document, token: int) -> bool:
    """Return whether a word of a name is one of what a body deals with: “Waterways”, “Prevention”."""
    word, lexicon = document.lowers[token], document.lexicon
    many = lexicon.stem(word) != word and lexicon.singularise(word) != word
    return many or word.endswith(lexicon.words.abstract_endings)


def _build_name(document: Document, at: int, end: int, last: int) -> Name | None:
    """The name in tokens `at` to `end`, without the titles before it; None for what is no name."""
    first, lexicon = _skip_titles(document, at, end), document.lexicon
    key, word = tuple(document.lowers[first:end]), document.words[first]
    alone = len(key) == 1
    if alone and (word.isdigit() or (word[-1] == "." and key[0][:-1] in lexicon.words.abbreviations)):
        return None  # "Jackson, Miss., …"
    group = alone and key[0] in lexicon.kinds[SourceKind.GROUP] and judge_whole(key, lexicon) is None
    if key[-1] in lexicon.words.partisans or group:
        return None  # "the Arizona Republican", "Democrats": a description and a group
    if key[-1].endswith(lexicon.words.peoples_endings) and judge_kind(key, lexicon) is SourceKind.PERSON:
        return None  # “the Russians”, “Asian Americans”
    numbered = len(key) == FULL and key[0] in lexicon.words.numbered_parts and key[1].isdigit()
    if numbered or _is_office(document, first, end):
        return None
    capitals = alone and word.isupper() and len(word) in ACRONYM
    if capitals and key[0] in lexicon.kinds[SourceKind.PERSON]:
        return None  # "CEO"
    bracket = end + 2 < last and document.words[end] == "(" and document.words[end + 2] == ")"
    letters = document.words[end + 1] if bracket else ""  # the "SOHR" of “(SOHR)”
    party = "-" in letters[:2] or "." in letters[:2]  # "(R-TX)"
    behind = document.words[end + 3] if end + 3 < last else ""
    dateline = behind in DASHES and at == document.sentences[document.sentence_of[at]].first  # "DALE (AP) —"
    known = letters.isupper() and 2 <= len(letters) <= 8  # noqa: PLR2004  # acronyms
    is_acronym = known and not party and not dateline
    acronym, acronym_last = (letters.lower(), end + 3) if is_acronym else (None, 0)
    title = document.lowers[first - 1].rstrip(".") if first > at else ""
    owns = not lexicon.words.possessive.isdisjoint(key)
    return Name(first, end, key, title, capitals, owns, acronym, acronym_last)


def _is_office(document: Document, first: int, end: int) -> bool:
    """Return whether capitalised words are an office and no name: “its Deputy News Director”, “the Member
    has”, “National Coordinator of the club”."""
    lexicon, lowers, tags = document.lexicon, document.lowers, document.tags
    offices, outlets = lexicon.kinds[SourceKind.PERSON], lexicon.kinds[SourceKind.OUTLET]
    key, given = tuple(lowers[first:end]), lexicon.words.women | lexicon.words.men
    if key[-1] not in offices - outlets or key[0] in given or judge_whole(key, lexicon) is not None:
        return False
    if first > 0 and tags[first - 1].is_specifier:
        return True
    belongs = lexicon.words.genitive | lexicon.words.employing
    return len(key) > 1 and end < len(lowers) and tags[end].is_preposition and lowers[end] in belongs


def _fit_to_acronym(document: Document, name: Name, first: int) -> Name:
    """Return the name from the word on whose initials make the acronym after it: “Coordinator of Ports in the
    Dale (COPID)”; the name itself where it makes them, or none does."""
    if name.acronym is None or _spells(document, name.first, name.last, name.acronym):
        return name
    for at in range(name.first - 1, max(first, name.last - LONGEST) - 1, -1):
        if document.words[at][0].isupper() and _spells(document, at, name.last, name.acronym):
            return replace(name, first=at, key=tuple(document.lowers[at : name.last]), title="")
        if not (document.words[at][0].isupper() or document.words[at] == "," or _is_small(document, at)):
            break
    return name


def _is_small(document: Document, token: int) -> bool:
    words = document.lexicon.words
    return document.lowers[token] in words.connectors | words.the


def _spells(document: Document, first: int, last: int, acronym: str) -> bool:
    """Return whether the initials of a name's words, the small ones left out or not, are an acronym."""
    initials = [(document.words[i][0].lower(), _is_small(document, i)) for i in range(first, last)]
    pattern = "".join(c + "?" * small for c, small in initials if c.isalnum())
    return re.fullmatch(pattern, acronym) is not None


def _skip_titles(document: Document, at: int, end: int) -> int:
    """Past "New York City Mayor" or "Gen.", the "State" of "Secretary of State Mara Venn", the "Ukraine" of
    "envoy to Ukraine Owen Pike"; a name that ends as an organisation's does keeps its words."""
    lowers, lexicon = document.lowers, document.lexicon
    titles = [i + 1 for i in range(at, end - 1) if _is_honorific(lowers[i], lexicon)]
    joined = (
        titles and document.words[titles[-1]].islower() and lowers[titles[-1]] in lexicon.words.connectors
    )
    if titles and not joined:
        rest = tuple(lowers[titles[-1] : end])
        only_titles = len(titles) == titles[-1] - at
        if judge_kind(rest, lexicon) is SourceKind.PERSON and (len(rest) > 1 or only_titles):
            return titles[-1]
    posted_at = _find_after_post(document, at, end)
    if posted_at is not None:
        return posted_at
    full = tuple(lowers[at + 1 : end])
    given = lexicon.words.women | lexicon.words.men
    opens = at == document.sentences[document.sentence_of[at]].first
    described = full[:1] and full[0] in given and lowers[at] not in given
    if opens and len(full) >= FULL and (described or lowers[at] in lexicon.words.fame_adjectives):
        return at + 1  # "Longtime Mara Venn supporter Owen Pike left"
    if at <= 1 or len(full) < FULL:
        return at
    before = document.tags[at - 1]
    office = lowers[at - 1] in lexicon.words.genitive and _is_honorific(lowers[at - 2], lexicon)
    placed = (before.is_preposition or before.is_infinitive_marker) and lowers[at] in lexicon.words.places
    posted = office or (placed and lowers[at - 2] in lexicon.kinds[SourceKind.PERSON])
    return at + 1 if posted and judge_kind(full, lexicon) is SourceKind.PERSON else at


def _find_after_post(document: Document, at: int, end: int) -> int | None:
    """Return where a person's name begins behind the place or the field of an office: “Attorney for the
    District of Maryland Owen Pike”, “Secretary for Inland Waterways Mara Venn”."""
    lexicon, lowers = document.lexicon, document.lowers
    if at <= 1 or not document.tags[at - 1].is_preposition:
        return None
    first = max(document.sentences[document.sentence_of[at]].first, at - POST)
    if not any(
        _is_honorific(lowers[i], lexicon) and document.words[i][0].isupper() for i in range(first, at)
    ):
        return None
    given = lexicon.words.women | lexicon.words.men
    person = next((i for i in range(at + 1, end - 1) if lowers[i] in given), None)
    alone = person is not None and judge_kind(tuple(lowers[person:end]), lexicon) is SourceKind.PERSON
    return person if alone else None


def _is_honorific(word: str, lexicon: Lexicon) -> bool:
    bare = remove_prefixes(word.rstrip("."), lexicon.words.office_prefixes)
    bare = bare.partition("-")[0] if bare.count("-") > 1 else bare  # "editor-in-chief"
    return any(
        bare in words
        for words in (
            lexicon.words.honorifics,
            lexicon.words.titles,
            lexicon.kinds[SourceKind.PERSON],
            lexicon.words.partisans,
        )
    )


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


WORD_OF_NAME = re.compile(r"\d+[a-z]*|[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
DOMAINS = frozenset({"com", "org", "net", "co", "uk"})  # endings of a host that is given as a name


def _strip_article(text: str, lexicon: Words) -> str:
    first, _, rest = text.lower().partition(" ")
    return "".join(c for c in (rest if first in lexicon.the else text.lower()) if c.isalnum())
