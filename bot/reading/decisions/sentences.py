"""Sentences as candidates for the news and the summary: their named features, in time linear in the text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean, pstdev

from bot.model import BlockRole
from bot.reading.annotators.base import AttributionFrame
from bot.reading.content_words import CARRIES, find_content_words
from bot.reading.decisions.linear import LinearModel, load_models
from bot.reading.decisions.mention_scores import SCORED
from bot.reading.decisions.openings import describe_leaning, describe_opening
from bot.reading.document import Document, Sentence, is_a_time
from bot.reading.languages.lexicon import Constructions
from bot.reading.quotes import Quotation
from bot.reading.sources import ResolvedFindings

SHORTEST = 5  # tokens of a sentence that can be chosen
MOST = 80  # candidates; further down a text has no main news
NEAR = 3  # sentences around one that are compared with it
TIES = 2  # words of the headline that tie a sentence to it
SHORT, LONG = 10, 45  # tokens of a sentence
SHOWN = 400  # characters of a sentence that can be shown whole
MOSTLY = 0.5  # share of a sentence in quotation marks
SECOND, THIRD = 1, 2  # places, counted from 0
LAST = 2  # sentences at the end
COMPARED = (  # features that count by their distance from those of the other candidates
    "words of the headline",
    "told again elsewhere",
    "told again in the first sentences",
    "introduces what is told again",
    "names",
    "length",
    "numbers",
)


Models = Mapping[str, LinearModel]
ModelLoader = Callable[[str], Models]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A sentence that can be chosen, by its number, with its features and content words."""

    sentence: int
    features: Mapping[str, float]
    words: frozenset[str]


def load_sentence_models(candidates: Sequence[Candidate], load: ModelLoader = load_models) -> Models:
    """Return what judges sentences; where the encoder has read the text, what knows its scores."""
    scored = any(SCORED in candidate.features for candidate in candidates)
    return load("scored_sentences" if scored else "sentences")


class _Statistics:
    """Counts over the whole document, each made once."""

    def __init__(self, document: Document, resolved: ResolvedFindings, quoted: Sequence[Quotation]) -> None:
        self.document = document
        self.sentences = document.sentences
        self.words = [find_content_words(document, s.first, s.last) for s in self.sentences]
        body = [i for i, s in enumerate(self.sentences) if s.role in CARRIES]
        self.body = body
        self.order = {number: order for order, number in enumerate(body)}
        self.frequency = Counter(word for i in body for word in self.words[i])
        self.first_told: dict[str, int] = {}
        for i in body:
            for word in self.words[i]:
                self.first_told.setdefault(word, i)
        titles = [i for i, s in enumerate(self.sentences) if s.role is BlockRole.TITLE]
        self.title = frozenset().union(*(self.words[i] for i in titles))
        self.paragraphs: dict[int, list[int]] = {}
        for i in body:
            self.paragraphs.setdefault(self.sentences[i].block, []).append(i)
        self.paragraph_order = {block: order for order, block in enumerate(self.paragraphs)}
        self.quoted = [0] * len(self.sentences)
        for quotation in quoted:
            for token in range(quotation.first, quotation.last):
                self.quoted[document.sentence_of[token]] += 1
        self.findings: dict[int, list[int]] = {}
        for number, finding in enumerate(resolved.findings):
            self.findings.setdefault(finding.sentence, []).append(number)
        self.resolved = resolved

    @cached_property
    def _weights(self) -> dict[str, float]:
        """Return the weight of a word for what the text is about: 0 where it stands only once."""
        total = max(len(self.body), 2)
        return {word: math.log(n) / math.log(total) for word, n in self.frequency.items()}

    def weigh(self, words: frozenset[str]) -> float:
        """Return how much the words of a sentence are told again elsewhere, on average."""
        return self.sum(words) / max(len(words), 1)

    def sum(self, words: frozenset[str]) -> float:
        return sum(sorted(self._weights.get(word, 0.0) for word in words))


def find_candidates(
    document: Document,
    resolved: ResolvedFindings,
    quoted: Sequence[Quotation],
    scores: Mapping[int, Mapping[str, float]] | None = None,
) -> tuple[Candidate, ...]:
    """Return the sentences that can be chosen. `scores` are features that an encoder gave, by sentence."""
    counts = _Statistics(document, resolved, quoted)
    sentences = document.sentences
    body = [i for i in counts.body if sentences[i].last - sentences[i].first >= SHORTEST]
    numbers = body[:MOST]
    rows = [_describe(counts, number) for number in numbers]
    _compare(rows)
    _describe_neighbours(rows)
    for number, row in zip(numbers, rows, strict=True):
        row.update((scores or {}).get(number, {}))
    return tuple(
        Candidate(number, row, counts.words[number]) for number, row in zip(numbers, rows, strict=True)
    )


def _describe(counts: _Statistics, number: int) -> dict[str, float]:
    document, sentence = counts.document, counts.sentences[number]
    return {
        **_describe_place(counts, number),
        **_describe_words(counts, number),
        **_describe_content(document, sentence),
        **_describe_word_classes(document, sentence),
        **_describe_attributions(counts, number),
        **describe_opening(document, sentence),
        **describe_leaning(document, sentence),
    }


def _describe_place(counts: _Statistics, number: int) -> dict[str, float]:
    order, sentence = counts.order[number], counts.sentences[number]
    paragraph = counts.paragraphs[sentence.block]
    block = counts.paragraph_order[sentence.block]
    return {
        "first sentence": float(order == 0),
        "first of few sentences": float(order == 0) / max(len(counts.body), 1),
        "second sentence": float(order == SECOND),
        "third sentence": float(order == THIRD),
        "fourth or fifth sentence": float(THIRD < order <= THIRD + 2),
        "near the start": -math.log1p(order),
        "share of the text before": order / max(len(counts.body), 1),
        "last sentences": float(order >= len(counts.body) - LAST and order > NEAR),
        "opens a paragraph": float(paragraph[0] == number),
        "opens the second paragraph": float(paragraph[0] == number and block == SECOND),
        "opens the third paragraph": float(paragraph[0] == number and block == THIRD),
        "first paragraph": float(block == 0),
        "in an early paragraph": -math.log1p(block),
        "alone in its paragraph": float(len(paragraph) == 1),
        "deck": float(sentence.role is BlockRole.DECK),
        "item": float(sentence.role is BlockRole.ITEM),
        "block quote": float(sentence.role is BlockRole.QUOTE),
    }


def _describe_words(counts: _Statistics, number: int) -> dict[str, float]:
    words = counts.words[number]
    order = counts.order[number]
    shared = words & counts.title
    opening = [i for i in counts.body[: NEAR + 1] if i != number]
    early = frozenset().union(*(counts.words[i] for i in opening))
    new = frozenset(word for word in words if counts.first_told[word] == number)
    size = max(len(words), 1)
    after = counts.body[order + 1 : order + 1 + NEAR]
    before = counts.body[max(order - NEAR, 0) : order]
    following = frozenset().union(*(counts.words[i] for i in after))
    preceding = frozenset().union(*(counts.words[i] for i in before))
    return {
        "words of the headline": len(shared) / max(len(counts.title), 1),
        "share of words of the headline": len(shared) / size,
        "two words of the headline": float(len(shared) >= TIES),
        "told again elsewhere": counts.weigh(words),
        "told again, in all": math.log1p(counts.sum(words)),
        "told again in the first sentences": len(words & early) / size,
        "introduces what is told again": math.log1p(counts.sum(new)),
        "new words": len(new) / size,
        "taken up by the next sentences": len(words & following) / size,
        "takes up the sentences before": len(words & preceding) / size,
    }


def _describe_content(document: Document, sentence: Sentence) -> dict[str, float]:
    first, last = sentence.first, sentence.last
    tags, lowers, words = document.tags, document.lowers, document.lexicon.words
    tokens = range(first, last)
    length = last - first
    names = sum(tags[i].is_name and not tags[i - 1].is_name for i in tokens)
    full = sum(
        tags[i].is_singular_name and tags[i - 1].is_singular_name and document.surnames.get(lowers[i]) == i
        for i in tokens
        if i > first
    )
    verbs = [i for i in tokens if tags[i].is_finite]
    main = tags[verbs[0]] if verbs else None
    return {
        "length": math.log(length),
        "short": float(length < SHORT),
        "long": float(length > LONG),
        "over 400 characters": float(sentence.end - sentence.start > SHOWN),
        "names": min(names, 5) / 5,
        "full names introduced": min(full, 3) / 3,
        "numbers": min(sum(tags[i].is_numeral for i in tokens), 3) / 3,
        "says when": float(any(is_a_time(document, i) for i in tokens)),
        "past": float(main is not None and main.is_past),
        "present": float(main is not None and main.is_present),
        "modal": float(main is not None and main.is_modal),
        "will or may": float(any(tags[i].is_modal for i in tokens)),
        "passive": float(
            any(
                lowers[i] in words.be and any(t.is_past_participle for t in tags[i + 1 : i + 4])
                for i in tokens
            )
        ),
        "perfect": float(
            any(tags[i].is_present and any(t.is_past_participle for t in tags[i + 1 : i + 3]) for i in verbs)
        ),
        "superlatives": float(any(tags[i].is_superlative for i in tokens)),
        "adverbs": min(sum(tags[i].is_plain_adverb for i in tokens), 4) / 4,
        "adjectives": sum(tags[i].is_plain_adjective for i in tokens) / length,
        "brackets": float("(" in document.words[first:last]),
    }


def _describe_word_classes(document: Document, sentence: Sentence) -> dict[str, float]:
    words = document.lexicon.words
    held = frozenset(document.lowers[sentence.first : sentence.last])
    return {
        "negated": float(not words.negations.isdisjoint(held)),
        "relays": float(not words.reportative.isdisjoint(held)),
        "calls it a claim": float(not words.claiming.isdisjoint(held)),
        "speaks of the story": float(not words.stories.isdisjoint(held)),
        "denies": float(not words.denial_words.isdisjoint(held)),
        "debunks": _has(document, document.lexicon.debunks, sentence),
        "a caveat": _has(document, document.lexicon.caveats, sentence),
        "words of doubt": _has(document, document.lexicon.hedges, sentence),
        "unnamed source": _has(document, document.lexicon.anonymous, sentence),
        "tidings": float(not words.tidings.isdisjoint(held)),
        "tells of an event": float(any(not e.isdisjoint(held) for e in document.lexicon.events.values())),
    }


def _has(document: Document, constructions: Constructions, sentence: Sentence) -> float:
    return float(any(constructions.patterns.find(document, sentence.first, sentence.last)))


def _describe_attributions(counts: _Statistics, number: int) -> dict[str, float]:
    sentence = counts.sentences[number]
    resolved = counts.resolved
    found = [resolved.findings[i] for i in counts.findings.get(number, ())]
    sources = [
        resolved.sources[s]
        for s in (resolved.source_ids[i] for i in counts.findings.get(number, ()))
        if s is not None
    ]
    said = [f for f in found if f.reporting]
    share = counts.quoted[number] / (sentence.last - sentence.first)
    frames = {f.frame for f in said}
    return {
        "said by somebody": float(bool(said)),
        "said by somebody named": float(any(s.named for s in sources)),
        "said by somebody unnamed": float(any(not s.named for s in sources)),
        "begins with who says it": float(any(f.begin <= sentence.first + 2 for f in said)),
        "ends with who says it": float(any(f.cue[1] >= sentence.last - 4 for f in said)),
        "a belief or a wish": float(any(not f.reporting for f in found)),
        "according to": float(AttributionFrame.ACCORDING in frames or AttributionFrame.CITING in frames),
        "quotes": float(AttributionFrame.DIRECT in frames),
        "says indirectly": float(AttributionFrame.INDIRECT in frames),
        "share in quotation marks": share,
        "mostly a quotation": float(share > MOSTLY),
        "a quotation without its speaker": float(share > MOSTLY and not said),
        "a scare quotation": float(0 < share <= MOSTLY),
    }


def _compare(rows: Sequence[dict[str, float]]) -> None:
    """Add to each feature that is compared its distance from the mean of all candidates; few of them tell
    little of what is usual."""
    trust = (len(rows) - 1) / (len(rows) + 1)
    for name in COMPARED:
        values = [row[name] for row in rows]
        mean, spread = (fmean(values), pstdev(values)) if values else (0.0, 0.0)
        best = max(values, default=0.0)
        for row in rows:
            value = row[name]
            row[f"{name}, compared"] = trust * (value - mean) / spread if spread else 0.0
            row[f"{name}, most of all"] = trust * (0 < best <= value)


NEIGHBOURS = (
    "opens with a pronoun",
    "opens with a demonstrative",
    "opens with a connective",
    "opens with a contrast",
    "opens with its source",
    "opens with something known",
    "a question",
    "a quotation without its speaker",
    "mostly a quotation",
    "said by somebody",
    "addresses the reader",
    "sets a scene",
    "caption or note",
    "ends with a colon",
    "debunks",
    "words of the headline, compared",
    "told again elsewhere, compared",
    "short",
)


def _describe_neighbours(rows: Sequence[dict[str, float]]) -> None:
    """Add what the sentences before and after are; what stands beside no candidate is 0."""
    own = [{name: row[name] for name in NEIGHBOURS} for row in rows]
    nothing = dict.fromkeys(NEIGHBOURS, 0.0)
    for at, row in enumerate(rows):
        before = own[at - 1] if at else nothing
        after = own[at + 1] if at + 1 < len(own) else nothing
        row.update({f"before: {name}": value for name, value in before.items()})
        row.update({f"after: {name}": value for name, value in after.items()})
