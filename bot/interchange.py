"""Report ⇄ JSON, schema 1: what the command line prints, the store keeps and `verify` proves.

`from_json` never copies words: every span is cut again from the article's text, so a report that comes
back is the article's own words at their own place, or an error that says where it is not. Added to the
schema are `article.pasted`, without which a report on pasted text would not survive, and the rules (`why`)
of the claim, its stance (`stance_why`) and its contrasts, of the headline conflict, the summary, the steps
of chains, the originals, the kind of a source (`why`), its role (`role_why`) and what ties an attribution to
it (`source_why`); a report that is older than a rule's place has an empty one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeVar

from bot.errors import CannotCheck
from bot.model import (
    Anchor,
    Article,
    Attribution,
    Block,
    BlockRole,
    Category,
    Caveat,
    Chain,
    Chosen,
    Claim,
    Conflict,
    Digest,
    End,
    Excerpt,
    Hedge,
    Original,
    Report,
    Source,
    SourceKind,
    Stance,
    Step,
    Voice,
)
from bot.proof import unproved
from bot.rooms import worth_speaking
from bot.shapes import FAILED, SHAPE, SPAN, Misfit, fits

SCHEMA: Final = 1
Json = dict[str, Any]
_T = TypeVar("_T")


class NotProved(ValueError):  # noqa: N818  # named for what could not be done (DESIGN.md, "Names")
    """The JSON is no report of schema 1, or its spans or its sha256 do not fit its text."""


# ── out ─────────────────────────────────────────────────────────────────────────────────────────────


def to_json(report: Report, id: str | None = None) -> Json:  # noqa: A002  # the key's name in REPORT.md
    """The report as REPORT.md's object. `id` is that of a batch line."""
    return {
        "schema": SCHEMA,
        "id": id,
        "error": None,
        "worth_speaking": worth_speaking(report),
        "article": _article(report.article),
        "claim": _claim(report.claim) if report.claim else None,
        "sources": [_source(s) for s in report.sources],
        "attributions": [_attribution(a) for a in report.attributions],
        "chains": [_chain(c) for c in report.chains],
        "hedges": [_hedge(h) for h in report.hedges],
        "headline_conflict": _conflict(report.conflict) if report.conflict else None,
        "summary": [_chosen(s) for s in report.chosen],
        "digest": {"stories": report.digest.stories, "why": report.digest.why} if report.digest else None,
        "originals": [_original(o) | {"source_id": o.source_id} for o in report.originals],
    }


def failure_to_json(error: CannotCheck, id: str | None = None, message: str = "") -> Json:  # noqa: A002  # as above
    """The same object for a check that failed; `message` is the sentence that people see."""
    return {
        "schema": SCHEMA,
        "id": id,
        "error": {"kind": error.kind, "message": message or str(error)},
        "worth_speaking": False,
        "article": None,
        "claim": None,
        "sources": [],
        "attributions": [],
        "chains": [],
        "hedges": [],
        "headline_conflict": None,
        "summary": [],
        "digest": None,
        "originals": [],
    }


def _span(excerpt: Excerpt) -> Json:
    return {"start": excerpt.start, "end": excerpt.end, "text": excerpt.text}


def _maybe(excerpt: Excerpt | None) -> Json | None:
    return None if excerpt is None else _span(excerpt)


def _article(article: Article) -> Json:
    return {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "outlet": article.outlet,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "stated_in": dict(article.stated_in),
        "language": article.language,
        "partial": article.partial,
        "pasted": article.pasted,
        "text": article.text,
        "sha256": article.sha256,
        "blocks": [{"role": b.role.value, "start": b.start, "end": b.end} for b in article.blocks],
        "links": [{"url": a.url, "anchor": _span(a.anchor)} for a in article.links],
    }


def _claim(claim: Claim) -> Json:
    return {
        "statement": _span(claim.statement),
        "sentence": _span(claim.sentence),
        "unconfirmed": claim.unconfirmed,
        "caveats": [_caveat(c) for c in claim.caveats],
        "side_caveats": [_caveat(c) for c in claim.side_caveats],
        "why": claim.why,
        "stance": claim.stance.value,
        "stance_why": claim.stance_why,
        "contrasts": [_chosen(c) for c in claim.against],
    }


def _chosen(chosen: Chosen) -> Json:
    return _span(chosen.words) | {"why": chosen.why}


def _caveat(caveat: Caveat) -> Json:
    return _span(caveat.words) | {"sentence": _span(caveat.sentence), "why": caveat.why}


def _source(source: Source) -> Json:
    return {
        "id": source.id,
        "name": _span(source.name),
        "named": source.named,
        "aliases": list(source.aliases),
        "kind": source.kind.value,
        "role": _maybe(source.role),
        "mentions": [_span(m) for m in source.mentions],
        "relayed_by": source.relayed_by,
        "originals": [_original(o) for o in source.originals],
        "why": source.why,
        "role_why": source.role_why,
    }


def _original(original: Original) -> Json:
    return {"url": original.url, "anchor": _maybe(original.anchor), "why": original.why}


def _attribution(attribution: Attribution) -> Json:
    return {
        "source": _maybe(attribution.source),
        "cue": _maybe(attribution.cue),
        "content": [_span(c) for c in attribution.content],
        "source_id": attribution.source_id,
        "reporting": attribution.reporting,
        "why": attribution.why,
        "source_why": attribution.source_why,
    }


def _chain(chain: Chain) -> Json:
    return {
        "of_claim": chain.of_claim,
        "steps": [_step(s) for s in chain.steps],
        "end": chain.end.value,
    }


def _step(step: Step) -> Json:
    return {
        "name": step.name,
        "source_id": step.source_id,
        "evidence": _maybe(step.evidence),
        "why": step.why,
    }


def _hedge(hedge: Hedge) -> Json:
    return _span(hedge.words) | {
        "category": hedge.category.value,
        "sentence": {"start": hedge.sentence.start, "end": hedge.sentence.end},
        "voice": hedge.voice.value,
        "source_id": hedge.source_id,
        "why": hedge.why,
    }


def _conflict(conflict: Conflict) -> Json:
    return {"headline": _span(conflict.headline), "body": _span(conflict.body), "why": conflict.why}


# ── in ──────────────────────────────────────────────────────────────────────────────────────────────


def from_json(found: Mapping[str, Any]) -> Report:
    """The report again, each span cut anew. Raises NotProved with the place that does not fit."""
    try:
        return _report(found)
    except Misfit as problem:
        raise NotProved(f"this is not a report of schema {SCHEMA}: {problem}") from problem
    except RecursionError:
        raise NotProved(f"this is not a report of schema {SCHEMA}: it is nested too deeply") from None


def prove(found: Mapping[str, Any]) -> Report:
    """`from_json`, and all else that a reply shows or decides by is borne out too. Raises NotProved."""
    report = from_json(found)
    problem = unproved(report)
    if problem is not None:
        raise NotProved(problem)
    if found["worth_speaking"] is not worth_speaking(report):
        raise NotProved("worth_speaking does not fit the report")
    return report


def spans(found: object, place: str = "") -> list[tuple[str, Json]]:
    """Every span of a report's JSON with its place in it, for whoever counts or searches them."""
    if isinstance(found, list):
        return [s for n, item in enumerate(found) for s in spans(item, f"{place}[{n}]")]
    if not isinstance(found, dict):
        return []
    here = [(place, found)] if {"start", "end", "text"} <= found.keys() else []
    return here + [s for key, item in found.items() for s in spans(item, f"{place}.{key}".lstrip("."))]


def _report(found: Mapping[str, Any]) -> Report:
    fits(found, FAILED)
    if found["schema"] != SCHEMA:
        raise NotProved(f"this report has schema {found['schema']}, not {SCHEMA}")
    if found["error"] is not None:
        raise NotProved(f"this check failed ({found['error']['kind']}), so there is nothing to prove")
    fits(found, SHAPE)
    article = _article_in(found["article"])
    _added(article, found)
    return _Cutter(article, len(found["sources"])).report(found)


def _added(article: Article, found: Mapping[str, Any]) -> None:
    """Spans under keys that are not ours count as quotations like all others, so they must be ones."""
    for place, span in spans(found):
        fits(span, SPAN, place)
        _Cutter(article, 0).cut(span, place)


def _article_in(found: Json) -> Article:
    text = found["text"]
    published = found["published"]
    bare = Article(text)
    if bare.sha256 != found["sha256"]:
        raise NotProved("article.sha256 does not fit article.text")
    cut = _Cutter(bare, 0).cut
    return Article(
        text,
        tuple(_block(bare, n, b) for n, b in enumerate(found["blocks"])),
        tuple(
            Anchor(a["url"], cut(a["anchor"], f"article.links[{n}]")) for n, a in enumerate(found["links"])
        ),
        url=found["url"],
        canonical_url=found["canonical_url"],
        title=found["title"],
        outlet=found["outlet"],
        authors=tuple(found["authors"]),
        published=_member(date.fromisoformat, published, "article.published") if published else None,
        stated_in=tuple(sorted(found["stated_in"].items())),
        language=found["language"],
        partial=found["partial"],
        pasted=found.get("pasted", False),
    )


def _block(article: Article, number: int, found: Json) -> Block:
    place = f"article.blocks[{number}]"
    _cut(article, found["start"], found["end"], place)
    return Block(_member(BlockRole, found["role"], place), found["start"], found["end"])


def _cut(article: Article, start: int, end: int, place: str) -> Excerpt:
    try:
        return article.cut(start, end)
    except ValueError as problem:
        raise NotProved(f"{place}: {problem}") from problem


def _member(kind: Callable[[str], _T], value: str, place: str) -> _T:
    try:
        return kind(value)
    except ValueError as problem:
        raise NotProved(f"{place}: {problem}") from problem


def _why(found: Json, key: str = "why") -> str:
    """The rule of a finding; empty in a report that is older than the rule's place in it."""
    rule: str = found.get(key, "")
    return rule


class _Cutter:
    """Cuts a report's spans out of one article, and checks that source ids name sources."""

    def __init__(self, article: Article, sources: int) -> None:
        self._article = article
        self._sources = sources

    def cut(self, found: Json, place: str) -> Excerpt:
        excerpt = _cut(self._article, found["start"], found["end"], place)
        if excerpt.text != found["text"]:
            raise NotProved(f"{place}: the article's words at {excerpt.start}:{excerpt.end} are others")
        return excerpt

    def maybe(self, found: Json | None, place: str) -> Excerpt | None:
        return None if found is None else self.cut(found, place)

    def each(self, found: list[Json], place: str) -> tuple[Excerpt, ...]:
        return tuple(self.cut(one, f"{place}[{n}]") for n, one in enumerate(found))

    def of(self, source_id: int | None, place: str) -> int | None:
        if source_id is not None and not 0 <= source_id < self._sources:
            raise NotProved(f"{place}: there is no source {source_id}")
        return source_id

    def report(self, found: Mapping[str, Any]) -> Report:
        conflict = found["headline_conflict"]
        return Report(
            self._article,
            claim=self.claim(found["claim"]) if found["claim"] else None,
            sources=tuple(self.source(n, s) for n, s in enumerate(found["sources"])),
            attributions=tuple(self.attribution(n, a) for n, a in enumerate(found["attributions"])),
            chains=tuple(self.chain(n, c) for n, c in enumerate(found["chains"])),
            hedges=tuple(self.hedge(n, h) for n, h in enumerate(found["hedges"])),
            conflict=self.conflict(conflict) if conflict else None,
            chosen=self.chosen(found["summary"], "summary"),
            digest=self.digest(found.get("digest")),
            originals=tuple(
                self.original(o, o["source_id"], f"originals[{n}]") for n, o in enumerate(found["originals"])
            ),
        )

    def digest(self, found: Json | None) -> Digest | None:
        return None if found is None else Digest(found["stories"], found["why"])

    def claim(self, found: Json) -> Claim:
        claim = Claim(
            self.cut(found["statement"], "claim.statement"),
            self.cut(found["sentence"], "claim.sentence"),
            _why(found),
            _member(Stance, found["stance"], "claim.stance"),
            _why(found, "stance_why"),
            self.caveats(found["caveats"], "claim.caveats"),
            self.caveats(found["side_caveats"], "claim.side_caveats"),
            self.chosen(found["contrasts"], "claim.contrasts"),
        )
        if claim.unconfirmed != found["unconfirmed"]:
            raise NotProved("claim.unconfirmed does not fit claim.caveats")
        return claim

    def chosen(self, found: list[Json], place: str) -> tuple[Chosen, ...]:
        return tuple(Chosen(self.cut(one, f"{place}[{n}]"), _why(one)) for n, one in enumerate(found))

    def caveats(self, found: list[Json], place: str) -> tuple[Caveat, ...]:
        return tuple(self.caveat(one, f"{place}[{n}]") for n, one in enumerate(found))

    def caveat(self, found: Json, place: str) -> Caveat:
        return Caveat(self.cut(found, place), self.cut(found["sentence"], f"{place}.sentence"), found["why"])

    def source(self, number: int, found: Json) -> Source:
        place = f"sources[{number}]"
        if found["id"] != number:
            raise NotProved(f"{place}: its id is {found['id']}")
        return Source(
            number,
            self.cut(found["name"], f"{place}.name"),
            found["named"],
            _member(SourceKind, found["kind"], f"{place}.kind"),
            self.each(found["mentions"], f"{place}.mentions"),
            tuple(found["aliases"]),
            self.maybe(found["role"], f"{place}.role"),
            self.of(found["relayed_by"], f"{place}.relayed_by"),
            tuple(self.original(o, number, f"{place}.originals") for o in found["originals"]),
            _why(found),
            _why(found, "role_why"),
        )

    def original(self, found: Json, source_id: int | None, place: str) -> Original:
        anchor = self.maybe(found["anchor"], f"{place}.anchor")
        return Original(found["url"], anchor, _why(found), self.of(source_id, place))

    def attribution(self, number: int, found: Json) -> Attribution:
        place = f"attributions[{number}]"
        return Attribution(
            self.maybe(found["source"], f"{place}.source"),
            self.maybe(found["cue"], f"{place}.cue"),
            self.each(found["content"], f"{place}.content"),
            found["reporting"],
            found["why"],
            self.of(found["source_id"], place),
            _why(found, "source_why"),
        )

    def chain(self, number: int, found: Json) -> Chain:
        place = f"chains[{number}]"
        steps = tuple(self.step(s, f"{place}.steps[{n}]") for n, s in enumerate(found["steps"]))
        return Chain(found["of_claim"], steps, _member(End, found["end"], f"{place}.end"))

    def step(self, found: Json, place: str) -> Step:
        evidence = self.maybe(found["evidence"], f"{place}.evidence")
        return Step(found["name"], self.of(found["source_id"], place), evidence, _why(found))

    def hedge(self, number: int, found: Json) -> Hedge:
        place = f"hedges[{number}]"
        sentence = found["sentence"]
        return Hedge(
            self.cut(found, place),
            _member(Category, found["category"], f"{place}.category"),
            _cut(self._article, sentence["start"], sentence["end"], f"{place}.sentence"),
            _member(Voice, found["voice"], f"{place}.voice"),
            found["why"],
            self.of(found["source_id"], place),
        )

    def conflict(self, found: Json) -> Conflict:
        return Conflict(
            self.cut(found["headline"], "headline_conflict.headline"),
            self.cut(found["body"], "headline_conflict.body"),
            _why(found),
        )
