"""The content of an attribution: the words before, after or around the cue."""

from __future__ import annotations

from bisect import bisect_right

from bot.reading.annotators.base import Range
from bot.reading.annotators.sentence_views import SentenceView
from bot.reading.chunking import Chunk, Phrase, finite
from bot.reading.languages.lexicon import Frame
from bot.reading.noun_phrases import noun_phrase

AS_REACH = 12  # chunks from "as" to the comma after its verb
CIRCUMSTANCES = frozenset({Chunk.PREPOSITION, Chunk.NOUN, Chunk.TIME, Chunk.ADVERB})
CLAUSAL = frozenset({Frame.CLAUSE, Frame.PERSON, Frame.FINDING, Frame.BELIEF, Frame.QUOTATION})
SPEECH = frozenset({Frame.CLAUSE, Frame.PERSON, Frame.FINDING, Frame.BELIEF, Frame.QUOTATION, Frame.NOUN})
OPENING_MARKS = frozenset({"“", '"', "''", "``", "«", "‘"})


# ── before the speaker ──────────────────────────────────────────────────────────────────────────────


def find_content_before(
    view: SentenceView, speaker: int, after: int, frames: frozenset[Frame]
) -> Range | None:
    """Return the content before the speaker, when the cue closes the sentence or is inserted into it."""
    if not frames & SPEECH or not _is_closed(view, after):
        return None
    before = find_preceding_content(view, speaker)
    if before is not None and (frames & CLAUSAL - {Frame.QUOTATION} or _quoted_before(view, speaker)):
        return before
    spoken = bool(frames & {Frame.CLAUSE, Frame.BELIEF})
    if spoken or frames & {Frame.FINDING}:
        inserted = _find_content_around_insertion(view, speaker, after) or (
            _find_content_before_as(view, speaker) if spoken else None
        )
        if inserted is not None:
            return inserted
    return _find_relative_object(view, speaker) if frames & {Frame.CLAUSE, Frame.NOUN} else None


def _find_content_around_insertion(view: SentenceView, speaker: int, after: int) -> Range | None:
    """“…, he said.” and “…, he said, and …”: the speaker right after a comma, the cue closed in turn."""
    if view.kind(speaker - 1) is not Chunk.COMMA or speaker < 2:  # noqa: PLR2004  # words before the comma
        return None
    closed = view.kind(after) in {Chunk.END, None}
    plain = not view.has_chunk(Chunk.COMMA, 0, speaker - 1)
    goes_on = view.kind(after) is Chunk.COMMA and (plain or view.has_finite_verb(0, speaker - 1))
    return (view.sentence.first, view.row[speaker - 1].first) if closed or goes_on else None


def _find_content_before_as(view: SentenceView, speaker: int) -> Range | None:
    """“…, as the Courier reported a day later”."""
    marker = speaker - 1
    if (
        view.kind(marker) is not Chunk.PREPOSITION
        or view.lower(marker) not in view.prose.lexicon.words.as_marker
    ):
        return None
    return (view.sentence.first, view.row[marker].first) if marker > 1 else None


def _find_relative_object(view: SentenceView, speaker: int) -> Range | None:
    """“a charge, which she has denied”: the words before the relative are what was said or denied."""
    relative = speaker - 1
    if (
        view.kind(relative) is not Chunk.RELATIVE
        or view.lower(relative) not in view.prose.lexicon.words.which
    ):
        return None
    left = relative - 1 - (view.kind(relative - 1) in {Chunk.COMMA, Chunk.PREPOSITION})
    return (view.row[left].first, view.row[left].last) if view.kind(left) is Chunk.NOUN else None


def _quoted_before(view: SentenceView, speaker: int) -> bool:
    return any(p.kind is Chunk.QUOTE for p in view.row[max(0, speaker - 2) : speaker])


def has_content_before(view: SentenceView, chunk: int) -> bool:
    """Return whether a quotation or a comma, with something said before it, stands right before the chunk."""
    left = chunk - 1
    while view.kind(left) is Chunk.ADVERB:
        left -= 1
    return view.kind(left) is Chunk.QUOTE or (view.kind(left) in {Chunk.COMMA, Chunk.DASH} and left > 1)


def find_preceding_content(view: SentenceView, chunk: int) -> Range | None:
    """The words before the speaker that are what was said: a quotation, or a clause closed by a comma."""
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
    return (view.sentence.first, view.row[left].first) if _has_clause(view, 0, left) else None


def _has_clause(view: SentenceView, first: int, last: int) -> bool:
    """Return whether the chunks hold a clause of their own, and not a participle or a fronted phrase."""
    if last - first < 2 or view.row[first].kind is Chunk.PREPOSITION:  # noqa: PLR2004  # subject and verb
        return False
    if view.lower(first) in view.prose.lexicon.words.fronting:
        return False
    return view.has_finite_verb(first, last)


def find_quotation_above(view: SentenceView) -> tuple[Range, ...] | None:
    """The quotation that ends right before the sentence, in its paragraph."""
    before, prose = view.sentence.first - 1, view.prose
    if view.index == 0 or prose.sentences[view.index - 1].block != view.sentence.block:
        return None
    ended = next((q for q in view.above if q.last == before + 1), None)
    return None if ended is None else ((ended.first, ended.last),)


def find_whole_quotation(view: SentenceView, phrase: Phrase) -> Range:
    """The quotation, from its first word in an earlier sentence on."""
    quote = view.quoted[bisect_right(view.quoted, phrase.first, key=lambda q: q.first) - 1]
    return (quote.first, quote.last)


def _is_closed(view: SentenceView, after: int) -> bool:
    """Return whether only circumstances (“in a statement on Monday”) or a stop follow the cue."""
    at = after
    while view.kind(at) in CIRCUMSTANCES:
        if view.kind(at) is Chunk.NOUN and view.kind(at - 1) is not Chunk.PREPOSITION and at > after:
            return False
        at += 1
    if view.kind(at) is Chunk.COLON and view.kind(at + 1) is Chunk.QUOTE:
        return False
    return view.kind(at) in {
        None,
        Chunk.END,
        Chunk.COMMA,
        Chunk.COLON,
        Chunk.DASH,
        Chunk.QUOTE,
        Chunk.CONJUNCTION,
    } or (view.kind(at) is Chunk.VERB and not finite(view.prose, view.row[at]))


# ── after the cue ───────────────────────────────────────────────────────────────────────────────────


def find_rest(view: SentenceView, after: int) -> tuple[Range, ...]:
    """“The bridge, he said, was weak”: the words after an inserted cue."""
    resumes = view.kind(after) is Chunk.COMMA and view.kind(after + 1) is Chunk.VERB
    if not resumes or not finite(view.prose, view.row[after + 1]):
        return ()
    return ((view.row[after + 1].first, view.end()),)


def find_resumed_content(view: SentenceView, after: int) -> tuple[Range, ...]:
    """Return the content that goes on after the speaker: the rest of a broken quotation, or the next quoted
    sentence."""
    quote = view.find_next(Chunk.QUOTE, after)
    if quote is not None:
        return (find_whole_quotation(view, view.row[quote]),)
    nxt = view.index + 1
    sentences = view.prose.sentences
    if nxt < len(sentences) and sentences[nxt].block == view.sentence.block:
        first = sentences[nxt].first
        if view.prose.words[first] in OPENING_MARKS:
            return tuple(r for r in [_find_quotation_from(view, first)] if r)
    return ()


def _find_quotation_below(view: SentenceView, frames: frozenset[Frame]) -> tuple[Range, ...] | None:
    """“Venn echoed:” hands over to the next paragraph; its words are taken where they stand in quotation
    marks."""
    if not frames & {Frame.CLAUSE, Frame.PERSON, Frame.QUOTATION}:
        return None
    sentences, nxt = view.prose.sentences, view.index + 1
    if nxt == len(sentences) or view.prose.words[sentences[nxt].first] not in OPENING_MARKS:
        return ()
    quoted = _find_quotation_from(view, sentences[nxt].first)
    return () if quoted is None else (quoted,)


def _find_quotation_from(view: SentenceView, first: int) -> Range | None:
    """The quotation that opens at token `first`, to the end of its sentences."""
    closers = {"“": "”", '"': '"', "''": "''", "``": "''", "«": "»", "‘": "’"}[view.prose.words[first]]
    for sentence in view.prose.rest_of_block(view.index + 1):
        if view.prose.words[sentence.last - 1] == closers:
            return (first, sentence.last)
    return None


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
        at = view.chunk_at(noun_phrase(view.prose, view.row, at).last)
    if frames & {Frame.CLAUSE} and told is None and _is_topic(view, at):
        return ((view.row[at].first, view.end()),), None
    at = _skip_aside(view, _skip_circumstances(view, at))
    kind = view.kind(at)
    if kind in {Chunk.COMMA, Chunk.COLON} and view.kind(at + 1) is Chunk.QUOTE:
        at, kind = at + 1, Chunk.QUOTE
    elif kind is Chunk.COLON:
        if at + 1 == len(view.row):
            return _find_quotation_below(view, frames), told
        at += 1
        kind = view.kind(at)
    if kind is Chunk.QUOTE:
        return _find_quoted_content(view, at), told
    if kind is Chunk.COMMA and frames & {Frame.CLAUSE, Frame.PERSON} and _continues_after_comma(view, at):
        return ((view.row[at + 1].first, view.end()),), told
    if kind in {None, Chunk.END, Chunk.COMMA, Chunk.CONJUNCTION}:
        return (() if frames & {Frame.CLAUSE} and told is not None else None), told
    if not frames - {Frame.QUOTATION}:
        direct = kind is Chunk.THAT and told is None
        return (((view.row[at].first, view.end()),) if direct else None), told
    if frames & CLAUSAL and _opens_clause(view, at, frames):
        return ((view.row[at].first, view.end()),), told
    if frames & {Frame.NOUN, Frame.ATTITUDE, Frame.FINDING} or told is not None:
        return ((view.row[at].first, _find_object_end(view, at)),), told
    return (
        ((view.row[at].first, view.end()),) if Frame.CLAUSE in frames and kind is Chunk.NOUN else None
    ), told


def _find_object_end(view: SentenceView, at: int) -> int:
    """The token after the object at chunk `at`: “denounced her and said …” goes on with another verb."""
    if view.kind(at) is not Chunk.NOUN:
        return view.end()
    for right in range(at + 1, len(view.row) - 1):
        if view.kind(right) in {Chunk.THAT, Chunk.RELATIVE, Chunk.QUOTE, Chunk.VERB, Chunk.SUBORDINATOR}:
            break
        if view.kind(right) is Chunk.CONJUNCTION and view.is_finite_at(right + 1):
            return view.row[right - (view.kind(right - 1) is Chunk.COMMA)].first
    return view.end()


def _is_topic(view: SentenceView, at: int) -> bool:
    """“warned of a strike”, “complained about the noise”: what the words were about."""
    return (
        view.kind(at) is Chunk.PREPOSITION
        and view.lower(at) in view.prose.lexicon.words.topical
        and view.kind(at + 1) in {Chunk.NOUN, Chunk.QUOTE, Chunk.RELATIVE, Chunk.VERB}
    )


def _find_quoted_content(view: SentenceView, at: int) -> tuple[Range, ...]:
    quote = find_whole_quotation(view, view.row[at])
    if quote[1] >= view.end():
        return (quote, *find_resumed_content(view, len(view.row)))
    return (
        ((view.row[at].first, view.end()),) if view.kind(at + 1) not in {Chunk.COMMA, Chunk.END} else (quote,)
    )


def _skip_circumstances(view: SentenceView, at: int) -> int:
    """Steps over "on Monday", "in a statement", "Tuesday night" between the cue and what was said."""
    while True:
        if view.kind(at) in {Chunk.TIME, Chunk.ADVERB}:
            at += 1
        elif view.kind(at) is Chunk.PREPOSITION and view.kind(at + 1) in {Chunk.NOUN, Chunk.TIME}:
            if view.kind(at + 2) is Chunk.VERB and finite(view.prose, view.row[at + 2]):
                return at
            at += 2
        else:
            return at


def _has_fronted_phrase(view: SentenceView, at: int) -> bool:
    """Return whether only a phrase without a verb stands before the comma that the speaker follows."""
    first = view.find_next(Chunk.COMMA, 0)
    if first is None or first >= at or view.has_finite_verb(0, first):
        return False
    return view.kind(first + 1) is Chunk.NOUN and view.is_finite_at(first + 2)


def _skip_aside(view: SentenceView, at: int) -> int:
    """Over ", written by his lawyer," when "that" or a quotation follows it."""
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
    if (
        _has_fronted_phrase(view, at)
        and view.kind(at + 1) is Chunk.NOUN
        and view.has_finite_verb(at + 2, at + 6)
    ):
        return True
    opens_with_as = any(
        view.kind(i) is Chunk.PREPOSITION and view.lower(i) in view.prose.lexicon.words.as_marker
        for i in range(max(0, at - AS_REACH), at)
    )
    sentence = view.kind(at + 1) is Chunk.NOUN and view.is_finite_at(at + 2)
    written = sentence and view.prose.words[view.row[at + 1].first] in view.prose.lexicon.words.capitals
    return opens_with_as or written or view.kind(at + 1) is Chunk.SUBORDINATOR


def _opens_clause(view: SentenceView, at: int, frames: frozenset[Frame]) -> bool:
    """Return whether "that", a question word, or a subject with its verb comes."""
    if view.kind(at) in {Chunk.THAT, Chunk.RELATIVE, Chunk.QUOTE}:
        return True
    if view.lower(at) in view.prose.lexicon.words.complementisers:
        return True
    if view.kind(at) is Chunk.VERB:  # "a strike that officials said could last"
        return Frame.CLAUSE in frames
    return view.has_finite_verb(at, at + 12)
