from __future__ import annotations

from collections import Counter
from statistics import median

import pytest

from tests.benchmarks.traffic import USUAL, Does, Event, Model, Pace, Way, paces, traffic

FEW = Model(seconds=600, rate=5, bursts=((100, 200, 5.0),))
STEADY = Model(rate=4, bursts=())
BORN_LATER = 3000  # earlier stories were born before the beginning, and are seen only in part


@pytest.fixture(scope="module")
def hour() -> list[Event]:
    return list(traffic())


def test_the_same_seed_brings_the_same_traffic_and_another_seed_another() -> None:
    assert list(traffic(FEW, 3)) == list(traffic(FEW, 3)) != list(traffic(FEW, 4))
    assert paces(FEW, 3) == paces(FEW, 3) != paces(FEW, 4)


def test_events_come_in_order_and_a_change_after_its_message(hour: list[Event]) -> None:
    assert [event.at for event in hour] == sorted(event.at for event in hour)
    said: set[int] = set()
    for event in hour:
        assert (event.message in said) is (event.does is not Does.SAYS)
        said.add(event.message)


def test_as_much_is_pasted_as_the_model_says(hour: list[Event]) -> None:
    messages = [event for event in hour if event.does is Does.SAYS]
    assert len(messages) == pytest.approx(USUAL.rate * USUAL.seconds, rel=0.1)
    ways = Counter(event.way for event in messages)
    assert ways[Way.PRIVATE] / len(messages) == pytest.approx(0.1, rel=0.1)
    changes = Counter(event.does for event in hour)
    assert changes[Does.DELETES] / len(messages) == pytest.approx(0.02, rel=0.2)


def test_a_few_rooms_and_a_few_stories_are_what_most_is_about(hour: list[Event]) -> None:
    rooms = Counter(event.room for event in hour)
    assert sum(count for _, count in rooms.most_common(200)) > len(hour) / 2
    stories = Counter(event.story for event in hour if event.does is Does.SAYS)
    assert max(stories.values()) > 100
    assert median(stories.values()) == 1


def test_a_burst_is_one() -> None:
    messages = Counter(int(event.at // 100) for event in traffic(FEW) if event.does is Does.SAYS)
    assert messages[1] > 2 * messages[0]


def test_a_story_decays() -> None:
    events = [event for event in traffic(STEADY) if event.does is Does.SAYS]
    hot, _ = Counter(event.story for event in events if event.story > BORN_LATER).most_common(1)[0]
    moments = [event.at for event in events if event.story == hot]
    assert median(moments) - moments[0] < 2 * USUAL.half_life
    assert moments[-1] - moments[0] > USUAL.half_life


def test_sites_that_most_links_lead_to_answer_and_a_few_others_do_not() -> None:
    found = paces()
    assert {found[site] for site in range(USUAL.sound)} == {Pace.USUAL}
    assert set(found.values()) == set(Pace)
