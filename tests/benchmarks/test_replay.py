from __future__ import annotations

import asyncio

from bot.errors import CannotRead
from bot.model import Page, Report
from bot.turns import Turn
from tests.benchmarks import virtual
from tests.benchmarks.replay import Cost, Modelled, Replayed, replayed
from tests.benchmarks.traffic import Does, Model
from tests.bot.written import bridge

READ = Cost(bridge(), 0.3, 1000)
REFUSED = Cost(CannotRead(), 0.1, 500)
BUSY = Model(
    seconds=12,
    rate=6,
    rooms=10,
    sites=60,
    sound=5,
    popular=1.2,
    half_life=5,
    bursts=(),
    changes={Does.EDITS: 0.1, Does.EMPTIES: 0.1, Does.DELETES: 0.1},
    changed_within=10,
)


def replay() -> Replayed:
    return replayed([READ, READ, READ, REFUSED], BUSY, seed=2)


def test_the_real_code_loses_and_doubles_nothing_of_a_busy_while() -> None:
    found = replay()
    assert found.offered > 40
    assert found.changed > 10
    assert (found.lost, found.place.counts.twice, found.left_standing) == (0, 0, 0)
    told = found.place.counts.ends.total()
    assert told + len(found.came) == found.offered
    ends = (found.answered, found.silent, found.withdrawn)
    assert sum(map(len, ends)) == len(found.came)
    assert len(found.readers.read) < len(found.answered)
    assert len(found.memory) == 4


def test_a_check_that_nobody_answers_counts_as_lost() -> None:
    found = replay()
    next(came for came in found.answered if not came.asked.unasked and not came.changed).answered = None
    assert found.lost == 1


def test_two_pages_are_read_at_once_and_each_takes_as_long_as_it_took() -> None:
    async def three() -> tuple[float, Report]:
        readers = Modelled([READ._replace(seconds=30.0)])
        pages = (Page(f"https://site1.example/story-{number}", b"") for number in range(3))
        found = await asyncio.gather(*(readers(page, Turn()) for page in pages))
        return virtual.loop().time(), found[2]

    seconds, last = virtual.run(three())
    assert 60 <= seconds < 61
    assert last.article.url == "https://site1.example/story-2"
