"""Reading explained step by step, for whoever mends a rule or a word list.

`report` keeps what was found; this also keeps what the rules looked at, and which lexicon entries fit
beside those that made a finding. Every value points into the article, none holds a phrase of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.model import Article, BlockRole, Caveat, Excerpt, Hedge, Report, SourceKind
from bot.reading.annotators.sentence_views import views
from bot.reading.chunking import Chunk
from bot.reading.document import Document, Sentence, parse_document
from bot.reading.languages.registry import default_language, find_language
from bot.reading.names import find_names
from bot.reading.quotes import Quotation, find_quotations, is_speech
from bot.reading.report import read


@dataclass(frozen=True, slots=True)
class TaggedWord:
    """A word and its tag, as the tagger of the language has it."""

    word: Excerpt
    tag: str


@dataclass(frozen=True, slots=True)
class ExplainedChunk:
    """A chunk: its kind, its words, and the one that names it."""

    kind: Chunk
    words: tuple[TaggedWord, ...]
    head: Excerpt


@dataclass(frozen=True, slots=True)
class ExplainedQuotation:
    """The words between quotation marks; `speech`: long enough, or stopped, to be somebody's."""

    words: Excerpt
    speech: bool


@dataclass(frozen=True, slots=True)
class LexiconMatch:
    """Words that an entry of the lexicon fits and that are no finding by it; `why` as a finding has it."""

    words: Excerpt
    why: str


@dataclass(frozen=True, slots=True)
class ExplainedName:
    """One thing that has a name, under its fullest one; `kind` is what the name alone says of it."""

    name: Excerpt
    kind: SourceKind
    mentions: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class ExplainedSentence:
    """One sentence as the rules see it; without chunks where no rule of attribution looks."""

    sentence: Excerpt
    role: BlockRole
    words: tuple[TaggedWord, ...]
    chunks: tuple[ExplainedChunk, ...]
    quotations: tuple[ExplainedQuotation, ...]
    fitting: tuple[LexiconMatch, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The report on a text and what led to it; `language` is the one that it was read in."""

    language: str
    report: Report
    sentences: tuple[ExplainedSentence, ...]
    names: tuple[ExplainedName, ...]


def analyse(article: Article) -> Analysis:
    """Return all that is seen in an article. An unreadable language is read as the default one."""
    language = find_language(article.language) or default_language()
    text = parse_document(replace(article, language=language.code), language)
    quoted, named = find_quotations(text), find_names(text)
    shown = tuple(  # first, because the report learns more of the kinds of what is named
        ExplainedName(
            name=text.excerpt(entity.fullest.first, entity.fullest.last),
            kind=entity.kind,
            mentions=tuple(sorted(text.excerpt(name.first, name.last) for name in entity.names)),
        )
        for entity in named.entities
    )
    found = read(text, quoted, named)
    return Analysis(language.code, found, _explain_sentences(text, quoted, found), shown)


def _explain_sentences(
    text: Document, quoted: tuple[Quotation, ...], found: Report
) -> tuple[ExplainedSentence, ...]:
    rows = {view.index: view.row for view in views(text, quoted)}
    between: dict[int, list[ExplainedQuotation]] = {}
    for one in quoted:
        words = ExplainedQuotation(text.excerpt(one.first, one.last), speech=is_speech(text, one))
        between.setdefault(text.sentence_of[one.first], []).append(words)
    caveats = (*found.claim.caveats, *found.claim.side_caveats) if found.claim else ()
    findings: tuple[Hedge | Caveat, ...] = (*found.hedges, *caveats)
    made = {(finding.words, finding.why) for finding in findings}
    return tuple(
        ExplainedSentence(
            sentence=text.sentence_excerpt(sentence),
            role=sentence.role,
            words=_tag_words(text, sentence.first, sentence.last),
            chunks=tuple(
                ExplainedChunk(
                    chunk.kind,
                    words=_tag_words(text, chunk.first, chunk.last),
                    head=text.excerpt(chunk.head, chunk.head + 1),
                )
                for chunk in rows.get(index, ())
            ),
            quotations=tuple(between.get(index, ())),
            fitting=tuple(fit for fit in _find_matches(text, sentence) if (fit.words, fit.why) not in made),
        )
        for index, sentence in enumerate(text.sentences)
    )


def _tag_words(text: Document, first: int, last: int) -> tuple[TaggedWord, ...]:
    return tuple(TaggedWord(text.excerpt(at, at + 1), text.tags[at].fine) for at in range(first, last))


def _find_matches(text: Document, sentence: Sentence) -> Iterator[LexiconMatch]:
    words = text.lexicon
    for what in (words.hedges, words.lookalikes, words.caveats, words.settled, words.relays, words.anonymous):
        for match in what.patterns.find(text, sentence.first, sentence.last):
            if match.first < match.last:
                why = f"{what.labels[match.entry]}: {what.sources[match.entry]}"
                yield LexiconMatch(text.excerpt(match.first, match.last), why)
