"""Attributions whose cue is a verb: active, inverted, passive, citing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    find_rest,
    find_resumed_content,
    has_content_before,
)
from bot.reading.annotators.sentence_views import SentenceView
from bot.reading.chunking import Chunk, Phrase, finite, negated, passive
from bot.reading.languages.lexicon import Frame
from bot.reading.noun_phrases import Span, noun_phrase

INVERTING = frozenset({Frame.CLAUSE, Frame.QUOTATION})
MARKED = 4  # words of a source in quotation marks
CLOSING = frozenset(
    {Chunk.RELATIVE, Chunk.COMMA, Chunk.END, Chunk.QUOTE, Chunk.COLON, Chunk.CONJUNCTION, Chunk.SUBORDINATOR}
)


def find_verb_attribution(view: SentenceView, chunk: int) -> Finding | None:
    """Return the attribution by the verb group at `chunk`, if its verb is a cue."""
    group = view.row[chunk]
    phrasal = view.prose.lexicon.phrasal.patterns
    for start in dict.fromkeys((group.first, group.head)):
        for entry in phrasal.find_starting(view.prose.lowers[start]):
            match = phrasal.match(entry, view.prose, start, view.sentence.last)
            if match is None:
                continue
            cue = (group.first, match.last)
            return _find_active(
                view, chunk, cue, view.prose.lexicon.phrasal.sources[entry], frozenset({Frame.CLAUSE})
            )
    known = view.prose.lexicon.cues.get(view.prose.lowers[group.head])
    if known is None:
        return None
    lemma, frames = known
    if _is_noun(view, chunk) or _has_particle(view, group) or _says_nothing(view, chunk, lemma):
        return None
    if lemma in view.prose.lexicon.words.answering and negated(view.prose, group):
        return None  # "did not respond": nothing was said
    if _is_hypothetical(view, group) or (
        _has_modal(view, group) and not frames - {Frame.FINDING, Frame.BELIEF}
    ):
        frames = frozenset({Frame.ATTITUDE})
    if lemma in view.prose.lexicon.words.citing and view.prose.tags[group.head].is_present_participle:
        return _find_citing(view, chunk)
    if lemma in view.prose.lexicon.words.naming and _is_naming(view, chunk):
        return None
    if passive(view.prose, group) or _is_reduced_passive(view, chunk):
        said = frames & {Frame.CLAUSE, Frame.NOUN, Frame.PERSON}
        return (
            _find_passive(view, chunk, lemma)
            if said and lemma not in view.prose.lexicon.words.acting
            else None
        )
    return _find_active(view, chunk, (group.first, group.last), lemma, frames)


def _is_noun(view: SentenceView, chunk: int) -> bool:
    """“Rust Belt states like Ohio”, “Paris attacks”: a present tense that nothing said follows."""
    group, after = view.row[chunk], chunk + 1
    if view.prose.lowers[group.head] not in view.prose.lexicon.words.nounlike or group.first != group.head:
        return False
    described = (
        view.kind(after) is Chunk.RELATIVE and view.kind(after + 1) is Chunk.VERB
    )  # "states that have"
    said = view.kind(after) in {Chunk.THAT, Chunk.QUOTE, Chunk.COLON, Chunk.RELATIVE} and not described
    clause = view.kind(after) is Chunk.NOUN and view.has_finite_verb(after + 1, after + 7)
    determined = after < len(view.row) and view.prose.tags[view.row[after].first].is_specifier
    return not (said or clause or determined)


def _has_particle(view: SentenceView, group: Phrase) -> bool:
    """“showed up”, “called it off”: a particle that makes another verb of it."""
    prose, last = view.prose, group.head + 1
    return (
        last < group.last
        and prose.tags[last].is_particle
        and prose.lowers[last] in prose.lexicon.words.turning
    )


def _says_nothing(view: SentenceView, chunk: int, lemma: str) -> bool:
    """“proved to be late”, “deaths announced on Friday were”, “Pike accused of theft”: nothing is said."""
    words, after = view.prose.lexicon.words, chunk + 1
    if lemma in words.showing and view.kind(after) is Chunk.VERB:
        return view.lower(after) in words.infinitive
    if lemma in words.withholding and view.kind(after) is Chunk.NOUN:  # "denied vaccines to immigrants"
        given = view.kind(after + 1) is Chunk.PREPOSITION and view.lower(after + 1) in words.infinitive
        bare = not view.prose.tags[view.row[after].first].is_specifier  # not "denied any ties to Venn"
        return bare and given and view.kind(after + 2) is Chunk.NOUN
    if lemma in words.accusing and view.kind(after) is Chunk.PREPOSITION:
        return view.lower(after) in words.genitive
    return _is_reduced_relative(view, chunk)


def _is_reduced_relative(view: SentenceView, chunk: int) -> bool:
    """“deaths announced in Dale on Friday were”: a participle taken for a past tense, when the verb of its
    subject follows its circumstances."""
    group, at = view.row[chunk], chunk + 1
    if (
        group.last - group.first > 1
        or not view.lower(chunk).endswith(view.prose.lexicon.words.participle_endings)
        or view.kind(chunk - 1) is not Chunk.NOUN
    ):
        return False
    while _is_circumstance(view, at):
        at += 2
    return at > chunk + 1 and view.is_finite_at(at)


def _is_circumstance(view: SentenceView, at: int) -> bool:
    """“in Dale”, “on Friday”; neither “after Venn” nor “at least six”."""
    if view.kind(at) is not Chunk.PREPOSITION or view.kind(at + 1) not in {Chunk.NOUN, Chunk.TIME}:
        return False
    clause = view.lower(at) in view.prose.lexicon.words.clausal_prepositions
    return not clause and not view.prose.tags[view.row[at + 1].first].is_superlative


def _is_naming(view: SentenceView, chunk: int) -> bool:
    """“a group called Dale First is growing”: a participle between a thing and its name."""
    after = chunk + 1
    noun = view.kind(chunk - 1) is Chunk.NOUN and view.kind(after) is Chunk.NOUN
    named = noun and view.prose.tags[view.row[after].head].is_name
    common = named and not (
        view.prose.tags[view.row[chunk - 1].head].is_name
        or view.prose.tags[view.row[chunk - 1].head].is_pronoun
    )
    return common and (
        view.has_finite_verb(after + 1, after + 6) or view.kind(after + 1) in {Chunk.COMMA, Chunk.END}
    )


def _is_hypothetical(view: SentenceView, group: Phrase) -> bool:
    """“would agree” is no report yet; “would not say” and “can confirm” are."""
    prose = view.prose
    modal = next((prose.lowers[i] for i in range(group.first, group.head) if prose.tags[i].is_modal), None)
    advising = modal in view.prose.lexicon.words.advising  # "should not confirm him"
    return modal in view.prose.lexicon.words.hypothetical and (advising or not negated(prose, group))


def _has_modal(view: SentenceView, group: Phrase) -> bool:
    """“could find”, “may feel”: a modal before the verb."""
    return any(view.prose.tags[i].is_modal for i in range(group.first, group.head))


def _find_active(
    view: SentenceView, chunk: int, cue: Range, lemma: str, frames: frozenset[Frame]
) -> Finding | None:
    """Speaker before, after or around: decided by what stands on either side of the verb."""
    after = view.chunk_at(cue[1])
    if frames & INVERTING and finite(view.prose, view.row[chunk]) and _is_inverted(view, chunk, after, lemma):
        opening = (view.sentence.first, view.row[chunk - 1].first)
        return _build_inverted(view, after, cue, lemma, find_preceding_content(view, chunk) or opening)
    if frames & INVERTING and _opens_inverted(view, chunk, after):
        return _build_inverted(view, after, cue, lemma, None)
    source = _find_source(view, chunk)
    if source is None:
        return None
    before = find_content_before(view, source.chunk, after, frames)
    if before is not None:
        around = (before, *(find_rest(view, after) or find_resumed_content(view, after)))
        return _build_finding(
            view, source, cue, around, rule="speaker after", lemma=lemma, speech=bool(frames & SPEECH)
        )
    content, told = find_content_after(view, after, frames)
    alone = source.first == view.sentence.first and view.kind(after + (told is not None)) in {Chunk.END, None}
    if not content and alone and frames & (INVERTING | {Frame.PERSON}):
        content = find_quotation_above(view) or content  # "“He left.” Venn told us."
    if content is None:
        return None
    if _is_act(view, after, lemma) or _is_undertaking(view, after, lemma) or _is_conditional(view, source):
        frames = frozenset({Frame.ATTITUDE})
    found = _build_finding(
        view, source, cue, content, rule="speaker before", lemma=lemma, speech=bool(frames & SPEECH)
    )
    return replace(found, told=told)


def _is_act(view: SentenceView, after: int, lemma: str) -> bool:
    """“declared victory”, “added two landers”: done, not said, when a plain noun phrase is the object."""
    plain = view.kind(after) is Chunk.NOUN and view.kind(after + 1) is not Chunk.THAT
    last = view.find_next(Chunk.CONJUNCTION, after) or len(view.row)
    quoted = view.has_chunk(Chunk.QUOTE, after, last) or view.has_chunk(Chunk.THAT, after, last)
    clause = view.has_finite_verb(after, last)
    return lemma in view.prose.lexicon.words.acting and plain and not quoted and not clause


def _is_undertaking(view: SentenceView, after: int, lemma: str) -> bool:
    """“agreed to close it”, “refused to help”: done, not said, unless saying something is what is refused."""
    if lemma not in view.prose.lexicon.words.undertaking or view.kind(after) is not Chunk.VERB:
        return False
    group = view.row[after]
    opens = view.prose.tags[group.first].is_infinitive_marker and group.last > group.first + 1
    _, frames = view.prose.lexicon.find_cue(view.prose.lowers[group.head])
    return opens and not frames & SPEECH


def _is_conditional(view: SentenceView, source: Span) -> bool:
    """“if she says so”: nobody has said it yet."""
    before = source.chunk - 1
    return (
        view.kind(before) is Chunk.SUBORDINATOR and view.lower(before) in view.prose.lexicon.words.conditions
    )


def _find_source(view: SentenceView, chunk: int) -> Span | None:
    """The subject of the cue; a participle clause takes that of its main clause."""
    group, prose = view.row[chunk], view.prose
    if prose.tags[group.first].is_infinitive_marker or (
        view.kind(chunk - 1) is Chunk.PREPOSITION and not finite(prose, group)
    ):
        started = _find_started_verb(view, chunk)
        return None if started is None else find_subject(prose, view.row, started)
    if finite(prose, group):
        return find_subject(prose, view.row, chunk)
    if prose.tags[group.head].is_present_participle:
        accompanied = view.kind(chunk - 1) is Chunk.NOUN and view.kind(chunk - 2) is Chunk.PREPOSITION
        if accompanied and view.lower(chunk - 2) in prose.lexicon.words.accompanying:
            return _find_accompanying(view, chunk - 1)
        if view.kind(chunk - 1) is Chunk.NOUN and not _is_object_that_says(view, chunk - 1):
            return find_subject(prose, view.row, chunk)
        return find_main_subject(prose, view.row, chunk)
    followed = view.has_finite_verb(chunk + 1, len(view.row))
    modifies = followed and view.kind(chunk + 1) is Chunk.PREPOSITION  # "a person briefed on the plan said"
    return (
        None
        if modifies or not prose.tags[group.head].is_past_participle
        else find_subject(prose, view.row, chunk)
    )


def _find_accompanying(view: SentenceView, at: int) -> Span | None:
    """“with Ort calling him weak”: whoever can speak; “with signs denouncing it” has no speaker."""
    head = view.row[at].head
    people = view.prose.lexicon.find_noun_kind(view.prose.lowers[head]) is not None
    named = view.prose.tags[head].is_name or view.prose.tags[head].is_pronoun
    counted = view.prose.tags[view.row[at].first].is_numeral  # "with 50 percent saying"
    return noun_phrase(view.prose, view.row[: at + 1], at) if people or named or counted else None


def _find_started_verb(view: SentenceView, chunk: int) -> int | None:
    """The verb group before "to" or "by" whose act the cue is: “continued to suggest”, “began by saying”,
    “is quick to point out”."""
    words = view.prose.lexicon.words
    before = chunk - 1
    if view.kind(before) is Chunk.PREPOSITION:
        if view.lower(before) not in words.agent:
            return None
        before -= 1
    elif view.kind(before) in {Chunk.NOUN, Chunk.ADVERB, Chunk.OTHER}:
        ready = view.prose.lowers[view.row[before].last - 1] in words.ready
        return before - 1 if ready and view.is_finite_at(before - 1) else None
    if not view.is_finite_at(before):
        return None
    return before if view.prose.lowers[view.row[before].head] in words.starting else None


def _is_object_that_says(view: SentenceView, at: int) -> bool:
    """“issued a statement saying”, “held banners proclaiming”: the words are those of whoever issued it."""
    head, before = view.row[at].head, at - 1
    if view.kind(before) is not Chunk.VERB or (
        view.prose.tags[head].is_name or view.prose.tags[head].is_pronoun
    ):
        return False
    lexicon, word = view.prose.lexicon, view.prose.lowers[head]
    people = lexicon.find_kind(word, (SourceKind.PERSON, SourceKind.GROUP, SourceKind.ORGANISATION))
    return people is None and word not in lexicon.words.anonymous_heads


def _build_inverted(view: SentenceView, after: int, cue: Range, lemma: str, before: Range | None) -> Finding:
    """“…,” said Mara Venn; without anything before it: Said Mara Venn: “…”."""
    source = noun_phrase(view.prose, view.row, after)
    said = find_resumed_content(view, view.chunk_at(source.last))
    content = said if before is None else (before, *said)
    return _build_finding(view, source, cue, content, rule="inverted", lemma=lemma, speech=True)


def _opens_inverted(view: SentenceView, chunk: int, after: int) -> bool:
    """“Said Mara Venn, who runs it: “…””: a cue that opens its sentence and is followed by its speaker."""
    tag = view.prose.tags[view.row[0].head]
    tensed = tag.is_past or tag.is_present
    if chunk or view.kind(after) is not Chunk.NOUN or not tensed:
        return False
    at = view.chunk_at(noun_phrase(view.prose, view.row, after).last)
    at += view.kind(at) in {Chunk.COMMA, Chunk.COLON}
    return view.kind(at) in {Chunk.QUOTE, None}


def _is_inverted(view: SentenceView, chunk: int, after: int, lemma: str) -> bool:
    """Return whether the noun phrase after the verb is its speaker and not the subject of what was said."""
    if view.kind(after) is not Chunk.NOUN or not has_content_before(view, chunk):
        return False
    plain = view.kind(chunk - 1) is Chunk.COMMA and view.kind(chunk - 2) is not Chunk.QUOTE
    named = view.prose.tags[view.row[after].head].is_name
    something = view.has_finite_verb(0, chunk - 1) or (named and view.has_chunk(Chunk.QUOTE, 0, chunk - 1))
    if plain and (lemma not in view.prose.lexicon.words.inverting or not something):
        return False
    speaks = (
        named
        or view.prose.tags[view.row[after].head].is_personal_pronoun
        or _can_follow_verb(view, view.row[after].head)
    )
    if plain and not speaks:
        return False
    following = view.chunk_at(noun_phrase(view.prose, view.row, after).last)
    for at in range(following, len(view.row)):
        if view.kind(at) in CLOSING:
            break
        if view.kind(at) is Chunk.VERB and finite(view.prose, view.row[at]):
            return False
    return plain or find_preceding_content(view, chunk) is not None


def _can_follow_verb(view: SentenceView, head: int) -> bool:
    """Return whether a common noun is one for people or bodies, which can stand after their verb."""
    lexicon, word = view.prose.lexicon, view.prose.lowers[head]
    return word in lexicon.words.anonymous_heads or lexicon.find_noun_kind(word) not in {
        None,
        SourceKind.DOCUMENT,
    }


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
    described = view.kind(after) is Chunk.NOUN and view.prose.tags[view.row[after].head].is_plain_adjective
    if view.kind(chunk - 1) is Chunk.NOUN and described:  # "a level deemed safe by Venn"
        after += 1
    marked = (
        view.kind(after) is Chunk.PREPOSITION
        and view.lower(after) in view.prose.lexicon.words.passive_markers
    )
    return marked and (view.prose.tags[group.head].is_past_participle or after > chunk + 1)


def _find_passive(view: SentenceView, chunk: int, lemma: str) -> Finding | None:
    """The agent after "by"; without one there is no source."""
    for at in range(chunk + 1, min(len(view.row) - 1, chunk + 6)):
        kind = view.row[at].kind
        if kind in {Chunk.COMMA, Chunk.VERB, Chunk.END, Chunk.THAT}:
            return None
        if (
            kind is Chunk.PREPOSITION
            and view.lower(at) in view.prose.lexicon.words.agent
            and view.kind(at + 1) is Chunk.NOUN
        ):
            source = noun_phrase(view.prose, view.row, at + 1)
            group = view.row[chunk]
            content = ((view.sentence.first, group.first),) if group.first > view.sentence.first else ()
            return _build_finding(
                view,
                source,
                (group.first, group.last),
                content,
                rule="passive with agent",
                lemma=lemma,
                speech=True,
            )
    return None


# ── sources of sources ──────────────────────────────────────────────────────────────────────────────


def _find_citing(view: SentenceView, chunk: int) -> Finding | None:
    """“…, citing special sources”: the object is the source and the subject relays it; "citing high costs"
    is the subject's own word."""
    group = view.row[chunk]
    cue = (group.first, group.last)
    relay = find_main_subject(view.prose, view.row, chunk)
    if view.kind(chunk + 1) is Chunk.QUOTE:
        return _find_citing_quoted(view, chunk, relay)
    if view.kind(chunk + 1) is not Chunk.NOUN:
        return None
    source = noun_phrase(view.prose, view.row, chunk + 1)
    inserted = relay is None and view.kind(chunk - 1) is Chunk.COMMA and view.kind(chunk - 2) is Chunk.NOUN
    if inserted:  # "The Courier, citing police, wrote that …"
        relay = noun_phrase(view.prose, view.row[: chunk - 1], chunk - 2)
    if not _can_speak(view, source):
        own = ((source.first, source.last),)
        if relay is None:
            return None
        return _build_finding(view, relay, cue, own, rule="citing reasons", lemma="", speech=True)
    content = ((view.sentence.first, group.first),) if group.first > view.sentence.first else ()
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
    prose, quote, group = view.prose, view.row[chunk + 1], view.row[chunk]
    inside = [i for i in range(quote.first, quote.last) if prose.words[i][0].isalnum()]
    anonymous = bool(inside) and prose.lowers[inside[-1]] in prose.lexicon.words.anonymous_heads
    if not anonymous or len(inside) > MARKED or group.first == view.sentence.first:
        return None
    return view.finding(
        (inside[0], inside[-1] + 1), inside[-1], (group.first, group.last),
        ((view.sentence.first, group.first),), frame=AttributionFrame.CITING, rule="citing",
        outer=None if relay is None else view.row[relay.chunk].head,
    )  # fmt: skip


def _can_speak(view: SentenceView, source: Span) -> bool:
    """Return whether a noun phrase is headed by a name, or by a word for people, bodies and documents."""
    prose = view.prose
    heads = {view.row[source.chunk].head}
    lexicon = prose.lexicon
    if prose.lowers[source.first] in lexicon.words.one_of:
        heads |= {i for i in range(source.first, source.last) if prose.tags[i].is_noun}
    return any(
        prose.tags[i].is_name
        or prose.lowers[i] in lexicon.words.anonymous_heads
        or lexicon.find_kind(prose.lowers[i]) is not None
        for i in heads
    )


def find_quoted_as_saying(view: SentenceView, chunk: int, outer: Finding) -> Iterator[Finding]:
    """“quoted one of its sources as saying”: a source inside the attribution of its relay."""
    if outer.head is None or view.kind(chunk + 1) is not Chunk.NOUN:
        return
    source = noun_phrase(view.prose, view.row, chunk + 1)
    at = view.chunk_at(source.last)
    if (
        view.kind(at) is Chunk.PREPOSITION
        and view.lower(at) in view.prose.lexicon.words.as_marker
        and view.kind(at + 1) is Chunk.VERB
    ):
        cue = (view.row[at].first, view.row[at + 1].last)
        yield view.finding(
            (source.first, source.last), view.row[chunk + 1].head, cue, outer.content,
            frame=AttributionFrame.RELAYED, rule="quoted as saying", outer=outer.head,
        )  # fmt: skip
