"""A platform under load: python -m tests.benchmarks.on discord [SECONDS].

Reader processes load the module with which their parent was started, so it is this one, which imports little.
"""

from __future__ import annotations

import sys
from importlib import import_module


def main(platform: str) -> None:
    from tests.benchmarks.load import started

    module = import_module(f"tests.benchmarks.{platform}")
    started(module.offered, module.main)


if __name__ == "__main__":
    main(sys.argv.pop(1))
