"""Attributions whose cue is a verb: active, inverted, passive, citing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.model import SourceKind
from bot.reading.annotators.base import AttributionFrame, Finding, Range
from bot.reading.annotators.clauses import find_main_subject, find_subject
from bot.reading.annotators.content import (
    SPEECH,
    find_content_after,
    find_content_before,
    find_preceding_content,
    find_quotation_above,
    find_remaining_content,
    find_resumed_content,
    has_content_before,
)
from bot.reading.annotators.sentence_views import SentenceView
from bot.reading.chunking import Chunk, Phrase, is_finite, is_negated, is_passive
from bot.reading.languages.lexicon import Frame
from bot.reading.noun_phrases import Span, extend_noun_phrase

INVERTING = frozenset({Frame.CLAUSE, Frame.QUOTATION})
PEOPLE = (SourceKind.PERSON, SourceKind.GROUP, SourceKind.ORGANISATION)
SPEAKERS = frozenset(SourceKind) - {SourceKind.DOCUMENT}  # kinds whose common nouns can follow their verb
MARKED = 4  # words of a source in quotation marks
CLOSING = frozenset(
    {Chunk.RELATIVE, Chunk.COMMA, Chunk.END, Chunk.QUOTE, Chunk.COLON, Chunk.CONJUNCTION, Chunk.SUBORDINATOR}
)


def find_verb_attribution(view: SentenceView, chunk: int) -> Finding | None:
    """Return the attribution by the verb group at `chunk`, if its verb is a cue."""
    group = view.row[chunk]
    phrasal = view.document.lexicon.phrasal.patterns
    for start in dict.fromkeys((group.first, group.head)):
        for entry in phrasal.find_starting(view.document.lowers[start]):
            match = phrasal.match(entry, view.document, start, view.sentence.last)
            if match is None:
                continue
            cue = (group.first, match.last)
            return _find_active(
                view, chunk, cue, view.document.lexicon.phrasal.sources[entry], frozenset({Frame.CLAUSE})
            )
    known = view.document.lexicon.cues.get(view.document.lowers[group.head])
    if known is None:
        return None
    lemma, frames = known
    words, frames = view.document.lexicon.words, _weaken(view, group, frames)
    if says_nothing(view, chunk, lemma):
        return None
    if lemma in words.citing and view.document.tags[group.head].is_present_participle:
        return _find_citing(view, chunk)

    if is_passive(view.document, group) or _is_reduced_passive(view, chunk):
        said = frames & {Frame.CLAUSE, Frame.NOUN, Frame.PERSON} and lemma not in words.deed_cues
        return _find_passive(view, chunk, lemma) if said else None
    return _find_active(view, chunk, (group.first, group.last), lemma, frames)


def says_nothing(view: SentenceView, chunk: int, lemma: str) -> bool:
    """Return whether by a cue nothing is said: it is a noun, an act, or “did not respond”."""
    silent = lemma in view.document.lexicon.words.answering and is_negated(view.document, view.row[chunk])
    return silent or _is_noun(view, chunk) or _is_deed(view, chunk, lemma)


def _is_noun(view: SentenceView, chunk: int) -> bool:
    """“Rust Belt states like Ohio”, “Paris attacks”: a present tense that nothing said follows."""
    group, after = view.row[chunk], chunk + 1
    if (
        view.document.lowers[group.head] not in view.document.lexicon.words.nounlike
        or group.first != group.head
    ):
        return False
    described = [p.kind for p in view.row[after : after + 2]] == [Chunk.RELATIVE, Chunk.VERB]  # "that have"
    said = view.kind(after) in {Chunk.THAT, Chunk.QUOTE, Chunk.COLON, Chunk.RELATIVE} and not described
    clause = view.kind(after) is Chunk.NOUN and view.has_finite_verb(after + 1, after + 7)
    determined = after < len(view.row) and view.document.tags[view.row[after].first].is_specifier
    return not (said or clause or determined)


def _is_deed(view: SentenceView, chunk: int, lemma: str) -> bool:
    """“showed up”, “proved to be late”, “deaths announced on Friday were”, “Pike accused of theft”."""
    words, after, particle = view.document.lexicon.words, chunk + 1, view.row[chunk].head + 1
    turned = particle < view.row[chunk].last and view.document.tags[particle].is_particle
    if turned and view.document.lowers[particle] in words.verb_particles:
        return True
    if lemma in words.showing and view.kind(after) is Chunk.VERB:
        return view.lower(after) in words.infinitive
    if lemma in words.withholding and view.kind(after) is Chunk.NOUN:  # "denied vaccines to immigrants"
        given = view.opens_with(after + 1, Chunk.PREPOSITION, words.infinitive)
        bare = not view.document.tags[view.row[after].first].is_specifier  # not "denied any ties to Venn"
        return bare and given and view.kind(after + 2) is Chunk.NOUN
    if lemma in words.accusing and view.kind(after) is Chunk.PREPOSITION:
        return view.lower(after) in words.genitive
    if lemma in words.naming and [view.kind(chunk - 1), view.kind(after)] == [Chunk.NOUN, Chunk.NOUN]:
        thing, name = view.document.tags[view.row[chunk - 1].head], view.document.tags[view.row[after].head]
        named = name.is_name and not (thing.is_name or thing.is_pronoun)  # "a group called Dale First is"
        closed = view.kind(after + 1) in {Chunk.COMMA, Chunk.END}
        if named and (closed or view.has_finite_verb(after + 1, after + 6)):
            return True
    # "deaths announced in Dale on Friday were": a participle taken for a past tense, when the verb of its
    # subject follows its circumstances
    group, at = view.row[chunk], after
    participle = group.last - group.first == 1 and view.lower(chunk).endswith(words.participle_endings)
    if not participle or view.kind(chunk - 1) is not Chunk.NOUN:
        return False
    while view.kind(at) is Chunk.PREPOSITION and view.kind(at + 1) in {Chunk.NOUN, Chunk.TIME}:
        superlative = view.document.tags[view.row[at + 1].first].is_superlative
        if superlative or view.lower(at) in words.clausal_prepositions:  # "at least six", "after Venn"
            break
        at += 2
    return at > after and view.is_finite_at(at)


def _weaken(view: SentenceView, group: Phrase, frames: frozenset[Frame]) -> frozenset[Frame]:
    """Return the frames of a cue after a modal: “would agree” is no report yet; “would not say” and “can
    confirm” are."""
    document, words = view.document, view.document.lexicon.words
    modal = next(
        (document.lowers[i] for i in range(group.first, group.head) if document.tags[i].is_modal), None
    )
    if modal is None:
        return frames
    advising = modal in words.advising  # "should not confirm him"
    hypothetical = modal in words.hypothetical and (advising or not is_negated(document, group))
    mental = not frames - {Frame.FINDING, Frame.BELIEF}  # "could find", "may feel"
    return frozenset({Frame.ATTITUDE}) if hypothetical or mental else frames


def _find_active(
    view: SentenceView, chunk: int, cue: Range, lemma: str, frames: frozenset[Frame]
) -> Finding | None:
    """Return the attribution to a speaker before, after or around, as either side of the verb decides."""
    inverted = _find_inverted(view, chunk, cue, lemma) if frames & INVERTING else None
    if inverted is not None:
        return inverted
    after = view.chunk_at(cue[1])
    source = _find_source(view, chunk)
    if source is None:
        return None
    before = find_content_before(view, view.chunk_at(source.first), after, frames)
    if before is not None:
        around = (before, *(find_remaining_content(view, after) or find_resumed_content(view, after)))
        return _build_finding(
            view, source, cue, around, rule="speaker after", lemma=lemma, speech=bool(frames & SPEECH)
        )
    content, told = find_content_after(view, after, frames)
    alone = source.first == view.sentence.first and view.kind(after + (told is not None)) in {Chunk.END, None}
    if not content and alone and frames & (INVERTING | {Frame.PERSON}):
        content = find_quotation_above(view) or content  # "“He left.” Venn told us."
    if content is None:
        return None
    if _is_act(view, source, after, lemma):
        frames = frozenset({Frame.ATTITUDE})
    found = _build_finding(
        view, source, cue, content, rule="speaker before", lemma=lemma, speech=bool(frames & SPEECH)
    )
    return replace(found, told=told)


def _is_act(view: SentenceView, source: Span, after: int, lemma: str) -> bool:
    """Return whether something is done, not said: “declared victory” with a plain noun phrase as its object,
    “refused to help” unless saying something is refused; or not yet said: “if she says so”."""
    words, row = view.document.lexicon.words, view.row
    if view.opens_with(source.chunk - 1, Chunk.SUBORDINATOR, words.conditions):
        return True
    if lemma in words.undertaking and view.kind(after) is Chunk.VERB:
        opens = view.document.tags[row[after].first].is_infinitive_marker
        _, frames = view.document.lexicon.find_cue(view.document.lowers[row[after].head])
        return opens and row[after].last > row[after].first + 1 and not frames & SPEECH
    if (
        lemma not in words.deed_cues
        or view.kind(after) is not Chunk.NOUN
        or view.kind(after + 1) is Chunk.THAT
    ):
        return False
    last = view.find_next(Chunk.CONJUNCTION, after) or len(row)
    quoted = view.has_chunk(Chunk.QUOTE, after, last) or view.has_chunk(Chunk.THAT, after, last)
    return not quoted and not view.has_finite_verb(after, last)


def _find_source(view: SentenceView, chunk: int) -> Span | None:
    """Return the subject of the cue. A participle clause takes that of its main clause; “to” and “by” that of
    the verb whose act the cue is: “continued to suggest”, “began by saying”, “is quick to point out”."""
    group, document, words = view.row[chunk], view.document, view.document.lexicon.words
    before = chunk - 1
    by = view.kind(before) is Chunk.PREPOSITION
    if document.tags[group.first].is_infinitive_marker or (by and not is_finite(document, group)):
        if by and view.lower(before) not in words.agent:
            return None
        ready = view.kind(before) in {Chunk.NOUN, Chunk.ADVERB, Chunk.OTHER}
        started = before - 1 if by or ready else before
        if not view.is_finite_at(started):
            return None
        word = document.lowers[view.row[before].last - 1 if ready else view.row[started].head]
        acts = word in (words.readiness_adjectives if ready else words.starting_verbs)
        return find_subject(document, view.row, started) if acts else None
    if is_finite(document, group):
        return find_subject(document, view.row, chunk)
    if document.tags[group.head].is_present_participle:
        return _find_participle_subject(view, chunk)
    followed = view.has_finite_verb(chunk + 1, len(view.row))
    modifies = followed and view.kind(chunk + 1) is Chunk.PREPOSITION  # "a person briefed on the plan said"
    if modifies or not document.tags[group.head].is_past_participle:
        return None
    return find_subject(document, view.row, chunk)


def _find_participle_subject(view: SentenceView, chunk: int) -> Span | None:
    """Return the subject of “saying”: the noun before it or that of the main clause; whoever issued it in
    “issued a statement saying”; nobody in “with signs denouncing it”."""
    document, lexicon, before, nominal = view.document, view.document.lexicon, chunk - 1, view.row[chunk - 1]
    if view.kind(before) is not Chunk.NOUN:
        return find_main_subject(document, view.row, chunk)
    word, tag = document.lowers[nominal.head], document.tags[nominal.head]
    named = tag.is_name or tag.is_pronoun
    if view.opens_with(
        before - 1, Chunk.PREPOSITION, lexicon.words.accompanying
    ):  # "with Ort calling him weak"
        counted = document.tags[nominal.first].is_numeral  # "with 50 percent saying"
        speaks = named or counted or lexicon.find_noun_kind(word) is not None
        return extend_noun_phrase(document, view.row[:chunk], before) if speaks else None
    people = named or word in lexicon.words.anonymous_heads or lexicon.find_kind(word, PEOPLE) is not None
    issued = view.kind(before - 1) is Chunk.VERB and not people
    return (find_main_subject if issued else find_subject)(document, view.row, chunk)


def _find_inverted(view: SentenceView, chunk: int, cue: Range, lemma: str) -> Finding | None:
    """Return the attribution to the noun phrase after the verb, where it is not the subject of what was said:
    “…,” said Mara Venn; or, where the cue opens its sentence: Said Mara Venn, who runs it: “…”."""
    document, lexicon, after = view.document, view.document.lexicon, view.chunk_at(cue[1])
    if view.kind(after) is not Chunk.NOUN:
        return None
    if chunk and not (is_finite(document, view.row[chunk]) and has_content_before(view, chunk)):
        return None
    source = extend_noun_phrase(document, view.row, after)
    before, behind = find_preceding_content(view, chunk), view.chunk_at(source.last)
    if chunk == 0:
        opener = document.tags[view.row[0].head]
        stop = behind + (view.kind(behind) in {Chunk.COMMA, Chunk.COLON})
        if not (opener.is_past or opener.is_present) or view.kind(stop) not in {Chunk.QUOTE, None}:
            return None
    elif view.kind(chunk - 1) is Chunk.COMMA and view.kind(chunk - 2) is not Chunk.QUOTE:
        word, tag = document.lowers[view.row[after].head], document.tags[view.row[after].head]
        quoted = tag.is_name and view.has_chunk(Chunk.QUOTE, 0, chunk - 1)
        if lemma not in lexicon.words.inverting or not (quoted or view.has_finite_verb(0, chunk - 1)):
            return None
        people = word in lexicon.words.anonymous_heads or lexicon.find_noun_kind(word) in SPEAKERS
        if not (people or tag.is_name or tag.is_personal_pronoun):
            return None
        before = before or view.range_before(chunk - 1)
    elif before is None:
        return None
    ends = (at for at in range(behind, len(view.row)) if view.kind(at) in CLOSING or view.is_finite_at(at))
    if chunk and view.is_finite_at(next(ends, -1)):  # the noun phrase has a verb of its own
        return None
    said = find_resumed_content(view, behind)
    content = said if before is None else (before, *said)
    return _build_finding(view, source, cue, content, rule="inverted", lemma=lemma, speech=True)


def _build_finding(
    view: SentenceView,
    source: Span,
    cue: Range,
    content: Sequence[Range],
    *,
    rule: str,
    lemma: str,
    speech: bool,
) -> Finding:
    return view.finding(
        (source.first, source.last),
        view.row[source.chunk].head,
        cue,
        content,
        frame=AttributionFrame.DIRECT if _quotes(view, content) else AttributionFrame.INDIRECT,
        rule=rule,
        lemma=lemma,
        reporting=speech,
    )


def _quotes(view: SentenceView, content: Sequence[Range]) -> bool:
    """Return whether a part of the content is a quotation; what stands before the sentence always is."""
    first = view.sentence.first
    return any(at < first or view.kind(view.chunk_at(at)) is Chunk.QUOTE for at, _ in content)


# ── passives ────────────────────────────────────────────────────────────────────────────────────────


def _is_reduced_passive(view: SentenceView, chunk: int) -> bool:
    """“a statement released by”, "a man described as": a participle after a noun and before "by"."""
    group, after = view.row[chunk], chunk + 1
    described = view.kind(after) is Chunk.NOUN and view.document.tags[view.row[after].head].is_plain_adjective
    if view.kind(chunk - 1) is Chunk.NOUN and described:  # "a level deemed safe by Venn"
        after += 1
    marked = view.opens_with(after, Chunk.PREPOSITION, view.document.lexicon.words.passive_markers)
    return marked and (view.document.tags[group.head].is_past_participle or after > chunk + 1)


def _find_passive(view: SentenceView, chunk: int, lemma: str) -> Finding | None:
    """Return the attribution to the agent after "by"; without one there is no source."""
    group, agent = view.row[chunk], view.document.lexicon.words.agent
    for at in range(chunk + 1, min(len(view.row) - 1, chunk + 6)):
        if view.kind(at) in {Chunk.COMMA, Chunk.VERB, Chunk.END, Chunk.THAT}:
            return None
        if view.opens_with(at, Chunk.PREPOSITION, agent) and view.kind(at + 1) is Chunk.NOUN:
            source, cue = extend_noun_phrase(view.document, view.row, at + 1), (group.first, group.last)
            content = (view.range_before(chunk),)
            return _build_finding(
                view, source, cue, content, rule="passive with agent", lemma=lemma, speech=True
            )
    return None


# ── sources of sources ──────────────────────────────────────────────────────────────────────────────


def _find_citing(view: SentenceView, chunk: int) -> Finding | None:
    """“…, citing special sources”: the object is the source and the subject relays it; "citing high costs"
    is the subject's own word."""
    group = view.row[chunk]
    cue = (group.first, group.last)
    relay = find_main_subject(view.document, view.row, chunk)
    if view.kind(chunk + 1) is Chunk.QUOTE:
        return _find_citing_quoted(view, chunk, relay)
    if view.kind(chunk + 1) is not Chunk.NOUN:
        return None
    source = extend_noun_phrase(view.document, view.row, chunk + 1)
    inserted = relay is None and view.kind(chunk - 1) is Chunk.COMMA and view.kind(chunk - 2) is Chunk.NOUN
    if inserted:  # "The Courier, citing police, wrote that …"
        relay = extend_noun_phrase(view.document, view.row[: chunk - 1], chunk - 2)
    if not _can_speak(view, source):
        own = ((source.first, source.last),)
        if relay is None:
            return None
        return _build_finding(view, relay, cue, own, rule="citing reasons", lemma="", speech=True)
    content = (view.range_before(chunk),)
    after = view.chunk_at(source.last) + 1
    if inserted and view.is_finite_at(after):
        content = ((view.row[after].last, view.end()),)
    return view.finding(
        (source.first, source.last), view.row[source.chunk].head, cue, content,
        frame=AttributionFrame.CITING, rule="citing",
        outer=None if relay is None else view.row[relay.chunk].head,
    )  # fmt: skip


def _find_citing_quoted(view: SentenceView, chunk: int, relay: Span | None) -> Finding | None:
    """“…, citing “special sources.””: a source in quotation marks, its stop inside them."""
    document, quote, group = view.document, view.row[chunk + 1], view.row[chunk]
    inside = [i for i in range(quote.first, quote.last) if document.words[i][0].isalnum()]
    anonymous = bool(inside) and document.lowers[inside[-1]] in document.lexicon.words.anonymous_heads
    if not anonymous or len(inside) > MARKED or group.first == view.sentence.first:
        return None
    return view.finding(
        (inside[0], inside[-1] + 1), inside[-1], (group.first, group.last),
        (view.range_before(chunk),), frame=AttributionFrame.CITING, rule="citing",
        outer=None if relay is None else view.row[relay.chunk].head,
    )  # fmt: skip


def _can_speak(view: SentenceView, source: Span) -> bool:
    """Return whether a noun phrase is headed by a name, or by a word for people, bodies and documents."""
    document, lexicon, heads = view.document, view.document.lexicon, {view.row[source.chunk].head}
    if document.lowers[source.first] in lexicon.words.one_of:
        heads |= {i for i in range(source.first, source.last) if document.tags[i].is_noun}
    return any(
        document.tags[i].is_name
        or document.lowers[i] in lexicon.words.anonymous_heads
        or lexicon.find_kind(document.lowers[i]) is not None
        for i in heads
    )
