"""What a reader does with a page that is marked with its own name: "kills-…" ends it, "slow-…" takes a while,
"breaks-…" meets a bug of ours.

Every reader loads this module, so it imports little.
"""

from __future__ import annotations

import os
import re
import signal
import time
from typing import Final

from bot import readers
from bot.model import Page, Report

SLOW_SECONDS: Final = 0.5
_MARK: Final = re.compile(rb"<!-- (breaks|kills|slow)-")


def mark(name: str) -> str:
    return f"<!-- {name} -->"


def read_page(page: Page) -> Report:
    match _MARK.search(page.body):
        case None:
            pass
        case found if found[1] == b"kills":
            os.kill(os.getpid(), signal.SIGKILL)
        case found if found[1] == b"breaks":
            raise ValueError(f"a bug that {page.url} brought to light")
        case _:
            time.sleep(SLOW_SECONDS)
    return readers.read_page(page)
