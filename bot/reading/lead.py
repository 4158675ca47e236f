"""The sentence that carries the main news: the learnt choice among the candidates, after a page's own
comment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.model import BlockRole
from bot.reading.annotators.base import AttributionFrame, Finding
from bot.reading.content_words import CARRIES, find_content_words
from bot.reading.decisions.linear import LinearModel, load_models
from bot.reading.decisions.sentences import Candidate, ModelLoader, load_sentence_models
from bot.reading.document import Document, Sentence

SHORTEST = 6  # tokens of a sentence that can carry news
TIES = 2  # words of the headline that a sentence takes up again when it tells the news
TOLD = 3  # sentences in which a text tells the news of its headline
BARRED = (  # of the claim, where others can carry it
    "an open quotation",
    "a quotation without its speaker",
    "opens with a connective",
    "opens with a pronoun",
)
CLEARLY = 1.6  # of the log-odds of the news: by that a sentence before an introduced report is likelier
LEANING = 0.5  # of the log-odds that a sentence cannot stand alone: what that costs the news


@dataclass(frozen=True, slots=True)
class Lead:
    """The sentence that carries the main news; `introduced_by` is the finding "X reports …" before it.

    What stands before token `comment_until`, if there is one, is the site's own comment; `why` names the rule
    or the features that chose.
    """

    sentence: int
    introduced_by: int | None
    comment_until: int | None
    why: str


def find_lead(
    document: Document,
    found: Sequence[Finding],
    candidates: Sequence[Candidate],
    load: ModelLoader = load_models,
) -> Lead | None:
    """Return the main news: after an introduced report its first sentence, else the likeliest sentence.
    Training loads models that have not seen the article."""
    able = [c for c in candidates if _can_carry(document, c)]
    able = [c for c in able if not any(c.features[name] for name in BARRED)] or able
    able = [able[0], *(c for c in able[1:] if not _turns_against(able[0], c))] if able else able
    likeliest = choose_likeliest(able, load_sentence_models(able, load)) if able else None
    introduced = _find_introduced(document, found, [c.sentence for c in able])
    if introduced is not None and not _is_told_before(introduced, able, load):
        return introduced
    title = _find_title_that_is_told_nowhere(document, able)
    if title is not None:
        return Lead(title, None, None, "a first line that the text does not tell again")
    if likeliest is not None:
        return Lead(likeliest[0].sentence, None, None, likeliest[1])
    places = (i for i, s in enumerate(document.sentences) if s.role in CARRIES or s.role is BlockRole.TITLE)
    first = next(places, None)
    return None if first is None else Lead(first, None, None, "first sentence, as none can carry news")


def _can_carry(document: Document, candidate: Candidate) -> bool:
    """Return whether a sentence can carry news: no question, no caption, no score, no name alone."""
    sentence = document.sentences[candidate.sentence]
    first, last, stop = sentence.first, sentence.last, document.words[sentence.last - 1]
    verb = any(document.tags[i].is_finite for i in range(first, last))
    whole = last - first >= SHORTEST and stop != "?" and (stop == "." or verb)
    return whole and not candidate.features["caption or note"]


def _find_title_that_is_told_nowhere(document: Document, able: Sequence[Candidate]) -> int | None:
    """Return a first line that is the news itself: a sentence like any other (small letters, a verb of its
    own, its stop, no second line) where the text does not go on to tell it, or a claim that is checked."""
    numbers = (i for i, s in enumerate(document.sentences) if s.role is BlockRole.TITLE)
    number = next((i for i in numbers if _reads_as_sentence(document, document.sentences[i])), None)
    if number is None:
        return None
    title = document.sentences[number]
    tidings = document.lowers[title.first] in document.lexicon.words.tidings
    if tidings and document.words[title.first + 1] == ":":
        return number
    words = find_content_words(document, title.first, title.last)
    return None if any(len(words & c.words) >= TIES for c in able[:TOLD]) else number


def _reads_as_sentence(document: Document, sentence: Sentence) -> bool:
    first, last = sentence.first, sentence.last
    verbs = [i for i in range(first, last) if document.tags[i].is_finite]
    words = [w for w in document.words[first + 1 : last] if w[0].isalpha()]
    small = sum(w[0].islower() for w in words) > len(words) / 2
    lined = "\n" in document.sentence_excerpt(sentence).text
    relative = document.lexicon.words.relative_pronouns  # "Pike, with a book that is not his."
    own_verb = any(i > first and document.lowers[i - 1] not in relative for i in verbs)
    stopped = document.words[last - 1] == "."
    return last - first >= SHORTEST and stopped and small and not lined and own_verb


def _turns_against(first: Candidate, candidate: Candidate) -> bool:
    """Return whether a sentence disputes the one that the text opens with, and so is no news of its own."""
    turning = candidate.features["opens with a contrast"] and candidate.sentence == first.sentence + 1
    return bool(turning) and len(candidate.words & first.words) >= TIES


def _is_told_before(introduced: Lead, able: Sequence[Candidate], load: ModelLoader) -> bool:
    """Return whether the news is clearly told before "South Front reports…", which then only quotes. The
    encoder has no say: it has seen few introduced reports, and takes the site's comment for news."""
    models = load("sentences")
    known = models["news"].weights.keys()
    plain = [replace(c, features={n: v for n, v in c.features.items() if n in known}) for c in able]
    likeliest, _ = choose_likeliest(plain, models)
    if likeliest.sentence >= introduced.sentence:
        return False
    first = next(c for c in plain if c.sentence == introduced.sentence)
    news = models["news"]
    return news.score(likeliest.features) - news.score(first.features) >= CLEARLY


def _find_introduced(document: Document, found: Sequence[Finding], candidates: Sequence[int]) -> Lead | None:
    """“South Front reports…” on a line of its own, or "The following report", hands over to a report."""
    for number, f in enumerate(found):
        if f.frame is AttributionFrame.INTRODUCTION and document.sentences[f.sentence].role in CARRIES:
            after = next((c for c in candidates if c > f.sentence), None)
            opening = document.sentences[f.sentence].first
            return None if after is None else Lead(after, number, opening, f"after {f.why}")
    relays, definite = document.lexicon.relays, document.lexicon.words.definite_determiners
    for i, sentence in enumerate(document.sentences):
        first = sentence.first
        if sentence.role not in CARRIES or document.lowers[first] not in definite:
            continue
        match = next(relays.patterns.find(document, first, min(first + 4, sentence.last)), None)
        if match is not None:
            after = next((c for c in candidates if c > i), None)
            why = f"after relay: {relays.sources[match.entry]}"
            return None if after is None else Lead(after, None, first, why)
    return None


def choose_likeliest(able: Sequence[Candidate], models: Mapping[str, LinearModel]) -> tuple[Candidate, str]:
    """Return the candidate that is likeliest the news, and why; one that cannot stand alone pays for it."""

    def likely(candidate: Candidate) -> float:
        cost = models["leaning"].cost(candidate.features)
        return models["news"].score(candidate.features) - LEANING * cost

    best = max(able, key=lambda c: (likely(c), -c.sentence))
    return best, "; ".join(models["news"].explain(best.features))
