"""At most three sentences that stand alone: the claim, what stands against it, one key fact."""

from __future__ import annotations

from bot.model import BlockRole, Chosen, Claim, Excerpt, Stance
from bot.reading.contrasts import find_unnamed_contrast
from bot.reading.document import Document, Sentence, is_a_time
from bot.reading.lead import Lead, find_content_words, has_dangling_pronoun
from bot.reading.sources import ResolvedFindings
from bot.reading.tags import Feature

SHORTEST, LONGEST = 8, 45  # tokens of a key fact
LOOKED_AT = 3  # sentences after the claim in which a key fact is of the same news and no background
TIES = 2  # content words that a key fact shares with the claim
REPEATS = 0.6  # share of content words at which one sentence repeats another
OPENING = 3  # tokens in which a sentence's subject begins
POINTING = 4  # tokens in which "given that report" points back
SPOKEN = 0.5  # share of a sentence in quotation marks that makes it a quotation


def choose_summary(
    document: Document, lead: Lead, resolved: ResolvedFindings, said: Claim
) -> tuple[Chosen, ...]:
    """Return the claim's sentence; the main contrast, else what the article says of its standing; a key
    fact."""
    claim = document.sentences[lead.sentence]
    places = ((one, _find_sentence(document, one.words)) for one in said.against)
    alone = (
        one
        for one, place in places
        if _stands_alone(document, place, turning=True) and _names_only_known(document, place, claim)
    )
    contrast = next(alone, said.against[0] if said.against else None)
    if contrast is None:
        second = _choose_status(document, lead, resolved, said)
    else:
        second = Chosen(contrast.words, f"main {contrast.why}")
    chosen = [Chosen(said.sentence, "claim"), *([] if second is None else [second])]
    fact = _choose_key_fact(document, lead, [one.words for one in chosen])
    return tuple(chosen if fact is None else [*chosen, fact])


def _find_sentence(document: Document, words: Excerpt) -> Sentence:
    return next(s for s in document.sentences if s.start == words.start)


def _choose_status(document: Document, lead: Lead, resolved: ResolvedFindings, said: Claim) -> Chosen | None:
    """Return the sentence of the first caveat on the claim, of somebody unnamed who turns against it, or the
    one that calls a denied story false."""
    if said.caveats:
        caveat = said.caveats[0]
        place = _find_sentence(document, caveat.sentence)
        fits = caveat.sentence != said.sentence and _stands_alone(document, place)
        return Chosen(caveat.sentence, f"status by {caveat.why}") if fits else None
    doubt = find_unnamed_contrast(document, lead, resolved)
    if doubt is not None and _stands_alone(document, _find_sentence(document, doubt.words), turning=True):
        return Chosen(doubt.words, f"status by {doubt.why}")
    debunks, claim = document.lexicon.debunks, document.sentences[lead.sentence]
    if said.stance is not Stance.DENIES or any(debunks.patterns.find(document, claim.first, claim.last)):
        return None  # nothing is denied, or the claim says it already
    known = find_content_words(document, claim.first, claim.last)
    for sentence in document.sentences[lead.sentence + 1 :]:
        match = next(debunks.patterns.find(document, sentence.first, sentence.last), None)
        if match is None or not _stands_alone(document, sentence):
            continue
        shared = known & find_content_words(document, sentence.first, sentence.last)
        if len(shared) >= TIES and _names_only_known(document, sentence, claim):
            words = document.sentence_excerpt(sentence)
            return Chosen(words, f"status by debunk: {debunks.sources[match.entry]}")
    return None


def _choose_key_fact(document: Document, lead: Lead, chosen: list[Excerpt]) -> Chosen | None:
    claim = document.sentences[lead.sentence]
    known = find_content_words(document, claim.first, claim.last)
    for sentence in document.sentences[lead.sentence + 1 : lead.sentence + 1 + LOOKED_AT]:
        words = find_content_words(document, sentence.first, sentence.last)
        excerpt = document.sentence_excerpt(sentence)
        places = range(sentence.first, sentence.last)
        counts = any(document.tags[i].is_numeral or is_a_time(document, i) for i in places)
        if excerpt in chosen or not counts or not _stands_alone(document, sentence):
            continue
        spoken, inside = 0, False
        for at in places:
            inside = document.words[at] == "“" or (inside and document.words[at] != "”")
            spoken += inside
        if spoken > SPOKEN * len(places):  # most of it is somebody's own words
            continue
        shared = len(words & known)
        if TIES <= shared < REPEATS * len(words) and _names_only_known(document, sentence, claim):
            return Chosen(excerpt, f"key fact with words of the claim: {shared} of {len(words)}")
    return None


def _stands_alone(document: Document, sentence: Sentence, *, turning: bool = False) -> bool:
    """Return whether a sentence is a whole statement of the body that leans on nothing before it; one that is
    `turning` may open with "but" or "however", because it stands right under what it turns against."""
    words, written = document.lexicon.words, document.words[sentence.first : sentence.last]
    straight = written.count('"') % 2 == 0 and written.count("''") % 2 == 0
    whole_quotations = straight and written.count("“") == written.count("”")
    first, lowers, tags = sentence.first, document.lowers, document.tags
    if turning and lowers[first] in words.contrasting:
        first += 1 + (document.words[first + 1] == ",")
    length, opening = sentence.last - first, lowers[first]
    if sentence.role is not BlockRole.BODY or not SHORTEST <= length <= LONGEST:
        return False
    if tags[first].is_preposition or tags[first].is_past_participle:
        after = range(first + 1, first + POINTING)  # "Given that report, …", "With these plans, …"
        pointed = any(lowers[i] in words.demonstratives and tags[i + 1].is_noun for i in after)
        # "Since March" counts from what is told elsewhere
        since = lowers[first] in words.since_prepositions and is_a_time(document, first + 1)
        if pointed or since:
            return False
    return (
        opening not in words.leaning_words
        and opening not in words.connectives
        and opening[0].isalnum()
        and written[-1] == "."
        and words.speech_pronouns.isdisjoint(lowers[first : sentence.last])
        and whole_quotations
        and not has_dangling_pronoun(document, sentence)
    )


# ── names and nouns that the claim has told ────────────────────────────────────────────────────────────


def _names_only_known(document: Document, sentence: Sentence, claim: Sentence) -> bool:
    """Return whether the claim has named everybody who stands in a sentence by surname alone or as "the
    boy"."""
    known = frozenset(document.lowers[claim.first : claim.last])
    first = sentence.first
    for at in range(first, sentence.last):
        alone = _is_name(document, at) and not _is_name(document, at - 1) and not _is_name(document, at + 1)
        told = document.surnames.get(document.lowers[at], first)  # "Ort" after "Lena Ort"
        if alone and told < first and document.lowers[at] not in known:
            return False
    opening = range(first + 1, min(first + 1 + OPENING, sentence.last - 1))
    for at in opening if document.lowers[first] in document.lexicon.words.the else ():
        tag, following = document.tags[at], document.tags[at + 1]
        goes_on = following.is_noun or following.is_preposition or following.has(Feature.RELATIVE)
        if tag.is_common_noun and not goes_on:  # "The boy was …", "The two men …"
            return document.lowers[at] in known
        if not (tag.is_common_noun or tag.is_plain_adjective or tag.is_past_participle or tag.is_numeral):
            break
    return True


def _is_name(document: Document, at: int) -> bool:
    return 0 <= at < len(document.tags) and document.tags[at].is_singular_name
