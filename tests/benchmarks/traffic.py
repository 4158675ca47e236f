"""An hour of links as many rooms paste them, the same for the same seed.

No count of real chats stands behind the numbers of `Model`: they are chosen so that what is hard comes up,
which is hot stories, busy rooms, minutes in which everything happens, and sites that answer late or never.
What depends on them is said to, in docs/scale.md; above all the share of links that were pasted before.
"""

from __future__ import annotations

import heapq
import itertools
import math
import random
from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate
from typing import Final, NamedTuple


class Way(StrEnum):
    """How a link comes to the bot."""

    AUTOMATIC = "automatic"
    ASKED = "asked"  # in a shared room
    PRIVATE = "private"


class Does(StrEnum):
    SAYS = "says"
    EDITS = "edits"  # into another story
    EMPTIES = "empties"  # edits it, and no link is left
    DELETES = "deletes"


class Pace(StrEnum):
    """How a site answers."""

    USUAL = "usual"
    SLOW = "slow"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Model:
    """`rate`: links a second, on average. Rooms and sites are as busy as Zipf's law with the exponent
    `unequal` has it. A story is pasted n times or more with the probability n ** -`popular`, and then once
    at its birth and again at moments of which half lie within `half_life` seconds. `bursts`: from a second
    to another one, so many times as many stories are born. Shares are of messages; those of `paces` of
    sites, but for the `sound` ones that are pasted most."""

    seconds: float = 3600.0
    rate: float = 10.0
    rooms: int = 2000
    people: int = 50  # who write in each
    sites: int = 400
    sound: int = 20
    unequal: float = 1.0
    popular: float = 1.5
    most: int = 400  # pastes of one story
    half_life: float = 420.0
    bursts: tuple[tuple[float, float, float], ...] = ((600, 780, 3.0), (1800, 1860, 6.0), (2700, 3000, 2.0))
    ways: Mapping[Way, float] = field(
        default_factory=lambda: {Way.AUTOMATIC: 0.8, Way.ASKED: 0.1, Way.PRIVATE: 0.1}
    )
    changes: Mapping[Does, float] = field(
        default_factory=lambda: {Does.EDITS: 0.01, Does.EMPTIES: 0.01, Does.DELETES: 0.02}
    )
    changed_within: float = 120.0  # seconds after the message
    paces: Mapping[Pace, float] = field(default_factory=lambda: {Pace.DEAD: 0.03, Pace.SLOW: 0.05})

    @property
    def pastes(self) -> float:
        """Of a story, on average."""
        return math.fsum(n**-self.popular for n in range(1, self.most + 1))


USUAL: Final = Model()
_BEFORE: Final = 4  # half-lives before the beginning, from which stories are still pasted


class Event(NamedTuple):
    """What somebody does at a moment with a message: `room` is a number, of a person where it is private."""

    at: float
    message: int
    does: Does
    way: Way
    room: int
    person: int
    story: int
    site: int

    @property
    def url(self) -> str:
        return f"https://site{self.site}.example/2026/11/26/story-{self.story}"


class _Zipf:
    """Numbers from 0, the smaller the likelier."""

    def __init__(self, count: int, exponent: float) -> None:
        self._sums = list(accumulate((rank + 1) ** -exponent for rank in range(count)))

    def drawn(self, rng: random.Random) -> int:
        return min(bisect(self._sums, rng.random() * self._sums[-1]), len(self._sums) - 1)


def traffic(model: Model = USUAL, seed: int = 0) -> Iterator[Event]:
    """All events in the order of their moments."""
    rng = random.Random(seed)
    pasted = sorted(_pasted(model, rng))
    rooms = _Zipf(model.rooms, model.unequal)
    later: list[Event] = []
    for number, (at, story, site) in enumerate(pasted):
        while later and later[0].at <= at:
            yield heapq.heappop(later)
        (way,) = rng.choices(list(model.ways), list(model.ways.values()))
        person = rng.randrange(model.people)
        said = Event(at, number, Does.SAYS, way, rooms.drawn(rng), person, story, site)
        yield said
        for change in _changes(model, rng, said):
            heapq.heappush(later, change)
    while later:
        yield heapq.heappop(later)


def _pasted(model: Model, rng: random.Random) -> Iterator[tuple[float, int, int]]:
    """When which story of which site is pasted."""
    sites = _Zipf(model.sites, model.unequal)
    for story, born in enumerate(_births(model, rng)):
        site = sites.drawn(rng)
        more = min(int((1 - rng.random()) ** (-1 / model.popular)), model.most) - 1
        delays = (rng.expovariate(0.693 / model.half_life) for _ in range(more))
        for at in itertools.chain([born], (born + delay for delay in delays)):
            if 0 <= at < model.seconds:
                yield at, story, site


def _births(model: Model, rng: random.Random) -> Iterator[float]:
    extra = sum((end - start) * (times - 1) for start, end, times in model.bursts)
    usual = model.rate / model.pastes / (1 + extra / model.seconds)
    at = -_BEFORE * model.half_life
    while at < model.seconds:
        times = next((times for start, end, times in model.bursts if start <= at < end), 1.0)
        at += rng.expovariate(usual * times)
        yield at


def _changes(model: Model, rng: random.Random, said: Event) -> Iterator[Event]:
    """At most one of each message."""
    kinds, shares = list(model.changes), list(model.changes.values())
    (does,) = rng.choices([None, *kinds], [1 - sum(shares), *shares])
    if does is not None:
        at = said.at + rng.uniform(0.5, model.changed_within)
        story = said.story + 1 if does is Does.EDITS else said.story
        yield said._replace(at=at, does=does, story=story)


def paces(model: Model = USUAL, seed: int = 0) -> dict[int, Pace]:
    """How each site answers."""
    rng = random.Random(f"sites {seed}")
    kinds, shares = [Pace.USUAL, *model.paces], [1 - sum(model.paces.values()), *model.paces.values()]
    drawn = rng.choices(kinds, shares, k=model.sites)
    return {site: Pace.USUAL if site < model.sound else pace for site, pace in enumerate(drawn)}
