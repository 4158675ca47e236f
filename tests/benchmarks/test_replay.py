from __future__ import annotations

import asyncio

import pytest

from bot.errors import CannotRead
from bot.fair_queue import Ticket
from bot.fetching.links import parse_link
from bot.messages import CheckRequest
from bot.model import Page, Report
from bot.places import Room
from tests.benchmarks import virtual
from tests.benchmarks.bare import PLATFORM, Came
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


@pytest.fixture(scope="module")
def found() -> Replayed:
    return replayed([READ, READ, READ, REFUSED], BUSY, seed=2)


def test_the_real_code_loses_and_doubles_nothing_of_a_busy_while(found: Replayed) -> None:
    assert found.offered > 40
    assert found.changed > 10
    assert (found.lost, found.place.counts.twice, found.left_standing) == (0, 0, 0)
    counts = found.place.counts
    assert counts.ends.total() + counts.accepted == found.offered
    assert counts.answered + found.silent + found.withdrawn == counts.accepted
    assert counts.answered > len(found.readers.costs) > 0
    assert len(found.memory) == 4


def test_an_accepted_check_that_nobody_answers_counts_as_lost(
    found: Replayed, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = CheckRequest(
        Room(PLATFORM, "1", private=False), "1", (parse_link("https://site1.example/story-1"),)
    )
    monkeypatch.setitem(found.place.counts.came, "1 1", Came(asked, 0.0))
    assert found.lost == 1
    monkeypatch.setattr(found, "unfinished", 2)
    assert found.lost == 3


def test_two_pages_are_read_at_once_and_each_takes_as_long_as_it_took() -> None:
    async def three() -> tuple[float, Report]:
        readers = Modelled([READ._replace(seconds=30.0)])
        pages = (Page(f"https://site1.example/story-{number}", b"") for number in range(3))
        found = await asyncio.gather(*(readers.read(page, Ticket()) for page in pages))
        return virtual.loop().time(), found[2]

    seconds, last = virtual.run(three())
    assert 60 <= seconds < 61
    assert last.article.url == "https://site1.example/story-2"
