"""What reading sees in a text, step by step: for whoever mends a rule or a word list.

`report` keeps what was found; this also keeps what the rules looked at, and which lexicon entries fit
beside those that made a finding. Every value points into the article, none holds a phrase of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.model import Article, BlockRole, Caveat, Excerpt, Hedge, Report, SourceKind
from bot.reading.annotators.sentence_views import views
from bot.reading.chunking import Chunk, Phrase
from bot.reading.document import Prose, Sentence, prose
from bot.reading.languages.base import Language
from bot.reading.languages.lexicon import Constructions, Lexicon
from bot.reading.languages.registry import DEFAULT, find_language
from bot.reading.names import Names, names
from bot.reading.quotes import Quotation, quotations, spoken
from bot.reading.report import read


@dataclass(frozen=True, slots=True)
class Tagged:
    """A word and its part of speech, as a Penn Treebank tag."""

    word: Excerpt
    tag: str


@dataclass(frozen=True, slots=True)
class Chunked:
    """What a chunk is, its words, and the one that names it."""

    kind: Chunk
    words: tuple[Tagged, ...]
    head: Excerpt


@dataclass(frozen=True, slots=True)
class Between:
    """What stands between quotation marks; `speech`: long enough, or stopped, to be somebody's words."""

    words: Excerpt
    speech: bool


@dataclass(frozen=True, slots=True)
class Fitting:
    """Words that an entry of the lexicon fits and that are no finding by it; `why` as a finding has it."""

    words: Excerpt
    why: str


@dataclass(frozen=True, slots=True)
class Named:
    """One thing that has a name, under its fullest one; `kind` is what the name alone says of it."""

    name: Excerpt
    kind: SourceKind
    mentions: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """One sentence as the rules see it; without chunks where no rule of attribution looks."""

    sentence: Excerpt
    role: BlockRole
    words: tuple[Tagged, ...]
    chunks: tuple[Chunked, ...]
    quotations: tuple[Between, ...]
    fitting: tuple[Fitting, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The report on a text and what led to it; `language` is the one that it was read in."""

    language: str
    report: Report
    sentences: tuple[Seen, ...]
    names: tuple[Named, ...]


def analysis(article: Article) -> Analysis:
    """All that is seen in an article. One in a language that cannot be read is read in the default one."""
    language = find_language(article.language) or _default_language()
    text = prose(replace(article, language=language.code), language)
    quoted, named = quotations(text), names(text)
    shown = _names(text, named)  # first, because the report learns more of the kinds of what is named
    found = read(text, quoted, named)
    return Analysis(language.code, found, _sentences(text, quoted, found), shown)


def _default_language() -> Language:
    found = find_language(DEFAULT)
    if found is None:
        raise LookupError(f"the language that is read by default is not installed: {DEFAULT}")
    return found


def _sentences(text: Prose, quoted: tuple[Quotation, ...], found: Report) -> tuple[Seen, ...]:
    rows = {view.index: view.row for view in views(text, quoted)}
    between: dict[int, list[Between]] = {}
    for one in quoted:
        words = Between(text.excerpt(one.first, one.last), speech=spoken(text, one))
        between.setdefault(text.sentence_of[one.first], []).append(words)
    made = _made(found)
    return tuple(
        Seen(
            sentence=text.sentence_excerpt(sentence),
            role=sentence.role,
            words=_tagged(text, sentence.first, sentence.last),
            chunks=tuple(_chunked(text, phrase) for phrase in rows.get(index, ())),
            quotations=tuple(between.get(index, ())),
            fitting=tuple(fit for fit in _fitting(text, sentence) if (fit.words, fit.why) not in made),
        )
        for index, sentence in enumerate(text.sentences)
    )


def _tagged(text: Prose, first: int, last: int) -> tuple[Tagged, ...]:
    return tuple(Tagged(text.excerpt(at, at + 1), text.tags[at].fine) for at in range(first, last))


def _chunked(text: Prose, phrase: Phrase) -> Chunked:
    head = text.excerpt(phrase.head, phrase.head + 1)
    return Chunked(phrase.kind, _tagged(text, phrase.first, phrase.last), head)


def _made(found: Report) -> frozenset[tuple[Excerpt, str]]:
    """The words and the entry of each finding that a construction of the lexicon made."""
    caveats = (*found.claim.caveats, *found.claim.side_caveats) if found.claim else ()
    made: tuple[Hedge | Caveat, ...] = (*found.hedges, *caveats)
    return frozenset((one.words, one.why) for one in made)


def _fitting(text: Prose, sentence: Sentence) -> Iterator[Fitting]:
    for what in _constructions(text.lexicon):
        for match in what.patterns.find(text, sentence.first, sentence.last):
            if match.first < match.last:
                why = f"{what.labels[match.entry]}: {what.sources[match.entry]}"
                yield Fitting(text.excerpt(match.first, match.last), why)


def _constructions(words: Lexicon) -> tuple[Constructions, ...]:
    return words.hedges, words.lookalikes, words.caveats, words.settled, words.relays, words.anonymous


def _names(text: Prose, named: Names) -> tuple[Named, ...]:
    return tuple(
        Named(
            name=text.excerpt(entity.fullest.first, entity.fullest.last),
            kind=entity.kind,
            mentions=tuple(sorted(text.excerpt(name.first, name.last) for name in entity.names)),
        )
        for entity in named.entities
    )
