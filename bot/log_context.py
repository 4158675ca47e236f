"""The log context: the id of the check that is being worked on, for every line that is logged meanwhile.

    with working_on(job.id): …    current_check_id() returns it, also in tasks that begin within

One check of a link may serve several who ask; its task was begun by the first of them, so what it logs
carries his.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_ID_LENGTH: Final = 16
_LETTERS: Final = string.ascii_lowercase + string.digits

_check: Final[ContextVar[str | None]] = ContextVar("check", default=None)


def new_id() -> str:
    """Return a new id, for a check and its answer."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))


def current_check_id() -> str | None:
    """Return the id of the check that is being worked on; None outside of any."""
    return _check.get()


@contextmanager
def bind_check_id(check: str) -> Iterator[None]:
    """Bind the id until the block ends, or after an exception until the task ends: it is logged further up,
    under the check that it broke."""
    before, failed = _check.set(check), False
    try:
        yield
    except Exception:
        failed = True
        raise
    finally:
        if not failed:
            _check.reset(before)
