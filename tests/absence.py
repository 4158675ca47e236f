"""What a test needs of its machine and does not find."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def absent(why: str, *, owed: bool = True) -> NoReturn:
    """Skips, with the reason. In CI nothing that is `owed` may be absent."""
    if owed and os.environ.get("CI"):
        pytest.fail(f"{why}; in CI this must not be")
    pytest.skip(why)
