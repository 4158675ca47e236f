"""Who is said to have said what: attributions, found from the structure of each sentence.

The seam of the reading engine is `findings(prose, quotations) → tuple[Finding, ...]`: text in,
attributions out. Another engine can stand beside this one behind the same function.

Each rule looks at one verb group, preposition or mark and yields at most one finding; its name goes into
`why` with the lexicon entry that it used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.model import Role
from bot.reading.clauses import Row, Span, main_subject, noun_phrase, subject
from bot.reading.lexicon.load import Frame
from bot.reading.prose import Prose, Sentence
from bot.reading.quotes import Quotation, spoken
from bot.reading.syntax import Chunk, Phrase, finite, negated, passive, phrases

Range = tuple[int, int]
READ = frozenset({Role.TITLE, Role.DECK, Role.BODY, Role.HEADING, Role.QUOTE, Role.ITEM})
CIRCUMSTANCES = frozenset({Chunk.PREPOSITION, Chunk.NOUN, Chunk.TIME, Chunk.ADVERB})
CLAUSAL = frozenset({Frame.CLAUSE, Frame.PERSON, Frame.FINDING, Frame.BELIEF, Frame.QUOTATION})
SPEECH = frozenset({Frame.CLAUSE, Frame.PERSON, Frame.FINDING, Frame.BELIEF, Frame.QUOTATION, Frame.NOUN})
INVERTING = frozenset({Frame.CLAUSE, Frame.QUOTATION})
INTRODUCTION = 6  # tokens: "South Front reports …"
SHORTEST_INTRODUCTION = 3  # a name, a verb and the mark
HANDING_OVER = frozenset({"…", "...", ":"})
NAME_BEFORE_COLON = 9  # tokens: "SENATOR MARA VENN OF DALE:"


@dataclass(frozen=True, slots=True)
class Finding:
    """One attribution as token ranges. `head` is the token that names the source.

    `outer` is the token of the source that relays this one ("… reported, citing …"); `told` the person or
    outlet that was told.
    """

    source: Range | None
    head: int | None
    cue: Range
    content: tuple[Range, ...]
    reporting: bool
    why: str
    sentence: int
    outer: int | None = None
    told: int | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One sentence as its rules see it."""

    prose: Prose
    sentence: Sentence
    index: int
    row: Row
    quoted: tuple[Quotation, ...]

    def lower(self, chunk: int) -> str:
        return self.prose.lowers[self.row[chunk].first]

    def kind(self, chunk: int) -> Chunk | None:
        return self.row[chunk].kind if 0 <= chunk < len(self.row) else None

    def end(self) -> int:
        """The token after the last word of the sentence, its final stop left out."""
        return self.row[-1].first if self.row[-1].kind is Chunk.END else self.sentence.last


def findings(prose: Prose, quotations: tuple[Quotation, ...]) -> tuple[Finding, ...]:
    """Every attribution of the article, in the order of its cue."""
    found: list[Finding] = []
    for view in _views(prose, quotations):
        found += _in_sentence(view)
    return tuple(sorted(found, key=lambda f: (f.cue, f.source or (-1, -1))))


def _views(prose: Prose, quotations: tuple[Quotation, ...]) -> Iterator[View]:
    said = [q for q in quotations if spoken(prose, q)]
    first = 0
    for index, sentence in enumerate(prose.sentences):
        while first < len(said) and said[first].last <= sentence.first:
            first += 1
        last = first
        while last < len(said) and said[last].first < sentence.last:
            last += 1
        inside = tuple(said[first:last])
        if sentence.role in READ and not _wholly_quoted(sentence, inside):
            row = phrases(prose, sentence, inside)
            yield View(prose, sentence, index, row, inside)


def _wholly_quoted(sentence: Sentence, inside: tuple[Quotation, ...]) -> bool:
    return any(q.first <= sentence.first and sentence.last <= q.last for q in inside)


def _in_sentence(view: View) -> Iterator[Finding]:
    introduced = _introduction(view)
    if introduced is not None:
        yield introduced
        return
    for chunk, phrase in enumerate(view.row):
        if phrase.kind is Chunk.VERB:
            found = _verbal(view, chunk)
        elif phrase.kind is Chunk.PREPOSITION:
            found = _according(view, chunk)
        elif phrase.kind is Chunk.COLON:
            found = _colon(view, chunk)
        elif phrase.kind is Chunk.NOUN:
            found = _noun_cue(view, chunk)
        else:
            found = None
        if found is not None:
            yield found
            if view.prose.lowers[phrase.head].startswith("quot"):
                yield from _quoted_as_saying(view, chunk, found)


def _introduction(view: View) -> Finding | None:
    """“South Front reports…” on a line of its own hands over to what follows."""
    first, last = view.sentence.first, view.sentence.last
    prose = view.prose
    long = last - first > INTRODUCTION
    if long or last - first < SHORTEST_INTRODUCTION or prose.words[last - 1] not in HANDING_OVER:
        return None
    known = view.prose.lexicon.cues.get(prose.lowers[last - 2])
    if known is None or Frame.CLAUSE not in known[1] or not prose.tags[last - 3].startswith("NNP"):
        return None
    return Finding(
        (first, last - 2), last - 3, (last - 2, last - 1), (),
        reporting=True, why=f"introduction: {known[0]}", sentence=view.index,
    )  # fmt: skip


# ── verbs ───────────────────────────────────────────────────────────────────────────────────────────


def _verbal(view: View, chunk: int) -> Finding | None:
    group = view.row[chunk]
    phrasal = view.prose.lexicon.phrasal.patterns
    for start in dict.fromkeys((group.first, group.head)):
        for entry in phrasal.starting(view.prose.lowers[start]):
            match = phrasal.match(entry, view.prose, start, view.sentence.last)
            if match is None:
                continue
            cue = (group.first, match.last)
            return _active(
                view, chunk, cue, view.prose.lexicon.phrasal.sources[entry], frozenset({Frame.CLAUSE})
            )
    known = view.prose.lexicon.cues.get(view.prose.lowers[group.head])
    if known is None:
        return None
    lemma, frames = known
    if _hypothetical(view, group):
        frames = frozenset({Frame.ATTITUDE})
    if lemma in view.prose.lexicon.words.citing and view.prose.tags[group.head] == "VBG":
        return _citing(view, chunk)
    if passive(view.prose, group) or _reduced_passive(view, chunk):
        return _passive(view, chunk, lemma) if frames & {Frame.CLAUSE, Frame.NOUN, Frame.PERSON} else None
    return _active(view, chunk, (group.first, group.last), lemma, frames)


def _hypothetical(view: View, group: Phrase) -> bool:
    """“would agree” is no report yet; “would not say” and “can confirm” are."""
    prose = view.prose
    modal = next((prose.lowers[i] for i in range(group.first, group.head) if prose.tags[i] == "MD"), None)
    return modal in view.prose.lexicon.words.hypothetical and not negated(prose, group)


def _active(view: View, chunk: int, cue: Range, lemma: str, frames: frozenset[Frame]) -> Finding | None:
    """Speaker before, after or around: decided by what stands on either side of the verb."""
    after = _chunk_at(view, cue[1])
    if frames & INVERTING and finite(view.prose, view.row[chunk]) and _inverts(view, chunk, after):
        return _inverted(view, chunk, after, cue, lemma)
    source = _source(view, chunk)
    if source is None:
        return None
    before = _said_before(view, source.chunk, after, frames)
    if before is not None:
        around = (before, *(_rest(view, after) or _resumed(view, after)))
        return _finding(view, source, cue, around, f"speaker after: {lemma}", speech=bool(frames & SPEECH))
    content, told = _following(view, after, frames)
    if content is None:
        return None
    why = f"speaker before: {lemma}"
    return replace(_finding(view, source, cue, content, why, speech=bool(frames & SPEECH)), told=told)


def _said_before(view: View, speaker: int, after: int, frames: frozenset[Frame]) -> Range | None:
    """What was said before the speaker, when the cue closes the sentence or is inserted into it."""
    if not frames & SPEECH or not _nothing_follows(view, after):
        return None
    before = _preceding(view, speaker)
    if before is not None and (frames & CLAUSAL - {Frame.QUOTATION} or _quoted_before(view, speaker)):
        return before
    plain = frames & {Frame.CLAUSE, Frame.BELIEF} and view.kind(speaker - 1) is Chunk.COMMA and speaker > 1
    if plain and view.kind(after) in {Chunk.END, None}:
        return (view.sentence.first, view.row[speaker - 1].first)
    if (
        plain
        and view.kind(after) is Chunk.COMMA
        and all(p.kind is not Chunk.COMMA for p in view.row[: speaker - 1])
    ):
        return (view.sentence.first, view.row[speaker - 1].first)
    return None


def _quoted_before(view: View, speaker: int) -> bool:
    return any(p.kind is Chunk.QUOTE for p in view.row[max(0, speaker - 2) : speaker])


def _rest(view: View, after: int) -> tuple[Range, ...]:
    """“The bridge, he said, was weak”: the words after an inserted cue."""
    resumes = view.kind(after) is Chunk.COMMA and view.kind(after + 1) is Chunk.VERB
    if not resumes or not finite(view.prose, view.row[after + 1]):
        return ()
    return ((view.row[after + 1].first, view.end()),)


def _source(view: View, chunk: int) -> Span | None:
    """The subject of the cue; a participle clause takes that of its main clause."""
    group, prose = view.row[chunk], view.prose
    if prose.tags[group.first] == "TO" or (
        view.kind(chunk - 1) is Chunk.PREPOSITION and not finite(prose, group)
    ):
        return None
    if finite(prose, group):
        return subject(prose, view.row, chunk)
    if prose.tags[group.head] == "VBG":
        if view.kind(chunk - 1) is Chunk.NOUN:
            return subject(prose, view.row, chunk)
        return main_subject(prose, view.row, chunk)
    followed = any(_finite_at(view, at) for at in range(chunk + 1, len(view.row)))
    modifies = followed and view.kind(chunk + 1) is Chunk.PREPOSITION  # "a person briefed on the plan said"
    return None if modifies or prose.tags[group.head] != "VBN" else subject(prose, view.row, chunk)


def _inverted(view: View, chunk: int, after: int, cue: Range, lemma: str) -> Finding | None:
    """“…,” said Mara Venn."""
    source = noun_phrase(view.prose, view.row, after)
    before = _preceding(view, chunk)
    if before is None:
        return None
    end = _chunk_at(view, source.last)
    content = (before, *_resumed(view, end))
    return _finding(view, source, cue, content, f"inverted: {lemma}", speech=True)


def _inverts(view: View, chunk: int, after: int) -> bool:
    """Whether the noun phrase after the verb is its speaker and not the subject of what was said."""
    if view.kind(after) is not Chunk.NOUN or not _content_before(view, chunk):
        return False
    following = _chunk_at(view, noun_phrase(view.prose, view.row, after).last)
    for at in range(following, len(view.row)):
        if view.kind(at) in CLOSING:
            break
        if view.kind(at) is Chunk.VERB and finite(view.prose, view.row[at]):
            return False
    return _preceding(view, chunk) is not None


CLOSING = frozenset(
    {Chunk.RELATIVE, Chunk.COMMA, Chunk.END, Chunk.QUOTE, Chunk.COLON, Chunk.CONJUNCTION, Chunk.SUBORDINATOR}
)


def _content_before(view: View, chunk: int) -> bool:
    """Whether a quotation or a comma, with something said before it, stands right before the chunk."""
    left = chunk - 1
    while view.kind(left) is Chunk.ADVERB:
        left -= 1
    return view.kind(left) is Chunk.QUOTE or (view.kind(left) in {Chunk.COMMA, Chunk.DASH} and left > 1)


def _preceding(view: View, chunk: int) -> Range | None:
    """The words before the speaker that are what was said: a quotation, or a clause closed by a comma."""
    left = chunk - 1
    while view.kind(left) in {Chunk.ADVERB, Chunk.CONJUNCTION}:
        left -= 1
    kind = view.kind(left)
    if kind is Chunk.QUOTE:
        return _whole_quote(view, view.row[left])
    if kind is not Chunk.COMMA:
        return None
    if view.kind(left - 1) is Chunk.QUOTE:
        return _whole_quote(view, view.row[left - 1])
    return (view.sentence.first, view.row[left].first) if _clause_between(view, 0, left) else None


def _clause_between(view: View, first: int, last: int) -> bool:
    """Whether the chunks hold a clause of their own, and not a participle or a fronted phrase."""
    if last - first < 2 or view.row[first].kind is Chunk.PREPOSITION:  # noqa: PLR2004  # subject and verb
        return False
    if view.lower(first) in view.prose.lexicon.words.fronting:
        return False
    return any(p.kind is Chunk.VERB and finite(view.prose, p) for p in view.row[first:last])


def _whole_quote(view: View, phrase: Phrase) -> Range:
    """The quotation, from its first word in an earlier sentence on."""
    quote = next(q for q in view.quoted if q.first <= phrase.first < q.last)
    return (quote.first, quote.last)


def _nothing_follows(view: View, after: int) -> bool:
    """Whether after the cue stand only circumstances (“in a statement on Monday”) or a stop."""
    at = after
    while view.kind(at) in CIRCUMSTANCES:
        if view.kind(at) is Chunk.NOUN and view.kind(at - 1) is not Chunk.PREPOSITION and at > after:
            return False
        at += 1
    return view.kind(at) in {
        None,
        Chunk.END,
        Chunk.COMMA,
        Chunk.COLON,
        Chunk.DASH,
        Chunk.QUOTE,
        Chunk.CONJUNCTION,
    } or (view.kind(at) is Chunk.VERB and not finite(view.prose, view.row[at]))


def _resumed(view: View, after: int) -> tuple[Range, ...]:
    """What is said after the speaker: the rest of a broken quotation, or the next quoted sentence."""
    for at in range(after, len(view.row)):
        if view.row[at].kind is Chunk.QUOTE:
            return (_whole_quote(view, view.row[at]),)
    nxt = view.index + 1
    sentences = view.prose.sentences
    if nxt < len(sentences) and sentences[nxt].block == view.sentence.block:
        first = sentences[nxt].first
        if view.prose.words[first] in OPENING_MARKS:
            return tuple(r for r in [_quotation_from(view, first)] if r)
    return ()


OPENING_MARKS = frozenset({"“", '"', "''", "``", "«", "‘"})


def _quotation_from(view: View, first: int) -> Range | None:
    """The quotation that opens at token `first`, to the end of its sentences."""
    closers = {"“": "”", '"': '"', "''": "''", "``": "''", "«": "»", "‘": "’"}[view.prose.words[first]]
    block = view.sentence.block
    for sentence in view.prose.sentences[view.index + 1 :]:
        if sentence.block != block:
            return None
        if view.prose.words[sentence.last - 1] == closers:
            return (first, sentence.last)
    return None


def _following(
    view: View, after: int, frames: frozenset[Frame]
) -> tuple[tuple[Range, ...] | None, int | None]:
    """What was said after the cue, and who was told; None when nothing there can be content."""
    at, told = after, None
    if (
        frames & {Frame.PERSON, Frame.QUOTATION}
        and view.kind(at) is Chunk.NOUN
        and not _finite_at(view, at + 1)
    ):
        told = view.row[at].head
        at = _chunk_at(view, noun_phrase(view.prose, view.row, at).last)
    at = _past_circumstances(view, at)
    kind = view.kind(at)
    if kind in {Chunk.COMMA, Chunk.COLON} and view.kind(at + 1) is Chunk.QUOTE:
        at, kind = at + 1, Chunk.QUOTE
    elif kind is Chunk.COLON and at + 1 < len(view.row):
        at += 1
        kind = view.kind(at)
    if kind is Chunk.QUOTE:
        return _quoted_content(view, at), told
    if kind in {None, Chunk.END, Chunk.COMMA, Chunk.CONJUNCTION}:
        return (() if frames & {Frame.CLAUSE} and told is not None else None), told
    if not frames - {Frame.QUOTATION}:
        return (((view.row[at].first, view.end()),) if kind is Chunk.THAT else None), told
    if frames & CLAUSAL and _opens_clause(view, at):
        return ((view.row[at].first, view.end()),), told
    if frames & {Frame.NOUN, Frame.ATTITUDE, Frame.FINDING} or told is not None:
        return ((view.row[at].first, view.end()),), told
    return (
        ((view.row[at].first, view.end()),) if Frame.CLAUSE in frames and kind is Chunk.NOUN else None
    ), told


def _finite_at(view: View, at: int) -> bool:
    return view.kind(at) is Chunk.VERB and finite(view.prose, view.row[at])


def _quoted_content(view: View, at: int) -> tuple[Range, ...]:
    quote = _whole_quote(view, view.row[at])
    if quote[1] >= view.end():
        return (quote, *_resumed(view, len(view.row)))
    return (
        ((view.row[at].first, view.end()),) if view.kind(at + 1) not in {Chunk.COMMA, Chunk.END} else (quote,)
    )


def _past_circumstances(view: View, at: int) -> int:
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


def _opens_clause(view: View, at: int) -> bool:
    """Whether "that", a question word, or a subject with its verb comes."""
    if view.kind(at) in {Chunk.THAT, Chunk.RELATIVE, Chunk.QUOTE}:
        return True
    if view.lower(at) in view.prose.lexicon.words.complementisers:
        return True
    if _finite_at(view, at):
        return False
    return any(p.kind is Chunk.VERB and finite(view.prose, p) for p in view.row[at : at + 12])


# ── passives ────────────────────────────────────────────────────────────────────────────────────────


def _reduced_passive(view: View, chunk: int) -> bool:
    """“a statement released by”, "a man described as": a participle after a noun and before "by"."""
    return (
        view.prose.tags[view.row[chunk].head] == "VBN"
        and view.kind(chunk + 1) is Chunk.PREPOSITION
        and view.lower(chunk + 1) in view.prose.lexicon.words.passive_markers
    )


def _passive(view: View, chunk: int, lemma: str) -> Finding | None:
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
            return Finding(
                (source.first, source.last), view.row[at + 1].head, (group.first, group.last), content,
                reporting=True, why=f"passive with agent: {lemma}", sentence=view.index,
            )  # fmt: skip
    return None


# ── citing, according to, colons, nouns ─────────────────────────────────────────────────────────────


def _citing(view: View, chunk: int) -> Finding | None:
    """“…, citing special sources”: the object is the source, the subject relays it."""
    if view.kind(chunk + 1) is not Chunk.NOUN:
        return None
    source = noun_phrase(view.prose, view.row, chunk + 1)
    relay = _relay(view, chunk)
    group = view.row[chunk]
    end = view.row[chunk].first
    content = ((view.sentence.first, end),) if end > view.sentence.first else ()
    return Finding(
        (source.first, source.last), view.row[source.chunk].head, (group.first, group.last), content,
        reporting=True, why="citing", sentence=view.index, outer=relay,
    )  # fmt: skip


def _relay(view: View, chunk: int) -> int | None:
    span = main_subject(view.prose, view.row, chunk)
    return None if span is None else view.row[span.chunk].head


def _quoted_as_saying(view: View, chunk: int, outer: Finding) -> Iterator[Finding]:
    """“quoted one of its sources as saying”: a source inside the attribution of its relay."""
    if outer.head is None or view.kind(chunk + 1) is not Chunk.NOUN:
        return
    source = noun_phrase(view.prose, view.row, chunk + 1)
    at = _chunk_at(view, source.last)
    if (
        view.kind(at) is Chunk.PREPOSITION
        and view.lower(at) in view.prose.lexicon.words.as_marker
        and view.kind(at + 1) is Chunk.VERB
    ):
        cue = (view.row[at].first, view.row[at + 1].last)
        yield Finding(
            (source.first, source.last), view.row[chunk + 1].head, cue, outer.content,
            reporting=True, why="quoted as saying", sentence=view.index, outer=outer.head,
        )  # fmt: skip


def _according(view: View, chunk: int) -> Finding | None:
    """“According to X, …” and "…, according to X"."""
    phrase, nxt = view.row[chunk], chunk + 1
    if view.prose.lowers[phrase.first] != "according" or view.kind(nxt) is not Chunk.NOUN:
        return None
    source = noun_phrase(view.prose, view.row, nxt)
    content: list[Range] = []
    if phrase.first > view.sentence.first + 2:
        end = phrase.first - (view.kind(chunk - 1) is Chunk.COMMA)
        content.append((view.sentence.first, end))
    elif source.last < view.end():
        skip = view.prose.lowers[source.last] == ","
        content.append((source.last + skip, view.end()))
    return Finding(
        (source.first, source.last), view.row[nxt].head, (phrase.first, phrase.last),
        tuple(c for c in content if c[0] < c[1]), reporting=True, why="according to", sentence=view.index,
    )  # fmt: skip


def _colon(view: View, chunk: int) -> Finding | None:
    """“SMITH: …”, “Poll: …”: a name or a document before a colon at the start."""
    colon, name = view.row[chunk], view.row[0]
    if name.kind is not Chunk.NOUN or view.prose.words[colon.first] != ":" or colon.last >= view.end():
        return None
    if colon.first - view.sentence.first > NAME_BEFORE_COLON or any(
        p.kind is Chunk.VERB for p in view.row[:chunk]
    ):
        return None
    if not _speaks_before_colon(view, chunk, name.head):
        return None
    return Finding(
        (name.first, colon.first), name.head, (colon.first, colon.last),
        ((view.row[chunk + 1].first, view.end()),), reporting=True, why="colon", sentence=view.index,
    )  # fmt: skip


def _speaks_before_colon(view: View, chunk: int, head: int) -> bool:
    if view.prose.lowers[head] in view.prose.lexicon.words.before_colon:
        return True
    if not view.prose.tags[head].startswith("NNP"):
        return False
    speaks = any(_finite_at(view, at) for at in range(chunk + 1, len(view.row)))
    joined = any(p.kind is Chunk.CONJUNCTION for p in view.row[:chunk])
    return view.kind(chunk + 1) is Chunk.QUOTE or (view.prose.words[head].isupper() and speaks and not joined)


def _noun_cue(view: View, chunk: int) -> Finding | None:
    """“Venn's claim that …”, “a report by Venn that …”."""
    phrase, prose = view.row[chunk], view.prose
    if prose.lowers[phrase.head].removesuffix("s") not in view.prose.lexicon.noun_cues:
        return None
    owned = _owner(view, phrase) if view.kind(chunk + 1) is Chunk.THAT else None
    that = chunk + 1
    if owned is None and _by_whom(view, chunk + 1):
        span = noun_phrase(prose, view.row, chunk + 2)
        owned, that = ((span.first, span.last), view.row[chunk + 2].head), chunk + 3
    if owned is None:
        return None
    source, head = owned
    return Finding(
        source, head, (phrase.head, phrase.head + 1), ((view.row[that].first, view.end()),),
        reporting=True, why=f"noun: {prose.lowers[phrase.head]}", sentence=view.index,
    )  # fmt: skip


def _owner(view: View, phrase: Phrase) -> tuple[Range, int] | None:
    """The possessor of a noun phrase and its head."""
    tags = view.prose.tags
    for at in range(phrase.first, phrase.head):
        if tags[at] == "PRP$":
            return (at, at + 1), at
        if tags[at] == "POS" and at > phrase.first:
            return (phrase.first, at), at - 1
    return None


def _by_whom(view: View, at: int) -> bool:
    """Whether "by NAME that" stands at chunk `at`."""
    agent = view.kind(at) is Chunk.PREPOSITION and view.lower(at) in view.prose.lexicon.words.agents
    return agent and view.kind(at + 1) is Chunk.NOUN and view.kind(at + 2) is Chunk.THAT


# ── pieces ──────────────────────────────────────────────────────────────────────────────────────────


def _finding(
    view: View, source: Span, cue: Range, content: tuple[Range, ...], why: str, *, speech: bool
) -> Finding:
    row = view.row
    return Finding(
        (source.first, source.last),
        row[source.chunk].head,
        cue,
        tuple(c for c in content if c[0] < c[1]),
        reporting=speech,
        why=why,
        sentence=view.index,
    )


def _chunk_at(view: View, token: int) -> int:
    """The chunk that holds `token`, or the next one; the number of chunks when there is none."""
    low, high = 0, len(view.row)
    while low < high:
        middle = (low + high) // 2
        if view.row[middle].last <= token:
            low = middle + 1
        else:
            high = middle
    return low
