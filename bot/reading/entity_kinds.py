"""The kind of thing that a proper name names: a person, an organisation, an outlet, a document, an
account."""

from __future__ import annotations

import re

from bot.model import SourceKind
from bot.reading.document import Document
from bot.reading.entities import Entity, KindJudgement, Name
from bot.reading.languages.lexicon import Lexicon
from bot.reading.tags import Upos

STATION = re.compile(r"[kw][a-z]{3}(?:-?(?:tv|fm|am|\d{1,2}))?")  # call signs of American broadcasters
DOMAIN = re.compile(
    r"(?:[a-z0-9][a-z0-9-]*\.)+(?:com|org|net|info|news|tv|co|uk|eu|us|ca|au|nz|ie|in|cn|de|fr|br|ba|rs)"
)
CAMEL = re.compile(r"[A-Z][a-z]{3,}[A-Z]\w*")  # not "McVenn", "MacPike", "DeOrt"
BODIES = (SourceKind.OUTLET, SourceKind.ORGANISATION, SourceKind.DOCUMENT)
UNKNOWN = "no word of another kind"
DESCRIPTION = 8  # tokens after the comma: "a libertarian policy group"


def judge_kind(key: tuple[str, ...], lexicon: Lexicon, *, titled: bool = False) -> SourceKind:
    """Return the kind that a proper name says by its own words; a person where they say none."""
    return judge_name(key, lexicon, titled=titled)[0]


def judge_name(  # noqa: PLR0911  # one a rule, the surest first
    key: tuple[str, ...], lexicon: Lexicon, *, titled: bool = False
) -> KindJudgement:
    """Return the kind that a proper name says, and the rule with the word that says so."""
    if titled:
        return KindJudgement(SourceKind.PERSON, "title before the name")
    if key[0].startswith("@"):
        return KindJudgement(SourceKind.SOCIAL_MEDIA, "handle")
    known_whole = judge_whole(key, lexicon) or _judge_shape(key, lexicon)
    if known_whole is not None:
        return known_whole
    if len(key) > 1 and key[-1] in lexicon.words.agency_nouns and key[-2] in lexicon.words.news_nouns:
        return KindJudgement(SourceKind.OUTLET, f"word of the name: {key[-2]}")
    last = key[-1].rpartition("-")[2]  # "Spokesman-Review"
    outlet = last in lexicon.words.outlets or lexicon.find_kind(last, (SourceKind.OUTLET,)) is not None
    if last != key[-1] and outlet:
        return KindJudgement(SourceKind.OUTLET, f"word of the name: {last}")
    if len(key) > 1 and key[-1] in lexicon.words.campaigns and key[-1] in lexicon.kinds[SourceKind.DOCUMENT]:
        return KindJudgement(SourceKind.DOCUMENT, f"word of the name: {key[-1]}")
    known = next((word for word in (key[-1], key[0]) if word in lexicon.words.outlets), None)
    if known is not None:
        return KindJudgement(SourceKind.OUTLET, f"known outlet: {known}")
    for word in (key[-1], *key[:-1]):
        kind = lexicon.find_kind(
            word.rstrip("."), (SourceKind.OUTLET, SourceKind.ORGANISATION, SourceKind.GROUP)
        )
        if kind is not None:
            kind = SourceKind.ORGANISATION if kind is SourceKind.GROUP else kind
            return KindJudgement(kind, f"word of the name: {word}")
    ending = _judge_last_word(key, lexicon)
    if ending is not None:
        return ending
    alone = len(key) == 1 and key[0] in lexicon.words.places
    headed = len(key) > 1 and key[-1] in lexicon.words.place_heads
    if alone or (headed and (key[0] in lexicon.words.place_openers or key[-2] in lexicon.words.places)):
        # a country, a state or a capital; where it speaks, its government does
        return KindJudgement(SourceKind.ORGANISATION, "place", place=True)
    given = key[0] in lexicon.words.women | lexicon.words.men and len(key) > 1
    return KindJudgement(SourceKind.PERSON, f"given name: {key[0]}" if given else UNKNOWN)


def _judge_shape(key: tuple[str, ...], lexicon: Lexicon) -> KindJudgement | None:
    """Return an outlet for a web address, and for a station with its number: “Fox 13”."""
    if len(key) == 1:
        return KindJudgement(SourceKind.OUTLET, "web address") if DOMAIN.fullmatch(key[0]) else None
    numbered = key[0] in lexicon.words.numbered_outlets and key[1][0].isdigit()
    return KindJudgement(SourceKind.OUTLET, f"number after the name: {key[0]}") if numbered else None


def _judge_last_word(key: tuple[str, ...], lexicon: Lexicon) -> KindJudgement | None:
    """Return the kind of a name of several words that its last one says: “Lakedale Holdings”."""
    if len(key) == 1:
        return None
    last = key[-1].rstrip(".")
    why = f"word of the name: {last}"
    if last in lexicon.words.outlet_last_words:
        return KindJudgement(SourceKind.OUTLET, why)
    return KindJudgement(SourceKind.ORGANISATION, why) if last in lexicon.words.body_last_words else None


def judge_whole(key: tuple[str, ...], lexicon: Lexicon) -> KindJudgement | None:
    """Return the kind of a well-known outlet or body that does not say what it is."""
    whole = "_".join(key[1:] if len(key) > 1 and key[0] in lexicon.words.places else key)  # “U.S. Pentagon”
    if whole in lexicon.words.outlet_names:
        return KindJudgement(SourceKind.OUTLET, f"known outlet: {' '.join(key)}")
    if whole in lexicon.words.body_names:
        return KindJudgement(SourceKind.ORGANISATION, f"known body: {' '.join(key)}")
    return None


def is_signed_with_handle(document: Document, name: Name) -> bool:
    """Return whether an account's handle stands in brackets after a name: “Mara Venn (@venn)”."""
    after = document.words[name.last : name.last + 2]
    return len(after) == 2 and after[0] == "(" and after[1].startswith("@")  # noqa: PLR2004


def is_evidently_person(entity: Entity, lexicon: Lexicon) -> bool:
    """A title, a given name, or a surname alone for somebody whose full name stands elsewhere."""
    given = lexicon.words.women | lexicon.words.men
    surnames = {n.key[-1] for n in entity.names if len(n.key) > 1}
    return entity.kind is SourceKind.PERSON and any(
        n.title or (n.key[0] in given if len(n.key) > 1 else n.key[0] in surnames) for n in entity.names
    )


def judge_by_context(document: Document, name: Name) -> KindJudgement | None:
    """Return the kind that the words around a name give it: “the activist group Mosul Eye”, “CrowdTangle, an
    analytics tool,”, “Carrier, which …”, “the Kremlin”."""
    before = name.first - 1
    kind = document.lexicon.find_kind(document.lowers[before], BODIES) if before >= 0 else None
    if kind is not None and document.words[before].islower() and document.tags[before].is_noun:
        return KindJudgement(kind, f"noun before the name: {document.lowers[before]}")
    after = _judge_by_noun_after(document, name) or _judge_by_apposition(document, name)
    if after is not None or before < 0:
        return after
    alone = name.last >= len(document.tags) or not document.tags[name.last].is_noun
    article = (
        document.lowers[before] in document.lexicon.words.the
        and document.tags[name.last - 1].is_singular_name
        and alone
    )
    return (
        KindJudgement(SourceKind.ORGANISATION, "article before the name", by_shape=True) if article else None
    )


def judge_single_word(document: Document, entity: Entity) -> KindJudgement | None:
    """Return an organisation for a name of one word with a capital inside, as brands have it, or for a place
    that somebody or something is in: “SpaceX”, “in Amazonas”; None for “McVenn” and longer names."""
    if any(len(name.key) > 1 for name in entity.names):
        return None
    if CAMEL.fullmatch(document.words[entity.names[0].first]):
        return KindJudgement(SourceKind.ORGANISATION, "capitals inside", by_shape=True)
    words, tags = document.lexicon.words.placing, document.tags
    within = (n for n in entity.names if n.first > 0 and document.lowers[n.first - 1] in words)
    if any(n.last == len(tags) or not tags[n.last].is_possessive_marker for n in within):
        return KindJudgement(SourceKind.ORGANISATION, "somebody is in it")
    return None


def _judge_by_noun_after(document: Document, name: Name) -> KindJudgement | None:
    """Return an outlet for a name right before a noun for outlets: “the Long Way Home podcast”."""
    at, lexicon = name.last, document.lexicon
    if at >= len(document.words) or not document.words[at].islower() or not document.tags[at].is_noun:
        return None
    if document.lowers[at] not in lexicon.kinds[SourceKind.OUTLET]:
        return None
    return KindJudgement(SourceKind.OUTLET, f"noun after the name: {document.lowers[at]}")


def _judge_by_apposition(document: Document, name: Name) -> KindJudgement | None:
    if name.last + 1 >= len(document.words) or document.words[name.last] != ",":
        return None
    after = name.last + 1
    if document.lowers[after] in document.lexicon.words.thing_relatives:
        return KindJudgement(SourceKind.ORGANISATION, f"relative of things: {document.lowers[after]}")
    if not document.tags[after].is_determiner:
        return None
    for at in range(after + 1, min(len(document.tags), after + DESCRIPTION)):
        tag = document.tags[at]
        describes = tag.is_noun or tag.is_adjective or tag.upos is Upos.VERB or tag.is_possessive_marker
        if not describes:
            kind = document.lexicon.find_kind(document.lowers[at - 1], BODIES)
            if kind is None:
                return None
            return KindJudgement(kind, f"noun after the name: {document.lowers[at - 1]}")
    return None
