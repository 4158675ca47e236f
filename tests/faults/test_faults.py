"""A round of each fault on real processes: what was accepted is answered, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.counts import Counts, Outcome, table
from tests.faults.faults import FAULTS


@pytest.mark.takes(30)
@pytest.mark.parametrize("name", FAULTS)
async def test_nothing_is_lost_and_nothing_doubled(name: str, tmp_path: Path) -> None:
    found = await FAULTS[name](tmp_path)
    assert found.accepted >= 10
    assert found.kept, found


def test_the_table_tells_what_was_lost_what_failed_and_what_could_not_be_run() -> None:
    lost = Counts(accepted=3, once=1, lost=1, twice=1, wrong=("a by mention", "b by group"))
    outcomes: dict[str, list[Outcome]] = {
        "good": [Counts(2, 2), Counts(2, 1, gap=1)],
        "bad": [lost],
        "worse": [ValueError("no")],
        "absent": ["no disk"],
    }
    assert table(outcomes) == (
        "| fault | rounds | accepted | answered once | lost | twice | in Telegram's gap |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        "| good | 2 | 4 | 3 | 0 | 0 | 1 |\n"
        "| bad | 1 | 3 | 1 | 1 | 1 | 0 |\n"
        "| worse | 0 | 0 | 0 | 0 | 0 | 0 |\n"
        "| absent | 0 | 0 | 0 | 0 | 0 | 0 |\n"
        "\n"
        "bad: a by mention, b by group\n"
        "worse: failed: ValueError('no')\n"
        "absent: not run: no disk\n"
    )
    assert [lost.kept, Counts(2, 1, gap=1).kept, Counts(2, 1).kept] == [False, True, False]
