"""Which check is being worked on here, so that whatever is logged meanwhile can say so.

    with working_on(job.id): …    current() gives it, also in every task that is begun within

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
    """For a check that nobody has given one, and its answer."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))


def current() -> str | None:
    """The id of the check that is being worked on; None outside of any."""
    return _check.get()


@contextmanager
def working_on(check: str) -> Iterator[None]:
    """Until its end, or after an exception until the task's: whoever logs that, further up, logs it under the
    check that it broke."""
    before, failed = _check.set(check), False
    try:
        yield
    except Exception:
        failed = True
        raise
    finally:
        if not failed:
            _check.reset(before)
