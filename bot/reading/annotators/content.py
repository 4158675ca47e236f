"""The content of an attribution: the words before, after or around the cue."""

from __future__ import annotations

from bisect import bisect_right
from itertools import islice

from bot.reading.annotators.base import Range
from bot.reading.annotators.sentence_views import SentenceView
from bot.reading.chunking import Chunk, Phrase
from bot.reading.languages.lexicon import Frame
from bot.reading.noun_phrases import extend_noun_phrase

AS_REACH = 12  # chunks from "as" to the comma after its verb
CIRCUMSTANCES = frozenset({Chunk.PREPOSITION, Chunk.NOUN, Chunk.TIME, Chunk.ADVERB})
CLAUSAL = frozenset({Frame.CLAUSE, Frame.PERSON, Frame.FINDING, Frame.BELIEF, Frame.QUOTATION})
SPEECH = frozenset({Frame.CLAUSE, Frame.PERSON, Frame.FINDING, Frame.BELIEF, Frame.QUOTATION, Frame.NOUN})
CLOSING = frozenset({None, Chunk.END, Chunk.COMMA, Chunk.COLON, Chunk.DASH, Chunk.QUOTE, Chunk.CONJUNCTION})
TOPICS = frozenset({Chunk.NOUN, Chunk.QUOTE, Chunk.RELATIVE, Chunk.VERB})
CLOSING_MARKS = {"“": "”", '"': '"', "''": "''", "``": "''", "«": "»", "‘": "’"}


# ── before the speaker ──────────────────────────────────────────────────────────────────────────────


def find_content_before(
    view: SentenceView, speaker: int, after: int, frames: frozenset[Frame]
) -> Range | None:
    """Return the content before the speaker, when the cue closes the sentence or is inserted into it."""
    if not frames & SPEECH or not _is_closed(view, after):
        return None
    before, marker, words = find_preceding_content(view, speaker), speaker - 1, view.document.lexicon.words
    quoted = any(p.kind is Chunk.QUOTE for p in view.row[max(0, speaker - 2) : speaker])
    if before is not None and (quoted or frames & CLAUSAL - {Frame.QUOTATION}):
        return before
    spoken = bool(frames & {Frame.CLAUSE, Frame.BELIEF})
    told = Frame.PERSON in frames and view.has_finite_verb(0, marker)  # "…, he told the Courier."
    if (spoken or told or Frame.FINDING in frames) and marker > 0 and view.kind(marker) is Chunk.COMMA:
        plain = not view.has_chunk(Chunk.COMMA, 0, marker)
        goes_on = view.kind(after) is Chunk.COMMA and (plain or view.has_finite_verb(0, marker))
        object_follows = view.kind(after) is Chunk.NOUN and Frame.PERSON not in frames
        closing = view.kind(after if object_follows else _skip_circumstances(view, after))
        if goes_on or closing in {Chunk.END, None}:  # "…, he said, and …", "…, he told us on Friday."
            return view.range_before(marker)
    if spoken and view.opens_with(marker, Chunk.PREPOSITION, words.as_marker):  # "…, as the Courier reported"
        return view.range_before(marker) if marker > 1 else None
    relative = view.opens_with(marker, Chunk.RELATIVE, words.object_relatives)
    if not relative or not frames & {Frame.CLAUSE, Frame.NOUN}:
        return None
    left = marker - 1 - (view.kind(marker - 1) in {Chunk.COMMA, Chunk.PREPOSITION})
    # "a charge, which she has denied": the words before the relative
    return (view.row[left].first, view.row[left].last) if view.kind(left) is Chunk.NOUN else None


def has_content_before(view: SentenceView, chunk: int) -> bool:
    """Return whether a quotation or a comma, with something said before it, stands right before the chunk."""
    left = chunk - 1
    while view.kind(left) is Chunk.ADVERB:
        left -= 1
    return view.kind(left) is Chunk.QUOTE or (view.kind(left) in {Chunk.COMMA, Chunk.DASH} and left > 1)


def find_preceding_content(view: SentenceView, chunk: int) -> Range | None:
    """Return the words before the speaker that are content: a quotation, or a clause closed by a comma."""
    left = chunk - 1
    while view.kind(left) in {Chunk.ADVERB, Chunk.CONJUNCTION}:
        left -= 1
    kind = view.kind(left)
    if kind is Chunk.QUOTE:
        return find_whole_quotation(view, view.row[left])
    if kind is not Chunk.COMMA:
        return None
    for closed in (left - 1, left - 2):  # "“…,” another friend, Owen Pike told us"
        if view.kind(closed) is Chunk.QUOTE and (closed == left - 1 or view.kind(left - 1) is Chunk.NOUN):
            return find_whole_quotation(view, view.row[closed])
    fronted = view.kind(0) is Chunk.PREPOSITION or view.lower(0) in view.document.lexicon.words.fronting
    clause = left > 1 and not fronted and view.has_finite_verb(0, left)
    return view.range_before(left) if clause else None


def find_quotation_above(view: SentenceView) -> tuple[Range, ...] | None:
    """Return the quotation that ends right before the sentence, in its paragraph."""
    before, document = view.sentence.first - 1, view.document
    if view.index == 0 or document.sentences[view.index - 1].block != view.sentence.block:
        return None
    ended = next((q for q in view.above if q.last == before + 1), None)
    return None if ended is None else ((ended.first, ended.last),)


def find_whole_quotation(view: SentenceView, phrase: Phrase) -> Range:
    """Return the quotation, from its first word in an earlier sentence on."""
    quote = view.quoted[bisect_right(view.quoted, phrase.first, key=lambda q: q.first) - 1]
    return (quote.first, quote.last)


def _is_closed(view: SentenceView, after: int) -> bool:
    """Return whether only circumstances (“in a statement on Monday”) or a stop follow the cue."""
    at = _skip_circumstances(view, after)
    if view.kind(at) is Chunk.COLON and view.kind(at + 1) is Chunk.QUOTE:
        return False
    participle = view.kind(at) is Chunk.VERB and not view.is_finite_at(at)
    return participle or view.kind(at) in CLOSING


def _skip_circumstances(view: SentenceView, after: int) -> int:
    """Return the chunk after the circumstances of a cue; a second noun phrase is none."""
    at = after
    while view.kind(at) in CIRCUMSTANCES:
        if view.kind(at) is Chunk.NOUN and view.kind(at - 1) is not Chunk.PREPOSITION and at > after:
            break
        at += 1
    return at


# ── after the cue ───────────────────────────────────────────────────────────────────────────────────


def find_remaining_content(view: SentenceView, after: int) -> tuple[Range, ...]:
    """“The bridge, he said, was weak”: the words after an inserted cue."""
    resumes = view.kind(after) is Chunk.COMMA and view.is_finite_at(after + 1)
    return (view.range_from(after + 1),) if resumes else ()


def find_resumed_content(view: SentenceView, after: int) -> tuple[Range, ...]:
    """Return the content that goes on after the speaker: the rest of a broken quotation, or the next quoted
    sentence."""
    quote = view.find_next(Chunk.QUOTE, after)
    if quote is not None:
        return (find_whole_quotation(view, view.row[quote]),)
    below = view.document.sentences[view.index + 1 : view.index + 2]
    same_block = [s.block for s in below] == [view.sentence.block]
    return _find_quotation_below(view) if same_block else ()


def _find_quotation_below(view: SentenceView) -> tuple[Range, ...]:
    """Return the quotation that opens the next sentence, to the end of its sentences."""
    document, below = view.document, view.index + 1
    first = document.sentences[below].first if below < len(document.sentences) else None
    closing = None if first is None else CLOSING_MARKS.get(document.words[first])
    if first is None or closing is None:
        return ()
    ends = (s.last for s in document.rest_of_block(below) if document.words[s.last - 1] == closing)
    return tuple((first, end) for end in islice(ends, 1))


def find_content_after(
    view: SentenceView, after: int, frames: frozenset[Frame]
) -> tuple[tuple[Range, ...] | None, int | None]:
    """Return the content after the cue and the head of the addressee; the content is None when nothing there
    can be any."""
    at, told = after, None
    if (
        frames & {Frame.PERSON, Frame.QUOTATION}
        and view.kind(at) is Chunk.NOUN
        and not view.is_finite_at(at + 1)
    ):
        told = view.row[at].head
        at = view.chunk_at(extend_noun_phrase(view.document, view.row, at).last)
    topical = view.opens_with(at, Chunk.PREPOSITION, view.document.lexicon.words.topical)
    if topical and view.kind(at + 1) in TOPICS and Frame.CLAUSE in frames and told is None:
        return (view.range_from(at),), None  # "warned of a strike", "complained about the noise"
    at = _skip_to_content(view, at)
    kind = view.kind(at)
    if kind in {Chunk.COMMA, Chunk.COLON} and view.kind(at + 1) is Chunk.QUOTE:
        at, kind = at + 1, Chunk.QUOTE
    elif kind is Chunk.COLON:
        if at + 1 == len(view.row):  # "Venn echoed:" hands over to the next paragraph
            says = frames & {Frame.CLAUSE, Frame.PERSON, Frame.QUOTATION}
            return (_find_quotation_below(view) if says else None), told
        at += 1
        kind = view.kind(at)
    if kind is Chunk.QUOTE:
        return _find_quoted_content(view, at), told
    if kind is Chunk.COMMA and frames & {Frame.CLAUSE, Frame.PERSON} and _continues_after_comma(view, at):
        return (view.range_from(at + 1),), told
    if kind in {None, Chunk.END, Chunk.COMMA, Chunk.CONJUNCTION}:
        return (() if frames & {Frame.CLAUSE} and told is not None else None), told
    if not frames - {Frame.QUOTATION}:
        direct = kind is Chunk.THAT and told is None
        return ((view.range_from(at),) if direct else None), told
    if frames & CLAUSAL and _opens_clause(view, at, frames):
        return (view.range_from(at),), told
    if frames & {Frame.NOUN, Frame.ATTITUDE, Frame.FINDING} or told is not None:
        return ((view.row[at].first, _find_object_end(view, at)),), told
    return ((view.range_from(at),) if Frame.CLAUSE in frames and kind is Chunk.NOUN else None), told


def _find_object_end(view: SentenceView, at: int) -> int:
    """Return the token after the object at chunk `at`: “denounced her and said …” goes on with another
    verb."""
    if view.kind(at) is not Chunk.NOUN:
        return view.end()
    for right in range(at + 1, len(view.row) - 1):
        if view.kind(right) in {Chunk.THAT, Chunk.RELATIVE, Chunk.QUOTE, Chunk.VERB, Chunk.SUBORDINATOR}:
            break
        if view.kind(right) is Chunk.CONJUNCTION and view.is_finite_at(right + 1):
            return view.row[right - (view.kind(right - 1) is Chunk.COMMA)].first
    return view.end()


def _find_quoted_content(view: SentenceView, at: int) -> tuple[Range, ...]:
    quote = find_whole_quotation(view, view.row[at])
    if quote[1] >= view.end():
        return (quote, *find_resumed_content(view, len(view.row)))
    return (quote,) if view.kind(at + 1) in {Chunk.COMMA, Chunk.END} else (view.range_from(at),)


def _skip_to_content(view: SentenceView, at: int) -> int:
    """Return the chunk after "on Monday", "in a statement", "Tuesday night" and, where "that" or a quotation
    follows, after ", written by his lawyer,"."""
    while True:
        if view.kind(at) in {Chunk.TIME, Chunk.ADVERB}:
            at += 1
        elif view.kind(at) is Chunk.PREPOSITION and view.kind(at + 1) in {Chunk.NOUN, Chunk.TIME}:
            if view.is_finite_at(at + 2):
                break
            at += 2
        else:
            break
    if view.kind(at) is not Chunk.COMMA or view.kind(at + 1) is Chunk.QUOTE:
        return at
    clause = view.kind(at + 1) is Chunk.RELATIVE  # ", when it fell,"
    for right in range(at + 1, min(len(view.row) - 1, at + AS_REACH)):
        if view.kind(right) in {Chunk.QUOTE, Chunk.END, Chunk.COLON} or (
            view.is_finite_at(right) and not clause
        ):
            return at
        if view.kind(right) is Chunk.COMMA and view.kind(right + 1) in {Chunk.THAT, Chunk.QUOTE}:
            return right + 1
    return at


def _continues_after_comma(view: SentenceView, at: int) -> bool:
    """“Venn reported, The bridge fell”; “She said, if elected, she would …”; “As Venn told the council, the
    bridge …”; “If anything, he said in a letter, the bridge was …”."""
    if view.kind(at + 1) in {None, Chunk.END}:
        return False
    words, noun = view.document.lexicon.words, view.kind(at + 1) is Chunk.NOUN
    first = view.find_next(Chunk.COMMA, 0)  # after a phrase without a verb, before the speaker
    if first is not None and first < at and not view.has_finite_verb(0, first):
        speaker = view.kind(first + 1) is Chunk.NOUN and view.is_finite_at(first + 2)
        if speaker and noun and view.has_finite_verb(at + 2, at + 6):
            return True
    opens_with_as = any(
        view.opens_with(i, Chunk.PREPOSITION, words.as_marker) for i in range(max(0, at - AS_REACH), at)
    )
    capital = noun and view.document.words[view.row[at + 1].first] in words.sentence_openers
    written = capital and view.is_finite_at(at + 2)
    return opens_with_as or written or view.kind(at + 1) is Chunk.SUBORDINATOR


def _opens_clause(view: SentenceView, at: int, frames: frozenset[Frame]) -> bool:
    """Return whether "that", a question word, or a subject with its verb comes."""
    if view.kind(at) in {Chunk.THAT, Chunk.RELATIVE, Chunk.QUOTE}:
        return True
    if view.lower(at) in view.document.lexicon.words.complementisers:
        return True
    if view.kind(at) is Chunk.VERB:  # "a strike that officials said could last"
        return Frame.CLAUSE in frames
    return view.has_finite_verb(at, at + 12)
