"""The first annotator: rules that find attributions from the structure of each sentence.

Each rule looks at one verb group, preposition or mark and yields at most one finding, which names the rule
and the lexicon entry that it used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from bot.model import BlockRole
from bot.reading.annotators.base import AttributionFrame, Finding, Range
from bot.reading.annotators.content import find_whole_quotation
from bot.reading.annotators.continued import add_continued
from bot.reading.annotators.overlooked import find_overlooked
from bot.reading.annotators.quoting import find_quoted_as_saying, find_quoting
from bot.reading.annotators.sentence_views import SentenceView, quotation_views, views
from bot.reading.annotators.verb_cues import find_verb_attribution
from bot.reading.chunking import Chunk
from bot.reading.document import Document
from bot.reading.languages.lexicon import Frame, is_introduction_only
from bot.reading.noun_phrases import extend_noun_phrase
from bot.reading.quotes import Quotation

BRACKETS = frozenset({"(", ")", "[", "]"})
SIGNED = frozenset({Chunk.QUOTE, Chunk.END, Chunk.COMMA, Chunk.DASH, None})
LONGEST_POST = 20  # sentences
TOLD = frozenset({AttributionFrame.DIRECT, AttributionFrame.INDIRECT, AttributionFrame.ACCORDING})
NAME_BEFORE_COLON = 9  # tokens: "SENATOR MARA VENN OF DALE:"


class RuleAnnotator:
    """The annotator by rules, with what they overlook; implements bot.reading.annotators.base.Annotator."""

    def annotate(self, document: Document, quotations: tuple[Quotation, ...]) -> tuple[Finding, ...]:
        """Return every attribution, in the order of its cue."""
        sentences = tuple(views(document, quotations))
        found = find_by_rules(document, quotations, sentences)
        taken = {token for one in found for token in range(*one.cue)}
        found += [one for view in sentences for one in find_overlooked(view, taken)]
        found.sort(key=lambda f: (f.cue, f.source or (-1, -1)))
        return tuple(add_continued(document, quotations, found))


RULES = RuleAnnotator()


def _is_told(document: Document, found: Finding) -> bool:
    """Return whether a finding inside a quotation tells what somebody said: “The mayor says it fell”; not
    what "we" think, nor what is asked for."""
    _, frames = document.lexicon.find_cue(document.lowers[found.cue[1] - 1])
    if found.head is None or not found.reporting or not found.content:
        return False
    if document.lowers[found.head] in document.lexicon.words.speech_pronouns:
        return False
    told = found.frame is AttributionFrame.ACCORDING or bool(frames & {Frame.CLAUSE, Frame.PERSON})
    return told and found.frame in TOLD


def find_by_rules(
    document: Document, quotations: tuple[Quotation, ...], sentences: Iterable[SentenceView]
) -> list[Finding]:
    """Return the attributions that the rules find, in the sentences and inside the quotations."""
    found = [one for view in sentences for one in _annotate_sentence(view)]
    inside = (one for view in quotation_views(document, quotations) for one in _annotate_sentence(view))
    return found + [one for one in inside if _is_told(document, one)]


def _annotate_sentence(view: SentenceView) -> Iterator[Finding]:
    """Yield the introduction, else what the rule for each kind of chunk finds."""
    introduction = _find_introduction(view)
    if introduction is not None:
        yield introduction
        return
    rules = {
        Chunk.VERB: find_verb_attribution,
        Chunk.PREPOSITION: _find_according,
        Chunk.COLON: _find_label,
        Chunk.NOUN: _find_noun_cue,
        Chunk.DASH: _find_signature,
    }
    told = view.sentence.first  # the token after the last cue
    for chunk, phrase in enumerate(view.row):
        rule = rules.get(phrase.kind)
        if rule is None or phrase.first < told:  # "saying" of "issued a statement saying"
            continue
        quoting = tuple(find_quoting(view, chunk)) if phrase.kind is Chunk.VERB else ()
        if quoting:
            told = quoting[-1].cue[1]
            yield from quoting
            continue
        found = rule(view, chunk)
        if found is not None:
            told = found.cue[1]
            yield found
            lemma, _ = view.document.lexicon.find_cue(view.document.lowers[phrase.head])
            if lemma in view.document.lexicon.words.quoting:
                yield from find_quoted_as_saying(view, chunk, found)


def _find_introduction(view: SentenceView) -> Finding | None:
    """“South Front reports…” on a line of its own hands over to what follows."""
    first, last, document = view.sentence.first, view.sentence.last, view.document
    if (
        not is_introduction_only(document.lowers[first:last], document.lexicon)
        or not document.words[last - 3][0].isupper()
    ):
        return None
    lemma = document.lexicon.cues[document.lowers[last - 2]][0]
    return view.finding(
        (first, last - 2), last - 3, (last - 2, last - 1), (),
        frame=AttributionFrame.INTRODUCTION, rule="introduction", lemma=lemma,
    )  # fmt: skip


def _find_according(view: SentenceView, chunk: int) -> Finding | None:
    """“According to X, …” and "…, according to X"."""
    phrase, nxt = view.row[chunk], chunk + 1
    citing = view.document.lexicon.citing_prepositions.patterns.find_starting(
        view.document.lowers[phrase.first]
    )
    if not citing or view.kind(nxt) is not Chunk.NOUN:
        return None
    source = extend_noun_phrase(view.document, view.row, nxt)
    content: list[Range] = []
    if phrase.first > view.sentence.first + 2 or (chunk > 1 and view.kind(0) is Chunk.NOUN):
        end = phrase.first - (view.kind(chunk - 1) is Chunk.COMMA)
        content.append((view.sentence.first, end))
        after = view.chunk_at(source.last)
        if view.kind(after) is Chunk.COMMA and view.is_finite_at(after + 1):  # "Venn, according to Ort, left"
            content.append(view.range_from(after + 1))
    elif source.last < view.end():
        skip = view.document.lowers[source.last] == ","
        content.append((source.last + skip, view.end()))
    return view.finding(
        (source.first, source.last), view.row[nxt].head, (phrase.first, phrase.last), content,
        frame=AttributionFrame.ACCORDING, rule="according to",
    )  # fmt: skip


def _find_label(view: SentenceView, chunk: int) -> Finding | None:
    """“SMITH: …”, “Poll: …”, “The bridge is weak – Mara Venn: “…””: a name or a document before a colon."""
    colon, document, words = view.row[chunk], view.document, view.document.words
    first = 0  # the name opens the sentence, or stands after a dash and before a quotation
    for at in range(chunk - 1, max(-1, chunk - NAME_BEFORE_COLON), -1):
        if view.row[at].kind is Chunk.VERB:
            return None
        if view.row[at].kind is Chunk.DASH and view.kind(chunk + 1) is Chunk.QUOTE:
            first = at + 1
            break
    if view.kind(first) is not Chunk.NOUN or words[colon.first] != ":" or colon.last >= view.end():
        return None
    name = view.row[first]
    if colon.first - name.first > NAME_BEFORE_COLON or not _speaks_before_colon(view, first, chunk):
        return None
    if view.index == document.first_of_body and words[name.head].isupper():
        # "NAIROBI: The bridge fell" names a place, unless others open in the same way, as in a transcript
        body = [s for s in document.sentences[view.index :] if s.role is BlockRole.BODY]
        opened = [s for s in body if words[s.first].isupper() and ":" in words[s.first + 1 : s.first + 3]]
        if len(body) > 1 and opened == body[:1]:
            return None
    return view.finding(
        (name.first, colon.first), name.head, (colon.first, colon.last),
        (view.range_from(chunk + 1),), frame=AttributionFrame.LABEL, rule="colon",
    )  # fmt: skip


def _speaks_before_colon(view: SentenceView, first: int, chunk: int) -> bool:
    """Return whether the words before a colon speak: a document, a name before a quotation, or one in
    capitals or with a title or given name ("MARA VENN", "Mayor Venn") before a clause."""
    document, words, name, head = (
        view.document,
        view.document.lexicon.words,
        view.row[first],
        view.row[first].head,
    )
    if document.lowers[head] in words.before_colon:
        return True
    if not document.tags[head].is_name or len(document.words[head]) == 1:  # "Q: … A: …"
        return False
    if view.kind(chunk + 1) is Chunk.QUOTE:
        return True
    speaks = view.has_finite_verb(chunk + 1, chunk + NAME_BEFORE_COLON)
    joined = any(p.kind is Chunk.CONJUNCTION for p in view.row[first:chunk])
    opening, titles = document.lowers[name.first].rstrip("."), (words.honorifics, words.titles)
    titled = any(opening in known for known in (*titles, words.women, words.men))
    person = titled and name.last - name.first in range(2, 5)
    headline = view.sentence.role is BlockRole.TITLE and person
    return speaks and not joined and (document.words[head].isupper() or headline)


def _find_signature(view: SentenceView, chunk: int) -> Finding | None:
    """““…” — Mara Venn”, “— Mara Venn (@venn)” under a post, “The bridge is weak – police” as a headline."""
    dash, document = view.row[chunk], view.document
    if document.words[dash.first] in BRACKETS:
        return None
    account = _find_account(view, dash.last)
    if account is None and view.kind(chunk + 1) is not Chunk.NOUN:
        return None
    name = (dash.last, account) if account is not None else view.row[chunk + 1][1:3]
    signed = _find_post(view, chunk) if account is not None else _find_signed(view, chunk)
    if signed is None:
        return None
    head = name[1] - 1 if account is not None else view.row[chunk + 1].head
    return view.finding(
        name, head, (dash.first, dash.last), (signed,), frame=AttributionFrame.SIGNATURE, rule="signature"
    )


def _find_account(view: SentenceView, first: int) -> int | None:
    """Return the bracket before the account, where a name with one begins: “Mara Venn (@venn)”."""
    words = view.document.words
    reach = range(first + 1, min(view.sentence.last - 1, first + NAME_BEFORE_COLON))
    return next((at for at in reach if words[at] == "(" and words[at + 1].startswith("@")), None)


def _find_post(view: SentenceView, chunk: int) -> Range | None:
    """Return the words of the post that an account signs: those before it, else the paragraph above."""
    document, dash = view.document, view.row[chunk]
    first = document.first_of(view.sentence.block).first
    if first < dash.first:
        return first, dash.first
    above = document.sentences[max(0, view.index - LONGEST_POST) : view.index]
    if not above:
        return None
    embedded = list(takewhile(lambda s: s.role is BlockRole.QUOTE, reversed(above)))
    paragraph = list(takewhile(lambda s: s.block == above[-1].block, reversed(above)))
    post = embedded or paragraph  # the signature is a paragraph of its own
    return post[-1].first, post[0].last


def _find_signed(view: SentenceView, chunk: int) -> Range | None:
    """Return the words above or before the name that signs them."""
    document, name, dash = view.document, view.row[chunk + 1], view.row[chunk]
    named, closes = document.tags[name.head].is_name, view.kind(chunk + 2) in SIGNED
    if named and view.kind(chunk - 1) is Chunk.QUOTE and closes:
        quote = find_whole_quotation(view, view.row[chunk - 1])
        begun = document.sentences[document.sentence_of[quote[0]]].first
        again = view.kind(chunk - 2) is Chunk.NOUN and view.kind(chunk - 3) is Chunk.DASH
        # else it has its own speaker; "“…” — Venn “…” — Ort"
        return quote if begun == quote[0] or again else None
    if dash.first == document.first_of(view.sentence.block).first and document.words[name.first][0].isupper():
        ended = next((q for q in view.above if q.last == dash.first), None)  # a paragraph of its own
        alone = view.kind(chunk + 2) in SIGNED and name.last - name.first < NAME_BEFORE_COLON
        return (ended.first, ended.last) if ended is not None and alone else None
    if view.sentence.role is BlockRole.TITLE:
        speaks = named or document.lowers[name.head] in document.lexicon.words.before_colon
        last = view.kind(chunk + 2) in {Chunk.END, None} and view.has_finite_verb(0, chunk)
        return (view.sentence.first, dash.first) if speaks and last else None
    return None


def _find_noun_cue(view: SentenceView, chunk: int) -> Finding | None:
    """“Venn's claim that …”, “a report by Venn that …”, “his claims of …”, “a statement from Venn: “…””."""
    phrase, document = view.row[chunk], view.document
    if document.stems[phrase.head] not in document.lexicon.noun_cues:
        return None
    found = _find_owner(view, chunk)
    if found is None:
        return None
    (source, head), after = found
    quoted = view.kind(after) is Chunk.COLON and view.kind(after + 1) is Chunk.QUOTE
    about = source[1] <= phrase.head and view.opens_with(
        after, Chunk.PREPOSITION, document.lexicon.words.genitive
    )
    if not (quoted or about or view.kind(after) is Chunk.THAT):
        return None
    return view.finding(
        source, head, (phrase.head, phrase.head + 1), (view.range_from(after + quoted),),
        frame=AttributionFrame.NOUN, rule="noun", lemma=document.lowers[phrase.head],
    )  # fmt: skip


def _find_owner(view: SentenceView, chunk: int) -> tuple[tuple[Range, int], int] | None:
    """Return who claims, with the head of that, and the chunk after the claim and its author."""
    phrase, document = view.row[chunk], view.document
    for at in range(phrase.first, phrase.head):
        if document.tags[at].is_possessive_pronoun:
            return ((at, at + 1), at), chunk + 1
        if document.tags[at].is_possessive_marker and at > phrase.first:
            return ((phrase.first, at), at - 1), chunk + 1
    by = view.opens_with(chunk + 1, Chunk.PREPOSITION, document.lexicon.words.agents)
    if not by or view.kind(chunk + 2) is not Chunk.NOUN:
        return None
    agent = extend_noun_phrase(document, view.row, chunk + 2)
    after = view.chunk_at(agent.last)
    after += view.kind(after) is Chunk.COMMA
    return ((agent.first, agent.last), view.row[agent.chunk].head), after
