"""The end of the claim's chain, learnt from the chains that editors wrote down.

The page and each source of an article are the candidates of one choice; right are those that fit the last
step of the editor's chain. Measuring cross-validates by story and prints how often the chosen end is right,
and how often automatic mode would be right to speak of somebody withheld.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from bot.fetching.plain_text import article_from_text
from bot.model import Source
from bot.reading.annotators.rules import RULES
from bot.reading.caveats import find_caveats
from bot.reading.chains import describe_ends
from bot.reading.claim import build_claim
from bot.reading.decisions.chain_end import choose_likeliest, measure_shares
from bot.reading.decisions.linear import Features, LinearModel
from bot.reading.decisions.sentences import find_candidates
from bot.reading.decisions.withheld_ends import PAGE, describe_withheld
from bot.reading.document import Sentence, parse_document
from bot.reading.hedges import find_hedges
from bot.reading.languages.registry import default_language
from bot.reading.lead import Lead, find_lead
from bot.reading.names import find_names
from bot.reading.quotes import find_quotations
from bot.reading.sources import resolve_sources
from tests.training.bank import Row, is_same_source, load_judged, scorer
from tests.training.encoder_scores import load_unseen_scores
from tests.training.linear import FOLDS, Example, cross_validate, fit, fit_choice, fold_of, write_models

NAME, SPEAKING = "chain_end", "withheld_ends"
STRENGTH = 0.015  # chosen by cross-validation, as the two below, which are for precision
SPEAKING_STRENGTH, THRESHOLD = 0.1, 0.6
RARE = 8  # candidates; what fewer have is left out

Shares = Mapping[int, float]


@dataclass(frozen=True, eq=False)
class Choice:
    """The candidates of an article, for the sentence that is found to be the news or (not `found`) for the
    editor's. `usual`: the end of that sentence. `speaks`: whether automatic mode should, for the end alone;
    None where an editor could do either."""

    story: str
    ends: tuple[int, ...]
    examples: tuple[Example, ...]
    sources: tuple[Source, ...]
    usual: int
    speaks: bool | None
    found: bool

    @property
    def candidates(self) -> Mapping[int, Features]:
        return {end: example.features for end, example in zip(self.ends, self.examples, strict=True)}

    def is_right(self, end: int) -> bool:
        return self.examples[self.ends.index(end)].answer


def train() -> None:
    choices = _gather()
    sys.stdout.write(f"{write_models(NAME, {NAME: _fit(choices)}).name}\n")
    speaking = _fit_speaking(_describe_speaking(choices, _cross_validate(choices)))
    sys.stdout.write(f"{write_models(SPEAKING, {SPEAKING: speaking}).name}\n")


def measure() -> None:
    choices: Sequence[Choice] = _gather()
    shares = _cross_validate(choices)
    choices = [c for c in choices if c.found]
    chosen = [c.is_right(choose_likeliest(shares[c], c.usual, c.candidates, c.sources)) for c in choices]
    own, able = (c.is_right(c.usual) for c in choices), (any(e.answer for e in c.examples) for c in choices)
    sys.stdout.write(
        f"of {len(choices)} articles: chosen end right {sum(chosen)},"
        f" end of the claim's own sentence {sum(own)}, listed at all {sum(able)}\n"
    )
    examples = _describe_speaking(choices, shares)
    likely, wanted = cross_validate(examples, _fit_speaking), sum(c.speaks is True for c in choices)
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
        spoken = [e.answer for e, p in zip(examples, likely, strict=True) if p >= threshold]
        sys.stdout.write(f"speaks from {threshold}: right {sum(spoken)} of {len(spoken)}, of all {wanted}\n")


def _describe_speaking(choices: Sequence[Choice], shares: Mapping[Choice, Shares]) -> list[Example]:
    """Return the articles with somebody withheld, by what is known of the end without their stories."""
    words = default_language().lexicon.words
    described = [
        (c, describe_withheld(shares[c], c.usual, c.sources, words, c.candidates[PAGE])) for c in choices
    ]
    named = sorted({name for _, features in described for name in features})
    nothing = dict.fromkeys(named, 0.0)
    return [
        Example(choice.story, {**nothing, **features}, choice.speaks)
        for choice, features in described
        if features and choice.speaks is not None and choice.found
    ]


def _fit_speaking(examples: Sequence[Example]) -> LinearModel:
    return fit(examples, strength=SPEAKING_STRENGTH, threshold=THRESHOLD)


def _fit(choices: Sequence[Choice]) -> LinearModel:
    return fit_choice([c.examples for c in choices], strength=STRENGTH, threshold=0.5)


def _cross_validate(choices: Sequence[Choice]) -> Mapping[Choice, Shares]:
    """Return the probability of each end, by a model that has not seen the story."""
    found: dict[Choice, Shares] = {}
    for fold in range(FOLDS):
        model = _fit([c for c in choices if fold_of(c.story) != fold])
        for choice in (c for c in choices if fold_of(c.story) == fold):
            known = ({n: v for n, v in e.features.items() if n in model.weights} for e in choice.examples)
            scores = map(model.score, known)
            found[choice] = measure_shares(dict(zip(choice.ends, scores, strict=True)))
    return found


@cache
def _gather() -> tuple[Choice, ...]:
    return tuple(_drop_rare([one for row in load_judged() for one in _describe(row)]))


def _drop_rare(choices: Sequence[Choice]) -> Iterator[Choice]:
    """Yield the choices with those features alone that several candidates have."""
    counts: dict[str, int] = {}
    for name in (name for c in choices for e in c.examples for name in e.features):
        counts[name] = counts.get(name, 0) + 1
    for choice in choices:
        yield replace(
            choice,
            examples=tuple(
                replace(e, features={n: v for n, v in e.features.items() if counts[n] >= RARE})
                for e in choice.examples
            ),
        )


def _describe(row: Row) -> Iterator[Choice]:
    """Yield the choice for the sentence that is found, and for the editor's where that is another: what is
    learnt shall not hang on the mistakes that are made in finding it."""
    document = parse_document(article_from_text(row["text"]), default_language())
    scores = load_unseen_scores(row["id"], document)
    if not scores.sentences:
        return
    quoted, names = find_quotations(document), find_names(document)
    annotated = RULES.annotate(document, quoted)
    resolved = resolve_sources(document, annotated, names, quoted, scores)
    candidates = find_candidates(document, resolved, quoted, scores.sentences)
    found = find_lead(document, resolved.findings, candidates)
    if found is None:
        return
    core = (i for i, s in enumerate(document.sentences) if scorer().half(_span(s), row["core"][0]))
    editors = next((Lead(i, None, None, "an editor's") for i in core if i != found.sentence), None)
    for lead in filter(None, (found, editors)):
        hedged = find_hedges(document, resolved, quoted, lead.comment_until or 0)
        claim = build_claim(
            document,
            lead,
            resolved,
            find_caveats(document, lead, quoted, resolved, scores.sentences),
            hedged,
        )
        described, usual = describe_ends(document, lead, resolved, names, claim)
        examples = tuple(
            Example(row["story"], features, is_same_source(_name(end, resolved.sources), row["chain"][-1]))
            for end, features in described.items()
        )
        speaks = None if row["flag"] == "yes" else scorer().speaks(row)
        yield Choice(row["story"], tuple(described), examples, resolved.sources, usual, speaks, lead is found)


def _span(sentence: Sentence) -> dict[str, int]:
    return {"start": sentence.start, "end": sentence.end}


def _name(end: int, sources: Sequence[Source]) -> str:
    return "PAGE" if end == PAGE else sources[end].name.text
