"""Hearsay as a process of its own, which a test may kill, cut off, or tell to end.

usage: python -m tests.handlers.living LIFE | SOCKET

LIFE is a `Life` as JSON; a socket brings many, each for a process of its own (forks.py). Its readers load
this module, too, so it imports little.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Life:
    """What is not as in production: the platforms are fakes, each with its port and its token, and claims run
    out after `claim` seconds, so that another process need not be waited for.

    `database` is a SQLite file or a PostgreSQL address. The process kills itself when it accepts its `last`th
    check, before the check is in the database; 0: never. `clock` is a file with the seconds by which the wall
    clock is wrong. `marked`: readers do what the mark of a page says (tests/faults/marked.py). `settings`:
    more of the environment, without HEARSAY_. `worker`: it is no bot, but a worker.
    """

    database: str
    platforms: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    claim: float = 60.0
    last: int = 0
    clock: str | None = None
    marked: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    worker: bool = False

    def told(self) -> str:
        return json.dumps(asdict(self))


def main(told: str) -> None:
    from tests.handlers.seams import live

    if told.isdecimal():
        from tests.handlers.forks import serve

        told = serve(int(told))
    live(Life(**json.loads(told)))


if __name__ == "__main__":
    main(sys.argv[1])
