"""Schema 1 of a report's JSON as types: pydantic checks JSON against them and makes the values of bot.model.

    REPORT.validate_python(json, context=ReportFacts(article, sources)) ── Report, or a ValidationError

A class names the keys that an object must have, in the order in which they are checked. More keys are
allowed; one with a default was added later, so older reports lack it. Every span is cut anew from the known
article. `article.pasted` is there so that a report on pasted text survives; `why`, `stance_why`, `role_why`
and `source_why` are the rules of findings, for people to read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, Field, GetPydanticSchema, TypeAdapter, ValidationInfo, with_config
from typing_extensions import TypedDict

from bot import model
from bot.model import Article, Excerpt

_T = TypeVar("_T")
_strict: Final = with_config(strict=True)  # holds for everything inside: `true` is no number


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """The facts that the parts of a report are checked against: its text and its number of sources."""

    article: Article
    sources: int


def _from(json: Any, make: Callable[..., object]) -> GetPydanticSchema:
    """Annotate a type with the JSON that `make` makes it of."""
    return GetPydanticSchema(
        lambda _, handler: handler.generate_schema(Annotated[json, AfterValidator(make)])
    )


def _from_keys(json: Any, kind: Callable[..., object], *without: str) -> GetPydanticSchema:
    """Annotate a type whose fields are the keys of its JSON, `without` those that it works out itself."""
    return _from(json, lambda found: kind(**{key: found[key] for key in found if key not in without}))


def _from_span(json: Any, kind: Callable[..., object]) -> GetPydanticSchema:
    """Annotate a type whose fields are the keys of its JSON, with the span of its `words` among them."""

    def make(found: dict[str, Any], info: ValidationInfo[Any]) -> object:
        rest = {key: found[key] for key in found if key not in {"start", "end", "text"}}
        return kind(words=_cut(found, info), **rest)

    return _from(json, make)


# ── what stands in many places ──────────────────────────────────────────────────────────────────────


class _PlaceJson(TypedDict):
    start: int
    end: int


class _SpanJson(_PlaceJson):
    text: str


def _cut(found: dict[str, Any], info: ValidationInfo[Any]) -> Excerpt:
    excerpt: Excerpt = info.context.article.cut(found["start"], found["end"])
    if found.get("text", excerpt.text) != excerpt.text:
        raise ValueError(f"the article's words at {excerpt.start}:{excerpt.end} are others")
    return excerpt


def _find_source(number: int, info: ValidationInfo[Any]) -> int:
    if not 0 <= number < info.context.sources:
        raise ValueError(f"there is no source {number}")
    return number


_Many = Annotated[tuple[_T, ...], Field(strict=False)]  # a list in JSON
_Span = Annotated[Excerpt, _from(_SpanJson, _cut)]
_SourceId = Annotated[int, AfterValidator(_find_source)]
_Rule = Annotated[str, Field(default="")]  # the `why` of a finding that had none at first

# ── the article ─────────────────────────────────────────────────────────────────────────────────────


class _BlockJson(TypedDict):
    role: Annotated[model.BlockRole, _from(str, model.BlockRole)]
    start: int
    end: int


def _block(found: dict[str, Any], info: ValidationInfo[Any]) -> model.Block:
    _cut(found, info)
    return model.Block(**found)


class _LinkJson(TypedDict):
    url: str
    anchor: _Span


class _ArticleJson(TypedDict):
    url: str | None
    canonical_url: str | None
    title: str | None
    outlet: str | None
    authors: _Many[str]
    published: Annotated[date | None, _from(str | None, lambda it: date.fromisoformat(it) if it else None)]
    stated_in: Annotated[
        tuple[tuple[str, str], ...], _from(dict[str, str], lambda it: tuple(sorted(it.items())))
    ]
    language: str | None
    partial: str | None
    pasted: Annotated[bool, Field(default=False)]
    text: str
    sha256: str
    blocks: _Many[Annotated[model.Block, _from(_BlockJson, _block)]]
    links: _Many[Annotated[model.Anchor, _from_keys(_LinkJson, model.Anchor)]]


# ── the claim ───────────────────────────────────────────────────────────────────────────────────────


class _ChosenJson(_SpanJson):
    why: _Rule


class _CaveatJson(_SpanJson):
    sentence: _Span
    why: str


_Chosen = Annotated[model.Chosen, _from_span(_ChosenJson, model.Chosen)]
_Caveat = Annotated[model.Caveat, _from_span(_CaveatJson, model.Caveat)]


class _ClaimJson(TypedDict):
    statement: _Span
    sentence: _Span
    unconfirmed: bool
    caveats: _Many[_Caveat]
    side_caveats: _Many[_Caveat]
    why: _Rule
    stance: Annotated[model.Stance, _from(str, model.Stance)]
    stance_why: _Rule
    against: Annotated[_Many[_Chosen], Field(validation_alias="contrasts")]


class _ConflictJson(TypedDict):
    headline: _Span
    body: _Span
    why: _Rule


# ── sources and what they say ───────────────────────────────────────────────────────────────────────


class _OwnOriginalJson(TypedDict):
    url: str
    anchor: _Span | None
    why: _Rule


class _OriginalJson(_OwnOriginalJson):
    source_id: _SourceId | None


class _SourceJson(TypedDict):
    id: int
    name: _Span
    named: bool
    aliases: _Many[str]
    kind: Annotated[model.SourceKind, _from(str, model.SourceKind)]
    role: _Span | None
    mentions: _Many[_Span]
    relayed_by: _SourceId | None
    originals: list[_OwnOriginalJson]
    why: _Rule
    role_why: _Rule
    how: Annotated[model.How, _from(str, model.How), Field(default=model.How.SPEAKS)]
    standing: Annotated[
        model.Standing | None, _from(str | None, lambda it: it and model.Standing(it)), Field(default=None)
    ]
    standing_why: _Rule


def _source(found: dict[str, Any]) -> model.Source:
    originals = tuple(model.Original(**one, source_id=found["id"]) for one in found["originals"])
    standing = found["standing"] or _derive_standing(found["kind"], named=found["named"])
    return model.Source(**found | {"originals": originals, "standing": standing})


def _derive_standing(kind: model.SourceKind, *, named: bool) -> model.Standing:
    """Return the standing of a source of a report of before 2026-12, which held everybody who is not named to
    be withheld, and no account or outlet."""
    if not named and kind is model.SourceKind.DOCUMENT:
        return model.Standing.BY_OFFICE
    hidden = not named and kind not in {model.SourceKind.SOCIAL_MEDIA, model.SourceKind.OUTLET}
    return model.Standing.WITHHELD if hidden else model.Standing.NAMED


class _AttributionJson(TypedDict):
    source: _Span | None
    cue: _Span | None
    content: _Many[_Span]
    source_id: _SourceId | None
    reporting: bool
    why: str
    source_why: _Rule


class _StepJson(TypedDict):
    name: str
    source_id: _SourceId | None
    evidence: _Span | None
    why: _Rule


class _ChainJson(TypedDict):
    of_claim: bool
    steps: _Many[Annotated[model.Step, _from_keys(_StepJson, model.Step)]]
    end: Annotated[model.End, _from(str, model.End)]
    sure: Annotated[bool, Field(default=True)]


class _HedgeJson(_SpanJson):
    category: Annotated[model.Category, _from(str, model.Category)]
    sentence: Annotated[Excerpt, _from(_PlaceJson, _cut)]
    voice: Annotated[model.Voice, _from(str, model.Voice)]
    source_id: _SourceId | None
    why: str


# ── the whole ───────────────────────────────────────────────────────────────────────────────────────


class _DigestJson(TypedDict):
    stories: int
    why: str


_Conflict = Annotated[model.Conflict, _from_keys(_ConflictJson, model.Conflict)]
_Digest = Annotated[model.Digest, _from_keys(_DigestJson, model.Digest)]


class _ErrorJson(TypedDict):
    kind: str
    message: str


@_strict
class HeadJson(TypedDict):
    """All that the JSON of a failed check needs."""

    schema: int
    error: _ErrorJson | None


class _TextJson(TypedDict):
    text: str
    sha256: str


class _NumberedJson(TypedDict):
    id: int


@_strict
class KnownJson(TypedDict):
    """The keys that `ReportFacts` is made of, and those before them."""

    id: str | None
    worth_speaking: bool
    article: _TextJson
    sources: list[_NumberedJson]


@_strict
class _ReportJson(TypedDict):
    schema: int
    error: None
    id: str | None
    worth_speaking: bool
    article: Annotated[Article, _from_keys(_ArticleJson, Article, "sha256")]
    claim: Annotated[model.Claim, _from_keys(_ClaimJson, model.Claim, "unconfirmed")] | None
    sources: _Many[Annotated[model.Source, _from(_SourceJson, _source)]]
    attributions: _Many[Annotated[model.Attribution, _from_keys(_AttributionJson, model.Attribution)]]
    chains: _Many[Annotated[model.Chain, _from_keys(_ChainJson, model.Chain)]]
    hedges: _Many[Annotated[model.Hedge, _from_span(_HedgeJson, model.Hedge)]]
    conflict: Annotated[_Conflict | None, Field(validation_alias="headline_conflict")]
    chosen: Annotated[_Many[_Chosen], Field(validation_alias="summary")]
    digest: Annotated[_Digest | None, Field(default=None)]
    originals: _Many[Annotated[model.Original, _from_keys(_OriginalJson, model.Original)]]


@_strict
class _FreeSpanJson(_SpanJson):
    """A span under a key that is not ours."""


_REPORT = _from_keys(_ReportJson, model.Report, "schema", "error", "id", "worth_speaking")
HEAD: Final = TypeAdapter(HeadJson)
KNOWN: Final = TypeAdapter(KnownJson)
REPORT: Final[TypeAdapter[model.Report]] = TypeAdapter(Annotated[model.Report, _REPORT])
SPAN: Final[TypeAdapter[Excerpt]] = TypeAdapter(Annotated[Excerpt, _from(_FreeSpanJson, _cut)])
