"""`hearsay explain`: what the rules see in a few sentences, laid out for whoever mends one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.style import Style
from rich.text import Text as Words

from bot.errors import EmptyPage
from bot.model import Attribution, Chain, Chosen, Claim, Conflict, Excerpt, Hedge, Report, Source
from bot.reading.chunking import Chunk
from bot.reading.explain import (
    Analysis,
    ExplainedChunk,
    ExplainedName,
    ExplainedSentence,
    LexiconMatch,
    TaggedWord,
)
from bot.reading.languages.registry import find_language
from bot.replying.phrasebook import get_phrases as phrases
from bot.sandbox import run_in_sandbox
from handlers.inputs import STDIN, read_input, text
from handlers.sanitize import one_line
from handlers.startup_errors import StartupError

Row = tuple[str, Words]  # a label, and what stands beside it
Rows = list[Row]

LONGEST: Final = 5_000  # characters; each sentence fills half a screen
NARROWEST: Final = 20  # columns for the words beside a label
_NAMED_BY_HEAD: Final = frozenset({Chunk.NOUN, Chunk.VERB})
_LABEL: Final = Style(bold=True, color="cyan")
_QUOTE: Final = Style(color="yellow")
_FINE: Final = Style(dim=True)


def explain_text(target: str, language: str | None) -> Analysis:
    """Return what the rules see in a text, or in standard input for `-`. Raises StartupError and
    CannotCheck."""
    given = target
    if target == STDIN:
        try:
            given = text(read_input(STDIN), STDIN)
        except EmptyPage:
            given = ""
    try:
        find_language(language)
    except ValueError as problem:  # whoever writes a lexicon is told what is wrong with it
        raise StartupError(_say("broken_lexicon", language=language, problem=problem)) from problem
    return run_in_sandbox(_analyse, limit_text(given), language)


def limit_text(given: str) -> str:
    """Return the text itself. Raises StartupError when there is nothing in it, or more than anybody looks
    through."""
    if not one_line(given).strip():
        raise StartupError(_say("empty"))
    if len(given) > LONGEST:
        raise StartupError(_say("long", n=f"{len(given):,}", most=f"{LONGEST:,}"))
    return given


def _analyse(given: str, language: str | None) -> Analysis:
    from bot.fetching.plain_text import article_from_text  # noqa: PLC0415  # heavy: in the child alone
    from bot.reading.explain import analyse  # noqa: PLC0415  # as above

    return analyse(replace(article_from_text(given), language=language))


# ── the whole ───────────────────────────────────────────────────────────────────────────────────────


def render_analysis(found: Analysis, language: str | None = None) -> RenderableType:
    """Render sentence by sentence, then what is gathered from all of them. `language`: the one asked for."""
    read_as = _say("read_as", language=phrases().language(found.language) or found.language)
    if language and language[:2].lower() != found.language:
        read_as = _say("no_lexicon", language=language)
    sentences = (_sentence(n, seen, found.report) for n, seen in enumerate(found.sentences, start=1))
    return Group(_line(read_as, _FINE), *chain.from_iterable(sentences), *_whole_sections(found))


def _sentence(number: int, seen: ExplainedSentence, report: Report) -> Iterator[RenderableType]:
    heading = _line(seen.sentence.text, _QUOTE).append(_say("role", role=seen.role.value), _FINE)
    yield Words()
    yield _LabelledText(Words(_say("sentence", n=number)), heading)
    unread = [_row("words", _tag_words(seen.words)), _row("rules", _fine("unread"))]
    yield from _section("words", [] if seen.chunks else [unread])
    yield from _section("chunks", [[_chunk(one) for one in seen.chunks]])
    findings = {
        "quotations": [[_row("speech" if one.speech else "no_speech", one.words) for one in seen.quotations]],
        "attributions": [_attribution(a, report) for a in report.attributions if _stands_in(seen, a.cue)],
        "hedges": [_hedge(h, report) for h in report.hedges if _stands_in(seen, h.words)],
        "caveats": list(_caveats(seen, report.claim)),
    }
    for name, groups in findings.items():
        yield from _section(name, groups)
    yield from _section("fitting", [[_fitting(one) for one in seen.fitting]])
    absent = [_say(f"sections.{name}").lower() for name, groups in findings.items() if not any(groups)]
    if absent:
        yield Words()
        what = _say("absent_gap").join(absent)
        yield _LabelledText(Words("   "), _line(_say("absent", what=what), _FINE))


def _stands_in(seen: ExplainedSentence, words: Excerpt | None) -> bool:
    return words is not None and seen.sentence.holds(words)


def _whole_sections(found: Analysis) -> Iterator[RenderableType]:
    report = found.report
    groups = {
        "sources": [_source(source, report) for source in report.sources],
        "names": [[_name(one) for one in found.names]],
        "claim": [_claim(report.claim)] if report.claim else [],
        "contrasts": [_chosen(one) for one in report.claim.against] if report.claim else [],
        "conflict": [_conflict(report.conflict)] if report.conflict else [],
        "chains": [_relays(one) for one in report.chains],
        "summary": [_chosen(one) for one in report.chosen],
    }
    for name, rows in groups.items():
        yield from _section(name, rows, indent="")


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────


def _chunk(one: ExplainedChunk) -> Row:
    words = _tag_words(one.words)
    if one.kind in _NAMED_BY_HEAD and len(one.words) > 1:
        words.append_text(_fine("head", head=one_line(one.head.text)))
    return one.kind.value, words


def _tag_words(words: Iterable[TaggedWord]) -> Words:
    """Return words with their tags, as in: the/DT old/JJ bridge/NN."""
    found = Words()
    for one in words:
        found.append(" " * bool(found)).append(one_line(one.word.text)).append(f"/{one.tag}", _FINE)
    return found


def _attribution(one: Attribution, report: Report) -> Rows:
    listed = _source_label(report, one.source_id)
    return [
        *([_row("source", one.source)] if one.source else []),
        *([_row("cue", one.cue)] if one.cue else []),
        *(_row("content", words) for words in one.content),
        _row("reporting", _say("values.reporting" if one.reporting else "values.attitude")),
        _row("why", one.why),
        _row("listed", listed or _fine("values.unlisted")),
        *([_row("why", one.source_why)] if one.source_why else []),
    ]


def _hedge(one: Hedge, report: Report) -> Rows:
    whose = _source_label(report, one.source_id)
    return [
        _row("words", one.words),
        _row("category", one.category.value),
        _row("voice", one.voice.value + (f": {whose}" if whose else "")),
        _row("why", one.why),
    ]


def _caveats(seen: ExplainedSentence, claim: Claim | None) -> Iterator[Rows]:
    for concerned, caveats in claim.concerns if claim else ():
        concerns = _row("concerns", _say(f"values.{concerned}"))
        for one in caveats:
            if _stands_in(seen, one.words):
                yield [_row("words", one.words), concerns, _row("why", one.why)]


def _fitting(one: LexiconMatch) -> Row:
    """The kind of entry, the words that it fits, and the entry itself."""
    kind, _, entry = one.why.partition(": ")
    return kind, _line(one.words.text).append_text(_fine("entry", entry=entry))


def _source(one: Source, report: Report) -> Rows:
    relay = _source_label(report, one.relayed_by)
    kind = _say("values.named" if one.named else "values.unnamed", kind=one.kind.value)
    return [
        _row("name", _source_label(report, one.id)),
        _row("kind", kind),
        _row("why", one.why),
        *([_row("role", one.role), _row("why", one.role_why)] if one.role else []),
        *([_row("aliases", _say("gap").join(one.aliases))] if one.aliases else []),
        *([_row("relayed_by", relay)] if relay else []),
        _row("mentions", _say("gap").join(mention.text for mention in one.mentions)),
    ]


def _source_label(report: Report, source_id: int | None) -> str:
    """Return a source's label, as in: [0] Mara Venn. Empty for nobody."""
    if source_id is None:
        return ""
    return _say("numbered", id=source_id, name=report.sources[source_id].name.text)


def _name(one: ExplainedName) -> Row:
    """The kind of a name, and every form in which it stands."""
    return one.kind.value, _line(
        _say("gap").join(dict.fromkeys([one.name.text, *(m.text for m in one.mentions)]))
    )


def _claim(one: Claim) -> Rows:
    return [
        _row("statement", one.statement),
        _row("why", one.why),
        _row("stance", one.stance.value),
        _row("why", one.stance_why),
    ]


def _chosen(one: Chosen) -> Rows:
    return [_row("words", one.words), _row("why", one.why)]


def _conflict(one: Conflict) -> Rows:
    return [_row("headline", one.headline), _row("body", one.body), _row("why", one.why)]


def _relays(one: Chain) -> Rows:
    """The names of the steps, and in the same order their rules."""
    gap, end = _say("values.step_gap"), _fine("values.end", end=one.end.value)
    names = _line(gap.join(step.name for step in one.steps)).append_text(end)
    return [
        _row("of_claim" if one.of_claim else "elsewhere", names),
        _row("why", gap.join(step.why for step in one.steps)),
    ]


# ── how it stands on the screen ─────────────────────────────────────────────────────────────────────


def _say(key: str, **facts: object) -> str:
    return phrases().say(f"explain.{key}", **facts)


def _fine(key: str, **facts: object) -> Words:
    return Words(_say(key, **facts), _FINE)


def _line(words: str, style: Style | str = "") -> Words:
    return Words(one_line(words), style)


def _row(name: str, beside: Excerpt | str | Words) -> Row:
    words = beside.text if isinstance(beside, Excerpt) else beside
    return _say(f"rows.{name}"), words if isinstance(words, Words) else _line(words)


def _section(name: str, groups: list[Rows], indent: str = "   ") -> Iterator[RenderableType]:
    """A heading, and its rows in two columns; a blank line parts groups of several rows."""
    rows = [row for group in groups for row in group]
    if not rows:
        return
    yield Words()
    yield Words(indent + _say(f"sections.{name}"), _LABEL)
    column = max(cell_len(label) for label, _ in rows)
    for number, group in enumerate(groups):
        if number:
            yield Words()
        for label, words in group:
            yield _LabelledText(Words(f"{indent}  {label:{column}}  ", _FINE), words)


class _LabelledText:
    """A label, and beside it words that wrap under their own beginning."""

    def __init__(self, label: Words, words: Words) -> None:
        self._label = label
        self._words = words

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        column = cell_len(self._label.plain)
        lines = self._words.wrap(console, max(options.max_width - column, NARROWEST)) or [Words()]
        for number, line in enumerate(lines):
            row = Words.assemble(Words(" " * column) if number else self._label, line)
            row.rstrip()
            yield row
