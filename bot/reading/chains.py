"""Who relays whom: from the page itself to the origin, each step with the words that show it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Chain, Step, chain_end
from bot.reading.claim import Core
from bot.reading.names import Names, page_name
from bot.reading.originals import host_of
from bot.reading.prose import Prose
from bot.reading.sources import Who


def chains(prose: Prose, main: Core, who: Who, names: Names) -> tuple[Chain, ...]:
    """The chain of the core claim first, then every other relay in reading order."""
    page = _page(prose, names)
    first = [page] if page else []
    if main.introduced_by is not None:
        first += _steps(prose, [main.introduced_by], who)
    own = _relay_order(_attributing(main, who), who)
    of_claim = [*first, *_steps(prose, own, who)]
    result = (
        [Chain(of_claim=True, steps=tuple(of_claim), end=chain_end(of_claim, who.sources))]
        if of_claim
        else []
    )
    for number, f in enumerate(who.found):
        if f.outer is not None and number not in own:
            order = _relay_order([number, *_outer(number, who)], who)
            steps = [*([page] if page else []), *_steps(prose, order, who)]
            result.append(Chain(of_claim=False, steps=tuple(steps), end=chain_end(steps, who.sources)))
    return tuple(result)


def _page(prose: Prose, names: Names) -> Step | None:
    """The page as it calls itself: in its text, else by its stated outlet."""
    outlet = prose.article.outlet
    if outlet is None:
        host = host_of(prose.article.url or "")
        return Step(host.removeprefix("www."), None, None) if host else None
    for entity in names.entities:
        name = page_name(prose, entity)
        if name is not None:
            words = prose.excerpt(name.first, name.last)
            return Step(words.text, None, words)
    return Step(outlet, None, None)


def _attributing(main: Core, who: Who) -> list[int]:
    """The findings that attribute the claim: those of its sentence that are not about a part of it."""
    here = [
        n for n, (f, source) in enumerate(who.pairs()) if f.sentence == main.sentence and source is not None
    ]
    if not here:
        return []
    widest = max(
        here, key=lambda n: (who.found[n].outer is None, sum(b - a for a, b in who.found[n].content), -n)
    )
    return [n for n in here if n == widest or who.found[n].outer is not None]


def _outer(number: int, who: Who) -> list[int]:
    return [n for n, f in enumerate(who.found) if f.head == who.found[number].outer]


def _relay_order(numbers: list[int], who: Who) -> list[int]:
    """Relays before those whom they relay."""
    return sorted(set(numbers), key=lambda n: (who.found[n].outer is not None, who.found[n].cue))


def _steps(prose: Prose, numbers: Sequence[int], who: Who) -> list[Step]:
    steps: list[Step] = []
    for number in numbers:
        f, source = who.found[number], who.of[number]
        if source is None or f.source is None:
            continue
        entry = who.sources[source]
        name = entry.name.text if entry.named else prose.excerpt(*f.source).text
        evidence = prose.excerpt(min(f.source[0], f.cue[0]), max(f.source[1], f.cue[1]))
        if not any(s.source_id == source for s in steps):
            steps.append(Step(name, source, evidence))
    return steps
