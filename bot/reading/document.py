"""Tokenizer and sentence splitter: text → tokens and sentences, with exact offsets.

`Document` is the article as the finders see it: parallel tuples of words, lower-case words, offsets and parts
of speech over the whole document, and the sentences, quotations and phrases that are ranges of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, takewhile
from typing import NamedTuple

from bot.model import Article, BlockRole, Excerpt, SourceKind
from bot.reading.languages.base import Language, normalize_word
from bot.reading.languages.lexicon import Lexicon
from bot.reading.tags import Tag

STOPS = frozenset(".!?…")
BREAKS = STOPS | {","}
CLOSERS = frozenset("\"'”’»)]") | {"''"}
SHORTEST = 5  # tokens of what can stand without the words that tie it to the sentence before
TIE = 4  # tokens of "in addition,"
OPENERS = frozenset('"“‘«([') | {"''", "``"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens `first` to `last` (end exclusive) of block `block`, and their place in the text."""

    first: int
    last: int
    start: int
    end: int
    block: int
    role: BlockRole


@dataclass(frozen=True)
class Document:
    """An article as parallel rows of tokens. Token ranges are [first, last)."""

    article: Article
    language: Language
    lexicon: Lexicon
    words: tuple[str, ...]
    lowers: tuple[str, ...]
    tags: tuple[Tag, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[Sentence, ...]

    def excerpt(self, first: int, last: int) -> Excerpt:
        """The words from token `first` to before token `last`."""
        return self.article.cut(self.starts[first], self.ends[last - 1])

    def sentence_excerpt(self, sentence: Sentence) -> Excerpt:
        return self.article.cut(sentence.start, sentence.end)

    def standing_excerpt(self, sentence: Sentence) -> Excerpt:
        """The sentence as it stands alone: without a quotation mark at its edge that has no other in it, and
        without the word that ties it to the one before: “But”, “In addition,”."""
        first, last = self._find_balanced(sentence)
        return self.excerpt(self._skip_tie(first, last), last)

    def _find_balanced(self, sentence: Sentence) -> tuple[int, int]:
        written = self.words[sentence.first : sentence.last]
        opening, closing = written.count("“"), written.count("”")
        odd = bool(written.count('"') % 2)
        opens = (written[0] == "“" and opening > closing) or (written[0] == '"' and odd)
        closes = (written[-1] == "”" and closing > opening) or (written[-1] == '"' and odd)
        if len(written) > 1 and opens:
            return sentence.first + 1, sentence.last
        if len(written) > 1 and closes:
            return sentence.first, sentence.last - 1
        return sentence.first, sentence.last

    def _skip_tie(self, first: int, last: int) -> int:
        """Return the token behind a tie that opens a sentence, where what follows can stand."""
        lowers, words = self.lowers, self.lexicon.words
        comma = next((i for i in range(first + 1, min(first + TIE, last)) if self.words[i] == ","), None)
        if lowers[first] in words.contrasting | words.adding:
            start = first + 1 + (comma == first + 1)
        elif (
            comma == first + 2 and self.tags[first].is_preposition and lowers[first + 1] in words.adding_nouns
        ):
            start = first + 3
        else:
            return first
        if last - start < SHORTEST:
            return first
        tag = self.tags[start]
        leans = tag.is_pronoun or lowers[start] in words.leaning_words or self.words[start][0] in BREAKS
        joined = tag.is_plain_adverb or tag.is_plain_adjective or tag.is_participle
        measures = start == first + 1 and not self.tags[first].is_conjunction and joined  # "However much"
        return first if leans or measures else self._skip_tie(start, last)

    def rest_of_block(self, index: int) -> Iterator[Sentence]:
        """The sentences of a block, from the one numbered `index` on."""
        here = (self.sentences[i] for i in range(index, len(self.sentences)))
        return takewhile(lambda s: s.block == self.sentences[index].block, here)

    def first_of(self, block: int) -> Sentence:
        """The first sentence of a block."""
        return self.sentences[bisect_left(self.sentences, block, key=lambda s: s.block)]

    @cached_property
    def first_of_body(self) -> int | None:
        """The number of the first sentence of the body."""
        return next((i for i, s in enumerate(self.sentences) if s.role is BlockRole.BODY), None)

    @cached_property
    def sentence_of(self) -> tuple[int, ...]:
        """For each token the index of its sentence."""
        return tuple(i for i, s in enumerate(self.sentences) for _ in range(s.first, s.last))

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Each word in small letters, without the ending of a plural."""
        stem, endings = self.lexicon.stem, self.lexicon.words.plural_endings
        return tuple(stem(word) if word.endswith(endings) else word for word in self.lowers)

    @cached_property
    def surnames(self) -> dict[str, int]:
        """The last words of names of several words, lower case, with the token of the first such name."""
        found: dict[str, int] = {}
        named = [tag.is_singular_name for tag in self.tags]
        for at, (before, here, after) in enumerate(
            zip(named, named[1:], [*named[2:], False], strict=False), start=1
        ):
            if before and here and not after:
                found.setdefault(self.lowers[at], at)
        return found


def parse_document(article: Article, language: Language) -> Document:
    """Return an article's tokens, sentences and parts of speech. Blocks are never joined."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    sentences: list[Sentence] = []
    for index, block in enumerate(article.blocks):
        base = len(words)
        for start, end in tokenize(article.text, block.start, block.end, language):
            words.append(article.text[start:end])
            starts.append(start)
            ends.append(end)
        for first, last in split_sentences(_Tokens(words, starts, ends), base, language.lexicon):
            sentences.append(Sentence(first, last, starts[first], ends[last - 1], index, block.role))
    lowers = tuple(normalize_word(w) for w in words)
    tags = chain.from_iterable(language.tag([words[s.first : s.last] for s in sentences], language.lexicon))
    return Document(
        article=article,
        language=language,
        lexicon=language.lexicon,
        words=tuple(words),
        lowers=lowers,
        tags=tuple(tags),
        starts=tuple(starts),
        ends=tuple(ends),
        sentences=tuple(sentences),
    )


def is_a_time(document: Document, at: int) -> bool:
    """Return whether the word names a day or a month: not the first word of the Sunday Times, nor the last of
    Russia Today, nor Mrs May."""
    word, lexicon = document.words[at].rstrip("."), document.lexicon
    if word.lower() not in lexicon.words.times and document.lowers[at] not in lexicon.words.month_names:
        return False
    following = document.words[at + 1] if at + 1 < len(document.words) else ""
    if document.lowers[at] in lexicon.words.month_names and word.istitle():
        return following.isdigit() or (at > 0 and document.lowers[at - 1] in lexicon.words.before_months)
    if not lexicon.is_time(word):
        return False
    abbreviated = word.istitle() and document.lowers[at] in lexicon.kinds[SourceKind.OUTLET]
    if abbreviated and at > 0 and document.lowers[at - 1] in lexicon.words.the:
        return False  # “the Sun”
    if word.istitle() and document.lowers[at] in lexicon.words.relative_days and at > 0:
        return not document.words[at - 1][0].isupper()
    return not (following.istitle() and following.lower() in lexicon.kinds[SourceKind.OUTLET])


def tokenize(text: str, start: int, end: int, language: Language) -> Iterator[tuple[int, int]]:
    """Tokenize text[start:end]: yield the start and end of each token. Clitics stand alone."""
    done, rules = start, language.tokens
    for found in rules.pattern.finditer(text, start, end):
        begin, stop = found.span()
        if begin < done:  # the period of an abbreviation, already taken
            continue
        word = found.group()
        if text[stop : stop + 1] == "." and stop < end:
            initial = len(word) == 1 and word.isupper() and word not in rules.words_of_one_capital
            stop += initial or _is_abbreviation(word, text[stop + 1 : min(stop + 3, end)], language.lexicon)
        clitic = None if word.isalpha() else rules.clitic.search(word)
        if clitic and clitic.start():
            yield begin, begin + clitic.start()
            begin += clitic.start()
        yield begin, stop
        done = stop


def _is_abbreviation(word: str, behind: str, lexicon: Lexicon) -> bool:
    """Return whether the period of a word is its own; `behind`: the letters after that period."""
    if word.lower() in lexicon.words.numbered_abbreviations:
        return behind.strip()[:1].isdigit()  # "No. 5", but not "said no. Venn left"
    return word.lower().rpartition("-")[2] in lexicon.words.abbreviations  # "D-Ga."


class _Tokens(NamedTuple):
    """Words and their places, as they are read."""

    words: list[str]
    starts: list[int]
    ends: list[int]

    def is_touching(self, at: int) -> bool:
        """Return whether no space stands before token `at`."""
        return self.starts[at] == self.ends[at - 1]


def split_sentences(tokens: _Tokens, base: int, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Yield the sentences of the tokens from `base` on, as ranges of tokens."""
    words = tokens.words
    first, at, count = base, base, len(words)
    while at < count:
        at += 1
        if words[at - 1][-1] not in STOPS:
            continue
        stop, last = at - 1, at
        while last < count and words[last] in CLOSERS and tokens.is_touching(last):
            last += 1
        while last < count and words[last][0] in STOPS:
            last += 1
        asked = words[stop] in {"?", "!"} and words[last - 1] in CLOSERS
        if last < count and asked:
            label = takewhile(lambda word: word not in BREAKS, words[last : last + SPEAKER])
            if any(word.lower() in lexicon.cues for word in label):
                continue  # “Why?” Venn said: the stop belongs to the quotation, and the sentence goes on
        if last == at and _is_inside_name(words, first, at):
            continue
        if last == count or _can_open_sentence(tokens, last, stop, lexicon):
            yield first, last
            first = at = last
    if first < count:
        yield first, count


def _is_inside_name(words: Sequence[str], first: int, at: int) -> bool:
    """“The ‘Yes. We can.’ campaign”: token `at` follows a stop inside a name that is in quotation marks,
    after which the sentence goes on in small letters."""
    before, after = words[max(first + 1, at - NAMED) : at], words[at : at + NAMED]
    for opening, closing in PAIRS:
        if opening in before and closing in after and closing not in before[before.index(opening) :]:
            end = after.index(closing)
            return after[end - 1] in STOPS and "".join(after[end + 1 : end + 2]).islower()
    return False


NAMED = 10  # tokens between a stop and the marks of a name
PAIRS = (("“", "”"), ("‘", "’"))
SPEAKER = 6  # tokens: "Mayor Mara Venn of Dale said"


def _can_open_sentence(tokens: _Tokens, at: int, stop: int, lexicon: Lexicon) -> bool:
    """Return whether a sentence can start at token `at`, after token `stop`, which ends in a stop."""
    words, mark = tokens.words, tokens.words[stop]
    after = at
    while after < len(words) - 1 and words[after] in OPENERS:
        after += 1
    word = words[after]
    if len(word) == 1 and tokens.is_touching(after):  # "(D-R.I.)"
        return False
    if not (word[0].isupper() or word[0].isdigit() or (after > at and word[0].isalpha()) or word[0] in "@#"):
        return False
    if mark == "!" and words[stop - 1].lower() in lexicon.words.exclaimed_names and tokens.is_touching(stop):
        return word.lower() in lexicon.words.openers
    if mark in {".", "!", "?"} or mark[0] in STOPS:
        return mark[0] != "…" or word[0].isupper()
    # "U.S. Senate", "Sen. Smith": an abbreviation ends a sentence only before a word that opens one
    return mark.lower().rstrip(".") not in lexicon.words.titles and word.lower() in lexicon.words.openers
