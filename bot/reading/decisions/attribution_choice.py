"""The choice of who speaks by a verb of saying about which no rule says anything.

A candidate is a verb group with a noun phrase of its sentence. Its features are the class and the form of the
verb, what stands around it, the head of the noun phrase, and what stands between the two. `python -m
tests.training attribution_choice train` learns the weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.model import BlockRole
from bot.reading.annotators.sentence_views import SentenceView
from bot.reading.chunking import Chunk, is_finite, is_negated, is_passive
from bot.reading.decisions.linear import Features, load_model
from bot.reading.languages.lexicon import Frame

WEIGHTS = "attribution_choice"
NOMINAL = frozenset({Chunk.NOUN, Chunk.RELATIVE})
SKIPPED = frozenset({Chunk.ADVERB, Chunk.TIME})
MARKS = frozenset({Chunk.COMMA, Chunk.COLON})
SPOKEN = frozenset({Frame.CLAUSE, Frame.PERSON})
LEFT, RIGHT = 8, 2  # noun phrases on either side of a verb that are looked at
FAR_LEFT, FAR_RIGHT = 40, 5  # chunks
NEAR = 8  # chunks in which a quotation or the verb of a clause stands


class ChosenSpeaker(NamedTuple):
    """The chunk of who speaks, and the features that decided."""

    chunk: int
    why: str


def choose_speaker(view: SentenceView, verb: int) -> ChosenSpeaker | None:
    """Return who speaks by the verb group at chunk `verb`; None where nobody is likely enough."""
    model = load_model(WEIGHTS)
    best: tuple[float, int, Features] | None = None
    for noun, told in describe_speakers(view, verb):
        features = model.keep_known(told)
        score = model.probability(features)
        if best is None or score > best[0]:
            best = score, noun, features
    if best is None or best[0] < model.threshold:
        return None
    return ChosenSpeaker(best[1], ", ".join(model.explain(best[2])))


def describe_speakers(view: SentenceView, verb: int) -> Iterator[tuple[int, Features]]:
    """Yield the chunk of each candidate, the nearest first, with its features that are not 0."""
    sort, after = _sort_verb(view, verb), _describe_after(view, verb)
    of_verb = list(_describe_verb(view, verb, sort, after))
    for noun in _find_candidates(view, verb):
        told = [*of_verb, *_describe_noun(view, noun)]
        describe = _describe_left if noun < verb else _describe_right
        told += describe(view, verb, noun, sort, after)
        yield noun, dict.fromkeys(told, 1.0)


def _find_candidates(view: SentenceView, verb: int) -> list[int]:
    left = [at for at in range(verb - 1, max(-1, verb - FAR_LEFT), -1) if view.kind(at) in NOMINAL]
    right = []
    for at in range(verb + 1, min(len(view.row), verb + FAR_RIGHT)):
        if view.kind(at) is Chunk.VERB:
            break
        if view.kind(at) is Chunk.NOUN:
            right.append(at)
    return left[:LEFT] + right[:RIGHT]


# the verb ───────────────────────────────────────────────────────────────────────────────────────────


def _sort_verb(view: SentenceView, verb: int) -> str:
    """Return the coarse class and form of a verb."""
    document, group = view.document, view.row[verb]
    _, frames = document.lexicon.find_cue(document.lowers[group.head])
    passive = " passive" * is_passive(document, group)
    form = "finite" if is_finite(document, group) else "not finite"
    return f"{'strong' if frames & SPOKEN else 'weak'} {form}{passive}"


def _describe_verb(view: SentenceView, verb: int, sort: str, after: str) -> Iterator[str]:
    """Yield the class and form of a verb, and what stands before and after it."""
    document, group, lexicon = view.document, view.row[verb], view.document.lexicon
    lemma, frames = lexicon.find_cue(document.lowers[group.head])
    words, tag, tokens = lexicon.words, document.tags[group.head], range(group.first, group.last)
    yield from (f"cue: {frame.value}" for frame in Frame if frame in frames)
    yield from (f"only cue: {frame.value}" for frame in frames if len(frames) == 1)
    classes = {
        "claiming": words.claiming, "asserting": words.asserting, "quoting": words.quoting,
        "answering": words.answering, "denying": words.denying, "asking": words.asking,
        "plain saying": words.inverting, "evidencing": words.evidencing, "deed": words.deed_cues,
        "belief": words.beliefs, "showing": words.showing, "citing": words.citing, "naming": words.naming,
        "accusing": words.accusing, "undertaking": words.undertaking,
    }  # fmt: skip
    yield from (f"cue of {name}" for name, lemmas in classes.items() if lemma in lemmas)
    forms = {
        "past": tag.is_past, "present": tag.is_present, "present participle": tag.is_present_participle,
        "past participle": tag.is_past_participle,
        "infinitive": any(document.tags[i].is_infinitive_marker for i in tokens),
        "modal": any(document.tags[i].is_modal for i in tokens), "negated": is_negated(document, group),
        "with an auxiliary": group.head > group.first,
        "in a headline": view.sentence.role is BlockRole.TITLE,
    }  # fmt: skip
    yield from (f"verb {form}" for form, fits in forms.items() if fits)
    yield from (sort, f"after: {after}", f"{sort}, after: {after}", f"before: {_name(view, verb - 1)}")
    if view.has_chunk(Chunk.QUOTE, max(0, verb - NEAR), verb):
        yield from ("a quotation before", f"a quotation before, after: {after}")
    if view.has_chunk(Chunk.QUOTE, verb + 1, verb + NEAR):
        yield "a quotation after"


def _describe_after(view: SentenceView, verb: int) -> str:
    """Return the form of what stands after a verb, past adverbs and times."""
    at = verb + 1
    while view.kind(at) in SKIPPED:
        at += 1
    kind = view.kind(at)
    if kind is Chunk.PREPOSITION:
        while view.kind(at) is Chunk.PREPOSITION and view.kind(at + 1) in {Chunk.NOUN, Chunk.TIME}:
            at += 2
        return f"preposition, {'clause' if view.is_finite_at(at + 1) else _name(view, at)}"
    if kind in MARKS and view.kind(at + 1) is Chunk.QUOTE:
        return "a mark, quotation"
    if kind is not Chunk.NOUN:
        return _name(view, at)
    at += 1
    while view.kind(at) is Chunk.ADVERB:
        at += 1
    if view.is_finite_at(at):
        return "clause"
    if view.kind(at) in MARKS and view.kind(at + 1) is Chunk.QUOTE:
        return "noun, quotation"
    if view.has_finite_verb(at, at + NEAR) and not view.has_chunk(Chunk.COMMA, at, at + NEAR):
        return "long clause"
    return f"noun, {_name(view, at)}"


# who speaks ─────────────────────────────────────────────────────────────────────────────────────────


def _describe_noun(view: SentenceView, noun: int) -> Iterator[str]:
    yield f"head: {_sort_noun(view, noun)}"
    if view.document.lowers[view.row[noun].head].endswith(view.document.lexicon.words.abstract_endings):
        yield "an abstract head"


def _sort_noun(view: SentenceView, noun: int) -> str:
    """Return the coarse class of a noun phrase or relative by its head."""
    document, head, words = view.document, view.row[noun].head, view.document.lexicon.words
    word, tag = document.lowers[head], document.tags[head]
    kind = document.lexicon.find_noun_kind(word)
    if view.kind(noun) is Chunk.RELATIVE:
        return "who" if word in words.person_relatives else "which"
    if tag.is_pronoun:
        sorts = {"I": words.speech_pronouns, "he": words.person_pronouns, "they": words.plural_pronouns}
        return next((sort for sort, known in sorts.items() if word in known), "it")
    if tag.is_name:
        return "name"
    if word in words.anonymous_heads:
        return "not named"
    if kind is not None:
        return kind.value
    return f"noun{' in the plural' * tag.is_plural}" if tag.is_noun else "no noun"


def _describe_left(view: SentenceView, verb: int, noun: int, sort: str, after: str) -> Iterator[str]:
    """Yield what stands between a noun phrase and the verb after it, and before the noun phrase."""
    between, head = [view.kind(at) for at in range(noun + 1, verb)], _sort_noun(view, noun)
    yield from ("left", f"left: {_count(len(between))}")
    yield from (f"between: {kind.value}" for kind in Chunk if kind in between)
    if view.has_finite_verb(noun + 1, verb):
        yield "between: a verb with its subject"
    yield f"between: noun phrases: {_count(between.count(Chunk.NOUN))}"
    yield f"between: commas: {_count(between.count(Chunk.COMMA))}"
    at = noun + 1
    while at < verb and view.kind(at) is Chunk.PREPOSITION and view.kind(at + 1) is Chunk.NOUN:
        at += 2
    distance = "adjacent" if not between else "attached" if at == verb else "apart"
    yield f"{distance}"
    yield from (f"{distance}, {sort}", f"{distance}, after: {after}", f"{distance}, {sort}, {head}")
    yield f"{distance}, {head}"
    yield f"noun phrase after: {_name(view, noun - 1)}"
    if view.kind(noun - 1) is Chunk.COMMA and view.kind(noun - 2) is Chunk.QUOTE:
        yield "noun phrase after: a quotation"
    if view.has_chunk(Chunk.SUBORDINATOR, max(0, noun - 3), noun):
        yield "in a subordinate clause"
    if _disagrees(view, verb, noun):
        yield "another number than the verb"


def _describe_right(view: SentenceView, verb: int, noun: int, sort: str, after: str) -> Iterator[str]:
    """Yield what stands between a verb and a noun phrase after it, and behind the noun phrase."""
    between, head = [view.kind(at) for at in range(verb + 1, noun)], _sort_noun(view, noun)
    yield from ("right", f"right: {_count(len(between))}", f"right, {head}", f"right, {sort}, {head}")
    yield from (f"right, {sort}", f"right, after: {after}", f"right, between: {_name(view, noun - 1)}")
    yield f"right, behind: {_name(view, noun + 1)}"
    if view.is_finite_at(noun + 1):
        yield "right, with a verb of its own"
    if any(view.lower(at) in view.document.lexicon.words.agent for at in range(verb + 1, noun)):
        yield "right, agent"
    if view.kind(verb - 1) is Chunk.COMMA and view.kind(verb - 2) is Chunk.QUOTE:
        yield "right, a quotation before"


def _disagrees(view: SentenceView, verb: int, noun: int) -> bool:
    """Return whether a verb in the present has the number that a noun phrase has not."""
    document, first, head = view.document, view.row[verb].first, view.row[noun].head
    words = document.lexicon.words
    many = document.tags[head].is_plural or document.lowers[head] in words.plural_pronouns
    return document.tags[first].is_present and many == document.lowers[first].endswith(words.plural_endings)


def _name(view: SentenceView, at: int) -> str:
    kind = view.kind(at)
    return "nothing" if kind is None else kind.value


def _count(number: int) -> str:
    return str(number) if number < LEFT // 2 else "many"
