"""What a caveat concerns, learnt from articles that call their news unconfirmed, or do not.

A caveat is an example: yes, where it is in an editor's evidence. Of articles that are only known to deserve
the flag the likeliest caveat is one, as in learning from bags of instances. The claim is chosen by models
that have not seen its story, so that features see claims as they are out there. Articles with a flag are
few, so made-up ones stand beside them, and weights keep the sign that their feature must have.
"""

from __future__ import annotations

import gzip
import json
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from bot.fetching.plain_text import article_from_text
from bot.model import Article
from bot.reading.annotators.rules import RULES
from bot.reading.caveat_matches import find_caveat_matches
from bot.reading.caveats import AS_RULED
from bot.reading.decisions.caveats import BY_RULES, CaveatFeatures, can_raise_flag
from bot.reading.decisions.linear import Features, LinearModel, load_models
from bot.reading.decisions.sentence_scores import NO_SCORES, TextScores, score_text
from bot.reading.decisions.sentences import Models, find_candidates
from bot.reading.document import Document, parse_document
from bot.reading.languages.registry import default_language
from bot.reading.lead import find_lead
from bot.reading.names import find_names
from bot.reading.quotes import find_quotations
from bot.reading.sources import resolve_sources
from bot.reading.verdict import find_verdict
from tests.bot.reading.texts import article as article_of_paragraphs
from tests.training.bank import EVAL, OURS, Row, is_check_story, load_bank, load_judged
from tests.training.encoder_scores import load_unseen_scores
from tests.training.linear import FOLDS, Example, fit_signed, fold_of, write_models
from tests.training.made_up_caveats import FILE as MADE_UP
from tests.training.made_up_caveats import make_articles
from tests.training.sentences import FILES as SENTENCE_MODELS
from tests.training.sentences import fit_leaning, fit_news
from tests.training.sentences import load_articles as load_sentences

NAME, FLAGS = "caveats", OURS.with_name("flags.toml")
STRENGTH, THRESHOLD = 0.03, 0.75  # chosen by cross-validation over stories, for precision
MADE_UP_WEIGHT, ASIDE_WEIGHT = 0.1, 0.5  # beside a caveat of a judged article
ROUNDS = 3  # of choosing the likeliest caveat
MORE = """share of the object in the claim|share of the subject in the claim|article relays
|in the claim|in the next sentence|second after|sentence is about the claim|sentence is about the article
|sentence before is about the claim|sentence before tells a story|opens with a contrast|speaks for itself
|what follows|clause has words of the claim|clause has a common word of the claim|clause is about the article
|clause tells the claim's event|clause tells a story|clause tells of those stories
|clause has the claim's artefact|clause asks for authenticity|clause asks for soundness|no object
|object is a pronoun|object is the claim's|object is a story|object is the article's|predicate|the report
|subject is a pronoun|subject is the claim's|subject is a story|encoder: caveat|claim is relayed
|claim is a claim|claim speaks of a story|claim is in doubt|headline is in doubt|caveats|caveats a sentence
|claim is passed on|claim is withheld|concerns the claim by the rules""".replace("\n", "").split("|")
LESS = """another matter|the matter is a person|report of nothing
|not done by somebody, of what is told as a fact|not done by somebody, of what is on record
|in the past, of what is told as a fact|away from what is told as a fact|claim is told as a fact|in the past
|relative clause|in a quotation|kind: refusal|kind: silence|of an earlier time|distance|said by somebody
|clause has new words|clause has another artefact|clause asks for circumstances|until|by somebody
|object is a particular|object is new|object is a detail of|some report|encoder: side_caveat
|claim is confirmed|settled|confirmed later|claim is said on record""".replace("\n", "").split("|")
SIGNS = {**dict.fromkeys(MORE, 1), **dict.fromkeys(LESS, -1)}


@dataclass(frozen=True, eq=False)
class DescribedCaveat:
    """A caveat that can raise the flag; `answer`: None where nobody said what it concerns."""

    sentence: str
    features: Features
    answer: bool | None


@dataclass(frozen=True, eq=False)
class Judged:
    """An article with its caveats; `flag` is an editor's."""

    name: str
    story: str
    flag: bool
    caveats: tuple[DescribedCaveat, ...]
    groups: frozenset[str] = frozenset()


def train() -> None:
    model = fit_caveats([*load_articles(), *_load_made_up()])
    sys.stdout.write(f"{write_models(NAME, {NAME: model}).name}\n")


def measure() -> None:
    """Print how the flag fares on stories that the model has not seen, beside the rules."""
    likely: dict[Judged, float] = {}
    shipped: dict[Judged, float] = {}
    for fold in range(FOLDS):
        known = [a for a in load_articles() if fold_of(a.story) != fold]
        model = fit_caveats([*known, *_load_made_up()])
        held = [a for a in load_articles() if fold_of(a.story) == fold]
        likely |= {a: max((model.probability(c.features) for c in a.caveats), default=0) for a in held}
        shipped |= {a: float(any(_raises(model, c.features) for c in a.caveats)) for a in held}
    ruled = {a: float(any(c.features[BY_RULES] for c in a.caveats)) for a in load_articles()}
    for group in ("bank", "judged", "flags alone", "all"):
        _print_scores(f"{group}, by the rules", {a: p for a, p in ruled.items() if group in a.groups}, 0.5)
        _print_scores(f"{group}, as shipped", {a: p for a, p in shipped.items() if group in a.groups}, 0.5)
        for threshold in (0.5, 0.55, 0.6, 0.75, 0.88, 0.92):
            chosen = {a: p for a, p in likely.items() if group in a.groups}
            _print_scores(f"{group}, from {threshold}", chosen, threshold)


def _raises(model: LinearModel, features: Features) -> bool:
    return model.probability(features) >= (AS_RULED if features[BY_RULES] else THRESHOLD)


def _print_scores(title: str, likely: Mapping[Judged, float], threshold: float) -> None:
    raised = [a.flag for a, p in likely.items() if p >= threshold]
    right, all_right = sum(raised), sum(a.flag for a in likely)
    f1 = 2 * right / max(1, len(raised) + all_right)
    sys.stdout.write(
        f"{title:24} F1 {f1:.1%}  precision {right / max(1, len(raised)):.1%} ({len(raised) - right} wrong)"
        f"  recall {right / max(1, all_right):.1%} of {all_right}\n"
    )


def fit_caveats(articles: Sequence[Judged]) -> LinearModel:
    """Return the model of some articles; where nobody said which caveat counts, the likeliest does."""
    known = [a for a in articles if not a.flag or any(c.answer for c in a.caveats)]
    model = _fit([e for a in known for e in _list_examples(a, None)])
    for _ in range(ROUNDS - 1):
        model = _fit([e for a in articles for e in _list_examples(a, model)])
    return model


def _fit(examples: Sequence[Example]) -> LinearModel:
    return fit_signed(examples, SIGNS, strength=STRENGTH, threshold=THRESHOLD, free=(BY_RULES,))


def _list_examples(article: Judged, model: LinearModel | None) -> Iterator[Example]:
    """Yield the caveats of an article of which the answer is known; many weigh little more than one."""
    caveats, made_up = article.caveats, "made up" in article.groups
    known = [c for c in caveats if c.answer is not None]
    if article.flag and not any(c.answer for c in known) and model is not None and caveats:
        known = [replace(max(caveats, key=lambda c: model.score(c.features)), answer=True)]
    yes = sum(bool(c.answer) for c in known)
    for one in known:
        weight = 1 / yes**0.5 if one.answer else (ASIDE_WEIGHT if article.flag else 1) / len(caveats) ** 0.5
        yield Example(article.story, one.features, bool(one.answer), MADE_UP_WEIGHT if made_up else weight)


# ── material ────────────────────────────────────────────────────────────────────────────────────────


@cache
def load_articles() -> tuple[Judged, ...]:
    """Return the judged articles with a plain answer; models that have not seen them choose the claims."""
    rows = [row for row in (*load_judged(), *_load_flags()) if row["flag"] in ("yes", "no")]
    bank = {row["id"] for row in load_bank()}
    found: list[Judged] = []
    for row in rows:
        document = parse_document(article_from_text(row["text"]), default_language())
        scores = load_unseen_scores(row["id"], document)
        if not scores.sentences and row["story"] not in _list_encoded_stories():
            scores = score_text(document)  # the shipped encoder has not seen it either
        load = partial(_load_unseen_models, fold_of(row["story"]))
        groups = {"all", "judged" if "evidence" in row else "flags alone"} | (
            {"bank"} & {"bank" if row["id"] in bank else ""}
        )
        caveats = _describe(document, scores, load, partial(_find_answer, row))
        found.append(Judged(row["id"], row["story"], row["flag"] == "yes", caveats, frozenset(groups)))
    return tuple(found)


def _describe(
    document: Document,
    scores: TextScores,
    load: Callable[[str], Models],
    answer: Callable[[Document, int, int], bool | None],
) -> tuple[DescribedCaveat, ...]:
    """Return the caveats that can raise the flag; `answer` says of the tokens of one what it concerns."""
    quoted, names = find_quotations(document), find_names(document)
    found = RULES.annotate(document, quoted)
    resolved = resolve_sources(document, found, names, quoted, scores)
    candidates = find_candidates(document, resolved, quoted, scores.sentences)
    lead = find_lead(document, resolved.findings, candidates, load)
    if lead is None:
        return ()
    verdict, matches = find_verdict(document, lead, quoted), find_caveat_matches(document, quoted)
    described = CaveatFeatures(document, lead, resolved, verdict, scores.sentences).describe(matches)
    return tuple(
        DescribedCaveat(
            document.sentence_excerpt(document.sentences[match.place]).text,
            features,
            answer(document, match.match.first, match.match.last),
        )
        for match, features in zip(matches, described, strict=True)
        if can_raise_flag(match, features, verdict)
    )


def _find_answer(row: Row, document: Document, first: int, last: int) -> bool | None:
    if row["flag"] == "no":
        return False
    start, end = document.starts[first], document.ends[last - 1]
    for key, answer in (("evidence", True), ("detail_caveats", False)):
        if any(start < place["end"] and place["start"] < end for place in row.get(key, ())):
            return answer
    return None


def _load_flags() -> Iterator[Row]:
    """Yield the articles of which only the flag was judged, but for those of stories to check."""
    known = {row["id"] for row in (*load_bank("all"), *load_judged())}
    checked = {row["story"] for row in load_bank("check")}
    judged = tomllib.loads(FLAGS.read_text("utf-8"))
    answers = {
        id_: flag for key, flag in (("deserved", "yes"), ("undeserved", "no")) for id_ in judged[key].split()
    }
    with gzip.open(EVAL / "certainty/fnc_article_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for article in map(json.loads, lines):
            id_, story = article["id"], f"r{article['rumour']}"
            if id_ in answers and id_ not in known and story not in checked and not is_check_story(story):
                yield {"id": id_, "story": story, "text": article["body"], "flag": answers[id_]}


@cache
def _list_encoded_stories() -> frozenset[str]:
    return frozenset(row["story"] for row in load_judged())


@cache
def _load_unseen_models(fold: int, name: str) -> Models:
    """Return models of sentences that have not seen the stories of a fold."""
    articles = [a for a in load_sentences(scored=SENTENCE_MODELS[name]) if fold_of(a.story) != fold]
    return {"news": fit_news(articles), "leaning": fit_leaning(articles)}


@cache
def _load_made_up() -> tuple[Judged, ...]:
    """Return articles of our own making: those put together, and those written for the tests."""
    made = [(article_from_text(a.text), a.doubts, a.name) for a in make_articles()]
    found = [_judge_made_up(article, doubts, f"made up: {story}") for article, doubts, story in made]
    rows = [json.loads(line) for line in MADE_UP.with_suffix(".jsonl").read_text("utf-8").splitlines()]
    for number, row in enumerate(rows):
        one = _judge_made_up(article_of_paragraphs(*row["paragraphs"]), row["doubts"], f"written {number}")
        found.append(replace(one, groups=frozenset()))
    return tuple(found)


def _judge_made_up(article: Article, doubts: Sequence[str], story: str) -> Judged:
    document = parse_document(article, default_language())

    def find_answer(document: Document, first: int, last: int) -> bool:
        sentence = document.sentences[document.sentence_of[first]]
        words = document.sentence_excerpt(sentence).text, document.excerpt(first, last).text
        return any(doubt in words or words[0] in doubt for doubt in doubts)

    caveats = _describe(document, NO_SCORES, load_models, find_answer)
    return Judged(story, story, bool(doubts), caveats, frozenset({"made up"}))
